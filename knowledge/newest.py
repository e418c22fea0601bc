"""All entries in memory, brought up to date by what has changed since: reading ten thousand for the sake of one takes
half a second. Writers take turns (Library), so a later change has a later time."""

from datetime import datetime, timedelta

from knowledge.entry import Entry
from knowledge.shelf import Shelf

_SKEW = timedelta(seconds=5)
"""Between the clocks of several servers on one database; what differs by more is found by the next `read`."""


class Newest:
    def __init__(self, shelf: Shelf) -> None:
        self._shelf = shelf
        self._known: tuple[dict[tuple[str, str], Entry], datetime | None] = {}, None
        """By id and language, and until when it was read: one value, since threads share it."""

    def read(self) -> list[Entry]:
        """All anew: what may be answered today, in order."""
        read_until = self._shelf.changed_at()
        entries = {(entry.id, entry.lang): entry for entry in self._shelf.shelved()}
        self._known = entries, read_until
        return self._valid(entries)

    def catch_up(self) -> list[Entry]:
        """The same entries, but for those that changed; the new ones last."""
        known, last = self._known
        if last is None:
            return self.read()
        since, read_until, entries = last - _SKEW, self._shelf.changed_at(), known.copy()
        for name in self._shelf.retired_since(since):
            entries.pop(name, None)
        for entry in self._shelf.shelved(since=since):
            if known.get((entry.id, entry.lang)) != entry:
                entries[entry.id, entry.lang] = entry
        self._known = entries, read_until
        return self._valid(entries)

    def _valid(self, entries: dict[tuple[str, str], Entry]) -> list[Entry]:
        today = self._shelf.today()
        return [entry for entry in entries.values() if entry.is_valid(today)]
