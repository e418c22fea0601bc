"""The managers' report as one self-contained HTML file: no script, no request to anywhere."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Literal

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from roi.page import page
from roi.report import Report

Theme = Literal["auto", "light", "dark"]


def html(
    report: Report,
    *,
    lang: str = "en",
    company: str = "",
    theme: Theme = "auto",
    links: Sequence[tuple[str, str]] = (),
) -> str:
    """`company` is the name readers know it by; `auto` follows the reader's system. `links` are for a report that is
    served, by address and name: a file has none."""
    return template().render(theme=theme, links=links, **page(report, lang=lang, company=company))


@cache
def template() -> Template:
    folder = Path(__file__).parent / "templates"
    return Environment(loader=FileSystemLoader(folder), autoescape=True, undefined=StrictUndefined).get_template(
        "report.html"
    )
