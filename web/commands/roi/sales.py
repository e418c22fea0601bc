"""dime roi sales: orders that came within a day after an answer."""

from datetime import datetime
from pathlib import Path
from typing import Annotated

import typer

from web.commands.console import DAY, JSON_FLAG, show, tell
from web.commands.opening import open_quietly

app = typer.Typer(no_args_is_help=True, help="Orders within a day after an answer; never part of a ratio.")
_MOST_PROBLEMS = 20


@app.command(name="import")
def import_file(
    path: Annotated[Path, typer.Argument(metavar="FILE")], as_json: Annotated[bool, JSON_FLAG] = False
) -> None:
    """Read orders from a CSV of customer, at, amount and currency, and perhaps order, its number; bad rows are named
    and passed over, and the same order is kept once."""
    from web.reporting.sales import import_sales

    services = open_quietly()
    kept = import_sales(services, path)
    for problem in kept.problems[:_MOST_PROBLEMS]:
        tell(str(problem))
    if (more := len(kept.problems) - _MOST_PROBLEMS) > 0:
        tell(f"… and {more} more rows were passed over.")
    result = {"added": kept.added, "known": kept.known, "problems": [str(problem) for problem in kept.problems]}
    show(
        result,
        as_json=as_json,
        text=lambda: f"{kept.added} orders added, {kept.known} known already, {len(kept.problems)} rows passed over.",
    )


@app.command()
def summary(
    since: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="Default 31 days back.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Included; default today.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Orders of the period by customers who had been answered within the day before."""
    from roi.resolution.sales import sales
    from web.reporting.reports import period_of
    from web.reporting.scopes import scope_of

    services = open_quietly()
    period = period_of(services, since=since.date() if since else None, until=until.date() if until else None)
    with services.engine.connect() as connection:
        found = sales(connection, scope_of(connection, period), currency=services.settings.currency)
    result = {**vars(found), "amount": format(found.amount, "f")}
    text = (
        f"{found.orders} orders for {found.amount:.2f} {found.currency} within a day after an answer; "
        f"{found.answered_customers} customers were answered. That it came after does not show that it came of it."
    )
    show(result, as_json=as_json, text=lambda: text)
