"""A published claim: the figures somebody stated, those that had to be assumed, and who said so when."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from roi.grade import Grade

Per = Literal["day", "week", "month", "year"]
PER_YEAR: dict[Per, int] = {"day": 365, "week": 52, "month": 12, "year": 1}


@dataclass(frozen=True)
class Given:
    """One figure as it was stated: several values where the claim gives a range or a list."""

    values: tuple[float, ...]
    per: Per | None = None
    """For figures of a period: conversations, pay, savings."""

    @property
    def a_year(self) -> float:
        return self.values[0] * PER_YEAR[self.per or "year"]


@dataclass(frozen=True)
class Assumption:
    """What the claim leaves out and the sum needs."""

    key: str
    given: Given
    source: str
    date: str
    grade: Grade


@dataclass(frozen=True)
class Source:
    name: str
    date: str


@dataclass(frozen=True)
class Claim:
    name: str
    title: Mapping[str, str]
    """By language."""
    currency: str
    sources: Sequence[Source]
    stated: Mapping[str, Sequence[Given]]
    """Pay may be stated by the year and by the month; all else once."""
    assumed: Mapping[str, Assumption]
    remarks: Sequence[Mapping[str, str]] = field(default=())
    """What no sum shows: how the matter went on. By language."""

    def is_stated(self, key: str) -> bool:
        return key in self.stated

    def is_known(self, key: str) -> bool:
        return key in self.stated or key in self.assumed

    def of(self, key: str) -> Given:
        return self.stated[key][0] if key in self.stated else self.assumed[key].given

    def one(self, key: str) -> float:
        return self.of(key).values[0]

    def all(self, key: str) -> tuple[float, ...]:
        return self.of(key).values

    def a_year(self, key: str) -> float:
        return self.of(key).a_year
