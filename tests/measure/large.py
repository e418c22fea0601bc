"""Knowledge as large as wanted: the public sets' real questions and answers, then variations of them.

A variation has some words replaced by words of other texts. Its vector is its original's with a little noise, since
embedding a hundred thousand texts takes most of an hour and no search asks where a vector came from.
"""

import zlib
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random

import numpy as np

from knowledge.entry import Entry
from knowledge.matching.embeddings import Embeddings, Floats, model_name, unit
from knowledge.matching.vectors import Vectors
from knowledge.reading.faq import guess_lang
from tests.measure.sets import banking77, clinc150, dstc_kb, egret_wenda_zh, hwu64, stackfaq, zh_question_pairs
from tests.measure.sets.trial import Read

_SETS: tuple[Read, ...] = (
    banking77.read,
    clinc150.read,
    hwu64.read,
    stackfaq.read,
    dstc_kb.read,
    zh_question_pairs.read,
    egret_wenda_zh.read,
)
_REPLACED = 0.3
"""Share of a variation's words, or of its Chinese characters."""
_NOISE = 0.2
"""Length of the noise beside a vector of length 1: a cosine of 0.98."""


class Variations:
    """Texts that are distinct, and the real text each was made of."""

    def __init__(self, real: Sequence[str], *, seed: int) -> None:
        self._chance = Random(seed)
        self._real = list(dict.fromkeys(real))
        self._words = {
            is_spaced: [word for text in self._real if (" " in text) == is_spaced for word in _words(text)]
            for is_spaced in (True, False)
        }
        self.originals: dict[str, str] = {}

    def take(self, count: int) -> list[str]:
        """As many as wanted, the real ones first."""
        taken = self._real[:count]
        seen = set(taken)
        while len(taken) < count:
            original = self._chance.choice(self._real)
            varied = self._vary(original)
            if varied not in seen:
                seen.add(varied)
                taken.append(varied)
                self.originals[varied] = original
        return taken

    def _vary(self, text: str) -> str:
        is_spaced = " " in text
        words = _words(text)
        for _ in range(max(1, round(_REPLACED * len(words)))):
            words[self._chance.randrange(len(words))] = self._chance.choice(self._words[is_spaced] or words)
        return (" " if is_spaced else "").join(words)


def _words(text: str) -> list[str]:
    return text.split() if " " in text else list(text)


class VariedEmbeddings:
    """The real ones, but for variations."""

    def __init__(self, real: Embeddings, known: Vectors, originals: dict[str, str]) -> None:
        self._real = real
        self._known = known
        self._originals = originals
        self.model = f"varied:{model_name(real)}"
        self.blocks = getattr(real, "blocks", None)

    def embed_query(self, text: str) -> list[float]:
        return self._real.embed_query(text)

    def embed_questions(self, texts: Sequence[str]) -> Floats:
        return self._noisy(texts, self._known.of_questions([self._originals.get(text, text) for text in texts]))

    def embed_documents(self, texts: list[str]) -> list[list[float]]:
        known = self._known.of_answers([self._originals.get(text, text) for text in texts])
        vectors: list[list[float]] = self._noisy(texts, known).tolist()
        return vectors

    def _noisy(self, texts: Sequence[str], vectors: Floats) -> Floats:
        vectors = vectors.copy()
        for row, text in enumerate(texts):
            if text in self._originals:
                noise = np.random.default_rng(zlib.crc32(text.encode())).standard_normal(vectors.shape[1])
                vectors[row] += np.where(vectors[row], _NOISE * noise / np.linalg.norm(noise), 0)
        return unit(vectors)


def large(count: int, data: Path) -> tuple[list[Entry], dict[str, str], int]:
    """Entries with a question and an answer each; what the variations among their texts were made of; and how many
    questions are real. The same for every smaller count, as far as it goes."""
    known = list(_known(data))
    questions = Variations([entry.question for entry in known if entry.kind == "question"], seed=1)
    answers = Variations([entry.answer for entry in known if entry.answer], seed=2)
    texts = zip(questions.take(count), answers.take(count), strict=True)
    entries = [
        Entry(id=str(number), question=question, answer=answer, lang=guess_lang(question))
        for number, (question, answer) in enumerate(texts)
    ]
    originals = {**answers.originals, **questions.originals}
    return entries, originals, count - len(questions.originals)


def _known(data: Path) -> Iterator[Entry]:
    for read in _SETS:
        try:
            tasks = list(read(data))
        except FileNotFoundError as missing:
            print(f"{missing.filename} is missing")
            continue
        for task in tasks:
            for trial in task.draw(0):
                yield from trial.entries
