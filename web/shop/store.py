"""The shop's database: its orders, and what was done on them. Blocking; nothing is ever done twice for one key."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path

from web.shop.orders import ORDERS, Order

_SCHEMA = (
    "CREATE TABLE IF NOT EXISTS orders (number TEXT PRIMARY KEY, email TEXT NOT NULL, postcode TEXT NOT NULL,"
    " name TEXT NOT NULL, piece_en TEXT NOT NULL, piece_zh TEXT NOT NULL, kind TEXT NOT NULL, price TEXT NOT NULL,"
    " status TEXT NOT NULL, ordered_days_ago INTEGER NOT NULL, delivery_in_days INTEGER NOT NULL)",
    "CREATE TABLE IF NOT EXISTS label (key TEXT PRIMARY KEY, number TEXT NOT NULL, label TEXT NOT NULL UNIQUE)",
    "CREATE TABLE IF NOT EXISTS visit (key TEXT PRIMARY KEY, number TEXT NOT NULL, day TEXT NOT NULL,"
    " half TEXT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS placed (number INTEGER PRIMARY KEY AUTOINCREMENT, customer TEXT NOT NULL,"
    " at TEXT NOT NULL, amount TEXT NOT NULL, currency TEXT NOT NULL)",
)
_WAIT_S = 5


@dataclass(frozen=True)
class Placed:
    """An order that was placed while Dime was in service, by a customer whose key the shop keeps with it."""

    number: int
    customer: str
    at: datetime
    amount: Decimal
    currency: str


class Shop:
    def __init__(self, path: Path, *, today: Callable[[], date]) -> None:
        self._path = path
        self.today = today
        self._is_laid = False

    def order(self, number: str, proof: str) -> Order | None:
        """The order, where e-mail address or postcode are its own; None for a stranger and for no order alike."""
        with self._open() as shop:
            row = shop.execute("SELECT * FROM orders WHERE number = ?", (number,)).fetchone()
        if row is None or proof.strip().casefold() not in (row["email"].casefold(), row["postcode"].casefold()):
            return None
        return Order(**{**dict(row), "price": Decimal(row["price"])})

    def send_label(self, number: str, *, key: str) -> str:
        """The label's number; the same again for the same key."""
        with self._open(changes=True) as shop:
            count = shop.execute("SELECT count(*) FROM label").fetchone()[0]
            label = f"R-{number}-{count + 1:03}"
            shop.execute("INSERT OR IGNORE INTO label VALUES (?, ?, ?)", (key, number, label))
            return str(shop.execute("SELECT label FROM label WHERE key = ?", (key,)).fetchone()[0])

    def book_visit(self, number: str, day: date, half: str, *, key: str) -> None:
        """An appointment at the warehouse; one that is booked already stays as it is."""
        with self._open(changes=True) as shop:
            shop.execute("INSERT OR IGNORE INTO visit VALUES (?, ?, ?, ?)", (key, number, day.isoformat(), half))

    def place(self, customer: str, *, at: datetime, amount: Decimal, currency: str) -> None:
        with self._open(changes=True) as shop:
            row = (customer, at.isoformat(), str(amount), currency)
            shop.execute("INSERT INTO placed (customer, at, amount, currency) VALUES (?, ?, ?, ?)", row)

    def placed(self) -> list[Placed]:
        """In the order they came."""
        with self._open() as shop:
            rows = shop.execute("SELECT * FROM placed ORDER BY number").fetchall()
        return [
            Placed(
                row["number"],
                row["customer"],
                datetime.fromisoformat(row["at"]),
                Decimal(row["amount"]),
                row["currency"],
            )
            for row in rows
        ]

    def counts(self) -> dict[str, int]:
        """How many labels and visits there are."""
        with self._open() as shop:
            return {table: shop.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("label", "visit")}

    @contextmanager
    def _open(self, *, changes: bool = False) -> Iterator[sqlite3.Connection]:
        """One transaction on a connection of its own, since tools run in threads of their own."""
        with closing(sqlite3.connect(self._path, timeout=_WAIT_S, isolation_level=None)) as shop:
            shop.row_factory = sqlite3.Row
            shop.execute("BEGIN IMMEDIATE" if changes or not self._is_laid else "BEGIN")
            if not self._is_laid:
                _lay(shop)
            yield shop
            shop.execute("COMMIT")
            self._is_laid = True


def _lay(shop: sqlite3.Connection) -> None:
    """Its tables and orders, where they are not there yet."""
    for statement in _SCHEMA:
        shop.execute(statement)
    rows = [tuple(map(str, vars(order).values())) for order in ORDERS]
    shop.executemany(f"INSERT OR IGNORE INTO orders VALUES ({', '.join('?' * 11)})", rows)
