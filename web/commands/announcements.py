"""dime announcements: what every customer is told first, on every channel, until it expires."""

from typing import TYPE_CHECKING, Annotated

import typer
from pydantic_core import to_jsonable_python

from web.commands.console import JSON_FLAG, show
from web.commands.opening import open_quietly

if TYPE_CHECKING:
    from datetime import datetime

    from knowledge.curating.announcing import Announcement
    from web.services import Services

app = typer.Typer(no_args_is_help=True, help="Tell every customer something first: an outage, a recall, a strike.")
TIMES = "18:00, 2h, 2026-11-23 or 2026-11-23T10:00, in the company's time zone"


@app.command()
def add(
    text: Annotated[str, typer.Argument(help="What every customer is told first; at most 500 characters.")],
    lang: Annotated[str | None, typer.Option(help="en or zh; found in the text if not given.")] = None,
    until: Annotated[str | None, typer.Option(help=f"{TIMES}. Default: the end of the company's day.")] = None,
    since: Annotated[str | None, typer.Option("--from", help=f"{TIMES}. Default: now.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Say this first, once a conversation; a running server does within two seconds."""
    services = _open()
    one = services.announcements.add(text, now=services.now(), lang=lang, start=since, end=until)
    _show([one], services, as_json=as_json)


@app.command(name="list")
def list_announcements(
    past: Annotated[bool, typer.Option("--past", help="Those that are over or withdrawn too.")] = False,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """What is said now, and what will be."""
    services = _open()
    _show(services.announcements.listed(services.now(), past=past), services, as_json=as_json)


@app.command()
def withdraw(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id, or its beginning.")],
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Say it to nobody any more."""
    services = _open()
    _show([services.announcements.withdraw(name, now=services.now())], services, as_json=as_json)


def _open() -> "Services":
    return open_quietly()


def _show(found: "list[Announcement]", services: "Services", *, as_json: bool) -> None:
    zone, now = services.announcements.zone, services.now()
    rows = [{**to_jsonable_python(one), "state": one.state(now), "time_zone": zone} for one in found]
    text = "\n".join(_line(one, zone=zone, now=now) for one in found)
    show({"announcements": rows}, as_json=as_json, text=lambda: text or "Nothing is announced.")


def _line(one: "Announcement", *, zone: str, now: "datetime") -> str:
    from knowledge.curating.announcing import told_time

    period = f"{told_time(one.valid_from, zone=zone)} to {told_time(one.valid_until, zone=zone)} {zone}"
    return f"{str(one.id)[:8]}  {one.state(now):<9}  {one.lang}  {period}\n          {one.text}"
