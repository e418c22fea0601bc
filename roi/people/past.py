"""Handling times of the imported history, for the human baseline: what is measured goes before what is assumed."""

from decimal import Decimal

from sqlalchemy import Connection, func, select
from sqlmodel import col

from knowledge.history.contact_rows import ContactRow
from roi.people.baseline import Handled

SAME_WORK = {"ticket": "email"}
"""A ticket is handled as an e-mail is."""


def past_handled(connection: Connection, *, company: str = "default", demo: bool = False) -> list[Handled]:
    """By channel; with `demo` those of the made-up history, while there is no other."""
    own = _handled(connection, company=company, demo=False)
    return own or (_handled(connection, company=company, demo=True) if demo else [])


def _handled(connection: Connection, *, company: str, demo: bool) -> list[Handled]:
    seconds, channel, started = col(ContactRow.handling_seconds), col(ContactRow.channel), col(ContactRow.started_at)
    rows = connection.execute(
        select(channel, func.count(), func.sum(seconds), func.min(started), func.max(started))
        .where(col(ContactRow.company) == company, col(ContactRow.demo) == demo, seconds > 0)
        .group_by(channel)
        .order_by(channel)
    )
    found: dict[str, Handled] = {}
    for name, count, total, first, last in rows:
        known = SAME_WORK.get(name, name)
        one = Handled(
            channel=known,
            contacts=count,
            mean_seconds=Decimal(str(round((total or 0.0) / count, 3))),
            where="history",
            first=first.date() if first else None,
            last=last.date() if last else None,
        )
        found[known] = together(found[known], one) if known in found else one
    return list(found.values())


def together(one: Handled, other: Handled) -> Handled:
    """E-mails and tickets, as one channel."""
    contacts = one.contacts + other.contacts
    seconds = one.mean_seconds * one.contacts + other.mean_seconds * other.contacts
    days = [day for day in (one.first, other.first, one.last, other.last) if day]
    return Handled(
        channel=one.channel,
        contacts=contacts,
        mean_seconds=round(seconds / contacts, 3),
        where=one.where,
        first=min(days, default=None),
        last=max(days, default=None),
    )
