"""REST under /api/v1/knowledge/rules: what is never said, how that was understood, and a sentence tried."""

import asyncio
from uuid import UUID

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, Field

from agent.grounding.rule_book import Kept
from agent.grounding.rules import LONGEST, NotUnderstood, understand
from web.access import Colleague, Wired
from web.chat.messages import Words

router = APIRouter(prefix="/api/v1/knowledge/rules", dependencies=[Colleague], tags=["knowledge"])


class RuleIn(BaseModel):
    text: Words = Field(min_length=1, max_length=LONGEST)


class RuleOut(BaseModel):
    id: UUID
    text: str
    understood: dict[str, str]
    """How it is checked, in English and in Chinese."""


class TrialIn(BaseModel):
    sentence: Words = Field(min_length=1, max_length=2_000)
    text: str | None = Field(default=None, max_length=LONGEST)
    """A rule that is not kept yet; without one those that are kept are tried."""


class BrokenOut(BaseModel):
    rule: str
    claim: str
    """What in the sentence breaks it."""


@router.get("")
async def list_rules(services: Wired) -> list[RuleOut]:
    return [_rule_out(kept) for kept in await asyncio.to_thread(services.rules.listed)]


@router.post("", status_code=201)
async def add_rule(services: Wired, written: RuleIn) -> RuleOut:
    try:
        return _rule_out(await asyncio.to_thread(services.rules.add, written.text))
    except NotUnderstood as error:
        raise HTTPException(422, str(error)) from error


@router.delete("/{rule}", status_code=204)
async def remove_rule(services: Wired, rule: UUID) -> None:
    try:
        await asyncio.to_thread(services.rules.remove, str(rule))
    except NotUnderstood as error:
        raise HTTPException(404, str(error)) from error


@router.post("/try")
async def try_sentence(services: Wired, trial: TrialIn) -> list[BrokenOut]:
    """The rules that the sentence breaks; nothing is kept."""
    try:
        rules = [understand(trial.text)] if trial.text else await asyncio.to_thread(services.rules.rules)
    except NotUnderstood as error:
        raise HTTPException(422, str(error)) from error
    found = [(rule, rule.broken_by(trial.sentence)) for rule in rules]
    return [BrokenOut(rule=rule.text, claim=claim.text) for rule, claim in found if claim]


def _rule_out(kept: Kept) -> RuleOut:
    return RuleOut(**kept.as_json())
