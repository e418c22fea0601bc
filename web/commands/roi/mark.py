"""dime roi mark: a day on which something changed, for the report's trend."""

from datetime import datetime
from typing import Annotated, Literal

import typer

from web.commands.console import DAY, JSON_FLAG, show
from web.commands.opening import open_quietly


def mark(
    day: Annotated[datetime, typer.Argument(metavar="DATE", formats=DAY)],
    text: Annotated[str, typer.Argument(help="What changed, in a few words.")],
    kind: Annotated[Literal["release", "price"], typer.Option()] = "release",
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Mark a release or a price change in the report's trend; prices of the price book mark themselves."""
    from sqlmodel import Session

    from roi.resolution.marks import mark as marked

    row = marked(day.date(), text, kind=kind)
    services = open_quietly()
    with Session(services.engine, expire_on_commit=False) as session:
        session.add(row)
        session.commit()
    result = {"mark": {"date": str(row.date), "kind": row.kind, "text": row.text}}
    show(result, as_json=as_json, text=lambda: f"Marked: {row.date} {row.kind} {row.text}")
