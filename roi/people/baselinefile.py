"""Reads the library of human baselines and refuses one that cannot be right, naming the file and the figure."""

import tomllib
from decimal import Decimal
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError, field_validator

from roi.books.money import is_currency
from roi.grade import Grade
from roi.people.baseline import Baseline, Figure, Load

SHIPPED = Path(__file__).with_name("baselines.toml")


MOST = {
    "burden": 5, "overhead": 5, "paid_hours": 8_784, "concurrency": 20,
    "aht_phone": 28_800, "aht_chat": 28_800, "aht_email": 28_800,
}  # fmt: skip
"""Beyond it lies a slip of the unit: minutes for seconds, per cent for a share, a month for a year."""


class BaselineError(ValueError):
    """A baseline that cannot be used, or none of that name; the message names file and row."""


class FigureRow(BaseModel):
    model_config = ConfigDict(extra="forbid")

    what: str
    value: Decimal = Field(ge=0, le=10**9)
    unit: str
    geography: str
    source: str = Field(min_length=1)
    date: str
    grade: Grade


class BaselineRow(BaseModel):
    """Names figures by their ids; what is not named is the usual assumption."""

    model_config = ConfigDict(extra="forbid")

    name: dict[str, str]
    geography: str
    currency: str
    offshore: bool = False
    load: Load | None = None
    salary: str
    burden: str = "none_burden"
    overhead: str = "none_overhead"
    paid_hours: str = "paid_hours"
    shrinkage: str = "shrinkage"
    occupancy: str = "occupancy"
    concurrency: str = "concurrency"
    aht_phone: str = "aht_phone"
    aht_chat: str = "aht_chat"
    aht_email: str = "aht_email"
    fcr: str = "fcr"
    human_durability: str = "human_durability"

    @field_validator("currency")
    @classmethod
    def known_currency(cls, code: str) -> str:
        if not is_currency(code):
            raise ValueError(f"{code!r} is not an ISO 4217 currency")
        return code


def baselines(*own: Path) -> dict[str, Baseline]:
    """Every baseline by id: the shipped ones, then those of the files handed in, which replace their like."""
    figures: dict[str, Figure] = {}
    known: dict[str, Baseline] = {}
    for path in (SHIPPED, *own):
        tables = read(path)
        for id_, row in tables.get("figure", {}).items():
            figures[id_] = figure(id_, row, path)
        for id_, row in tables.get("baseline", {}).items():
            known[id_] = baseline(id_, row, figures, path)
    return known


def library(*own: Path) -> dict[str, Figure]:
    """Every figure by id, those that no baseline is made of too."""
    return {
        id_: figure(id_, row, path) for path in (SHIPPED, *own) for id_, row in read(path).get("figure", {}).items()
    }


def choose(id_: str, *own: Path) -> Baseline:
    known = baselines(*own)
    if id_ not in known:
        raise BaselineError(f"no baseline is called {id_!r}; known are {', '.join(known)}")
    return known[id_]


def read(path: Path) -> dict[str, Any]:
    try:
        tables = tomllib.loads(path.read_text(encoding="utf-8"), parse_float=Decimal)
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, OSError) as error:
        raise BaselineError(f"{path}: cannot be read as TOML: {error}") from error
    if unknown := tables.keys() - {"figure", "baseline"}:
        raise BaselineError(f"{path}: only [figure.…] and [baseline.…] belong here, not {', '.join(sorted(unknown))}")
    return tables


def figure(id_: str, row: object, path: Path) -> Figure:
    try:
        known = FigureRow.model_validate(row)
    except ValidationError as error:
        raise BaselineError(f"{path}: figure {id_}: {sentence(error)}") from error
    return Figure(id=id_, **known.model_dump())


def baseline(id_: str, row: object, figures: dict[str, Figure], path: Path) -> Baseline:
    place = f"{path}: baseline {id_}"
    try:
        known = BaselineRow.model_validate(row)
    except ValidationError as error:
        raise BaselineError(f"{place}: {sentence(error)}") from error
    named = known.model_dump(exclude={"name", "geography", "currency", "offshore", "load"})
    if missing := [f"{part} {named[part]!r}" for part in named if named[part] not in figures]:
        raise BaselineError(f"{place}: there is no figure for {', '.join(missing)}")
    parts = {part: figures[name] for part, name in named.items()}
    check_sense(parts, place)
    aht = {channel: parts.pop(f"aht_{channel}") for channel in ("phone", "chat", "email")}
    is_bare = parts["burden"].value <= 1 and parts["overhead"].value == 0
    load = known.load or ("unloaded" if is_bare else "loaded")
    return Baseline(id_, known.name, known.geography, known.currency, known.offshore, aht=aht, load=load, **parts)


def check_sense(parts: dict[str, Figure], place: str) -> None:
    """A baseline of nothing would confirm or refute whatever one likes."""
    for part in ("salary", "burden", "paid_hours", "concurrency", "aht_phone", "aht_chat", "aht_email"):
        if parts[part].value <= 0:
            raise BaselineError(f"{place}: {part} must be above 0, not {parts[part].value}")
    for part, most in MOST.items():
        if parts[part].value > most:
            raise BaselineError(f"{place}: {part} of {parts[part].value} is beyond belief; the most is {most}")
    for part in ("fcr", "human_durability"):
        if not 0 < parts[part].value <= 1:
            raise BaselineError(f"{place}: {part} is a share above 0 and up to 1, not {parts[part].value}")
    if parts["burden"].value < 1:
        raise BaselineError(f"{place}: burden is pay cost over pay, so at least 1, not {parts['burden'].value}")
    if not 0 <= parts["shrinkage"].value < 1:
        raise BaselineError(f"{place}: shrinkage is a share below 1, not {parts['shrinkage'].value}")
    if not 0 < parts["occupancy"].value <= 1:
        raise BaselineError(f"{place}: occupancy is a share above 0 and up to 1, not {parts['occupancy'].value}")


def sentence(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg'].removeprefix('Value error, ')}"
