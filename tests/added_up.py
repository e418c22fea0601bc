"""Books at random prices in random currencies, to hold the sum of their lines against the report's totals."""

import csv
from collections.abc import Iterator
from datetime import date, timedelta
from decimal import Decimal
from fractions import Fraction
from io import StringIO
from random import Random
from uuid import uuid4

from sqlalchemy import Engine, insert
from sqlmodel import Session

from agent.history import Conversation, provenance
from agent.turn import Who
from agent.usage import Usage
from roi.books.ledger import lines_for
from roi.books.writer import Writer
from roi.export import as_json
from roi.pricing.pricefile import PriceRow, RateRow
from roi.pricing.prices import PriceBook
from roi.report import report
from roi.sheets import lines_csv
from tests.ledgers import BASELINE, FIRST, NOVEMBER, empty_books

CURRENCIES = ("USD", "EUR", "CNY", "JPY", "KWD", "VND")
AT_ONCE = 2_000


def random_book(chance: Random, *, models: int = 12) -> PriceBook:
    """Prices of up to nine digits after the point, of one unit or a million; every currency has a rate but the last."""
    prices = [
        PriceRow(
            vendor="acme", model=f"m{n}", unit="input_token", amount=Decimal(chance.randrange(10**9)).scaleb(-9),
            per=chance.choice((1, 3, 7, 1000, 10**6)), currency=chance.choice(CURRENCIES), source="drawn", grade="D",
        )
        for n in range(models)
    ]  # fmt: skip
    rates = [
        RateRow.model_validate(
            {"from": code, "to": "USD", "date": date(2026, 11, day), "grade": "D", "source": "drawn",
             "rate": Decimal(chance.randrange(1, 10**10)).scaleb(-9)}
        )
        for code in CURRENCIES[1:-1]
        for day in (1, 15)
    ]  # fmt: skip
    return PriceBook(layers=(tuple(prices),), rates=tuple(rates), listed=False)


def fill(engine: Engine, prices: PriceBook, conversations: int, *, chance: Random) -> None:
    """One line a conversation; some have no price, some are written off, all are chained."""
    writer = Writer()
    for start in range(0, conversations, AT_ONCE):
        talks, lines = [], []
        for _ in range(start, min(start + AT_ONCE, conversations)):
            at, talk = FIRST + timedelta(seconds=chance.randrange(27 * 86_400)), uuid4()
            who = Who("chat", customer=f"c{chance.randrange(500)}")
            talks.append({"id": talk, "last_at": at, "state": "closed", **provenance(who, at=at)})
            size = Decimal(chance.randrange(10**8)).scaleb(-chance.randrange(10))
            used = Usage("llm", "acme", f"m{chance.randrange(14)}", "input_token", size, at)
            lines += lines_for([used], who, conversation=talk, turn=None, prices=prices, currency="USD")
        with Session(engine) as session:
            session.connection().execute(insert(Conversation), talks)
            writer.book(session, lines)
            session.commit()


def differences(engine: Engine, prices: PriceBook) -> list[str]:
    """Where the lines, read one by one as a spreadsheet would, are not the report's totals to the last digit."""
    told = as_json(report(engine, period=NOVEMBER, baseline=BASELINE, prices=prices, currency="USD"))
    total, priced, count, by_model = Fraction(0), 0, 0, dict[str, Fraction]()
    for row in sheet(engine):
        count += 1
        if row["amount"]:
            priced += 1
            total += Fraction(row["amount"])
            by_model[row["model"]] = by_model.get(row["model"], Fraction(0)) + Fraction(row["amount"])
    wrong = []
    if Fraction(told["totals"]["known"]) != total:
        wrong.append(f"the total is {told['totals']['known']}, the lines come to {float(total)}")
    if (told["coverage"]["lines"], told["coverage"]["priced"]) != (count, priced):
        wrong.append("the coverage does not count the lines")
    if (told["totals"]["amount"] is None) != (priced < count):
        wrong.append("an unknown price was read as a number")
    groups = {line["model"]: Fraction(line["known"]) for line in told["lines"]}
    wrong += [f"{name} differs" for name, known in groups.items() if known != by_model.get(name, Fraction(0))]
    if sum(Fraction(day["known"]) for day in told["days"]) != total:
        wrong.append("the days do not add up")
    return wrong


def sheet(engine: Engine) -> Iterator[dict[str, str]]:
    pieces = lines_csv(engine, company="default", period=NOVEMBER, with_demo=True)
    names: list[str] = []
    for piece in pieces:
        for row in csv.reader(StringIO(piece)):
            if names:
                yield dict(zip(names, row, strict=True))
            names = names or row


def adding_up(conversations: int, *, seed: int = 1) -> str:
    chance = Random(seed)
    prices, engine = random_book(chance), empty_books()
    fill(engine, prices, conversations, chance=chance)
    wrong = differences(engine, prices)
    return f"{conversations:,} conversations at random prices: " + ("; ".join(wrong) or "equal to the last digit")
