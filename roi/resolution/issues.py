"""Contacts linked to issues, on whatever channel: all contacts of one customer on one matter, each within N days of the
one before. An issue gets one class, by what happened in all of its contacts.

A contact without a matter goes with the customer's nearest one that has one: the last before it, else the first after.
One without a customer is an issue by itself.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_args

import numpy as np
from numpy.typing import NDArray

from roi.books.money import NANO
from roi.books.period import Period
from roi.resolution.columns import Codes, Whole
from roi.resolution.contacts import (
    ANSWERED,
    ASKED,
    ASSISTED,
    BLOCKED_,
    ESCALATED,
    HANDLED,
    LINKED,
    VERIFIED,
    Contacts,
)
from roi.resolution.outcomes import IssueFacts, Outcome, classify
from roi.resolution.talks import Flags

OUTCOMES: tuple[Outcome, ...] = get_args(Outcome)
NEVER = np.iinfo(np.int64).max


def _ending(any_of: int) -> Outcome:
    return classify(
        IssueFacts(
            asked=bool(any_of & ASKED), answered=bool(any_of & ANSWERED), blocked=bool(any_of & BLOCKED_),
            escalated=bool(any_of & ESCALATED), assisted=bool(any_of & ASSISTED), verified=bool(any_of & VERIFIED),
            mature=True,
        )
    )  # fmt: skip


ENDINGS = np.array([OUTCOMES.index(_ending(any_of)) for any_of in range(256)], np.int8)
"""By what is true of any contact of an issue."""


@dataclass(frozen=True)
class Linked:
    """The issues that began in a period, a column each, a customer's one after the other."""

    of: Contacts
    unit: Codes
    matter: Codes
    arm: Codes
    channel: Codes
    """Of the first contact."""
    first_s: Whole
    contacts: Whole
    human: NDArray[np.float64]
    """What a person costs on that channel; NaN is unknown."""
    own: NDArray[np.float64]
    people: NDArray[np.float64]
    linked: Flags
    handled: Flags
    answers: Whole
    unknown: Whole
    ending: NDArray[np.int8]
    """In OUTCOMES."""
    back: Flags
    mature: Flags

    def ended(self, *outcomes: Outcome) -> Flags:
        return np.isin(self.ending, [OUTCOMES.index(one) for one in outcomes])


@dataclass(frozen=True)
class Issues:
    """Issues that are alike."""

    channel: str
    ending: Outcome
    """As it stands, whether or not it may still change."""
    is_mature: bool
    is_back: bool
    """The customer came again with the same matter: after it was confirmed as resolved, or at all where nothing was."""
    is_handled: bool
    """A person's time on it is booked."""
    count: int
    contacts: int
    linked: int
    answers: int

    @property
    def outcome(self) -> Outcome:
        return self.ending if self.is_mature else "immature"


def link(of: Contacts, *, period: Period, return_seconds: int, now: datetime) -> Linked:
    if not len(of.unit):
        return _none(of)
    about = matters_of(of.unit, of.at_s, of.matter, return_seconds=return_seconds)
    order = np.argsort(of.unit.astype(np.int64) * (len(of.matters) + 1) + about + 1, kind="stable")
    unit, about, at_s, is_ = of.unit[order], about[order], of.at_s[order], of.is_[order]
    starts = np.flatnonzero(_begins(unit, at_s, return_seconds) | _differs(about))
    first_s, last_s = np.minimum.reduceat(at_s, starts), np.maximum.reduceat(at_s, starts)
    contacts = np.diff(np.append(starts, len(unit)))
    settled = np.minimum.reduceat(np.where(is_ & VERIFIED > 0, at_s, NEVER), starts)
    any_of = np.bitwise_or.reduceat(is_, starts)
    since = np.where(settled == NEVER, first_s, settled)
    closed = int(now.timestamp()) - return_seconds
    kept = (first_s >= int(period.start.timestamp())) & (first_s < int(period.end.timestamp()))

    def total(column: Whole) -> Whole:
        return np.add.reduceat(column[order], starts)[kept]

    return Linked(
        of=of,
        unit=unit[starts][kept],
        matter=about[starts][kept],
        arm=np.maximum.reduceat(of.arm[order], starts)[kept],
        channel=of.channel[order][starts][kept],
        first_s=first_s[kept],
        contacts=contacts[kept],
        human=of.human_each()[order][starts][kept],
        own=total(of.own) / NANO,
        people=total(of.people) / NANO,
        linked=(any_of & LINKED > 0)[kept],
        handled=(any_of & HANDLED > 0)[kept],
        answers=total(of.answers),
        unknown=total(of.unknown),
        ending=ENDINGS[any_of[kept]],
        back=np.where(settled == NEVER, contacts > 1, last_s > settled)[kept],
        mature=((first_s <= closed) & (since <= closed))[kept],
    )


def matters_of(unit: Codes, at_s: Whole, matter: Codes, *, return_seconds: int) -> Codes:
    """Of each contact within its visit, which is contacts of one customer each within the window of the one before."""
    visits = np.cumsum(_begins(unit, at_s, return_seconds)) - 1
    has = matter >= 0
    so_far = np.cumsum(has)
    starts = np.flatnonzero(_differs(visits))
    before: Whole = (so_far - has.astype(np.int64))[starts][visits]
    within = np.add.reduceat(has.astype(np.int64), starts)[visits]
    nearest = before + np.maximum(so_far - before, 1) - 1
    known = matter[has]
    return (
        np.where(within > 0, known[np.minimum(nearest, len(known) - 1)], -1).astype(np.int32) if len(known) else matter
    )


def _differs(column: Any) -> Flags:
    """From the one before; the first one does."""
    changed: Flags = np.append([True], np.not_equal(column[1:], column[:-1]))
    return changed


def _begins(unit: Codes, at_s: Whole, return_seconds: int) -> Flags:
    begins: Flags = _differs(unit) | np.append([True], np.diff(at_s) > return_seconds)
    return begins


def _none(of: Contacts) -> Linked:
    whole, number = np.empty(0, np.int64), np.empty(0, np.float64)
    flag, code = np.empty(0, np.bool_), np.empty(0, np.int32)
    return Linked(
        of=of, unit=code, matter=code, arm=code, channel=code, first_s=whole, contacts=whole, human=number, own=number,
        people=number, linked=flag, handled=flag, answers=whole, unknown=whole, ending=np.empty(0, np.int8), back=flag,
        mature=flag,
    )  # fmt: skip


def issues(of: Linked) -> list[Issues]:
    """Summed by what is alike, in a fixed order."""
    alike = np.stack([of.channel, of.ending, of.mature, of.back, of.handled]).astype(np.int64)
    key = np.zeros(len(of.unit), np.int64)
    for column, most in zip(alike, (len(of.of.channels) + 1, len(OUTCOMES), 2, 2, 2), strict=True):
        key = key * most + column
    _, one, which, counts = np.unique(key, return_index=True, return_inverse=True, return_counts=True)
    sums = [np.bincount(which, column, len(counts)) for column in (of.contacts, of.linked, of.answers)]
    found = []
    for n, at in enumerate(one):
        channel, ending, mature, back, handled = (int(column[at]) for column in alike)
        name = of.of.channels[channel] if channel >= 0 else ""
        figures = (int(counts[n]), *(int(column[n]) for column in sums))
        found.append(Issues(name, OUTCOMES[ending], bool(mature), bool(back), bool(handled), *figures))
    return sorted(found, key=lambda i: (i.channel, i.ending, i.is_mature, i.is_back, i.is_handled))
