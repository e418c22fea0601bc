"""dime roi: what it cost, against what it would have cost with people."""

from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Annotated, Literal

import typer

from web.commands.console import DAY, tell
from web.commands.opening import open_quietly
from web.commands.roi import audit, cost, invoice, sales, staffing
from web.commands.roi.baselines import baselines
from web.commands.roi.claim import claim
from web.commands.roi.experiment import experiment
from web.commands.roi.mark import mark
from web.commands.roi.reprice import reprice
from web.commands.roi.staffing_need import staffing_need
from web.commands.roi.verify import verify
from web.commands.roi.whatif import whatif

app = typer.Typer(no_args_is_help=True, help="The report on cost, and the books behind it.")
for command in (baselines, claim, experiment, mark, reprice, staffing_need, verify, whatif):
    app.command()(command)
for group in (audit, cost, invoice, sales, staffing):
    app.add_typer(group.app, name=group.__name__.rpartition(".")[2])
Format = Literal["html", "pdf", "json", "csv"]
Last = Literal["month", "week"]


@app.command()
def report(
    since: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="First day; default 31 days back.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=DAY, help="Last day, included; default today.")
    ] = None,
    last: Annotated[Last | None, typer.Option(help="The calendar month or week before this one.")] = None,
    form: Annotated[Format, typer.Option("--format", help="csv is a row for each cost line.")] = "html",
    out: Annotated[
        Path | None, typer.Option("-o", "--out", help="Write here instead of stdout; in a folder, under a dated name.")
    ] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option()] = "en",
    demo: Annotated[
        Literal["auto", "include", "exclude"],
        typer.Option(help="Demo conversations: auto counts them while there are no real ones."),
    ] = "auto",
    as_of: Annotated[
        datetime | None,
        typer.Option(formats=DAY, help="As at the end of that day: made again, it is the same to the last byte."),
    ] = None,
) -> None:
    """Cost per conversation, the human baseline beside it, and what can be said of the claim."""
    from web.reporting.files import dated, rendered, write
    from web.reporting.reports import Wanted, period_of

    services = open_quietly()
    first, end = (moment.date() if moment else None for moment in (since, until))
    day = as_of.date() if as_of else None
    if last is not None:
        if first or end:
            raise typer.BadParameter("--last is a period of its own, without --from and --to")
        today = period_of(services, since=None, until=None, as_of=day).last
        first, end = before(today, last)
    wanted = Wanted(first, end, demo, day)
    if form in ("html", "pdf") and services.gaps.any_open():
        services.index.build()  # gaps are told apart by meaning
    made = rendered(services, wanted, form=form, lang=lang)
    if out is None:
        typer.echo(made, nl=False)
        return
    path = out / dated(services, wanted, form) if out.is_dir() else out
    write(made, path)
    tell(f"The report was written to {path}.")


def before(today: date, last: Last) -> tuple[date, date]:
    """First and last day of the calendar month, or of the week from Monday, before the one of today."""
    start = today.replace(day=1) if last == "month" else today - timedelta(days=today.weekday())
    end = start - timedelta(days=1)
    return (end.replace(day=1) if last == "month" else end - timedelta(days=6)), end
