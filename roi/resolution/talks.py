"""The conversations of a period and around it, read once: they are counted by day and by why a person was wanted, and
the eligible ones become contacts.
"""

from collections import Counter
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, case, literal, select
from sqlmodel import col

from agent.history import Conversation
from roi.books.moments import seconds
from roi.resolution.columns import Codes, Keys, Names, Whole, columns, keys, written

Flags = NDArray[np.bool_]
LINKED, WANTED, HELPFUL, DEMO, ELIGIBLE = (1 << n for n in range(5))
"""WANTED: a person was. HELPFUL: the customer's thumb said so."""


@dataclass(frozen=True)
class Talks:
    """A column each, in no order."""

    id: Keys
    unit: Codes
    """The customer, or a conversation of none by itself. In the order of their keys, which are hashes, so any."""
    at_s: Whole
    arm: Codes
    """In `arms`; -1 is none, here and below."""
    channel: Codes
    category: Codes
    is_: NDArray[np.uint8]
    arms: list[str]
    """In order, as the two below."""
    channels: list[str]
    categories: list[str]

    @cached_property
    def demo(self) -> Flags:
        return (self.is_ & DEMO) > 0

    def within(self, start: datetime, end: datetime, *, with_demo: bool = True) -> Flags:
        inside: Flags = (self.at_s >= int(start.timestamp())) & (self.at_s < int(end.timestamp()))
        return inside if with_demo else inside & ~self.demo

    def handovers(self, chosen: Flags) -> dict[str, int]:
        """By why a person was wanted (agent.people.handing_over.Category), most first."""
        counts = np.bincount(self.category[chosen] + 1, minlength=len(self.categories) + 1)[1:].tolist()
        found = Counter({name: count for name, count in zip(self.categories, counts, strict=True) if count})
        return dict(found.most_common())


def talks(connection: Connection, company: str, start: datetime, end: datetime) -> Talks:
    of = Conversation
    flags = {
        LINKED: col(of.customer).is_not(None),
        WANTED: col(of.handoff_reason).is_not(None),
        HELPFUL: col(of.helpful).is_(True),
        DEMO: col(of.demo),
        ELIGIBLE: col(of.eligible),
    }
    rows = select(
        written(of.id), col(of.customer), col(of.arm), col(of.channel), col(of.handoff_category), seconds(col(of.at)),
        bits(flags),
    ).where(col(of.company) == company, col(of.at) >= start, col(of.at) < end)  # fmt: skip
    units, arms, channels, categories = names = [Names() for _ in range(4)]
    parts = []
    for ids, customers, *named, opened, told in columns(connection, rows):
        keyed = [id_ if customer is None else customer for id_, customer in zip(ids, customers, strict=True)]
        codes = [each.codes(column) for each, column in zip(names, (keyed, *named), strict=True)]
        parts.append((keys(ids), np.array(opened, np.int64), np.array(told, np.uint8), *codes))
    empty = (np.empty((0, 2), np.uint64), np.empty(0, np.int64), np.empty(0, np.uint8), *[np.empty(0, np.int32)] * 4)
    id_, at_s, is_, unit, arm, channel, category = (
        np.concatenate(column) for column in zip(*(parts or [empty]), strict=True)
    )
    arm_names, arm = arms.ordered(arm)
    channel_names, channel = channels.ordered(channel)
    category_names, category = categories.ordered(category)
    return Talks(
        id=id_, unit=units.ordered(unit)[1], at_s=at_s, arm=arm, channel=channel, category=category, is_=is_,
        arms=arm_names, channels=channel_names, categories=category_names,
    )  # fmt: skip


def bits(flags: dict[int, Any]) -> ColumnElement[int]:
    """What is true of a row, as one number."""
    return sum((case((condition, bit), else_=0) for bit, condition in flags.items()), literal(0))
