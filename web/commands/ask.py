"""dime ask: one question, one answer."""

import asyncio
from typing import Annotated, Any
from uuid import uuid4

import typer

from agent.models.cascade import Tier
from agent.turn import Who
from web.commands.console import JSON_FLAG, show
from web.commands.opening import open_answering

_UNFOUNDED = "no passage holds it"
_AGAINST = {
    "topic": "an entry says it that was not asked about",
    "verdict": "no passage gives it to this question",
    "condition": "it hangs on this, or is made to",
}
"""Why a clause was withheld, by the kind of the claim."""


def ask(
    question: Annotated[str, typer.Argument(help="What a customer asks.")],
    lang: Annotated[str, typer.Option(help="Language to assume where the question does not tell.")] = "en",
    explain: Annotated[bool, typer.Option("--explain", help="Show what was weighed.")] = False,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Answer a question from the knowledge, with source, confidence, time and cost."""
    from web.api import answer_once
    from web.chat.messages import MAX_TEXT

    if len(question) > MAX_TEXT:
        raise ValueError(f"a question may have {MAX_TEXT} characters, this one has {len(question)}")
    services = open_answering()
    answered = asyncio.run(answer_once(services, question, who=Who("chat", lang=lang[:2]), conversation=uuid4()))
    tiers = services.cascade.tiers if explain else ()
    show(answered, as_json=as_json, text=lambda: "\n".join([_text(answered, explain=explain), *map(_known_of, tiers)]))


def _text(answered: Any, *, explain: bool) -> str:
    from agent.reasons import unweighed

    lines = [answered.answer, ""]
    if answered.source:
        lines.append(f"source      {answered.source.id}: {answered.source.question}")
    for number, choice in enumerate(answered.choices, 1):
        lines.append(f"{'choices' if number == 1 else '':<10}{number:>2}  {choice}")
    cost = f"{answered.cost.amount} {answered.cost.currency}" if answered.cost else "unknown"
    lines += [
        f"action      {answered.action} ({answered.reason})",
        f"confidence  {answered.confidence:.2f}",
        f"time        {answered.milliseconds:.0f} ms",
        f"cost        {cost}",
    ]
    if explain:
        if answered.candidates:
            lines += ["", "weighed     action     p      own cost   expected cost"]
        else:
            lines += ["", f"weighed     nothing: {unweighed(answered.reason)}"]
        for weighed in answered.candidates:
            sums = f"{weighed['p']:.3f}  {weighed['own_cost']:<10.4f} {weighed['expected_cost']:.4f}"
            lines.append(f"            {weighed['action']:<10} {sums}{f'  by {by}' if (by := weighed['by']) else ''}")
        lines += [f"model       {silence}" for silence in answered.silent_models]
        for kept in answered.withheld:
            against = f"breaks the rule “{kept['rule']}”" if kept["rule"] else _AGAINST.get(kept["kind"], _UNFOUNDED)
            lines.append(f"withheld    {kept['kind']}: {kept['text']} ({against})")
    return "\n".join(lines)


def _known_of(tier: Tier) -> str:
    """Which of a model's figures are assumed, and which are measured."""
    given, calls = tier.thumbs.given, tier.calls
    right = f"assumed {tier.quality:.2f}, moved by {_count(given, 'thumb')}" if given else "assumed"
    released = f"measured in {_count(calls, 'call')}" if calls else "assumed"
    figures = f"right {tier.believed_quality:.2f} ({right}), released {tier.released:.2f} ({released})"
    return f"model       {tier.name}: {figures}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"
