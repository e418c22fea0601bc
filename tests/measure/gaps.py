"""How well questions asked in vain are put together, and how cuts were chosen: B-cubed precision and recall.

27 of BANKING77's intents (seed 0) are asked in vain of knowledge that has the other 50, 10 phrasings each, and of the
demo company's, which is about something else: 12 questions an intent, and skewed, from 40 down to 1.

    python -m tests.measure.gaps [--data ../shared/data] [--cache var/cache/vectors]
"""

import argparse
import csv
import random
from collections import defaultdict
from pathlib import Path

import numpy as np

from knowledge.curating.clusters import cluster
from knowledge.entry import Entry
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.reading.documents import read_document
from web.assembly import embeddings
from web.settings import Settings

DEMO = Path("knowledge/demo")
CUTS = (0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.65, 0.7, 0.75)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--cache", type=Path, default=Path("var/cache/vectors"))
    wanted = parser.parse_args()
    asked: dict[str, list[str]] = defaultdict(list)
    with (wanted.data / "banking77" / "train.csv").open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            asked[row["category"]].append(row["text"])
    intents = sorted(asked)
    random.Random(0).shuffle(intents)
    known = [
        Entry(id=intent, question=asked[intent][0], variants=tuple(asked[intent][1:10])) for intent in intents[27:]
    ]
    demo = [entry for path in sorted(DEMO.glob("*.csv")) for entry in read_document(path).entries]
    vectors = Vectors(embeddings(Settings()), wanted.cache)
    for name, entries in (("other 50 intents", known), ("demo company", demo)):
        retriever = Retriever.fit(entries, vectors)
        for shape, sizes in (("even", [12] * 27), ("skewed", [max(1, 40 // rank) for rank in range(1, 28)])):
            vain = [(text, i) for i, size in enumerate(sizes) for text in asked[intents[i]][:size]]
            print(f"\n{len(vain)} questions, {shape}, in vain of the {name}\n cut  gaps  precision  recall")
            measure(np.array([intent for _, intent in vain]), retriever.meanings([text for text, _ in vain]))


def measure(labels: np.ndarray, meanings: np.ndarray) -> None:  # type: ignore[type-arg]
    for cut in CUTS:
        groups = cluster(meanings, cut=cut)
        precision, recall = b_cubed(labels, groups)
        print(f"{cut:.2f}  {len(groups):4}  {precision:9.3f}  {recall:6.3f}")


def b_cubed(labels: np.ndarray, groups: list[list[int]]) -> tuple[float, float]:  # type: ignore[type-arg]
    """Bagga and Baldwin 1998: of each question's group the share of its intent, and the other way round."""
    precision, recall = [], []
    for group in groups:
        for row in group:
            together = int((labels[group] == labels[row]).sum())
            precision.append(together / len(group))
            recall.append(together / int((labels == labels[row]).sum()))
    return float(np.mean(precision)), float(np.mean(recall))


if __name__ == "__main__":
    main()
