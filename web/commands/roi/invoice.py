"""dime roi invoice: what vendors billed, against what the books estimated."""

from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from web.commands.console import DAY, JSON_FLAG, show
from web.commands.opening import open_quietly
from web.commands.roi.cost import decimal

if TYPE_CHECKING:
    from roi.books.invoices import Compared

app = typer.Typer(no_args_is_help=True, help="Vendors' invoices, held against the estimate.")


@app.command(context_settings={"ignore_unknown_options": True})  # an amount below 0 is no option
def add(
    vendor: Annotated[str, typer.Argument(help="As the report names it: openai, twilio.")],
    amount: Annotated[str, typer.Argument(help="The total before tax; a credit note with --credit.")],
    currency: Annotated[str, typer.Argument()],
    since: Annotated[datetime, typer.Option("--from", formats=DAY, help="First day billed.")],
    until: Annotated[datetime, typer.Option("--to", formats=DAY, help="Last day, included.")],
    file: Annotated[Path | None, typer.Option(exists=True, dir_okay=False, help="The invoice itself.")] = None,
    note: Annotated[str, typer.Option(help="Its number, say.")] = "",
    credit: Annotated[bool, typer.Option("--credit", help="A credit note: the vendor pays back.")] = False,
    book: Annotated[bool, typer.Option("--book", help="Book the difference to the estimate at once.")] = False,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Enter an invoice. The books change only with --book, by a line of their own."""
    from sqlmodel import Session

    from roi.books.invoice_rows import InvoiceRow
    from roi.books.invoices import InvoiceError, compared, enter
    from roi.books.invoices import book as book_gap

    services = open_quietly()
    billed = decimal(amount) or Decimal(0)
    if not billed.is_finite() or billed <= 0:
        raise InvoiceError(f"{amount} is no amount of an invoice")
    row = InvoiceRow(
        vendor=vendor,
        period_start=since.date(),
        period_end=until.date() + timedelta(days=1),
        amount=-billed if credit else billed,
        currency=currency.upper(),
        note=note,
    )
    of: dict[str, Any] = {
        "prices": services.prices,
        "currency": services.settings.currency,
        "zone": services.settings.time_zone,
    }
    with Session(services.engine, expire_on_commit=False) as session:
        enter(session, row, file=file, today=services.now().date())
        session.flush()
        if book:
            book_gap(session, str(row.id), writer=services.books.writer, **of)
        found = next(found for found in compared(session, **of) if row.id in found.invoices)
        session.commit()
    show({"id": row.id, **found.as_json()}, as_json=as_json, text=lambda: in_words(found))


@app.command(name="list")
def list_invoices(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """Estimated against billed, by vendor and period."""
    from sqlmodel import Session

    from roi.books.invoices import compared

    services = open_quietly()
    with Session(services.engine) as session:
        found = compared(
            session,
            prices=services.prices,
            currency=services.settings.currency,
            zone=services.settings.time_zone,
        )
    show(
        {"periods": [row.as_json() for row in found]},
        as_json=as_json,
        text=lambda: "\n".join(map(in_words, found)) or "No vendor was used, and no invoice is entered.",
    )


@app.command()
def book(
    id: Annotated[str, typer.Argument(help="Of the invoice, or its beginning.")],  # noqa: A002
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Book what an invoice differs by from the estimate."""
    from sqlmodel import Session

    from roi.books.invoices import book as book_gap

    services = open_quietly()
    with Session(services.engine) as session:
        before = book_gap(
            session,
            id,
            writer=services.books.writer,
            prices=services.prices,
            currency=services.settings.currency,
            zone=services.settings.time_zone,
        )
        session.commit()
    show(
        {"booked": format(before.gap or Decimal(0), "f"), "currency": before.currency},
        as_json=as_json,
        text=lambda: f"Booked: {before.gap:,.2f} {before.currency} for {before.vendor}.",
    )


def in_words(row: "Compared") -> str:
    estimated = f"estimated {row.estimated:,.2f}" + (f" ({row.unpriced:,} without a price)" if row.unpriced else "")
    if row.billed is None:
        told = "no invoice" if not row.invoices else "billed in a currency without a rate"
    else:
        told = f"billed {row.billed:,.2f}, gap {row.gap:+,.2f}" + (f", booked {row.booked:+,.2f}" if row.booked else "")
    ids = f"  {' '.join(str(id_)[:8] for id_ in row.invoices)}" if row.invoices else ""
    return f"{row.vendor:<12} {row.first} to {row.last}  {estimated}, {told} {row.currency}{ids}"
