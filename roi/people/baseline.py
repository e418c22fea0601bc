"""What a contact costs with a person: from pay, load, time at the desk and handling time, each with source and grade.

There is no silent default: a baseline is chosen by name, and its grade is printed wherever its figure is.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from fractions import Fraction
from functools import cached_property
from typing import Literal

from roi.books.money import from_nano, to_nano
from roi.grade import Grade, worst

ENOUGH_HANDLED = 30
"""Handled contacts of a channel before their measured mean takes the place of an assumed handling time."""
Load = Literal["loaded", "unloaded", "all_in"]
"""Pay with its burden and overhead, pay alone, or a provider's price that has them inside."""


@dataclass(frozen=True)
class Figure:
    """One number that the human cost rests on, and where it comes from."""

    id: str
    what: str
    value: Decimal
    unit: str
    geography: str
    source: str
    date: str
    grade: Grade

    @property
    def is_measured(self) -> bool:
        return self.grade == "A"


@dataclass(frozen=True)
class Handled:
    """Handling times seen on one channel: at our own desk, or in the history that was imported."""

    channel: str
    contacts: int
    mean_seconds: Decimal
    where: Literal["desk", "history"] = "desk"
    first: date | None = None
    last: date | None = None

    @property
    def is_enough(self) -> bool:
        return self.contacts >= ENOUGH_HANDLED and self.mean_seconds > 0


@dataclass(frozen=True)
class Baseline:
    """Loaded cost a handling hour, and a contact's cost on each channel in `currency`."""

    id: str
    name: Mapping[str, str]
    """By language."""
    geography: str
    currency: str
    offshore: bool
    salary: Figure
    burden: Figure
    overhead: Figure
    paid_hours: Figure
    shrinkage: Figure
    occupancy: Figure
    concurrency: Figure
    """Chats at once; a call or an e-mail is handled alone."""
    aht: Mapping[str, Figure]
    """Handling seconds by channel."""
    fcr: Figure
    """Share of issues that one contact with a person settles."""
    human_durability: Figure
    """Share of people's resolutions after which the customer does not come back."""
    load: Load = "loaded"

    @cached_property
    def loaded(self) -> Fraction:
        """A year of one person, with pay burden and overhead."""
        return Fraction(self.salary.value) * Fraction(self.burden.value) * (1 + Fraction(self.overhead.value))

    @cached_property
    def handling_hours(self) -> Fraction:
        """Hours of a paid year that are spent handling contacts."""
        present = 1 - Fraction(self.shrinkage.value)
        return Fraction(self.paid_hours.value) * present * Fraction(self.occupancy.value)

    @property
    def per_handling_hour(self) -> Decimal:
        return money(self.loaded / self.handling_hours)

    def cost(self, channel: str) -> Decimal:
        """A contact on this channel; KeyError for a channel whose handling time nobody knows."""
        return self.cost_of(self.aht[channel].value, channel)

    def cost_of(self, handling_seconds: Decimal, channel: str) -> Decimal:
        """What so many seconds of a person's handling cost on this channel."""
        at_once = Fraction(self.concurrency.value) if channel == "chat" else Fraction(1)
        return money(self.loaded / self.handling_hours * Fraction(handling_seconds) / 3600 / at_once)

    def grade(self, channel: str) -> Grade:
        return worst(figure.grade for figure in self.figures(channel))

    def rate_grade(self, channel: str) -> Grade:
        """Of the hourly rate alone, where the seconds are measured."""
        return worst(figure.grade for figure in self.figures(channel) if figure is not self.aht[channel])

    def figures(self, *channels: str) -> list[Figure]:
        """Everything that the cost on these channels rests on, for the report's list of assumptions."""
        shared = [self.salary, self.burden, self.overhead, self.paid_hours, self.shrinkage, self.occupancy]
        at_once = [self.concurrency] if "chat" in channels else []
        return [*shared, *at_once, *(self.aht[channel] for channel in channels)]

    def measured(self, handled: Iterable[Handled]) -> "Baseline":
        """The same with measured handling times, where there are enough of them.

        The imported history goes before the desk: the desk sees what the AI handed over, often the harder matters,
        while a person instead of the AI would have had all of them.
        """
        enough = sorted((h for h in handled if h.is_enough), key=lambda h: h.where == "history")
        seen = {h.channel: as_figure(h) for h in enough}
        return replace(self, aht={**self.aht, **seen})


def as_figure(handled: Handled) -> Figure:
    seen = (
        f"Measured at our own desk on {handled.contacts} contacts that were handed over, often the harder ones"
        if handled.where == "desk"
        else f"Measured on {handled.contacts} contacts of the imported history"
    )
    when = f"{handled.first} to {handled.last}" if handled.first and handled.last else "this period"
    return Figure(
        id=f"measured_aht_{handled.channel}",
        what=f"Handling time of a {handled.channel} contact",
        value=handled.mean_seconds,
        unit="seconds",
        geography="here",
        source=seen,
        date=when if handled.where == "desk" or handled.first else "undated",
        grade="A",
    )


def money(exact: Fraction) -> Decimal:
    return from_nano(to_nano(exact))
