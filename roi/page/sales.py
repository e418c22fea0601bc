"""Orders that followed an answer: a line of their own, outside every ratio."""

from roi.page.beyond import Beyond
from roi.page.parts import Section
from roi.page.told import Told


def section(told: Told, beyond: Beyond) -> Section | None:
    found, number = beyond.sales, told.written.number
    if found is None:
        return None
    if not found.orders:
        missing = told("no_sales", customers=number(found.answered_customers))
        return Section("sales", told("sales"), missing=missing)
    amount = told.written.exact(found.amount, found.currency)
    says = told("sales_says", orders=number(found.orders), amount=amount, customers=number(found.answered_customers))
    other = found.in_other_currencies
    notes = (told("sales_elsewhere", orders=number(other)),) if other else ()
    return Section("sales", told("sales"), says=(says,), notes=notes)
