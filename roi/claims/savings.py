"""A saving, shared out: it cannot be more than what the conversations or the people cost."""

from collections.abc import Iterable

from roi.claims.claim import Claim
from roi.claims.finding import Check, Finding, assumed
from roi.claims.work import stern


def saving_each(claim: Claim) -> Iterable[Finding]:
    """The part that is saved of a conversation, against all that it costs with a person."""
    each, human = claim.a_year("saving") / claim.a_year("conversations"), claim.one("human_cost")
    values = {"saving": claim.a_year("saving"), "conversations": claim.a_year("conversations"), "each": each,
              "human": human, "share": each / human}  # fmt: skip
    fits = each <= human
    verdict = "follows" if fits else stern(claim, "human_cost", off=each / human)
    yield Finding("saving_each", verdict, values, assumed(claim, "human_cost"), "" if fits else "more")


def saving_per_agent(claim: Claim) -> Iterable[Finding]:
    people, pay = claim.one("agents_replaced"), claim.a_year("salary")
    each = claim.a_year("saving") / people
    values = {"saving": claim.a_year("saving"), "people": people, "each": each, "pay": pay, "share": each / pay}
    fits = each <= pay * 1.5
    verdict = "follows" if fits else stern(claim, "salary", off=each / pay)
    yield Finding("saving_per_agent", verdict, values, assumed(claim, "salary"), "" if fits else "more")


def saving_alone(claim: Claim) -> Iterable[Finding]:
    if not claim.is_stated("conversations") and not claim.is_stated("agents_replaced"):
        yield Finding("saving_each", "cannot_tell", missing=("conversations|agents_replaced",))


CHECKS = (
    Check("saving_each", ("saving", "conversations"), ("human_cost",), saving_each),
    Check("saving_per_agent", ("saving", "agents_replaced"), ("salary",), saving_per_agent),
    Check("saving_each", ("saving",), (), saving_alone),
)
