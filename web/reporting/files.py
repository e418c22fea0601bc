"""The report as a file: rendered in any of its forms, and written whole or not at all."""

import json
import os
from pathlib import Path
from typing import Literal

from web.reporting.page import html, pdf
from web.reporting.reports import Wanted, beyond_of, in_json, is_demo_counted, period_of, report_of, sheet_rows
from web.services import Services

Form = Literal["html", "pdf", "json", "csv"]


def rendered(services: Services, wanted: Wanted, *, form: Form, lang: str) -> bytes:
    """Blocking. Raises NoPeriod."""
    if form == "csv":
        period = period_of(services, since=wanted.since, until=wanted.until, as_of=wanted.as_of)
        with_demo = is_demo_counted(services, period, wanted.demo)
        rows = sheet_rows(services, "lines", since=period.first, until=period.last, with_demo=with_demo)
        return "".join(rows).encode()
    made = report_of(services, wanted)
    if form == "json":
        return (json.dumps(in_json(made, lang=lang), ensure_ascii=False, indent=1) + "\n").encode()
    company, found = services.settings.company, beyond_of(services, wanted, made, lang=lang)
    if form == "pdf":
        return pdf(made, lang=lang, company=company, beyond=found)
    return html(made, lang=lang, company=company, beyond=found).encode()


def dated(services: Services, wanted: Wanted, form: Form) -> str:
    period = period_of(services, since=wanted.since, until=wanted.until, as_of=wanted.as_of)
    return f"dime-report-{period.first}-{period.last}.{form}"


def write(made: bytes, path: Path) -> None:
    """A run that is cut off leaves the file of the run before."""
    beside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        beside.write_bytes(made)
        beside.replace(path)
    finally:
        beside.unlink(missing_ok=True)
