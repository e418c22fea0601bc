"""dime roi reprice: the same use at another date's prices, beside what it cost."""

from datetime import datetime
from decimal import Decimal
from typing import Annotated

import typer

from web.commands.console import DAY, JSON_FLAG, show
from web.commands.opening import open_quietly


def reprice(
    on: Annotated[datetime, typer.Argument(formats=DAY, help="The day whose prices are used.")],
    since: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="First day; default 31 days back.")
    ] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Last day, included.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """What was used in a period, at another date's prices; the books stay as they are."""
    from roi.pricing.repriced import repriced
    from web.reporting.reports import period_of
    from web.reporting.scopes import scope_of

    services = open_quietly()
    period = period_of(services, since=since.date() if since else None, until=until.date() if until else None)
    with services.engine.connect() as connection:
        scope = scope_of(connection, period)
    found = repriced(
        services.engine,
        period=period,
        with_demo=scope.with_demo,
        prices=services.prices,
        on=on.date(),
        currency=services.settings.currency,
    )
    incurred = sum((row.as_incurred for row in found), Decimal(0))
    anew = sum((row.repriced for row in found), Decimal(0))
    lines = [f"{'':<12}{'as incurred':>18}{'repriced':>18}"]
    lines += [
        f"{row.kind:<12}{row.as_incurred:>18,.6f}{row.repriced:>18,.6f}"
        + (f"  {row.unknown_repriced:,} lines without a price then" if row.unknown_repriced else "")
        for row in found
    ]
    lines.append(f"{'together':<12}{incurred:>18,.6f}{anew:>18,.6f}  {services.settings.currency}")
    told = {
        "prices_of": on.date(),
        "currency": services.settings.currency,
        "as_incurred": format(incurred, "f"),
        "repriced": format(anew, "f"),
        "kinds": [row.as_json() for row in found],
    }
    show(told, as_json=as_json, text=lambda: "\n".join(lines))
