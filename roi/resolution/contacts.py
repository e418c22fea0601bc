"""Each contact of a period as a few numbers, in columns: a million of them must be linked in a second and fit in some
fifty megabytes. What each came to the books say beside its lines.

Contacts from a return window before the period to one after it are taken in: a matter may have begun before, and
whether it stayed settled shows after.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import ColumnElement, Connection, and_, func, or_, select
from sqlmodel import col

from agent.acting.audit import ActionRow
from agent.history import Callback, Handling, TurnRow
from knowledge.library_rows import EntryRow
from roi.books.money import NANO
from roi.books.period import Period
from roi.books.sum_rows import ConversationCost
from roi.books.tally import Scope
from roi.experiment.assignment import REASON
from roi.resolution.columns import Codes, Keys, Names, Places, Whole, columns, written
from roi.resolution.talks import ELIGIBLE, HELPFUL, WANTED, Talks, bits
from roi.resolution.talks import LINKED as OF_A_CUSTOMER

BLOCKED = ("model_silent", "tool_failed", "technical")
"""Reasons of turns that a cap or an outage left without an answer."""
COMPLETED = ("done", "noted", "created", "confirmed", "completed", "booked%", "%sent")
"""What a tool that changes something calls its own success; any other word counts as none."""

LINKED, ASKED, ANSWERED, BLOCKED_, ESCALATED, ASSISTED, VERIFIED, HANDLED = (1 << n for n in range(8))
"""What is true of a contact. HANDLED: a person's time on it is booked."""
GIVES_AN_ANSWER = 1
NONE = np.iinfo(np.int64).max


@dataclass(frozen=True)
class Contacts:
    """A column each, a customer's contacts one after the other, the earliest first."""

    unit: Codes
    at_s: Whole
    arm: Codes
    """In `arms`; -1 is none, here and below."""
    channel: Codes
    matter: Codes
    is_: NDArray[np.uint8]
    answers: Whole
    own: Whole
    """The AI's running cost, of 1e-9, in the report's currency."""
    people: Whole
    unknown: Whole
    """Lines without an amount in that currency."""
    arms: Sequence[str]
    """In order, as the two below."""
    channels: Sequence[str]
    matters: Sequence[str]
    human: NDArray[np.float64]
    """What a person costs on each channel; NaN is unknown."""

    def human_each(self) -> NDArray[np.float64]:
        return np.append(self.human, np.nan)[self.channel]


class Reading:
    """The columns that are filled table by table."""

    def __init__(self, of: Talks, chosen: NDArray[np.bool_]) -> None:
        self.places, count = Places(of.id[chosen]), int(chosen.sum())
        was = of.is_[chosen]
        self.is_ = np.zeros(count, np.uint8)
        for bit, given in ((LINKED, OF_A_CUSTOMER), (ESCALATED, WANTED), (VERIFIED, HELPFUL)):
            self.is_[was & given > 0] |= bit
        self.answers, self.own, self.people, self.unknown = (np.zeros(count, np.int64) for _ in range(4))
        self.matters = Names()
        self.matter = np.full(count, -1, np.int32)

    def mark(self, bit: int, place: Codes) -> None:
        self.is_[place[place >= 0]] |= bit


def around(period: Period, return_seconds: int) -> tuple[datetime, datetime]:
    """With a return window on either side."""
    window = timedelta(seconds=return_seconds)
    return period.start - window, period.end + window


def read(
    connection: Connection,
    scope: Scope,
    of: Talks,
    *,
    human: Mapping[str, float],
    currency: str,
    return_seconds: int,
) -> Contacts:
    """The eligible ones of these conversations. `human`: a person's cost of one, by channel."""
    start, end = around(scope.period, return_seconds)
    chosen = of.within(start, end, with_demo=scope.with_demo) & (of.is_ & ELIGIBLE > 0)
    reading = Reading(of, chosen)
    _acted(connection, scope, reading, start, end)
    _asked(connection, scope, reading, start, end)
    _at_the_desk(connection, reading)
    _spent(connection, reading, currency)
    unit, at_s = of.unit[chosen], of.at_s[chosen]
    order = _in_order(unit, at_s, of.id[chosen])
    matters, matter = reading.matters.ordered(reading.matter)
    return Contacts(
        unit=unit[order], at_s=at_s[order], arm=of.arm[chosen][order], channel=of.channel[chosen][order],
        matter=matter[order], is_=reading.is_[order], answers=reading.answers[order], own=reading.own[order],
        people=reading.people[order], unknown=reading.unknown[order],
        arms=of.arms, channels=of.channels, matters=matters,
        human=np.array([human.get(name, np.nan) for name in of.channels], np.float64),
    )  # fmt: skip


def _in_order(unit: Codes, at_s: Whole, id_: Keys) -> Whole:
    """By customer and time; by id where that is the same."""
    key = (unit.astype(np.int64) << 32) + at_s
    order = np.argsort(key, kind="stable")
    is_clear = np.diff(key[order]).all()
    return order if is_clear else np.lexsort((id_[:, 1], id_[:, 0], key))


def _asked(connection: Connection, scope: Scope, into: Reading, start: datetime, end: datetime) -> None:
    """What the agent did in each conversation; its matter is that of the first turn that had one. A turn that only told
    the customer that the draw gives a person first was none of the agent's."""
    finished, source = col(TurnRow.finished), col(TurnRow.source_entry)
    is_blocked = func.coalesce(TurnRow.reason, "").in_(BLOCKED)
    answers = and_(finished, or_(source.is_not(None), col(TurnRow.action) == "model"))
    flags = {ANSWERED: and_(finished, ~is_blocked), BLOCKED_: is_blocked, GIVES_AN_ANSWER: answers}
    rows = select(written(TurnRow.conversation_id), bits(flags), col(TurnRow.number), source).where(
        scope.between(TurnRow, start, end), col(TurnRow.reason).is_distinct_from(REASON)
    )
    entries, parts = Names(), []
    for ids, told, numbers, sources in columns(connection, rows):
        place, is_ = into.places.find(ids), np.array(told, np.uint8)
        known = place >= 0
        place, is_ = place[known], is_[known]
        into.mark(ASKED, place)
        for bit in (ANSWERED, BLOCKED_):
            into.mark(bit, place[is_ & bit > 0])
        np.add.at(into.answers, place[is_ & GIVES_AN_ANSWER > 0], 1)
        codes = entries.codes(sources)[known]
        parts.append((place[codes >= 0], np.array(numbers, np.int64)[known][codes >= 0], codes[codes >= 0]))
    if not parts:
        return
    place, number, given = (np.concatenate(column) for column in zip(*parts, strict=True))
    names, codes = entries.ordered(given)
    ranked = (number * len(names) + codes).astype(np.int64)
    first = _least(place, ranked, len(into.matter))
    has = first < NONE
    intents = _intents(connection, scope)
    matters = into.matters.codes([intents.get(name) or name for name in names])
    into.matter[has] = matters[first[has] % len(names)]


def _least(place: Codes, values: Whole, count: int) -> Whole:
    """Of each place's values."""
    least = np.full(count, NONE, np.int64)
    np.minimum.at(least, place, values)
    return least


def _intents(connection: Connection, scope: Scope) -> dict[str, str | None]:
    rows = select(col(EntryRow.external_id), func.max(EntryRow.intent)).where(col(EntryRow.company) == scope.company)
    found = connection.execute(rows.group_by(col(EntryRow.external_id)))
    return {row[0]: row[1] for row in found}


def is_completed() -> ColumnElement[bool]:
    """Of an action."""
    return and_(col(ActionRow.changes), or_(*(col(ActionRow.result).like(word) for word in COMPLETED)))


def _acted(connection: Connection, scope: Scope, into: Reading, start: datetime, end: datetime) -> None:
    """The tool is the matter of a contact that has no other."""
    rows = select(written(ActionRow.conversation_id), bits({1: is_completed()}), col(ActionRow.tool)).where(
        scope.between(ActionRow, start, end)
    )
    tools, parts = Names(), []
    for ids, completed, named in columns(connection, rows):
        place = into.places.find(ids)
        into.mark(VERIFIED, place[np.array(completed) > 0])
        parts.append((place[place >= 0], tools.codes(named)[place >= 0]))
    if not parts:
        return
    place, codes = (np.concatenate(column) for column in zip(*parts, strict=True))
    names, codes = tools.ordered(codes)
    first = _least(place, codes.astype(np.int64), len(into.matter))
    has = first < NONE
    into.matter[has] = into.matters.codes(names)[first[has]]


def _at_the_desk(connection: Connection, into: Reading) -> None:
    taken = select(written(Handling.conversation_id)).where(col(Handling.taken_at).is_not(None))
    for rows in (taken, select(written(Callback.conversation_id))):
        for (ids,) in columns(connection, rows):
            into.mark(ASSISTED, into.places.find(ids))


def _spent(connection: Connection, into: Reading, currency: str) -> None:
    """Whatever was paid to people counts where a person was wanted."""
    of, is_own = ConversationCost, col(ConversationCost.currency) == currency
    people: list[Any] = [col(of.people_lines), col(of.people_whole) * NANO + col(of.people_rest)]
    own = select(written(of.conversation_id), col(of.unknown), col(of.own_whole) * NANO + col(of.own_rest), *people)
    for ids, unknown, spent, lines, paid in columns(connection, own.where(is_own)):
        place = into.places.find(ids)
        known = place >= 0
        place = place[known]
        into.own[place], into.unknown[place] = np.array(spent, np.int64)[known], np.array(unknown)[known]
        into.people[place] = np.array(paid, np.int64)[known]
        into.mark(HANDLED, place[np.array(lines)[known] > 0])
    others = select(written(of.conversation_id), col(of.lines), col(of.people_lines)).where(~is_own)
    for ids, lines, of_people in columns(connection, others):
        place = into.places.find(ids)
        known = place >= 0
        np.add.at(into.unknown, place[known], np.array(lines)[known])
        into.mark(HANDLED, place[known][np.array(of_people)[known] > 0])
    not_wanted = into.is_ & ESCALATED == 0
    into.people[not_wanted] = 0
    into.is_[not_wanted] &= 255 - HANDLED
