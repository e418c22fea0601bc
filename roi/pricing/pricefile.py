"""Reads a price file in TOML and refuses what cannot be right, naming the file and the row."""

import tomllib
from collections.abc import Sequence
from datetime import date
from decimal import Decimal
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from roi.books.money import is_currency
from roi.grade import Grade

SHIPPED = Path(__file__).with_name("prices.toml")

LARGEST_USD = {
    "input_token": "0.01", "cached_token": "0.01", "output_token": "0.01", "input_audio_token": "0.01",
    "output_audio_token": "0.01", "heard_ms": "0.001", "spoken_character": "0.01", "cpu_second": "1",
    "minute": "100", "call": "1000",
}  # fmt: skip
"""A price above this for one unit is a slip of the decimal point: usually a price a million taken for one each."""


R = TypeVar("R", bound="Row")


class PriceError(ValueError):
    """A price file that cannot be used; the message names file and row."""


class Row(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True, populate_by_name=True)

    source: str = Field(min_length=1)
    grade: Grade

    @field_validator("currency", "base", "to", check_fields=False)
    @classmethod
    def known_currency(cls, code: str) -> str:
        if not is_currency(code):
            raise ValueError(f"{code!r} is not an ISO 4217 currency")
        return code


class PriceRow(Row):
    vendor: str = Field(min_length=1)
    model: str = Field(min_length=1)
    unit: str
    amount: Decimal = Field(ge=0, max_digits=18, decimal_places=9)
    per: int = Field(ge=1)
    currency: str
    effective_from: date | None = None
    effective_to: date | None = None
    checked_at: date | None = None

    @field_validator("unit")
    @classmethod
    def known_unit(cls, unit: str) -> str:
        if unit not in LARGEST_USD:
            raise ValueError(f"{unit!r} is not a unit of usage; known are {', '.join(LARGEST_USD)}")
        return unit

    @cached_property
    def digest(self) -> str:
        """Tells two prices of the same day apart: a price id on a cost line must never come to mean another amount."""
        return sha256(f"{self.amount.normalize()}|{self.per}|{self.currency}".encode()).hexdigest()[:8]

    def is_in_force(self, day: date) -> bool:
        return self.starts <= day < self.ends

    @property
    def starts(self) -> date:
        return self.effective_from or date.min

    @property
    def ends(self) -> date:
        return self.effective_to or date.max


class RateRow(Row):
    base: str = Field(alias="from")
    to: str
    date: date
    rate: Decimal = Field(gt=0, max_digits=18, decimal_places=9)


def read(path: Path) -> tuple[list[PriceRow], list[RateRow]]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise PriceError(f"{path}: cannot be read as TOML: {error}") from error
    if unknown := tables.keys() - {"price", "rate"}:
        raise PriceError(f"{path}: only [[price]] and [[rate]] belong here, not {', '.join(sorted(unknown))}")
    prices = [checked(PriceRow, row, f"{path}: price {n}") for n, row in enumerate(tables.get("price", []), 1)]
    rates = [checked(RateRow, row, f"{path}: rate {n}") for n, row in enumerate(tables.get("rate", []), 1)]
    for n, price in enumerate(prices, 1):
        check_sense(price, rates, f"{path}: price {n}")
    check_overlaps(prices, path)
    return prices, rates


def checked(kind: type[R], row: object, place: str) -> R:
    try:
        return kind.model_validate(row)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in first["loc"])
        raise PriceError(f"{place}: {where}: {first['msg'].removeprefix('Value error, ')}") from error


def check_sense(price: PriceRow, rates: Sequence[RateRow], place: str) -> None:
    if price.starts >= price.ends:
        raise PriceError(
            f"{place}: effective_to {price.effective_to} is not after effective_from {price.effective_from}"
        )
    in_usd = {"USD": Decimal(1), **{r.to: 1 / r.rate for r in rates if r.base == "USD"}}.get(price.currency)
    if in_usd is not None and price.amount / price.per * in_usd > Decimal(LARGEST_USD[price.unit]):
        raise PriceError(
            f"{place}: {price.amount} {price.currency} for {price.per} {price.unit} is absurd; is `per` right? "
            "Token prices are usually for 1000000."
        )


def check_overlaps(prices: Sequence[PriceRow], path: Path) -> None:
    numbered = sorted(
        enumerate(prices, 1), key=lambda pair: (pair[1].vendor, pair[1].model, pair[1].unit, pair[1].starts)
    )
    for (n, one), (m, other) in pairwise(numbered):
        same = (one.vendor, one.model, one.unit) == (other.vendor, other.model, other.unit)
        if same and other.starts < one.ends:
            raise PriceError(
                f"{path}: prices {n} and {m} for {one.vendor} {one.model} {one.unit} overlap: "
                f"one runs to {one.effective_to or 'now'}, the other starts on {other.effective_from or 'any day'}"
            )
