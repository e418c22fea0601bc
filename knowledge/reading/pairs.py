"""Questions and answers inside running text: lines marked Q: and A:, and questions that stand alone above an answer."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from knowledge.reading.blocks import Block, Pair, Place, Prose
from knowledge.reading.questions import asks, bare, is_numbered, is_one_question

_MARK = (
    r"^\s*(?:[-*•#>]+\s+)?[*_]{{0,3}}(?:\d{{1,3}}\s*[.)、]\s*)?"
    r"(?:{words})\s*\d{{0,3}}[*_]{{0,3}}\s*[:：.、)）][*_]{{0,3}}\s*(?P<text>.*)$"
)
_ASKED = re.compile(_MARK.format(words="Q|Question|Frage|问题?|問題?|提问"), re.IGNORECASE)
_ANSWERED = re.compile(_MARK.format(words="A|Answer|Antwort|答案?|回答"), re.IGNORECASE)
_MOST_QUESTION_LINES = 3


@dataclass(frozen=True)
class _Line:
    text: str
    place: Place
    opens: bool
    """It is the first of its paragraph."""


@dataclass
class _Open:
    """A pair being read."""

    place: Place
    lines: list[_Line]
    """As they stood, in case it turns out to be no pair."""
    question: list[str]
    answer: list[str] = field(default_factory=list)
    is_answering: bool = False

    def take(self, line: _Line, text: str | None = None) -> None:
        self.lines.append(line)
        part = self.answer if self.is_answering else self.question
        if line.opens and part and self.is_answering:
            part.append("")
        part.append(line.text if text is None else text)

    def close(self) -> list[Block]:
        """The pair, or the lines as they were when nothing answers."""
        question, answer = self.question, self.answer
        if not self.is_answering:
            first = next((at for at, text in enumerate(question, 1) if asks(text)), len(question))
            question, answer = question[:first], question[first:]
        asked, answered = bare(" ".join(filter(None, question))), "\n".join(answer).strip()
        return [Pair(asked, answered, self.place)] if asked and answered else _prose(self.lines)


def find_pairs(blocks: Sequence[Block], *, unmarked: bool) -> list[Block]:
    """The same blocks with pairs in place of the prose that held them. `unmarked`: questions without a Q: count too,
    where each stands at the beginning of a paragraph; beneath a heading that asks it would be rhetoric."""
    found: list[Block] = []
    run: list[Prose] = []
    for block in blocks:
        if isinstance(block, Prose):
            run.append(block)
        else:
            found += [*_in_run(run, unmarked), block]
            run = []
    return found + _in_run(run, unmarked)


def without_mark(heading: str) -> str | None:
    """What a heading such as "Q1: How long?" asks, or None where it carries no mark."""
    marked = _ASKED.match(heading)
    return marked["text"].strip() if marked and marked["text"].strip() else None


def without_answer_mark(text: str) -> str:
    answered = _ANSWERED.match(text.split("\n", 1)[0])
    return text[answered.start("text") :] if answered else text


def _in_run(run: Sequence[Prose], unmarked: bool) -> list[Block]:
    lines = list(_lines(run))
    if any(_ASKED.match(line.text) for line in lines) and any(_ANSWERED.match(line.text) for line in lines):
        rest = _marked(lines)
        return [
            one
            for block in rest
            for one in (_unmarked([*_lines([block])]) if unmarked and isinstance(block, Prose) else [block])
        ]
    return _unmarked(lines) if unmarked else list(run)


def _marked(lines: Sequence[_Line]) -> list[Block]:
    found: list[Block] = []
    before: list[_Line] = []
    pair: _Open | None = None
    for line in lines:
        if asked := _ASKED.match(line.text):
            found += pair.close() if pair else _prose(before)
            pair = _Open(line.place, [line], [asked["text"]])
        elif pair is None:
            before.append(line)
        elif not pair.is_answering and (answered := _ANSWERED.match(line.text)):
            pair.is_answering = True
            pair.take(line, answered["text"])
        else:
            pair.take(line)
    return found + (pair.close() if pair else _prose(before))


def _unmarked(lines: Sequence[_Line]) -> list[Block]:
    found: list[Block] = []
    before: list[_Line] = []
    pair: _Open | None = None
    at = 0
    while at < len(lines):
        taken = _question_lines(lines[at : at + _MOST_QUESTION_LINES])
        if taken:
            found += pair.close() if pair else _prose(before)
            question = lines[at : at + taken]
            pair = _Open(question[0].place, list(question), [line.text for line in question], is_answering=True)
        elif pair is None:
            before.append(lines[at])
        else:
            pair.take(lines[at])
        at += taken or 1
    return found + (pair.close() if pair else _prose(before))


def _question_lines(lines: Sequence[_Line]) -> int:
    """How many lines the question takes that begins here; 0 when none does."""
    if not (lines[0].opens or is_numbered(lines[0].text)):
        return 0
    text = ""
    for count, line in enumerate(lines, 1):
        if count > 1 and line.opens:
            return 0
        text = f"{text} {line.text}".strip()
        if asks(text):
            return count if is_one_question(text) else 0
    return 0


def _lines(run: Sequence[Prose]) -> Iterator[_Line]:
    for prose in run:
        opens = True
        for offset, text in enumerate(prose.text.split("\n")):
            line = prose.place.line + offset if prose.place.line else None
            yield _Line(text, replace(prose.place, line=line), opens)
            opens = not text.strip()


def _prose(lines: Sequence[_Line]) -> list[Block]:
    """Lines as paragraphs again."""
    paragraphs: list[list[_Line]] = []
    for line in lines:
        if line.opens or not paragraphs:
            paragraphs.append([])
        paragraphs[-1].append(line)
    texts = [("\n".join(line.text for line in lines).strip(), lines[0].place) for lines in paragraphs]
    return [Prose(text, place) for text, place in texts if text]
