"""What the company itself has published, read anew when the knowledge has changed: no customer gives that away."""

from knowledge.library import Library
from knowledge.privacy.folding import spelling
from knowledge.privacy.kinds import Kind
from knowledge.privacy.published import published


class Published:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._version: int | None = None
        self._values = frozenset[str]()

    @property
    def is_read(self) -> bool:
        return self._version is not None

    def is_public(self, kind: Kind, value: str) -> bool:
        return spelling(kind, value) in self._values

    def refresh(self) -> None:
        """Blocking."""
        version = self._library.version()
        if version != self._version:
            entries = self._library.entries()
            self._values = published(text for entry in entries for text in (entry.question, entry.answer))
            self._version = version
