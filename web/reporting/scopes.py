"""The rows that commands and the report speak of: one company's, and demo ones by the report's rule."""

from sqlalchemy import Connection

from roi.books.period import Period
from roi.books.tally import Demo, Scope, has_real


def scope_of(connection: Connection, period: Period, *, demo: Demo = "auto", company: str = "default") -> Scope:
    """`auto`: demo conversations count only while there are no real ones in the period."""
    return Scope(company, period, demo == "include" or (demo == "auto" and not has_real(connection, company, period)))
