"""Quality gates: a saving is not headlined as confirmed while one fails, or while nobody has looked."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from roi.judging.rates import Mean, difference, is_not_inferior, wilson
from roi.judging.terms import Terms
from roi.quality.audits import AuditSummary
from roi.quality.satisfaction import Satisfaction

GateName = Literal["wrong_answers", "satisfaction"]
State = Literal["passed", "failed", "unknown"]
ENOUGH_RATINGS = 30
"""On each side, before a mean of them has an interval worth the name."""


@dataclass(frozen=True)
class Gate:
    """`value` with its interval, against `limit`."""

    name: GateName
    state: State
    n: int
    limit: float
    value: float | None = None
    lower: float | None = None
    upper: float | None = None


def wrong_answers(audited: AuditSummary | None, *, terms: Terms) -> Gate:
    """Passed once the audit's upper limit is within what is allowed."""
    if audited is None or audited.graded == 0:
        return Gate("wrong_answers", "unknown", 0, terms.wrong_limit)
    low, high = wilson(audited.wrong, audited.graded)
    state: State = "passed" if high <= terms.wrong_limit else "failed" if low > terms.wrong_limit else "unknown"
    return Gate(
        "wrong_answers", state, audited.graded, terms.wrong_limit, audited.wrong / audited.graded, low, high
    )  # fmt: skip


def satisfaction(given: Satisfaction | None, *, terms: Terms) -> Gate:
    """AI minus people: passed once its lower limit is above what may be lost; failed once the upper one is below."""
    margin = terms.satisfaction_margin
    n = min(given.ai_n, given.human_n) if given else 0
    if given is None or n < ENOUGH_RATINGS:
        return Gate("satisfaction", "unknown", n, margin)
    found = difference(
        Mean(given.ai_mean or 0.0, given.ai_sd or 0.0, given.ai_n),
        Mean(given.human_mean or 0.0, given.human_sd or 0.0, given.human_n),
    )
    low, high = found.interval
    failed: State = "failed" if high < -margin else "unknown"
    state = "passed" if is_not_inferior(found, margin=margin) else failed
    return Gate("satisfaction", state, n, margin, found.value, low, high)


def gates(audited: AuditSummary | None, given: Satisfaction | None, *, terms: Terms) -> list[Gate]:
    return [wrong_answers(audited, terms=terms), satisfaction(given, terms=terms)]


def first_shut(of: Sequence[Gate]) -> Gate | None:
    """What keeps a verdict from being CONFIRMED: a failure goes before what is not known."""
    shut = [gate for gate in of if gate.state != "passed"]
    return min(shut, key=lambda gate: gate.state != "failed", default=None)
