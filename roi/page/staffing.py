"""How many people's work was freed, and how many really left."""

from roi.page.beyond import Beyond
from roi.page.parts import Section, table
from roi.page.told import Told
from roi.report import Report


def section(of: Report, told: Told, beyond: Beyond) -> Section:
    freed, number, money = of.findings.freed, told.written.number, told.written.money
    seconds = sum(group.quantity for group in of.groups if group.unit == "handling_second")
    hours = told("hours_booked", hours=number(seconds / 3600, places=1))
    if freed is None:
        return Section("staffing", told("staffing"), missing=told("no_staffing"), says=(hours,))
    left = told("unknown") if beyond.left is None else number(beyond.left, places=2)
    is_upper = of.findings.statement.net_saving is None
    rows = [
        (told("fte_freed"), number(freed.fte, places=2), money(freed.theoretical)),
        (told("fte_left"), left, told("unknown") if beyond.left is None else money(freed.cash)),
        (told("still_paid"), "", money(freed.not_cash)),
    ]
    says = [told("staffing_says"), hours, *([told("staffing_upper")] if is_upper else [])]
    found = table([told("what"), told("fte"), told("amount")], rows, kinds="tnn")
    return Section("staffing", told("staffing"), says=(told.joined(says),), tables=(found,))
