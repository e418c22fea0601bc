"""How rare words are in the knowledge as it is now; counted anew when it has changed."""

from knowledge.library import Library
from knowledge.matching.explanation import Rarity


class Rarities:
    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: tuple[int, Rarity] | None = None

    def current(self) -> Rarity:
        version = self._library.version()
        kept = self._kept
        if kept is None or kept[0] != version:
            self._kept = kept = version, Rarity(self._library.entries())
        return kept[1]
