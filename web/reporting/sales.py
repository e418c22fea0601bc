"""Where orders come from: the demo shop's own database, or a file of the company's. The same order is kept once."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from hashlib import sha256
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlmodel import Session, col, select

from knowledge.history.tables import Record, read_table
from knowledge.problem import Problem, UnreadableDocument
from roi.books.money import is_currency, to_nano
from roi.resolution.sales import Sale
from web.conversing.customers import key_of_named
from web.services import Services
from web.shop.store import Shop

COLUMNS = ("customer", "at", "amount", "currency")
_KEY = re.compile(r"[0-9a-f]{32}")
_VISITOR = "visitor:"
_AT_ONCE = 500
EARLIEST, LATEST = 2000, 2099


@dataclass(frozen=True)
class Kept:
    added: int
    known: int
    problems: Sequence[Problem]


def import_sales(services: Services, path: Path) -> Kept:
    """Rows of customer, at, amount and currency, perhaps with `order`, the order's number. A customer is a telephone
    number, the key that Dime exports, `visitor:` and a widget's token, or the id that the company signs; a time without
    an offset is the company's. Raises UnreadableDocument."""
    table = read_table(path)
    if missing := [name for name in COLUMNS if name not in table.header]:
        raise UnreadableDocument(f"{path.name} has no column {missing[0]}; it needs {', '.join(COLUMNS)}.")
    found, problems = [], list(table.problems)
    for record in table.records:
        try:
            found.append(_sale(services, record, source=path.name))
        except ValueError as error:
            problems.append(Problem(record.line, str(error)))
    return _keep(services, found, sorted(problems, key=lambda problem: problem.line or 0))


def take_from_shop(services: Services) -> Kept:
    """The demo shop's orders; they are demo, as everything of it is."""
    found = [
        Sale(
            reference=f"shop:{placed.number}",
            source="shop",
            customer=placed.customer,
            at=placed.at,
            amount=placed.amount,
            currency=placed.currency,
            demo=True,
            written_at=services.now(),
        )
        for placed in shop_of(services).placed()
    ]
    return _keep(services, found, [])


def shop_of(services: Services) -> Shop:
    zone = ZoneInfo(services.settings.time_zone)
    return Shop(services.settings.home / "shop.sqlite", today=lambda: services.now().astimezone(zone).date())


def _keep(services: Services, sales: Sequence[Sale], problems: Sequence[Problem]) -> Kept:
    by_reference = {sale.reference: sale for sale in sales}
    with Session(services.engine) as session:
        known = {
            reference
            for some in batched(sorted(by_reference), _AT_ONCE)
            for reference in session.exec(select(Sale.reference).where(col(Sale.reference).in_(some)))
        }
        new = [sale for reference, sale in by_reference.items() if reference not in known]
        session.add_all(new)
        session.commit()
        return Kept(len(new), len(sales) - len(new), problems)


def batched(names: Sequence[str], size: int) -> Iterator[Sequence[str]]:
    return (names[start : start + size] for start in range(0, len(names), size))


def _sale(services: Services, record: Record, *, source: str) -> Sale:
    cells = {name: value.strip() for name, value in record.cells.items()}
    customer, currency = cells.get("customer", ""), cells.get("currency", "").upper()
    if not customer:
        raise ValueError("names no customer")
    if not is_currency(currency):
        raise ValueError(f"{currency!r} is no currency")
    number = cells.get("order", "")
    told = number or "|".join(cells.get(name, "") for name in COLUMNS)
    return Sale(
        reference=f"{'order' if number else 'row'}:{sha256(told.encode()).hexdigest()[:32]}",
        source=source,
        customer=_key(services, customer),
        at=_time(cells.get("at", ""), ZoneInfo(services.settings.time_zone)),
        amount=_amount(cells.get("amount", "")),
        currency=currency,
        written_at=services.now(),
    )


def _key(services: Services, customer: str) -> str:
    if _KEY.fullmatch(customer):
        return customer
    if customer.startswith(_VISITOR):
        return services.visitor(customer.removeprefix(_VISITOR))
    return key_of_named(services.secret, "customer", customer)


def _time(text: str, zone: ZoneInfo) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(f"{text!r} is no time such as 2026-11-20T14:30") from None
    if not re.search(r"\d{1,2}:\d{2}", text):
        raise ValueError(f"{text!r} names no hour, and a day is too rough for what came within one")
    if not EARLIEST <= at.year <= LATEST:
        raise ValueError(f"{text!r} is not in this century")
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _amount(text: str) -> Decimal:
    try:
        amount = Decimal(text)
        to_nano(amount)
    except (InvalidOperation, ValueError, OverflowError):
        raise ValueError(f"{text!r} is no amount such as 129.90") from None
    if amount < 0:
        raise ValueError("is negative; a return is no order")
    return amount
