"""What was masked, for as long as a conversation may need it: in memory only, bounded in number and in time.

A tool that sends an e-mail needs the address; nothing needs a card's number or a password, and they are not kept.
"""

import hashlib
import secrets
import threading
from collections import Counter, OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from uuid import UUID

from knowledge.privacy.folding import folded, spelling
from knowledge.privacy.kinds import PLACEHOLDER, Kind, is_chinese, placeholder
from knowledge.privacy.mask import mask

NEVER_KEPT: frozenset[Kind] = frozenset(("card", "secret"))
CONVERSATIONS = 2_000
VALUES = 50
"""Of one conversation; the oldest goes first."""
KEPT_FOR = timedelta(minutes=30)
"""After the conversation last said something."""


@dataclass
class _Drawer:
    at: datetime
    values: dict[str, str] = field(default_factory=dict)
    given: OrderedDict[bytes, str] = field(default_factory=OrderedDict)
    """The placeholder of a value, by its hash: what is said again is called the same."""
    counts: Counter[str] = field(default_factory=Counter)


class Vault:
    """Masks what a conversation's customer says, and gives a tool the value back. May be used from any thread."""

    def __init__(
        self,
        *,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        is_public: Callable[[Kind, str], bool] = lambda _kind, _value: False,
    ) -> None:
        """`is_public` tells what is the company's own, which customers may quote."""
        self._now = now
        self._is_public = is_public
        self._key = secrets.token_bytes(32)
        self._drawers: OrderedDict[UUID, _Drawer] = OrderedDict()
        self._lock = threading.Lock()

    def mask(self, text: str, *, conversation: UUID, keeps: bool = True) -> str:
        """What may be kept and sent on; the values stay here under their placeholders. Without `keeps` nothing stays,
        and the placeholders are those that the text would get."""
        chinese = is_chinese(text)
        aside = None if keeps else self._copy(conversation)

        def name(kind: Kind, value: str) -> str | None:
            if self._is_public(kind, value):
                return None
            with self._lock:
                return self._name(aside or self._drawer(conversation), kind, value, chinese=chinese)

        return mask(text, naming=name).text

    def restore(self, text: str, *, conversation: UUID) -> str:
        """The text as it was said, for a tool; what is not known (any more) stays masked."""
        return PLACEHOLDER.sub(lambda found: self.value(found[0], conversation=conversation) or found[0], text)

    def value(self, masked: str, *, conversation: UUID) -> str | None:
        """What stood in the place of one placeholder."""
        with self._lock:
            self._tidy()
            drawer = self._drawers.get(conversation)
            return drawer.values.get(masked) if drawer else None

    def forget(self, conversation: UUID) -> None:
        with self._lock:
            self._drawers.pop(conversation, None)

    def _drawer(self, conversation: UUID) -> _Drawer:
        self._tidy()
        drawer = self._drawers.setdefault(conversation, _Drawer(self._now()))
        drawer.at = self._now()
        self._drawers.move_to_end(conversation)
        if len(self._drawers) > CONVERSATIONS:
            self._drawers.popitem(last=False)
        return drawer

    def _copy(self, conversation: UUID) -> _Drawer:
        with self._lock:
            drawer = self._drawers.get(conversation) or _Drawer(self._now())
            return _Drawer(drawer.at, drawer.values.copy(), drawer.given.copy(), drawer.counts.copy())

    def _name(self, drawer: _Drawer, kind: Kind, value: str, *, chinese: bool) -> str:
        first = placeholder(kind, folded(value), is_chinese=chinese)
        key = hashlib.blake2b(f"{first} {spelling(kind, value)}".encode(errors="replace"), key=self._key).digest()
        if key not in drawer.given:
            drawer.counts[first] += 1
            drawer.given[key] = placeholder(kind, folded(value), number=drawer.counts[first], is_chinese=chinese)
            if len(drawer.given) > VALUES:
                drawer.values.pop(drawer.given.popitem(last=False)[1], None)
        if kind not in NEVER_KEPT:
            drawer.values[drawer.given[key]] = value
        return drawer.given[key]

    def _tidy(self) -> None:
        oldest = self._now() - KEPT_FOR
        while self._drawers and next(iter(self._drawers.values())).at < oldest:
            self._drawers.popitem(last=False)
