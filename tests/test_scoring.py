"""The figures of the measurements that `dime evaluate` does not tell, and how Chinese pairs become groups."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.evaluating.figures import Outcome
from tests.measure.held import held_bytes
from tests.measure.large import Variations
from tests.measure.scoring import calibration_error, keeping, most_right, outcomes, score
from tests.measure.sets import zh_question_pairs
from tests.measure.sets.trial import Asked

WRONG = float("inf")
OUTCOMES = st.builds(
    Outcome, in_scope=st.booleans(), place=st.sampled_from([1.0, 2.0, WRONG]), confidence=st.floats(0, 1)
).map(lambda found: found if found.in_scope else Outcome(False, WRONG, found.confidence))


def test_error_of_calibration_is_the_gap_between_sure_and_right():
    half_right = [Outcome(True, 1, 0.9), Outcome(True, 2, 0.9)]
    assert calibration_error(half_right) == pytest.approx(0.4)
    mixed = [*half_right, Outcome(False, WRONG, 0.25), Outcome(True, 1, 1.0)]
    assert calibration_error(mixed) == pytest.approx((0.25 + 0.8) / 4)


@given(st.lists(OUTCOMES, min_size=1), st.floats(0, 1))
def test_no_threshold_has_more_right_than_the_chosen_one(found, other):
    def right(threshold):
        answered = [one.confidence >= threshold for one in found]
        return sum(one.place == 1 if yes else not one.in_scope for one, yes in zip(found, answered, strict=True))

    assert right(most_right(found)) >= right(other)


@given(st.lists(OUTCOMES, min_size=1, max_size=30), st.floats(0.05, 1))
def test_as_much_is_kept_as_was_asked_for_and_no_higher_threshold_would(found: list[Outcome], share: float):
    def kept(at: float) -> float:
        answerable = [one for one in found if one.in_scope]
        return sum(one.place == 1 and one.confidence >= at for one in answerable) / max(1, len(answerable))

    at = keeping(found, share)
    if kept(0.0) >= share:
        assert kept(at) >= share
        assert all(kept(one.confidence) < share for one in found if one.confidence > at)
    else:
        assert at == 0.0


def test_share_counts_every_right_one_among_the_first_ten_and_first_any_at_the_top():
    asked = [Asked("when", frozenset("ab")), Asked("where", frozenset())]
    assert score([["c", "a"], ["c"]], asked, "share at 10") == 0.5
    assert score([["c", "a"], ["c"]], asked, "first") == 0
    assert [one.place for one in outcomes([["c", "a"], ["c"]], [0.5, 0.1], asked)] == [2, WRONG]


def test_questions_that_pairs_connect_are_right_for_each_other_but_not_for_themselves(tmp_path: Path):
    folder = tmp_path / "zh_question_pairs"
    folder.mkdir()
    (folder / "bq_dev.csv").write_text("sentence1,sentence2,label\n甲,乙,1\n丙,乙,1\n甲,丁,0\n", encoding="utf-8-sig")
    (folder / "lcqmc_dev.txt").write_text("子\t丑\t1\n", encoding="utf-8")
    bank, general = zh_question_pairs.read(tmp_path)
    [trial] = bank.draw(0)
    text = {entry.id: entry.question for entry in trial.entries}
    found = {question.text: {text[label] for label in question.right} for question in trial.asked}
    assert found == {"甲": {"乙", "丙"}, "丙": {"甲", "乙"}}
    assert all(text[question.but] == question.text for question in trial.asked)
    assert len(general.draw(0)[0].entries) == 2


def test_variations_are_distinct_and_know_what_they_were_made_of():
    real = ["Where is my order?", "How do I pay?", "怎么还款"]
    variations = Variations(real, seed=1)
    taken = variations.take(12)
    assert taken[:3] == real
    assert len(set(taken)) == 12
    assert set(variations.originals) == set(taken[3:])
    assert set(variations.originals.values()) <= set(real)


def test_an_object_that_is_held_twice_counts_once():
    shared = ["a" * 1000]
    assert held_bytes([shared, shared]) == held_bytes([shared, None])
