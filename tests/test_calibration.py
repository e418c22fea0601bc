"""Confidence means something: high where the FAQ is right about itself, low where nothing answers."""

import numpy as np
import pytest

from knowledge.matching.calibration import Calibration, balanced, best_threshold
from knowledge.matching.catalogue import Catalogue
from knowledge.matching.evidence import held_out_phrasings, shipped_chatter
from knowledge.matching.retriever import Retriever
from knowledge.matching.signals import FEATURES
from knowledge.matching.vectors import Vectors
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import ENGLISH, SHOP


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    return Retriever.fit(SHOP, Vectors(LetterEmbeddings()))


def test_its_own_phrasings_are_answered_and_chatter_is_refused(retriever: Retriever) -> None:
    own = [retriever.search(text)[0].confidence for entry in SHOP for text in entry.phrasings]
    chatter = [retriever.search(text)[0].confidence for text in shipped_chatter()]
    assert np.mean(np.array(own) >= retriever.threshold) > 0.95
    assert np.mean(np.array(chatter) < retriever.threshold) > 0.95


def test_confidence_is_a_probability(retriever: Retriever) -> None:
    for text in [*shipped_chatter(), "delivery price", "x"]:
        assert 0 <= retriever.search(text)[0].confidence <= 1


def test_unseen_wording_is_less_sure_than_a_known_phrasing(retriever: Retriever) -> None:
    known = retriever.search("delivery price")[0].confidence
    assert retriever.search("is the delivery of wardrobes to islands insured?")[0].confidence < known


def test_single_phrasing_faq_has_nothing_to_hold_out_and_still_a_sane_confidence() -> None:
    single = [type(entry)(id=entry.id, question=entry.question, answer=entry.answer) for entry in ENGLISH]
    assert held_out_phrasings(Catalogue(single)) == 0
    retriever = Retriever.fit(single, Vectors(LetterEmbeddings()))
    assert retriever.search(ENGLISH[0].question)[0].confidence > 0.5
    assert retriever.search("who won the football match last night?")[0].confidence < retriever.threshold


def test_question_that_stands_twice_is_no_evidence_about_itself() -> None:
    twice = [
        type(entry)(id=f"{entry.id}{n}", question=entry.question, answer=answer, intent=entry.id)
        for entry in ENGLISH
        for n, answer in enumerate((entry.answer, f"In short: {entry.answer}"))
    ]
    assert held_out_phrasings(Catalogue(twice)) == 0
    whole, doubled = Catalogue(ENGLISH), Catalogue([*ENGLISH, *ENGLISH])
    assert held_out_phrasings(doubled) == held_out_phrasings(whole) > 0


def test_much_evidence_moves_the_model_and_none_leaves_it() -> None:
    shipped = Calibration.shipped()
    chance = np.random.default_rng(0)
    features = chance.normal(size=(2_000, len(FEATURES))).astype(np.float32) * shipped.scale + shipped.mean
    told = FEATURES.index("letters")  # what was shipped makes little of it
    right = (features[:, told] > shipped.mean[told]).astype(np.float32)
    moved = shipped.refit(features, right, np.ones(2_000, dtype=np.float32))
    assert ((moved.confidence(features) > 0.5) == (right > 0)).mean() > 0.9
    none = shipped.refit(features[:0], right[:0], right[:0])
    assert none.weights == pytest.approx(shipped.weights, abs=1e-5)


def test_no_signal_ever_counts_against_an_answer() -> None:
    shipped = Calibration.shipped()
    features = np.random.default_rng(0).normal(size=(500, len(FEATURES))).astype(np.float32) * shipped.scale
    right = (features.sum(axis=1) < 0).astype(np.float32)
    moved = shipped.refit(features + shipped.mean, right, np.ones(500, dtype=np.float32))
    assert (moved.weights[:-1] >= 0).all()


def test_unknown_feature_counts_as_average() -> None:
    shipped = Calibration.shipped()
    average = shipped.mean[None]
    assert shipped.confidence(np.full_like(average, np.nan)) == pytest.approx(shipped.confidence(average))


def test_threshold_separates_what_can_be_separated() -> None:
    confidence = np.array([0.9, 0.8, 0.7, 0.3, 0.2, 0.1], dtype=np.float32)
    scope = np.array([1, 1, 1, 0, 0, 0], dtype=np.float32)
    threshold = best_threshold(confidence, is_right=scope, in_scope=scope)
    assert 0.3 < threshold <= 0.7
    assert balanced(confidence, is_right=scope, in_scope=scope, threshold=threshold) == 1.0
