"""dime roi cost: what it costs beside the conversations, as a person enters it."""

from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from web.commands.console import DAY, JSON_FLAG, show
from web.commands.opening import open_quietly

if TYPE_CHECKING:
    from roi.books.period_entries import Entry

app = typer.Typer(
    no_args_is_help=True, help="Building, licences, curation, QA, monitoring, hosting: costs of a period."
)


@app.command(context_settings={"ignore_unknown_options": True})  # an amount below 0 is no option
def add(
    kind: Annotated[str, typer.Argument(help="build, licence, curation, qa, monitoring or hosting.")],
    amount: Annotated[str | None, typer.Argument(help="Money; or give --hours.")] = None,
    since: Annotated[datetime, typer.Option("--from", formats=DAY, help="First day.")] = ...,  # type: ignore[assignment]
    until: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Last day, included.")] = None,
    hours: Annotated[str | None, typer.Option(help="Hours of work, at the baseline's rate.")] = None,
    rate: Annotated[str | None, typer.Option(help="Of an hour, instead of the baseline's.")] = None,
    currency: Annotated[str | None, typer.Option(help="Default: the company's.")] = None,
    months: Annotated[int | None, typer.Option(help="Spread over so many months, instead of --to.")] = None,
    method: Annotated[Literal["straight", "annuity", "units"], typer.Option(help="How it is spread.")] = "straight",
    yearly_rate: Annotated[str, typer.Option(help="Of the annuity; 0.10 is ten per cent.")] = "0",
    volumes: Annotated[str, typer.Option(help="For units: contacts expected each month, by commas.")] = "",
    vendor: Annotated[str, typer.Option(help="Who is paid.")] = "own",
    note: Annotated[str, typer.Option()] = "",
    assumed: Annotated[bool, typer.Option("--assumed", help="An estimate; it is printed as one.")] = False,
    discount: Annotated[bool, typer.Option("--discount", help="Taken off: a discount or a credit.")] = False,
    again: Annotated[bool, typer.Option("--again", help="The same cost once more.")] = False,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Book a cost of a period; reports count its share of their days."""
    from roi.books.period_costs import Entered
    from web.reporting.period_costs import enter_cost

    cost = Entered(
        kind=kind,
        first=since.date(),
        last=until.date() if until else None,
        amount=decimal(amount),
        hours=decimal(hours),
        rate=decimal(rate),
        currency=currency.upper() if currency else None,
        months=months,
        method=method,
        yearly_rate=decimal(yearly_rate) or Decimal(0),
        volumes=[whole(part) for part in volumes.split(",")] if volumes else (),
        vendor=vendor,
        note=note,
        is_assumed=assumed,
        is_discount=discount,
        again=again,
    )
    entry = enter_cost(open_quietly(), cost)
    show(entry.as_json(), as_json=as_json, text=lambda: f"Booked: {in_words(entry)}")


@app.command(name="list")
def list_costs(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """What is booked, with what corrections made of it."""
    from sqlmodel import Session

    from roi.books.period_costs import PERIOD_KINDS
    from roi.books.period_entries import entries

    with Session(open_quietly().engine) as session:
        found = entries(session)
    missing = [kind for kind in PERIOD_KINDS if kind not in {entry.kind for entry in found if not entry.is_discount}]
    lines = [in_words(entry) for entry in found]
    if missing:
        lines.append(f"Nothing is booked for {', '.join(missing)}.")
    show(
        {"costs": [entry.as_json() for entry in found], "nothing_booked": missing},
        as_json=as_json,
        text=lambda: "\n".join(lines),
    )


@app.command()
def correct(
    id: Annotated[str, typer.Argument(help="Of the cost, or its beginning.")],  # noqa: A002
    amount: Annotated[
        str | None, typer.Argument(help="What it should be, in the company's currency; 0 takes it back.")
    ] = None,
    hours: Annotated[str | None, typer.Option(help="What the hours should be.")] = None,
    because: Annotated[str, typer.Option(help="Why.")] = "",
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Book the difference; what was booked before stays."""
    from sqlmodel import Session

    from roi.books.period_entries import correct as book

    services = open_quietly()
    with Session(services.engine) as session:
        entry = book(
            session,
            id,
            because=because,
            writer=services.books.writer,
            to_amount=decimal(amount),
            to_hours=decimal(hours),
        )
        session.commit()
    show(entry.as_json(), as_json=as_json, text=lambda: f"Corrected: {in_words(entry)}")


def decimal(written: str | None) -> Decimal | None:
    if written is None:
        return None
    try:
        return Decimal(written)
    except InvalidOperation as error:
        raise ValueError(f"{written!r} is not a number; write 1234.56") from error


def whole(written: str) -> int:
    if not written.strip().isdecimal():
        raise ValueError(f"{written.strip()!r} is not a number of contacts")
    return int(written)


def in_words(entry: "Entry") -> str:
    hours = f", {entry.hours.normalize():f} h" if entry.hours is not None else ""
    spread = f", over {entry.lines} months ({entry.method})" if entry.lines > 1 else ""
    marks = "".join(
        f", {mark}" for mark, holds in (("assumed", not entry.measured), ("discount", entry.is_discount)) if holds
    )
    changed = f", corrected {entry.corrections} times" if entry.corrections else ""
    return (
        f"{entry.id[:8]}  {entry.kind:<10} {entry.amount:,.2f} {entry.currency}  {entry.first} to {entry.last}"
        f"{hours}{spread}{marks}{changed}{'  ' + entry.note if entry.note else ''}"
    )
