"""dime roi staffing: who really left the payroll, without which freed hours are no money."""

from datetime import datetime
from typing import Annotated

import typer

from web.commands.console import DAY, JSON_FLAG, show
from web.commands.opening import open_quietly

app = typer.Typer(no_args_is_help=True, help="Dated events that the report's cash line rests on.")


@app.command()
def add(
    day: Annotated[datetime, typer.Argument(metavar="DATE", formats=DAY, help="From this day on.")],
    kind: Annotated[str, typer.Argument(metavar="TYPE", help="left, hire_avoided, overtime_cut or outsourced_cut.")],
    fte: Annotated[str, typer.Argument(help="Full-time equivalents; after `--`, a negative one takes some back.")],
    amount: Annotated[
        str | None, typer.Argument(help="What it saves in a month; without it the baseline's cost counts.")
    ] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Note an event; a mistake is corrected by another one with the opposite sign."""
    from sqlmodel import Session

    from roi.people.staff_events import staffing_event

    services = open_quietly()
    event = staffing_event(day.date(), kind.replace("-", "_"), fte, amount, currency=services.settings.currency)
    with Session(services.engine, expire_on_commit=False) as session:
        session.add(event)
        session.commit()
    row = {"date": str(event.date), "type": event.type, "fte": format(event.fte.normalize(), "f")}
    show({"event": row}, as_json=as_json, text=lambda: f"Kept: from {event.date} {row['fte']} FTE, {event.type}.")


@app.command(name="list")
def list_events(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """All of them, oldest first."""
    from sqlmodel import Session, col, select

    from roi.people.staff_events import StaffingEvent

    services = open_quietly()
    with Session(services.engine) as session:
        events = session.exec(select(StaffingEvent).order_by(col(StaffingEvent.date), col(StaffingEvent.written_at)))
        rows = [
            {
                "date": str(event.date),
                "type": event.type,
                "fte": format(event.fte.normalize(), "f"),
                "amount": None if event.amount is None else format(event.amount.normalize(), "f"),
                "currency": event.currency,
            }
            for event in events
        ]
    text = "\n".join(
        f"{row['date']}  {row['type']:<15} {row['fte']:>7} FTE  "
        + (f"{row['amount']} {row['currency']} a month" if row["amount"] is not None else "at the baseline's cost")
        for row in rows
    )
    show({"events": rows}, as_json=as_json, text=lambda: text or "Nothing is noted: no saving has become cash.")
