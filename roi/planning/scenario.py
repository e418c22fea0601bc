"""A plan in TOML: a month, wishes, and a currency; what it does not say is the worked month's."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from pathlib import Path

from roi.books.money import is_currency
from roi.judging.ratios import Month
from roi.planning.settings import Wishes, wishes
from roi.planning.start import PlanError

MONTH = frozenset(field.name for field in fields(Month))
PLAN = frozenset(field.name for field in fields(Wishes))


def read_scenario(path: Path) -> tuple[dict[str, float], Wishes, str | None]:
    """The month's chosen inputs, the plan's wishes, and the currency where it is said."""
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise PlanError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise PlanError(f"{path}: cannot be read as TOML: {error}") from error
    for key in tables:
        if key not in ("month", "plan", "currency"):
            raise PlanError(f"{path}: {key}: only currency, [month] and [plan] belong here")
    currency = tables.get("currency")
    if currency is not None and not (isinstance(currency, str) and is_currency(currency)):
        raise PlanError(f"{path}: currency: {currency!r} is not an ISO 4217 currency")
    month, plan = tables.get("month", {}), tables.get("plan", {})
    for name, table in (("month", month), ("plan", plan)):
        if not isinstance(table, Mapping):
            raise PlanError(f"{path}: {name}: must be a table: [{name}]")
    chosen = {}
    for key, value in month.items():
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise PlanError(f"{path}: {key}: {str(value)[:40]!r} is not a number to plan with")
        chosen[key] = as_float(value, key)
    return chosen, wishes(dict(plan)), currency


def from_pairs(pairs: Sequence[str]) -> tuple[dict[str, float], dict[str, object]]:
    """`resolution=0.6` or `resolution=60%`, for the month or for the plan."""
    month: dict[str, float] = {}
    plan: dict[str, object] = {}
    for pair in pairs:
        key, is_pair, written = (part.strip() for part in pair.partition("="))
        if not is_pair:
            raise PlanError(f"--set {pair}: say name=number, such as resolution=0.6")
        if key not in MONTH | PLAN:
            raise PlanError(f"--set {key}: nothing is called so; known are {', '.join(sorted(MONTH | PLAN))}")
        percent = written.endswith("%")
        try:
            value = float(written.removesuffix("%").replace(",", ""))
        except ValueError:
            raise PlanError(f"--set {key}: {written[:40]!r} is not a number") from None
        value = value / 100 if percent else value
        if key in MONTH:
            month[key] = value
        else:
            plan[key] = value
    return month, plan


def as_float(value: float, key: str) -> float:
    try:
        return float(value)
    except OverflowError:
        raise PlanError(f"{key}: {str(value)[:12]}… is more than anybody can count") from None
