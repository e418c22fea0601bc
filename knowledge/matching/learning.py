"""Learns from the entries what it takes to answer from them, and keeps that as arrays under the hash of what it was
learnt from, so that a start costs no fit."""

from dataclasses import dataclass
from pathlib import Path

import numpy as np

from knowledge.matching.arrays import read_arrays, write_arrays
from knowledge.matching.calibration import Calibration
from knowledge.matching.catalogue import Catalogue
from knowledge.matching.classifier import Classifier, Fit
from knowledge.matching.embeddings import Floats
from knowledge.matching.evidence import gather, held_out_phrasings, shipped_chatter
from knowledge.matching.index import Index
from knowledge.matching.space import Space
from knowledge.matching.vectors import Vectors

FEWEST_HELD_OUT = 30
"""With fewer phrasings to hold out, the shipped calibration stands alone."""
_MOST_KEPT = 4


@dataclass(frozen=True)
class Learnt:
    """Vectors as embedded, in the catalogue's order, and three small models."""

    phrasings: Floats
    answers: Floats
    space: Space
    classifier: Classifier
    calibration: Calibration


def learn(catalogue: Catalogue, vectors: Vectors) -> Learnt:
    """Seconds for ten thousand phrasings whose vectors are known; embedding them the first time takes longer."""
    phrasings, answers = vectors.of_phrasings(catalogue.phrasings), vectors.of_answers(catalogue.answers)
    chatter = shipped_chatter()
    far = vectors.of_phrasings(chatter)
    space = Space.fit(phrasings, catalogue.phrasing_labels, answers=answers, chatter=far)
    index = Index(catalogue, space, phrasings=phrasings, answers=answers)
    fit = Fit(index.own_kernel(), landmarks=catalogue.landmarks, labels=catalogue.text_labels)
    calibration = Calibration.shipped()
    if held_out_phrasings(catalogue) >= FEWEST_HELD_OUT:
        calibration = calibration.learn(
            gather(index, fit, phrasings=phrasings, answers=answers, chatter=(chatter, far))
        )
    return Learnt(phrasings, answers, space, fit.classifier, calibration)


def save(learnt: Learnt, path: Path) -> None:
    """Keeps it, and forgets all but the latest few beside it."""
    calibration = learnt.calibration
    arrays = {
        "phrasings": learnt.phrasings,
        "answers": learnt.answers,
        "centre": learnt.space.centre,
        "answer_centre": learnt.space.answer_centre,
        "projection": learnt.space.projection,
        "classifier": learnt.classifier.weights,
        "mean": calibration.mean,
        "scale": calibration.scale,
        "calibration": calibration.weights,
        "threshold": np.array(calibration.threshold),
    }
    write_arrays(path, arrays)
    kept = sorted(path.parent.glob("*.npz"), key=lambda file: file.stat().st_mtime)
    for old in kept[:-_MOST_KEPT]:
        old.unlink(missing_ok=True)


def load(path: Path) -> Learnt | None:
    """None when it was never learnt, or the file is damaged."""
    arrays = read_arrays(path)
    if arrays is None:
        return None
    calibration = Calibration(arrays["mean"], arrays["scale"], arrays["calibration"], float(arrays["threshold"]))
    space = Space(arrays["centre"], arrays["answer_centre"], arrays["projection"])
    return Learnt(arrays["phrasings"], arrays["answers"], space, Classifier(arrays["classifier"]), calibration)
