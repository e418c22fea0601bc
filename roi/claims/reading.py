"""Reads a claim in TOML and refuses what cannot be read or believed, in one sentence that names the key."""

import re
import tomllib
from collections.abc import Mapping, Sequence
from datetime import date
from difflib import get_close_matches
from math import isfinite
from pathlib import Path
from typing import Any

from roi.books.money import is_currency
from roi.claims.assumptions import usual
from roi.claims.claim import PER_YEAR, Assumption, Claim, Given, Per, Source
from roi.claims.figures import KINDS, Kind, spelled

PUBLISHED = Path(__file__).with_name("published")
MOST_BYTES = 200_000
MOST_VALUES = 20
TABLES = ("title", "currency", "source", "figures", "assumed", "remark")
TIMES = {
    "": 1.0, "k": 1e3, "thousand": 1e3, "m": 1e6, "million": 1e6, "bn": 1e9, "b": 1e9, "billion": 1e9,
    "trillion": 1e12, "万": 1e4, "亿": 1e8, "%": 0.01, "percent": 0.01,
}  # fmt: skip
WRITTEN = re.compile(r"(-?[\d,]*\.?\d+)\s*(%|万|亿|[a-z]*)", re.IGNORECASE)


class ClaimError(ValueError):
    """A claim that cannot be used, or none of that name; the message names file and key."""


def published() -> dict[str, Path]:
    """The worked examples, by name."""
    return {path.stem: path for path in sorted(PUBLISHED.glob("*.toml"))}


def named(name: str) -> list[Path]:
    """A file, a worked example, or all whose name begins so: `article` is all that the article says."""
    known = published()
    if name in known:
        return [known[name]]
    if Path(name).suffix or Path(name).exists():
        return [Path(name)]
    if found := [path for stem, path in known.items() if stem.startswith(f"{name}-")]:
        return found
    raise ClaimError(f"no file and no worked claim is called {name!r}; known are {', '.join(known)}")


def read_claim(path: Path) -> Claim:
    try:
        if path.stat().st_size > MOST_BYTES:
            raise ClaimError(f"{path}: a claim is a page of TOML, not {path.stat().st_size / 1e6:.1f} MB")
        tables = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ClaimError(f"{path}: cannot be read: {error.strerror}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise ClaimError(f"{path}: cannot be read as TOML: {error}") from error
    return as_claim(tables, name=path.stem, place=str(path))


def as_claim(tables: Mapping[str, Any], *, name: str, place: str) -> Claim:
    for key in tables:
        if key not in TABLES:
            raise ClaimError(f"{place}: {unknown(key, TABLES)}")
    currency = tables.get("currency", "USD")
    if not isinstance(currency, str) or not is_currency(currency):
        raise ClaimError(f"{place}: currency: {currency!r} is not an ISO 4217 currency")
    stated = figures(tables.get("figures", {}), f"{place}: figures")
    if not stated:
        raise ClaimError(f"{place}: figures: there is none; state at least one, such as conversations_month = 2300000")
    sources = [source(row, f"{place}: source") for row in rows(tables.get("source", []), f"{place}: source")]
    own = {
        key: Assumption(key, given[0], f"{place.rsplit('/', 1)[-1]}, [assumed]", "", "D")
        for key, given in figures(tables.get("assumed", {}), f"{place}: assumed").items()
    }
    if both := own.keys() & stated.keys():
        raise ClaimError(f"{place}: {min(both)} stands under figures and under assumed; it can be only one of them")
    assumed = {key: one for key, one in {**usual(currency), **own}.items() if key not in stated}
    return Claim(
        name=name,
        title=by_language(tables.get("title", name), f"{place}: title"),
        currency=currency,
        sources=sources,
        stated=stated,
        assumed=assumed,
        remarks=[by_language(row, f"{place}: remark") for row in rows(tables.get("remark", []), f"{place}: remark")],
    )


def figures(table: object, place: str) -> dict[str, list[Given]]:
    if not isinstance(table, Mapping):
        raise ClaimError(f"{place}: must be a table: [figures] with one figure a line")
    found: dict[str, list[Given]] = {}
    for written, value in table.items():
        key, per = split(written, place)
        kind = KINDS[key]
        if key in found and not (kind.is_rate and kind.may_be_many):
            raise ClaimError(f"{place}.{written}: {key} is given twice, for two periods; give one")
        found.setdefault(key, []).append(Given(numbers(value, kind, f"{place}.{written}"), per))
    return found


def split(written: str, place: str) -> tuple[str, Per | None]:
    """A key and its period; KINDS says which figures have one."""
    key, _, period = written.rpartition("_")
    if key in KINDS and KINDS[key].is_rate:
        for per in PER_YEAR:
            if per == period:
                return key, per
    if written not in KINDS:
        known = [name for key, kind in KINDS.items() for name in spelled(key, kind)]
        raise ClaimError(f"{place}.{unknown(written, known)}")
    if KINDS[written].is_rate:
        raise ClaimError(f"{place}.{written}: say for which period: {', '.join(spelled(written, KINDS[written]))}")
    return written, None


def numbers(value: object, kind: Kind, place: str) -> tuple[float, ...]:
    many = value if isinstance(value, list) else [value]
    if len(many) != 1 and not kind.may_be_many:
        raise ClaimError(f"{place}: one number belongs here, not {len(many)}")
    if not 1 <= len(many) <= MOST_VALUES:
        raise ClaimError(f"{place}: 1 to {MOST_VALUES} numbers belong here, not {len(many)}")
    return tuple(believed(number(one, place), kind, place) for one in many)


def number(value: object, place: str) -> float:
    """`2300000`, `"2.3 million"`, `"67 %"`, `"230万"`; a currency stands in its own key."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        try:
            return float(value)
        except OverflowError:
            raise ClaimError(f"{place}: {str(value)[:12]}… is more than anybody can count") from None
    matched = WRITTEN.fullmatch(value.strip()) if isinstance(value, str) else None
    if matched is None or matched[2].lower() not in TIMES:
        raise ClaimError(f'{place}: {str(value)[:60]!r} is not a number; write 2300000, "2.3 million" or "67 %"')
    return float(matched[1].replace(",", "")) * TIMES[matched[2].lower()]


def believed(value: float, kind: Kind, place: str) -> float:
    if not isfinite(value):
        raise ClaimError(f"{place}: {value} is not a number to reckon with")
    if value < 0:
        raise ClaimError(f"{place}: {value:g} is negative, which cannot be")
    if value == 0 and not kind.may_be_zero:
        raise ClaimError(f"{place}: must be above 0")
    if kind.unit == "share" and value > 1:
        raise ClaimError(f'{place}: a share is at most 1, not {value:g}; 67 % is 0.67 or "67 %"')
    if value > kind.most:
        raise ClaimError(f"{place}: {value:g} is beyond belief; the most that is taken is {kind.most:g}")
    return value


def source(row: object, place: str) -> Source:
    if not isinstance(row, Mapping):
        raise ClaimError(f"{place}: must be a table with name and date")
    for key in row:
        if key not in ("name", "date"):
            raise ClaimError(f"{place}.{unknown(key, ('name', 'date'))}")
    name, day = row.get("name"), row.get("date")
    if not isinstance(name, str) or not name.strip():
        raise ClaimError(f"{place}.name: say where the claim stands")
    if not isinstance(day, str | date):
        raise ClaimError(f'{place}.date: say when, such as "2024-02"')
    return Source(name, str(day))


def by_language(value: object, place: str) -> dict[str, str]:
    spoken = {"en": value} if isinstance(value, str) else value
    if not isinstance(spoken, Mapping) or not spoken or not all(isinstance(one, str) for one in spoken.values()):
        raise ClaimError(f'{place}: must be a sentence, or one by language: {{ en = "…", zh = "…" }}')
    if "en" not in spoken:
        spoken = {"en": next(iter(spoken.values())), **spoken}
    return dict(spoken)


def rows(value: object, place: str) -> list[object]:
    if not isinstance(value, list):
        raise ClaimError(f"{place}: must be written as [[{place.rsplit(' ', 1)[-1]}]]")
    return value


def unknown(key: str, known: Sequence[str]) -> str:
    near = get_close_matches(key, known, n=1)
    more = f"is {near[0]} meant?" if near else f"known are {', '.join(known)}"
    return f"{key}: nothing is known by that name; {more}"
