"""BQ (a bank's customers) and LCQMC (general): Chinese pairs of questions, labelled as one question or two.

Knowledge is every distinct sentence of the development file. Asked are first sentences of pairs labelled 1 (at most
2,000, seed 0); right is whatever such pairs connect with it, over any number of steps, but never the question itself.
BM25 alone cuts the text into its characters and pairs of neighbouring characters.
"""

import csv
import random
from collections import defaultdict
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

from knowledge.entry import Entry
from tests.measure.sets.trial import Asked, Task, Trial

_MOST_QUERIES = 2_000
Pair = tuple[str, str, str]


def read(data: Path) -> Iterator[Task]:
    folder = data / "zh_question_pairs"
    for name, read_pairs in (("BQ", _bq), ("LCQMC", _lcqmc)):
        trial = _trial(read_pairs(folder))
        yield Task(f"{name} dev pairs", lambda _, trial=trial: [trial], split=characters)


def characters(text: str) -> list[str]:
    kept = [character for character in text.casefold() if not character.isspace()]
    return [*kept, *(first + second for first, second in pairwise(kept))]


def _bq(folder: Path) -> list[Pair]:
    with (folder / "bq_dev.csv").open(encoding="utf-8-sig", newline="") as file:
        return [(row["sentence1"].strip(), row["sentence2"].strip(), row["label"]) for row in csv.DictReader(file)]


def _lcqmc(folder: Path) -> list[Pair]:
    pairs = []
    for line in (folder / "lcqmc_dev.txt").read_text(encoding="utf-8").splitlines():
        first, second, label = line.split("\t")
        pairs.append((first.strip(), second.strip(), label))
    return pairs


def _trial(pairs: list[Pair]) -> Trial:
    texts = list(dict.fromkeys(text for first, second, _ in pairs for text in (first, second)))
    number = {text: str(at) for at, text in enumerate(texts)}
    alike = [(first, second) for first, second, label in pairs if label == "1" and first != second]
    groups = _connected(alike)
    queries = list(dict.fromkeys(first for first, _ in alike))
    queries = random.Random(0).sample(queries, min(_MOST_QUERIES, len(queries)))
    return Trial(
        [Entry(id=number[text], question=text, lang="zh") for text in texts],
        [Asked(text, frozenset(number[other] for other in groups[text] - {text}), number[text]) for text in queries],
    )


def _connected(pairs: list[tuple[str, str]]) -> dict[str, set[str]]:
    """Each text's whole group; its members share one set."""
    groups: dict[str, set[str]] = defaultdict(set)
    for first, second in pairs:
        together = groups[first] | groups[second] | {first, second}
        groups.update(dict.fromkeys(together, together))
    return groups
