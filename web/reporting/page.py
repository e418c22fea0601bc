"""The managers' report as one self-contained HTML file (no script, no request to anywhere), and on paper as PDF."""

import json
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from roi.charts.colours import DARK, LIGHT, RULES, on_paper, variables
from roi.charts.drawing import WIDTH, Drawing
from roi.page.beyond import Beyond
from roi.page.page import NOTHING, page
from roi.page.parts import Page
from roi.page.told import Links
from roi.report import Report

if TYPE_CHECKING:
    from typst import Fonts

Theme = Literal["auto", "light", "dark"]
FOLDER = Path(__file__).parent.parent / "templates"
FONT = "Noto Sans CJK SC"
"""Sets English and Chinese alike, in every weight; comes as a package, so that paper looks the same everywhere."""
NARROW_MARKS = "Noto Sans CJK KR"


def html(
    report: Report,
    *,
    lang: str = "en",
    company: str = "",
    theme: Theme = "auto",
    beyond: Beyond = NOTHING,
    pages: Sequence[tuple[str, str]] = (),
    links: Links | None = None,
) -> str:
    """`company` is the name readers know it by; `auto` follows the reader's system. `pages` (by address and name) and
    `links` are for a report that is served: a file has none."""
    found = page(report, lang=lang, company=company, beyond=beyond, links=links)
    colours = {"light": Markup(variables(LIGHT)), "dark": Markup(variables(DARK)), "rules": Markup(RULES)}
    return template().render(page=found, theme=theme, pages=pages, **colours)


def pdf(report: Report, *, lang: str = "en", company: str = "", beyond: Beyond = NOTHING) -> bytes:
    """The same bytes for the same report: its date is the report's own, its type comes with Dime. Blocking."""
    from typst import TypstError

    told = json.dumps(on_sheet(page(report, lang=lang, company=company, beyond=beyond)))
    try:
        return printed(told, at=report.made_at, standard="ua-1")
    except TypstError as error:
        if "could not be displayed" not in str(error):
            raise
        # A customer's question may hold any sign; one that the type lacks is a box, which the standard forbids.
        return printed(told, at=report.made_at, standard=None)


def printed(told: str, *, at: datetime, standard: Literal["ua-1"] | None) -> bytes:
    from typst import Compiler

    compiler = Compiler((FOLDER / "report.typ").read_bytes(), font_paths=fonts(), sys_inputs={"page": told})
    made = compiler.compile(format="pdf", timestamp=int(at.timestamp()), pdf_standards=standard)
    assert isinstance(made, bytes)
    return made


def on_sheet(of: Page) -> dict[str, Any]:
    sections = [{**asdict(part), "chart": as_picture(part.chart) if part.chart else None} for part in of.sections]
    return {**asdict(of), "sections": sections, "colours": LIGHT, "font": FONT, "narrow-marks": NARROW_MARKS}


def as_picture(of: Drawing) -> dict[str, Any]:
    words = [{**asdict(one), "size": one.size} for one in of.words]
    tells = f"{of.title}. {of.tells}"
    return {"picture": of.picture(on_paper()), "width": WIDTH, "height": of.height, "words": words, "tells": tells}


@cache
def fonts() -> "Fonts":
    """Read once: the file is 33 MB."""
    from importlib.resources import files

    from typst import Fonts

    folder = Path(str(files("manimgx_fonts_cjk")))
    return Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[folder])


@cache
def template() -> Template:
    return Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined).get_template(
        "report.html"
    )
