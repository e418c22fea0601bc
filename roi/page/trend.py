"""A conversation's cost over time, with what happened to prices and releases."""

from roi.books.tally import Day
from roi.charts.trend import Mark, Point, Trend, trend
from roi.page.beyond import Beyond
from roi.page.parts import Cell, Section, Table, table
from roi.page.told import Told
from roi.report import Report
from roi.resolution.marks import Mark as Happened


def section(of: Report, told: Told, beyond: Beyond) -> Section:
    days = [day for day in of.days if day.conversations or day.known]
    if not days:
        return Section("trend", told("trend"), missing=told("no_trend"))
    happened = [one for one in beyond.marks if of.period.first <= one.date <= of.period.last]
    chart = Trend(
        title=told("trend"),
        points=tuple(Point(told.written.short_day(day.first), each(day)) for day in of.days),
        value=told("as_booked"),
        repriced=told("repriced"),
        write=told.written.money,
        marks=tuple(Mark(place(of, one), one.text) for one in happened),
    )
    tables = ((events(happened, told),) if happened else ()) + (by_day(days, told),)
    return Section("trend", told("trend"), chart=trend(chart), tables=tables)


def each(day: Day) -> float | None:
    return float(day.known / day.conversations) if day.conversations else None


def place(of: Report, one: Happened) -> int:
    """The last point that begins on that day or before."""
    return max(n for n, day in enumerate(of.days) if day.first <= one.date)


def events(happened: list[Happened], told: Told) -> Table:
    rows = [
        (str(n), told.written.day(one.date), told(f"mark_{one.kind}", text=one.text))
        for n, one in enumerate(happened, 1)
    ]
    return table([told("number"), told("day"), told("event")], rows, kinds="sst")


def by_day(days: list[Day], told: Told) -> Table:
    rows = []
    for day in days:
        amount = told.written.money(day.known)
        rows.append(
            (
                Cell(told.written.day(day.first), told.to(day=day.first.isoformat())),
                told.written.number(day.conversations),
                amount if day.is_complete else told("at_least", amount=amount),
            )
        )
    return table([told("day"), told("conversations"), told("amount")], rows, kinds="snn", folded=True)
