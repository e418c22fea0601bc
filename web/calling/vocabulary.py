"""The names that callers may say and a recogniser would not guess, from the knowledge as it is now."""

import re
from collections import Counter
from collections.abc import Iterable

from knowledge.entry import Entry
from knowledge.library import Library

LANGUAGES = ("en", "zh")
MOST_CHARACTERS = {"en": 320, "zh": 90}
"""About a hundred of Whisper's tokens."""
_NAME = re.compile(
    r"\b[A-Z][\w'’-]*[a-z0-9][\w'’-]*(?:(?: & | )[A-Z][\w'’-]*)*|\b[A-Z]{2,6}\d*\b|\b[a-z]+[A-Z]\w+\b", re.ASCII
)
_BEGINNING = re.compile(r"(?:^|[.!?:;\n|]\s*|[-*•]\s+|[\"“(]\s*)$")
_SMALL = re.compile(r"\b[a-z]+\b")
"""What is somewhere written small is no name where it is written large."""
_QUOTED = re.compile(r"[「『《]([^」』》]{2,12})[」』》]")
_EVERYDAY = frozenset(
    "monday tuesday wednesday thursday friday saturday sunday january february march april may june july august "
    "september october november december i i'm i'll i'd i've ok okay faq english chinese usd pm am no yes".split()
)


def vocabulary_of(entries: Iterable[Entry], *, lang: str) -> str:
    """Names that stand in most entries first, as one line of prose for a recogniser; empty where there are none."""
    told_of = [entry for entry in entries if entry.lang == lang and entry.kind != "tool"]
    found: Counter[str] = Counter()
    everyday: set[str] = set(_EVERYDAY)
    for entry in told_of:
        found.update(_names(entry))
        everyday.update(_SMALL.findall(" ".join((*entry.phrasings, entry.answer))))
    chosen: list[str] = []
    room = MOST_CHARACTERS.get(lang, 0)
    for name, _ in sorted(found.items(), key=lambda named: (-named[1], named[0])):
        if name.casefold() in everyday or any(name in known for known in chosen):
            continue
        room -= len(name) + 2
        if room < 0:
            break
        chosen.append(name)
    return ("、" if lang == "zh" else ", ").join(chosen)


class Vocabulary:
    """Counted anew when the knowledge has changed. Blocking."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._kept: tuple[int, dict[str, str]] | None = None

    def current(self) -> dict[str, str]:
        version = self._library.version()
        if self._kept is None or self._kept[0] != version:
            entries = self._library.entries()
            self._kept = version, {lang: vocabulary_of(entries, lang=lang) for lang in LANGUAGES}
        return self._kept[1]


def _names(entry: Entry) -> set[str]:
    names: set[str] = set()
    for text in (*entry.phrasings, entry.answer):
        for found in _NAME.finditer(text):
            name = found[0]
            if _BEGINNING.search(text[: found.start()]):  # any word is written so there
                name = name.partition(" ")[2]
            if name:
                names.add(name)
        names.update(_QUOTED.findall(text))
    return names
