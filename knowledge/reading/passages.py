"""Cuts prose into passages long enough to answer and short enough to be read out, at the borders writers set."""

import re
from collections.abc import Iterator, Sequence

from knowledge.reading.blocks import Place, Prose

FEWEST_WORDS = 60
MOST_WORDS = 200
_SENTENCE = re.compile(r"(?<=[.!?…])(?=\s+[^\s\da-z])|(?<=[。！？；])(?=\S)|(?=\n\s*(?:[-*•+]|\d{1,3}[.)])\s)")
_CJK = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uf900-\ufaff]")
_CJK_WORD = 1.6
"""Characters that say as much as a word."""


def count_words(text: str) -> float:
    characters = len(_CJK.findall(text))
    return characters / _CJK_WORD + len(_CJK.sub(" ", text).split())


def cut(prose: Sequence[Prose]) -> list[Prose]:
    """Pieces of about 60 to 200 words. A rest that is too short to stand alone stays with the piece before it."""
    pieces: list[Prose] = []
    words = 0.0
    for part, gap, place in _parts(prose):
        more = count_words(part)
        is_full = words + more > MOST_WORDS and words >= FEWEST_WORDS
        if not pieces or is_full:
            pieces.append(Prose(part.strip(), place))
            words = more
        else:
            pieces[-1] = Prose(pieces[-1].text + gap + part, pieces[-1].place)
            words += more
    if len(pieces) > 1 and words < FEWEST_WORDS:
        last = pieces.pop()
        pieces[-1] = Prose(f"{pieces[-1].text}\n\n{last.text}", pieces[-1].place)
    return pieces


def _parts(prose: Sequence[Prose]) -> Iterator[tuple[str, str, Place]]:
    """What is not cut any more, with what goes before it: paragraphs, of long ones sentences, of long ones words."""
    for paragraph in prose:
        gap = "\n\n"
        if count_words(paragraph.text) <= MOST_WORDS:
            yield paragraph.text, gap, paragraph.place
            continue
        for sentence in _SENTENCE.split(paragraph.text):
            for part in _short(sentence):
                if part.strip():
                    yield part, gap, paragraph.place
                    gap = ""


def _short(sentence: str) -> Iterator[str]:
    if count_words(sentence) <= MOST_WORDS:
        yield sentence
        return
    part: list[str] = []
    words = 0.0
    for word in re.findall(r"\s*[^\s\u3040-\u9fff]+|\s*[\u3040-\u9fff]{1,20}|\s+", sentence):
        part.append(word)
        words += count_words(word)
        if words >= MOST_WORDS:
            yield "".join(part)
            part, words = [], 0.0
    yield "".join(part)
