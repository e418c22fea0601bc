"""How many people the calls need, and what freed hours are worth: halving the calls does not halve the staff."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import exp


def waiting(erlangs: float, agents: int) -> float:
    """Erlang C: the chance that a call waits. 1 where the calls are more than the agents can ever take."""
    if agents <= erlangs:
        return 1.0
    blocked = 1.0
    for n in range(1, agents + 1):
        blocked = erlangs * blocked / (n + erlangs * blocked)
    return blocked / (1 - erlangs / agents * (1 - blocked))


@dataclass(frozen=True)
class Staffing:
    erlangs: float
    agents: int
    p_wait: float
    service_level: float
    asa_s: float
    """Average speed of answer."""
    occupancy: float
    roster: int
    """People to be planned for, with shrinkage."""


def staff(
    calls: float, *, interval_s: float, aht_s: float, service_level: float, threshold_s: float, shrinkage: Decimal
) -> Staffing:
    """The fewest agents that answer the wanted share of calls within the threshold."""
    if not 0 <= service_level < 1:
        raise ValueError(f"a service level is a share below 1, not {service_level}")
    erlangs = calls * aht_s / interval_s
    agents = int(erlangs) + 1
    while (reached := answered_in_time(erlangs, agents, aht_s=aht_s, threshold_s=threshold_s)) < service_level:
        agents += 1
    p_wait = waiting(erlangs, agents)
    return Staffing(
        erlangs=erlangs,
        agents=agents,
        p_wait=p_wait,
        service_level=reached,
        asa_s=p_wait * aht_s / (agents - erlangs),
        occupancy=erlangs / agents,
        roster=roster(agents, shrinkage=shrinkage),
    )


def answered_in_time(erlangs: float, agents: int, *, aht_s: float, threshold_s: float) -> float:
    return 1 - waiting(erlangs, agents) * exp(-(agents - erlangs) * threshold_s / aht_s)


def roster(agents: int, *, shrinkage: Decimal) -> int:
    """In Decimal: with floats 21 / 0.7 comes to 31."""
    return int((agents / (1 - shrinkage)).to_integral_value(ROUND_CEILING))


@dataclass(frozen=True)
class Capacity:
    """Three figures that are never added together."""

    handling_hours: float
    fte_freed: float
    month_of_one: float
    theoretical: float
    cash: float
    freed_not_cash: float

    @property
    def rho(self) -> float:
        return self.cash / self.theoretical if self.theoretical else 0.0


def capacity(
    contacts: float,
    *,
    aht_s: float,
    paid_hours_year: float,
    shrinkage: float,
    occupancy: float,
    salary: float,
    burden: float,
    fte_removed: float,
) -> Capacity:
    """A month's freed handling. Overhead is left out: it stays when a person leaves."""
    hours = contacts * aht_s / 3600
    freed = hours / (paid_hours_year / 12 * (1 - shrinkage) * occupancy)
    month = salary * burden / 12
    cash = min(fte_removed, freed) * month
    return Capacity(hours, freed, month, freed * month, cash, freed * month - cash)
