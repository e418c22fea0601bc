import numpy as np
import pytest

from tests.measure.call_stories import STORIES, Say, cough, room
from tests.measure.scripted_caller import Tape
from voice.audio import PER_MS, Samples, level_dbfs


def frame(value: float) -> Samples:
    return np.full(20 * PER_MS, value, np.float32)


def test_tape_lays_each_frame_where_it_was_heard() -> None:
    tape = Tape()
    tape.hear(frame(0.1), at_s=5.0)
    tape.hear(frame(0.2), at_s=5.001)  # early: played when the first is over
    tape.hear(frame(0.3), at_s=5.1)  # late
    side = tape.side(5.0)
    assert len(side) == 120 * PER_MS
    assert list(side[:: 20 * PER_MS]) == pytest.approx([0.1, 0.2, 0, 0, 0, 0.3])
    assert len(tape.as_it_came()) == 60 * PER_MS
    assert tape.late_ms == pytest.approx(60)


def test_tape_that_heard_nothing_is_empty() -> None:
    assert len(Tape().side(0.0)) == len(Tape().as_it_came()) == 0
    assert Tape().late_ms == 0.0


def test_each_story_has_a_file_of_its_own_and_words() -> None:
    assert len({story.name for story in STORIES}) == len(STORIES) == 10
    assert all(any(isinstance(step, Say) for step in story.script) for story in STORIES)


def test_made_noises_are_as_loud_as_asked_and_the_same_every_time() -> None:
    assert level_dbfs(room(-30.0)) == pytest.approx(-30.0, abs=0.1)
    assert np.array_equal(cough(), cough())
    assert 0.3 < np.max(np.abs(cough())) < 0.9
