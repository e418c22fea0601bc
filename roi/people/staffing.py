"""How many people the calls need, and what freed hours are worth: halving the calls does not halve the staff."""

from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from math import exp
from typing import Literal


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


MOST_ERLANGS = 10_000


@dataclass(frozen=True)
class Need:
    """The people for one state of the queue."""

    when: Literal["without the AI", "as easy as before", "the harder ones left"]
    calls: float
    aht_s: float
    staff: Staffing


def before_and_after(
    calls: float,
    *,
    interval_s: float,
    aht_s: float,
    automation: float,
    harder: float,
    service_level: float,
    threshold_s: float,
    shrinkage: Decimal,
) -> list[Need]:
    """Without the AI, with its share gone, and with its share gone where it kept the easy ones."""
    for name, value, most in (("calls", calls, 1e5), ("handling", aht_s, 28_800), ("minutes", interval_s / 60, 1_440),
                              ("harder", harder, 20), ("within", threshold_s, 3_600)):  # fmt: skip
        if not 0 < value <= most:
            raise ValueError(f"{name}: {value:g} is not above 0 and up to {most:g}")
    if not 0 <= automation < 1:
        raise ValueError(f"automation: a share from 0 to below 1, not {automation:g}")
    if not 0 <= shrinkage < 1:
        raise ValueError(f"shrinkage: a share from 0 to below 1, not {shrinkage}")

    def need(
        when: Literal["without the AI", "as easy as before", "the harder ones left"], left: float, s: float
    ) -> Need:
        staffed = staff(
            left,
            interval_s=interval_s,
            aht_s=s,
            service_level=service_level,
            threshold_s=threshold_s,
            shrinkage=shrinkage,
        )
        return Need(when, left, s, staffed)

    if (erlangs := calls * aht_s * harder / interval_s) > MOST_ERLANGS:
        raise ValueError(f"{erlangs:,.0f} Erlangs are more than one queue has; the most is {MOST_ERLANGS:,}")
    left = calls * (1 - automation)
    return [
        need("without the AI", calls, aht_s),
        need("as easy as before", left, aht_s),
        need("the harder ones left", left, aht_s * harder),
    ]


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
