"""The month that a plan starts from: what the report has measured, and the worked month's assumptions for the rest."""

from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from math import isfinite
from typing import Literal

from roi.grade import worst
from roi.judging.ratios import Month
from roi.report import Report, Sum

Basis = Literal["measured", "assumed", "chosen"]
DAYS_A_MONTH = 365.25 / 12
WORKED = Month(
    volume=10_000,
    human_cost=5.0,
    ai_cost=0.12,
    involvement=0.8,
    resolution=0.55,
    durability=0.9,
    human_durability=1.0,
    wrong_rate=0.03,
    loss_per_wrong=6.0,
    escalation_multiplier=1.1,
    fixed=6_100,
)
"""The method's worked month. Its amounts of money are taken in proportion to a contact with a person, so that they mean
the same in any currency."""
MONEY = frozenset({"human_cost", "ai_cost", "loss_per_wrong", "fixed"})
SHARES = frozenset({"involvement", "resolution", "durability", "human_durability", "wrong_rate"})
MOST = {"volume": 1e10, "human_cost": 1e6, "ai_cost": 1e6, "loss_per_wrong": 1e9, "fixed": 1e12,
        "escalation_multiplier": 100.0}  # fmt: skip


@dataclass(frozen=True)
class Input:
    key: str
    value: float
    basis: Basis
    because: str
    """A key of words.toml: where it comes from."""
    figures: Mapping[str, float | str]


@dataclass(frozen=True)
class Start:
    month: Month
    inputs: tuple[Input, ...]
    currency: str
    build: float | None = None
    """Of the fixed costs, what spreads the outlay; None where they are not the books'."""

    @property
    def assumed(self) -> list[Input]:
        return [one for one in self.inputs if one.basis == "assumed"]


class PlanError(ValueError):
    """An input that cannot be; the message names it."""


def start(known: Mapping[str, Input], *, chosen: Mapping[str, float], currency: str) -> Start:
    """What was chosen goes before what is known, and both before what is assumed."""
    chosen = {key: believed(key, value) for key, value in chosen.items()}
    human = chosen.get("human_cost", known["human_cost"].value if "human_cost" in known else WORKED.human_cost)
    found = []
    for field in fields(Month):
        key = field.name
        if key in chosen:
            found.append(Input(key, chosen[key], "chosen", "chosen", {}))
        elif key in known:
            found.append(known[key])
        else:
            worked = getattr(WORKED, key)
            in_proportion = key in MONEY and key != "human_cost"
            value = worked * human / WORKED.human_cost if in_proportion else worked
            found.append(Input(key, value, "assumed", "in_proportion" if in_proportion else "worked", {}))
    return Start(Month(**{one.key: one.value for one in found}), tuple(found), currency)


def start_of(report: Report, *, chosen: Mapping[str, float]) -> Start:
    begun = start({**of_terms(report), **measured(report)}, chosen=chosen, currency=report.currency)
    if not any(one.key == "fixed" and one.basis == "measured" for one in begun.inputs):
        return begun
    built = [group for group in report.groups if group.is_of_period and group.kind == "build"]
    return replace(begun, build=a_month(report, report.sum_of(built)))


def a_month(report: Report, of: Sum) -> float:
    """The known part, as much as a usual month has of it."""
    return float(of.known) * DAYS_A_MONTH / days_of(report)


def days_of(report: Report) -> int:
    return (report.period.last - report.period.first).days + 1


def of_terms(report: Report) -> dict[str, Input]:
    """What the company's settings assume, for the report as for the plan."""
    terms = {
        "loss_per_wrong": float(report.terms.wrong_cost),
        "escalation_multiplier": float(report.terms.escalation_multiplier),
        "human_durability": report.terms.human_lasting,
    }
    return {key: Input(key, value, "assumed", "setting", {}) for key, value in terms.items()}


def measured(report: Report) -> dict[str, Input]:
    """What the report knows of the month. Immature matters wait outside of shares; volume and cost are theirs too."""
    counts, issues = report.outcomes, report.findings.issues
    eligible = sum(counts.values()) - counts.get("immature", 0)
    attempted = eligible - counts.get("not_involved", 0)
    everything, days = sum(one.count for one in issues), days_of(report)
    taken = sum(one.count for one in issues if one.ending != "not_involved")
    found: dict[str, Input] = {}

    def keep(key: str, value: float, because: str, **figures: float | str) -> None:
        found[key] = Input(key, value, "measured", because, figures)

    if report.human_each:
        grade = worst(channel.grade for channel in report.channels if channel.contacts)
        basis: Basis = "measured" if grade == "A" else "assumed"
        figures = {"baseline": report.baseline.id, "grade": grade}
        found["human_cost"] = Input("human_cost", float(report.human_each), basis, "human_cost", figures)
    elif report.baseline.currency == report.currency:
        figures = {"baseline": report.baseline.id, "grade": report.baseline.grade("chat")}
        found["human_cost"] = Input("human_cost", float(report.baseline.cost("chat")), "assumed", "chat_cost", figures)
    fixed = report.sum_of([group for group in report.groups if group.is_of_period])
    if fixed.known:
        keep("fixed", a_month(report, fixed), "fixed", days=days)
    if everything:
        keep("volume", everything * DAYS_A_MONTH / days, "volume", matters=everything, days=days)
    own = report.ai_running
    if own.priced and taken:
        keep("ai_cost", float(own.known) / taken, "ai_cost" if own.is_complete else "ai_cost_part",
             lines=own.count, priced=own.priced)  # fmt: skip
    if eligible:
        keep("involvement", attempted / eligible, "involvement", attempted=attempted, eligible=eligible)
    if not attempted:
        return found
    lasting = report.findings.durability
    if lasting.rate is not None:
        keep("durability", lasting.rate, "durability", matured=lasting.matured)
    least = counts.get("verified_resolved", 0) / attempted
    most = least + counts.get("contained_unverified", 0) / attempted
    silent, wrong = report.findings.silent.value, report.findings.gates[0]
    if silent is None:
        value = min(max(WORKED.resolution, least), most)
        bounds = {"least": 100 * least, "most": 100 * most}
        found["resolution"] = Input("resolution", value, "assumed", "resolution", bounds)
    else:
        keep("resolution", least + silent * (most - least), "audited", least=100 * least, silent=100 * silent)
    if wrong.value is not None:
        keep("wrong_rate", wrong.value, "graded", graded=wrong.n)
    return found


def believed(key: str, value: float) -> float:
    if key not in {field.name for field in fields(Month)}:
        known = ", ".join(field.name for field in fields(Month))
        raise PlanError(f"{key}: nothing of a month is called so; known are {known}")
    if not isfinite(value):
        raise PlanError(f"{key}: {value} is not a number to plan with")
    if value < 0:
        raise PlanError(f"{key}: {value:g} is negative, which cannot be")
    if key in ("volume", "human_cost") and value == 0:
        raise PlanError(f"{key}: must be above 0")
    if key in SHARES and value > 1:
        raise PlanError(f"{key}: a share is at most 1, not {value:g}")
    if value > MOST.get(key, 1.0):
        raise PlanError(f"{key}: {value:g} is beyond belief; the most is {MOST[key]:g}")
    return value
