"""Learns from the entries what it takes to answer from them, and keeps that as arrays under the hash of what it was
learnt from, so that a start costs no fit."""

import hashlib
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from knowledge.matching.arrays import read_arrays, write_arrays
from knowledge.matching.calibration import SHIPPED, Calibration
from knowledge.matching.catalogue import Catalogue
from knowledge.matching.classifier import Classifier
from knowledge.matching.coarse import Coarse
from knowledge.matching.evidence import gather, held_out_phrasings, shipped_chatter
from knowledge.matching.index import Index, Meanings
from knowledge.matching.matcher import Matcher, Texts
from knowledge.matching.space import Space
from knowledge.matching.store import Store
from knowledge.matching.vectors import Vectors

METHOD = 10
"""Grows whenever the way of learning changes, so that what was learnt the old way is learnt anew."""
FEWEST_HELD_OUT = 30
"""With fewer phrasings to hold out, the shipped calibration stands alone."""
_MOST_KEPT = 4


@dataclass(frozen=True)
class Learnt:
    matcher: Matcher
    calibration: Calibration


def learn(catalogue: Catalogue, vectors: Vectors, *, store: Store | None = None) -> Learnt:
    """Seconds for ten thousand phrasings whose vectors are known; embedding them the first time takes longer. With a
    store, all is compared in memory while it learns, and in the store from then on."""
    chatter = shipped_chatter()
    texts = texts_of(catalogue, vectors, chatter)
    if store:
        texts = replace(texts, space=Space.of_chatter(texts.chatter, blocks=texts.blocks))
    matcher = Matcher.fit(catalogue, texts)
    calibration = Calibration.shipped()
    if held_out_phrasings(catalogue) >= FEWEST_HELD_OUT:
        calibration = calibration.learn(gather(matcher, texts, chatter=chatter))
    if store or catalogue.is_large:
        laid = _laid(catalogue, vectors, matcher.space, store)
        matcher = replace(matcher, index=matcher.index.through(laid))
    return Learnt(matcher, calibration)


def save(learnt: Learnt, path: Path) -> None:
    """Keeps it, and forgets all but the latest few beside it."""
    matcher, calibration = learnt.matcher, learnt.calibration
    arrays = {
        **matcher.space.to_arrays(),
        "classifier": matcher.classifier.weights if matcher.classifier else np.zeros(0, dtype=np.float32),
        "mean": calibration.mean,
        "scale": calibration.scale,
        "calibration": calibration.weights,
        "threshold": np.array(calibration.threshold),
    }
    write_arrays(path, arrays)
    kept = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-_MOST_KEPT]:
        old.unlink(missing_ok=True)


def load(path: Path, catalogue: Catalogue, vectors: Vectors, *, store: Store | None = None) -> Learnt | None:
    """None when it was never learnt, or the file is damaged."""
    arrays = read_arrays(path)
    if arrays is None:
        return None
    calibration = Calibration(arrays["mean"], arrays["scale"], arrays["calibration"], float(arrays["threshold"]))
    space = Space.from_arrays(arrays)
    index = Index(catalogue, _laid(catalogue, vectors, space, store))
    classifier = Classifier(arrays["classifier"]) if arrays["classifier"].size else None
    return Learnt(Matcher(index, space, classifier), calibration)


def _laid(catalogue: Catalogue, vectors: Vectors, space: Space, store: Store | None) -> Meanings:
    """Where they are compared from now on."""
    if catalogue.is_large and not store:
        asked, answered = vectors.lying_questions(catalogue.phrasings), vectors.lying_answers(catalogue.answers)
        return Coarse.of(catalogue, space, asked, answered)
    texts = texts_of(catalogue, vectors, [])
    placed = space.place_texts(texts.phrasings, texts.answers)
    return store.hold(catalogue, placed) if store else placed


def texts_of(catalogue: Catalogue, vectors: Vectors, chatter: list[str]) -> Texts:
    phrasings, answers = vectors.of_questions(catalogue.phrasings), vectors.of_answers(catalogue.answers)
    return Texts(
        phrasings=phrasings,
        answers=answers if len(answers) else phrasings[:0],
        chatter=vectors.of_questions(chatter),
        blocks=vectors.blocks(phrasings),
    )


def file_name(catalogue: Catalogue, vectors: Vectors, *, is_stored: bool) -> str:
    """Of what was learnt from just these texts by this model, in this way."""
    learnt_from = f"{METHOD} {SHIPPED.read_text()} {vectors.model} {catalogue.digest}{' stored' * is_stored}"
    return hashlib.sha256(learnt_from.encode()).hexdigest()[:32] + ".npz"
