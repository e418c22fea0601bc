"""How an issue ended, as exactly one class, and the rates that follow. Silence is not resolution."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Literal

Outcome = Literal[
    "not_involved", "blocked", "abandoned", "contained_unverified", "verified_resolved",
    "escalated_assisted", "escalated_cold", "immature",
]  # fmt: skip


@dataclass(frozen=True)
class IssueFacts:
    """What happened in any contact of an issue: deciding its class takes no more."""

    asked: bool
    """At least one turn was put to the agent."""
    answered: bool
    """At least one turn was finished, and not with a cap or an outage."""
    blocked: bool
    """At least one turn was, by a cap or an outage."""
    escalated: bool
    """A person was wanted."""
    assisted: bool
    """A person took it at the desk, or has how to call back and why."""
    verified: bool
    """The customer's thumb, or an action completed."""
    mature: bool
    """The window for coming back has passed. An open conversation does not hold it open: some are never closed."""


def classify(facts: IssueFacts) -> Outcome:
    if not facts.mature:
        return "immature"
    if not facts.asked:
        return "not_involved"
    if facts.escalated:
        return "escalated_assisted" if facts.assisted else "escalated_cold"
    if facts.verified:
        return "verified_resolved"
    if facts.answered:
        return "contained_unverified"
    return "blocked" if facts.blocked else "abandoned"


@dataclass(frozen=True)
class OutcomeRates:
    """Shares of the attempted, or of the eligible for involvement, automation and deflection."""

    eligible: int
    attempted: int
    involvement: float
    resolution: float
    """Explicitly confirmed only."""
    automation: float
    containment: float
    deflection: float
    """Counts people who gave up: never shown without `gave_up`."""
    gave_up: float


def outcome_rates(counts: Mapping[Outcome, int]) -> OutcomeRates | None:
    """None when nothing was attempted. Immature ones wait outside on both sides."""
    eligible = sum(counts.values()) - counts.get("immature", 0)
    attempted = eligible - counts.get("not_involved", 0)
    if attempted == 0:
        return None
    escalated = counts.get("escalated_assisted", 0) + counts.get("escalated_cold", 0)
    resolved = counts.get("verified_resolved", 0)
    return OutcomeRates(
        eligible=eligible,
        attempted=attempted,
        involvement=attempted / eligible,
        resolution=resolved / attempted,
        automation=resolved / eligible,
        containment=1 - escalated / attempted,
        deflection=(attempted - escalated) / eligible,
        gave_up=(attempted - escalated - resolved) / attempted,
    )


@dataclass(frozen=True)
class Resolved:
    """A resolution and the next contact on the same matter, in days; None is none so far."""

    day: int
    recontact_after_days: int | None = None


@dataclass(frozen=True)
class Durability:
    matured: int
    durable: int
    immature: int

    @property
    def rate(self) -> float | None:
        return self.durable / self.matured if self.matured else None


def durability(resolved: Iterable[Resolved], *, today: int, window_days: int = 7) -> Durability:
    """Over matured resolutions only: an immature one never enters, even when the customer is back already."""
    rows = list(resolved)
    matured = [row for row in rows if row.day <= today - window_days]
    durable = [row for row in matured if row.recontact_after_days is None or row.recontact_after_days > window_days]
    return Durability(len(matured), len(durable), len(rows) - len(matured))
