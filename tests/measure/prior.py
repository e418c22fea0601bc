"""Makes knowledge/matching/calibration.json, the confidence an FAQ starts from before it has evidence of its own.

Many small FAQs are drawn from CLINC150's training part (CC BY 3.0) and the demo company's, with a third of their
entries taken away; questions are phrasings that were not drawn. No test part and no out-of-scope set is touched.

    python -m tests.measure.prior --data ../shared/data --demo knowledge/demo --cache var/cache/vectors
"""

import argparse
import json
import random
from collections import defaultdict
from dataclasses import replace
from pathlib import Path

import numpy as np

from knowledge.entry import Entry
from knowledge.matching.calibration import SHIPPED, Calibration
from knowledge.matching.catalogue import Catalogue
from knowledge.matching.evidence import FAR_SHARE, IN_SCOPE_SHARE, NEAR_SHARE, Asked, shipped_chatter, weigh
from knowledge.matching.learning import texts_of
from knowledge.matching.matcher import Matcher
from knowledge.matching.signals import FEATURES, Signals
from knowledge.matching.vectors import Vectors
from knowledge.reading.documents import read_document
from web.assembly import embeddings
from web.settings import Settings

QUESTIONS_EACH = 600
_FIRST = 5

Faq = tuple[list[Entry], list[tuple[str, str | None]]]


def clinc(path: Path, *, phrasings: int, seed: int) -> Faq:
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, intent in json.loads(path.read_text())["train"]:
        by_intent[intent].append(text)
    chosen = random.Random(seed)
    entries, questions = [], []
    for intent, every in by_intent.items():
        texts = chosen.sample(every, phrasings + 15)
        is_away = chosen.random() < 1 / 3
        if not is_away:
            entries.append(Entry(id=intent, question=texts[0], variants=tuple(texts[1:phrasings])))
        questions += [(text, None if is_away else intent) for text in texts[phrasings:]]
    return entries, chosen.sample(questions, QUESTIONS_EACH)


def demo(paths: list[Path], *, phrasings: int, answers: bool, seed: int, size: int | None = None) -> Faq:
    """Two thirds of the entries, or `size` of them: the others are near misses."""
    chosen = random.Random(seed)
    found = [entry for path in paths for entry in read_document(path).entries]
    away = {entry.id for entry in found if random.Random(f"{seed}{entry.id}").random() < 1 / 3}
    if size:
        ids = sorted({entry.id for entry in found})
        away = set(ids) - set(random.Random(seed).sample(ids, size))
    entries, questions = [], []
    for entry in found:
        texts = chosen.sample(entry.phrasings, len(entry.phrasings))
        if entry.id not in away:
            answer = entry.answer if answers else ""
            entries.append(replace(entry, question=texts[0], variants=tuple(texts[1:phrasings]), answer=answer))
        questions += [(text, None if entry.id in away else entry.id) for text in texts[phrasings:]]
    return entries, chosen.sample(questions, min(QUESTIONS_EACH, len(questions)))


def faqs(data: Path, demo_folder: Path) -> list[Faq]:
    english, chinese = demo_folder / "en.csv", demo_folder / "zh.csv"
    drawn = [
        clinc(data / "clinc150" / "data_full.json", phrasings=phrasings, seed=seed)
        for phrasings in (1, 3, 6)
        for seed in range(2)
    ]
    for phrasings in (1, 3):
        for answers in (True, False):
            for seed, paths in enumerate([[english], [chinese], [english, chinese]]):
                drawn.append(demo(paths, phrasings=phrasings, answers=answers, seed=seed))
    for size in (3, 6, 12, 30):
        for answers in (True, False):
            for seed, paths in enumerate([[english], [chinese], [english, chinese], [english]]):
                drawn.append(demo(paths, phrasings=4, answers=answers, seed=seed, size=size))
    return drawn


def ask(
    matcher: Matcher, vectors: Vectors, texts: list[str], rights: list[str | None], share: float
) -> tuple[Signals, Asked]:
    signals = matcher.signals(matcher.nearness(texts, vectors.of_questions(texts)))
    top = signals.fused.argmax(axis=1)
    labels = matcher.index.catalogue.labels
    is_right = np.array([labels[label] == right for label, right in zip(top, rights, strict=True)])
    return signals, Asked(signals.features(np.arange(len(top)), top), is_right, rights[0] is not None, share)


def steepness(signals: list[Signals]) -> list[float]:
    """What stands in for a classifier (knowledge/matching/index.py): its scores from meaning and letters, least squares
    over the first labels of each question."""
    known, scores = [], []
    for some in signals:
        first = np.argsort(-some.classifier, axis=1)[:, :_FIRST]
        rows = np.arange(len(first))[:, None]
        known.append(np.stack([some.meaning[rows, first].ravel(), some.letters[rows, first].ravel()], axis=1))
        scores.append(some.classifier[rows, first].ravel())
    table, wanted = np.vstack(known), np.concatenate(scores)
    is_known = ~np.isnan(table).any(axis=1)
    table = np.column_stack([table, np.ones(len(table))])[is_known]
    found: list[float] = np.linalg.lstsq(table, wanted[is_known], rcond=None)[0].round(2).tolist()
    return found


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, default=Path("../shared/data"))
    parser.add_argument("--demo", type=Path, required=True)
    parser.add_argument("--cache", type=Path, default=Path("var/cache/vectors"))
    given = parser.parse_args()
    vectors = Vectors(embeddings(Settings()), given.cache)
    chatter = shipped_chatter()
    asked, seen = list[Asked](), list[Signals]()
    for entries, questions in faqs(given.data, given.demo):
        catalogue = Catalogue(entries)
        matcher = Matcher.fit(catalogue, texts_of(catalogue, vectors, chatter))
        for sort, share in (
            ([question for question in questions if question[1]], IN_SCOPE_SHARE),
            ([question for question in questions if not question[1]], NEAR_SHARE),
            ([(text, None) for text in chatter], FAR_SHARE),
        ):
            texts, rights = zip(*sort, strict=True)
            signals, found = ask(matcher, vectors, list(texts), list(rights), share)
            asked.append(found)
            seen += [signals] if share == IN_SCOPE_SHARE else []
    evidence = weigh(asked)
    mean, scale = np.nanmean(evidence.features, axis=0), np.nanstd(evidence.features, axis=0)
    model = Calibration(mean, scale, np.zeros(len(FEATURES) + 1, dtype=np.float32), threshold=0.5).learn(evidence)
    table = zip(FEATURES, mean.tolist(), scale.tolist(), model.weights[:-1].tolist(), strict=True)
    told = {
        "made_by": "tests/measure/prior.py",
        "features": [[name, *(round(number, 5) for number in numbers)] for name, *numbers in table],
        "intercept": round(float(model.weights[-1]), 5),
        "threshold": round(model.threshold, 3),
    }
    SHIPPED.write_text(json.dumps(told, indent=1) + "\n")
    print(SHIPPED.read_text())
    print("what stands in for a classifier:", steepness(seen))


if __name__ == "__main__":
    main()
