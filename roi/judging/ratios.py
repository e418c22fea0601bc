"""The four ratios and what binds them, as formulas. Floats: these plan and compare, nothing here is booked."""

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True)
class Month:
    """The inputs of a month's statement. Shares are of 1; money in one currency."""

    volume: float
    human_cost: float
    """Of a contact."""
    ai_cost: float
    """Variable, of an attempted contact."""
    involvement: float
    resolution: float
    durability: float
    human_durability: float
    wrong_rate: float
    loss_per_wrong: float
    escalation_multiplier: float
    """Handling time of an escalated contact over that of any other."""
    fixed: float


@dataclass(frozen=True)
class Statement:
    """What the month cost with the AI, and what it would have cost without."""

    attempted: float
    resolved: float
    durable: float
    repeats: float
    """Beyond those that people's resolutions have too."""
    escalated: float
    ai_variable: float
    fixed: float
    wrong: float
    human_escalated: float
    human_repeats: float
    human_not_involved: float
    without: float

    @property
    def ai_all_in(self) -> float:
        return self.ai_variable + self.fixed + self.wrong

    @property
    def human(self) -> float:
        return self.human_escalated + self.human_repeats + self.human_not_involved

    @property
    def with_ai(self) -> float:
        return self.ai_all_in + self.human

    @property
    def net_saving(self) -> float:
        return self.without - self.with_ai

    @property
    def gross_benefit(self) -> float:
        return self.without - self.human

    @property
    def roi_percent(self) -> float:
        return 100 * self.net_saving / self.ai_all_in


def statement(month: Month) -> Statement:
    """The planning form: every attempted contact that is not resolved is charged as escalated."""
    attempted = month.volume * month.involvement
    resolved = attempted * month.resolution
    escalated = attempted - resolved
    repeats = resolved * (month.human_durability - month.durability)
    return Statement(
        attempted=attempted,
        resolved=resolved,
        durable=resolved * month.durability,
        repeats=repeats,
        escalated=escalated,
        ai_variable=attempted * month.ai_cost,
        fixed=month.fixed,
        wrong=resolved * month.wrong_rate * month.loss_per_wrong,
        human_escalated=escalated * month.escalation_multiplier * month.human_cost,
        human_repeats=repeats * month.human_cost,
        human_not_involved=(month.volume - attempted) * month.human_cost,
        without=month.volume * month.human_cost,
    )


def r1(human_cost: float, ai_cost: float) -> float:
    return human_cost / ai_cost


def r2(of: Statement, *, human_cost: float, human_durability: float) -> float:
    return human_cost / human_durability / (of.ai_all_in / of.durable)


def r3(of: Statement) -> float:
    return of.without / of.with_ai


def r4(without: float, *, gross_benefit: float, ai_all_in: float, rho: float) -> float:
    """rho: the share of freed labour cost that really left the payroll."""
    return without / (without - rho * gross_benefit + ai_all_in)


def rho_break_even(*, gross_benefit: float, ai_all_in: float) -> float:
    return ai_all_in / gross_benefit


def decomposition(month: Month) -> tuple[float, float, float, float]:
    """1/R3 as parts: not involved, the AI's own, escalated, repeats."""
    of = statement(month)
    parts = (of.human_not_involved, of.ai_all_in, of.human_escalated, of.human_repeats)
    return parts[0] / of.without, parts[1] / of.without, parts[2] / of.without, parts[3] / of.without


def ceiling(automation: float) -> float:
    """The most R3 can be, were the AI free, as long as an escalated contact costs a person no less than any other."""
    return 1 / (1 - automation) if automation < 1 else float("inf")


def r3_of_escalated(r1_all_in: float, *, escalated: float) -> float:
    """When every contact is attempted, k = 1 and the AI's cost is all-in."""
    return 1 / (1 / r1_all_in + escalated)


def most_escalated(r1_all_in: float, *, claim: float) -> float:
    return 1 / claim - 1 / r1_all_in


def resolution_needed(*, claim: float, human_cost: float, ai_cost: float) -> float:
    """Above 1 it is impossible."""
    return 1 - (1 / claim - ai_cost / human_cost)


def all_attempted_cost(*, ai_cost: float, resolution: float, escalation_multiplier: float, human_cost: float) -> float:
    return ai_cost + (1 - resolution) * escalation_multiplier * human_cost


def cost_per_issue(cost_per_contact: float, *, first_contact_resolution: float) -> float:
    """Geometric repeats."""
    return cost_per_contact / first_contact_resolution


def usual_calculator(*, resolved: float, human_cost: float, ai_variable: float) -> float:
    """The saving that vendors' calculators claim; shown only to say by how much it overstates."""
    return resolved * human_cost - ai_variable


def tornado(month: Month, *, change: float, inputs: Iterable[str]) -> dict[str, tuple[float, float]]:
    """Effect on the net saving of one input less and more by that share; shares stay at 1."""
    base = statement(month).net_saving

    def effect(name: str, factor: float) -> float:
        value = vars(month)[name] * factor
        capped = min(1.0, value) if name in SHARES else value
        return statement(Month(**{**vars(month), name: capped})).net_saving - base

    return {name: (effect(name, 1 - change), effect(name, 1 + change)) for name in inputs}


SHARES = frozenset({"involvement", "resolution", "durability", "human_durability", "wrong_rate"})
