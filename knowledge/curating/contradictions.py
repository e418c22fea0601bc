"""Entries that say the same twice, or two things about the same, beside those that say nothing or no longer hold.

Two entries are asked the same when their questions come near and some phrasings of both come very near. Cuts chosen on
the demo company (86 entries in two languages; one pair is named in vain: cancelling before and after dispatch) and 20
entries planted into it, put as another document would put them: 15 of those are found.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Literal

import numpy as np

from knowledge.curating.claims import differing, opposed, opposite_verdicts
from knowledge.entry import Entry
from knowledge.matching.embeddings import Floats
from knowledge.matching.retriever import Retriever

NEAR_QUESTIONS = 0.55
NEAR_PHRASINGS = 0.76
NEAR_ANSWERS = 0.25
"""Below this two answers are about different things, whatever their questions."""
SOON = timedelta(days=30)
_BLOCK = 512


@dataclass(frozen=True)
class Pair:
    """Two entries an editor should look at together."""

    kind: Literal["duplicate", "contradiction"]
    one: Entry
    other: Entry
    nearness: float
    """Of the two phrasings that come nearest; 1 is the same."""
    differing: tuple[tuple[str, str], ...] = ()
    """Figures or sentences, of the one and of the other."""


@dataclass(frozen=True)
class Findings:
    pairs: list[Pair]
    """Contradictions first, the nearest first."""
    unanswered: list[Entry]
    """No entry of its label has an answer in its language."""
    expired: list[Entry]
    expiring: list[Entry]
    """Within 30 days."""

    def of(self, ids: set[tuple[str, str]]) -> list[Pair]:
        """The pairs that one of these entries, by id and language, is in."""
        return [pair for pair in self.pairs if ids & {(pair.one.id, pair.one.lang), (pair.other.id, pair.other.lang)}]


def check(entries: Sequence[Entry], retriever: Retriever, *, today: date) -> Findings:
    """Blocks; in memory it is a square of the entries of one language, a block of rows at a time."""
    holding = [entry for entry in entries if entry.valid_until is None or entry.valid_until >= today]
    pairs = [*_same_language(holding, retriever), *_translations(holding)]
    answered = {(entry.label, entry.lang) for entry in holding if entry.answer}
    return Findings(
        pairs=sorted(pairs, key=lambda pair: (pair.kind != "contradiction", -pair.nearness)),
        unanswered=[entry for entry in holding if (entry.label, entry.lang) not in answered],
        expired=[entry for entry in entries if entry.valid_until and entry.valid_until < today],
        expiring=[entry for entry in holding if entry.valid_until and entry.valid_until <= today + SOON],
    )


def _same_language(entries: Sequence[Entry], retriever: Retriever) -> Iterator[Pair]:
    """Passages are left out: several stand under one heading, which is no question."""
    for lang in sorted({entry.lang for entry in entries}):
        asked = [entry for entry in entries if entry.lang == lang and entry.kind == "question" and entry.answer]
        if len(asked) < 2:
            continue
        phrasings, answers = retriever.meanings_of_entries(asked)
        starts = np.cumsum([0, *(len(entry.phrasings) for entry in asked)])
        for one, other in _near(phrasings[starts[:-1]]):
            ours, theirs = phrasings[starts[one] : starts[one + 1]], phrasings[starts[other] : starts[other + 1]]
            nearness = float((ours @ theirs.T).max())
            is_alike = float(answers[one] @ answers[other]) >= NEAR_ANSWERS
            if nearness >= NEAR_PHRASINGS and (pair := _pair(asked[one], asked[other], nearness, is_alike=is_alike)):
                yield pair


def _near(questions: Floats) -> Iterator[tuple[int, int]]:
    for start in range(0, len(questions), _BLOCK):
        near = questions[start : start + _BLOCK] @ questions.T >= NEAR_QUESTIONS
        for row, column in zip(*np.nonzero(near), strict=True):
            if start + row < column:
                yield int(start + row), int(column)


def _pair(one: Entry, other: Entry, nearness: float, *, is_alike: bool) -> Pair | None:
    """Rows of one intent are the same thing on purpose, unless they disagree."""
    found = differing(one.answer, other.answer)
    if denied := opposed(one.answer, other.answer):
        found.append(denied)
    if found:
        return Pair("contradiction", one, other, nearness, tuple(found))
    return Pair("duplicate", one, other, nearness) if is_alike and one.label != other.label else None


def _translations(entries: Sequence[Entry]) -> Iterator[Pair]:
    """One id in two languages must not name two prices."""
    by_id: dict[str, list[Entry]] = {}
    for entry in entries:
        if entry.answer and entry.kind == "question":
            by_id.setdefault(entry.id, []).append(entry)
    for versions in by_id.values():
        for other in versions[1:]:
            found = differing(versions[0].answer, other.answer)
            if denied := opposite_verdicts(versions[0].answer, other.answer):
                found.append(denied)
            if found:
                yield Pair("contradiction", versions[0], other, 1.0, tuple(found))
