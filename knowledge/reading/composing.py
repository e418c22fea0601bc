"""Blocks become entries here, once for all formats: what asks becomes a question, other prose becomes passages."""

from collections.abc import Sequence
from pathlib import PurePath
from urllib.parse import urldefrag

from knowledge.entry import Entry, Kind
from knowledge.problem import Problem
from knowledge.reading.blocks import Block, Heading, Pair, Place, Prose, Table
from knowledge.reading.faq import LONGEST_ANSWER, LONGEST_QUESTION, guess_lang, stable_id
from knowledge.reading.outline import Section, outline, title_of
from knowledge.reading.pairs import find_pairs, without_answer_mark, without_mark
from knowledge.reading.passages import count_words, cut
from knowledge.reading.questions import asks, bare, heading_asks
from knowledge.reading.tables import lines_of, pairs_in

Reading = tuple[list[Entry], list[Problem]]
_FEWEST_WORDS_WITHOUT_HEADING = 5
_BEGINNING = 80
"""So many characters of a passage tell it from the others under its heading."""


def compose(blocks: Sequence[Block], *, name: str, title: str = "", base_url: str | None = None) -> Reading:
    """One entry for each pair, each heading that asks and each passage, "Sofas" under "Returns" being
    "Returns › Sofas". `title` names what stands under no heading."""
    title = title_of(blocks) or title or PurePath(name).stem
    composer = _Composer(name, title, base_url)
    for section in outline(blocks):
        composer.add(section)
    return composer.entries, composer.problems


def markdown_of(blocks: Sequence[Block]) -> str:
    """Blocks as one answer."""
    texts = []
    for block in blocks:
        match block:
            case Heading(text=text) | Prose(text=text):
                texts.append(text)
            case Table():
                texts.append(lines_of(block))
            case Pair():
                texts.append(f"{block.question}\n{block.answer}")
    return "\n\n".join(text for text in texts if text.strip())


class _Composer:
    def __init__(self, name: str, title: str, base_url: str | None) -> None:
        self._name = name
        self._title = title
        self._url = urldefrag(base_url).url if base_url else None
        self.entries: list[Entry] = []
        self.problems: list[Problem] = []
        self._passages: dict[str, str] = {}
        """By id, what it says."""

    def add(self, section: Section) -> None:
        marked = without_mark(section.heading)
        heading = marked or section.heading
        is_question = marked is not None or heading_asks(heading)
        path = section.above if section.is_title else tuple(filter(None, (*section.above, heading)))
        blocks = find_pairs([*_without_tables(section.blocks)], unmarked=not is_question)
        prose = [block for block in blocks if isinstance(block, Prose) and block.text.strip()]
        pieces = cut(prose)
        if is_question and pieces:
            answer = without_answer_mark(pieces.pop(0).text).strip()
            self._question(heading, answer, above=section.above, place=section.place)
        for pair in blocks:
            if isinstance(pair, Pair):
                self._question(pair.question, pair.answer, above=path, place=_or(pair.place, section.place))
        for number, piece in enumerate(pieces):
            is_first = number == 0 and not is_question
            place = section.place if is_first and section.heading else _or(piece.place, section.place)
            self._passage(piece.text, section=section, heading=heading, place=place)

    def _question(self, asked: str, answer: str, *, above: tuple[str, ...], place: Place) -> None:
        asked = bare(asked) or asked.strip()
        path = " › ".join((*above, asked))
        question = asked if asks(asked) else path
        self._keep(stable_id(path), question, answer, kind="question", above=above, place=place)

    def _passage(self, text: str, *, section: Section, heading: str, place: Place) -> None:
        path = " › ".join(filter(None, (*section.above, heading)))
        if not path and count_words(text) < _FEWEST_WORDS_WITHOUT_HEADING:
            return
        question = heading if asks(heading) else path or self._title
        words = " ".join(text.split())
        key = stable_id(f"{question} {words[:_BEGINNING]}")
        if self._passages.setdefault(key, words) != words:
            key = stable_id(f"{question} {words}")
        self._keep(key, question, text, kind="passage", above=section.above, place=place)

    def _keep(self, key: str, question: str, answer: str, *, kind: Kind, above: tuple[str, ...], place: Place) -> None:
        if len(question) > LONGEST_QUESTION or len(answer) > LONGEST_ANSWER:
            self.problems.append(Problem(place.line, f"is too long: {question[:60]}…"))
            return
        url = f"{self._url}#{place.anchor}" if self._url and place.anchor else self._url
        self.entries.append(
            Entry(
                id=key,
                question=question,
                answer=answer,
                lang=guess_lang(question + answer),
                tags=tuple(tag.replace("|", "/") for tag in above),
                url=url,
                kind=kind,
                source=self._name,
                line=place.line,
                page=place.page,
            )
        )


def _without_tables(blocks: Sequence[Block]) -> list[Block]:
    """Tables as the pairs they hold, or as a list."""
    found: list[Block] = []
    for block in blocks:
        if not isinstance(block, Table):
            found.append(block)
        elif pairs := pairs_in(block):
            found += pairs
        else:
            found.append(Prose(lines_of(block), block.place))
    return found


def _or(place: Place, other: Place) -> Place:
    """Where `place` says nothing, `other` does."""
    return Place(place.line or other.line, place.page or other.page, place.anchor or other.anchor)
