"""What the figures rest on, and how complete the books are."""

from collections.abc import Iterator
from functools import cache

from roi.books.money import is_currency
from roi.page.beyond import Beyond
from roi.page.money import kinds_without
from roi.page.parts import Cell, Section, table
from roi.page.told import Told
from roi.people.baseline import Figure
from roi.people.baselinefile import library
from roi.pricing.prices import Price, price_book
from roi.report import ENOUGH_COVERAGE, Report
from roi.words import named


@cache
def shipped() -> frozenset[Figure | Price]:
    return frozenset((*library().values(), *price_book().assumptions()))


def assumptions(of: Report, told: Told, beyond: Beyond) -> Section:
    heads = ["what", "value", "source", "date", "basis", "grade", "set_by"]
    rows = [
        *(
            (one.what, one.value, one.source, one.date, told("measured" if one.is_measured else "assumed"), one.grade,
             one.set_by)
            for one in beyond.assumed
        ),
        *(of_figure(figure, told) for figure in of.figures),
        *(of_price(price, told) for price in of.prices),
    ]  # fmt: skip
    found = table([told(head) for head in heads], rows, kinds="tntssss")
    return Section("assumptions", told("assumptions"), tables=(found,))


def of_figure(figure: Figure, told: Told) -> tuple[str | Cell, ...]:
    return (
        named("figure", figure.id, told.lang, otherwise=figure.what),
        valued(figure, told),
        figure.source,
        figure.date,
        told("measured" if figure.is_measured else "assumed"),
        figure.grade,
        told("by_dime" if figure in shipped() else "by_desk" if figure.is_measured else "by_you"),
    )


def valued(of: Figure, told: Told) -> str:
    """A share as per cent, money as money, and anything else with its unit in the reader's language."""
    if of.unit == "share":
        return told.written.share(of.value, places=0 if of.value * 100 % 1 == 0 else 1)
    if of.unit == "factor":
        return f"× {told.written.number(of.value, places=9)}"
    currency, _, per = of.unit.partition("/")
    if is_currency(currency):
        return f"{told.written.exact(of.value, currency)} / {named('unit', per, told.lang)}"
    return f"{told.written.number(of.value, places=1)} {named('unit', of.unit, told.lang)}"


def of_price(price: Price, told: Told) -> tuple[str | Cell, ...]:
    amount = told.written.exact(price.amount, price.currency)
    return (
        f"{price.vendor} {named('unit', price.unit, told.lang)}",
        f"{amount} / {told.written.number(price.per)}",
        price.source,
        str(price.checked_at or price.effective_from or ""),
        told("assumed"),
        price.grade,
        told("by_dime" if price in shipped() else "by_you"),
    )


def quality(of: Report, told: Told, beyond: Beyond) -> Section:
    return Section("quality", told("quality"), notes=tuple(notes(of, told, beyond)))


def notes(of: Report, told: Told, beyond: Beyond) -> Iterator[str]:
    total, number, found = of.total, told.written.number, of.findings
    share = told.written.share(total.coverage)
    yield told("coverage", priced=number(total.priced), count=number(total.count), share=share)
    if not total.is_complete:
        yield told("coverage_part" if total.coverage >= ENOUGH_COVERAGE else "coverage_low")
    if of.nothing_booked:
        yield told("not_booked", kinds=kinds_without(of, told))
    if found.statement.issues:
        unlinked, contacts = number(found.unlinked), number(found.contacts)
        yield told(
            "unlinked", unlinked=unlinked, contacts=contacts, share=told.written.share(found.unlinked, found.contacts)
        )
        made, days = found.statement, of.terms.return_days
        young = told.written.share(made.immature, made.issues)
        yield told("immature", open=number(made.immature), count=number(made.issues), share=young, days=days)
    yield holdout(of, told)
    yield told("daily_rolls" if beyond.is_rolling else "daily", first=told.written.day(of.period.first))
    if of.demo_conversations and not of.with_demo:
        yield told("left_out", demo=number(of.demo_conversations))
    if of.other_currencies:
        yield told("other_currency", currencies=", ".join(of.other_currencies))


def holdout(of: Report, told: Told) -> str:
    arms, number = of.findings.arms, told.written.number
    if arms is None:
        return told("holdout")
    figures = {"held": number(arms.holdout), "ai": number(arms.ai), "share": told.written.share(arms.share)}
    balance = told("balance_bad" if arms.balance.is_alarming else "balance_good", p=number(arms.balance.p, places=4))
    return told("arms", **figures) + balance
