"""The breaker, the patience with a model and the ear for repetition: pure machines on a clock of the test's own."""

from dataclasses import dataclass, field

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.models.breaker import Breaker
from agent.models.patience import NEXT_CLAUSE_S, SILENCE_S, Patience
from agent.models.repetition import LONGEST, TIMES, Repetition, goes_round


@dataclass
class Clock:
    now: float = 0.0

    def __call__(self) -> float:
        return self.now


@dataclass
class Watched:
    clock: Clock = field(default_factory=Clock)

    def __post_init__(self) -> None:
        self.breaker = Breaker(clock=self.clock)

    def fail(self, times: int = 1) -> None:
        for _ in range(times):
            self.breaker.begin()
            self.breaker.fail()

    def pass_s(self, seconds: float) -> None:
        self.clock.now += seconds


def test_third_failure_within_the_window_opens_it_and_a_cool_down_lets_one_probe_through() -> None:
    watched = Watched()
    watched.fail(2)
    assert (watched.breaker.state, watched.breaker.may_call) == ("closed", True)
    watched.fail()
    assert (watched.breaker.state, watched.breaker.may_call) == ("open", False)
    watched.pass_s(watched.breaker.cool_down_s)
    assert (watched.breaker.state, watched.breaker.may_call) == ("half_open", True)
    watched.breaker.begin()
    assert not watched.breaker.may_call
    watched.breaker.succeed()
    assert (watched.breaker.state, watched.breaker.may_call) == ("closed", True)


def test_failures_further_apart_than_the_window_open_nothing() -> None:
    watched = Watched()
    for _ in range(10):
        watched.fail()
        watched.pass_s(watched.breaker.window_s / 2)
    assert watched.breaker.state == "closed"


def test_busy_server_with_a_mishap_now_and_then_stays_in_use() -> None:
    watched = Watched()
    for _ in range(100):
        watched.fail()
        watched.breaker.succeed()
    assert watched.breaker.state == "closed"


def test_each_vain_probe_doubles_the_cool_down_up_to_its_longest() -> None:
    watched, waited = Watched(), []
    watched.fail(3)
    for _ in range(7):
        began = watched.clock.now
        while not watched.breaker.may_call:
            watched.pass_s(1)
        waited.append(watched.clock.now - began)
        watched.fail()
    assert waited == [15, 30, 60, 120, 240, 240, 240]


def test_probe_that_was_given_up_or_never_came_back_makes_room_for_the_next() -> None:
    watched = Watched()
    watched.fail(3)
    watched.pass_s(15)
    watched.breaker.begin()
    watched.breaker.abandon()
    assert watched.breaker.may_call
    watched.breaker.begin()
    assert not watched.breaker.may_call
    watched.pass_s(15)
    assert watched.breaker.may_call


def test_calls_from_before_it_opened_change_nothing() -> None:
    watched = Watched()
    watched.fail(3)
    watched.breaker.fail()
    watched.breaker.succeed()
    assert watched.breaker.state == "open"


Step = tuple[str, float]
steps = st.lists(st.tuples(st.sampled_from(["succeed", "fail", "abandon", "wait"]), st.floats(0, 300)), max_size=60)


@given(steps)
def test_whatever_happens_it_is_tried_again_in_time_and_never_by_two_probes(story: list[Step]) -> None:
    watched = Watched()
    breaker = watched.breaker
    for what, seconds in story:
        if what == "wait":
            watched.pass_s(seconds)
        elif breaker.may_call:
            breaker.begin()
            assert breaker.state == "closed" or not breaker.may_call
            getattr(breaker, what)()
        assert breaker.may_call or breaker.state != "closed"
    watched.pass_s(breaker.longest_cool_down_s)
    assert breaker.may_call


@given(st.integers(0, 2), st.lists(st.booleans(), max_size=40))
def test_it_opens_only_when_failures_outnumber_successes(ahead: int, story: list[bool]) -> None:
    watched, lead = Watched(), 0
    for is_failure in story:
        if is_failure and lead < ahead:
            watched.fail()
            lead += 1
        else:
            watched.breaker.succeed()
            lead = max(0, lead - 1)
        assert watched.breaker.state == "closed"


def test_silent_model_is_waited_for_until_its_deadline_and_one_that_speaks_a_little_longer() -> None:
    clock = Clock()
    patience = Patience(clock, first_by=0.4, at_latest=2.0)
    assert patience.left_s == pytest.approx(0.4)
    clock.now = 0.35
    patience.hear()
    assert patience.left_s == pytest.approx(SILENCE_S)
    assert not patience.is_overdue
    clock.now = 0.5
    patience.hear()
    assert patience.is_overdue
    assert patience.left_s == pytest.approx(SILENCE_S)
    clock.now = 1.95
    patience.hear()
    assert patience.left_s == pytest.approx(0.05)


def test_after_the_first_clause_the_next_is_waited_for_from_when_its_reader_is_back() -> None:
    clock = Clock()
    patience = Patience(clock, first_by=0.4, at_latest=2.0)
    clock.now = 30.0
    patience.speak()
    assert patience.left_s == NEXT_CLAUSE_S
    assert not patience.is_overdue


@given(st.floats(0, 5), st.floats(0, 5), st.lists(st.floats(0, 0.5), max_size=50))
def test_first_words_are_never_waited_for_beyond_the_latest(first: float, more: float, gaps: list[float]) -> None:
    clock = Clock()
    patience = Patience(clock, first_by=first, at_latest=first + more)
    for gap in gaps:
        assert clock.now + patience.left_s <= max(clock.now, first + more) + 1e-9
        if gap >= patience.left_s:
            clock.now += patience.left_s
            break
        clock.now += gap
        patience.hear()
    assert clock.now <= first + more + 1e-9


def test_clause_that_comes_back_is_noticed_whatever_its_marks() -> None:
    repetition = Repetition()
    assert not repetition.repeats("Pickup costs $99. ")
    assert not repetition.repeats("It is free in Portland.")
    assert repetition.repeats(" Pickup costs $99!")


@pytest.mark.parametrize(
    "clause", ["you you you you", "好的好的好的好的", "and the sofa and the sofa and the sofa and the sofa"]
)
def test_clause_that_goes_round_in_itself_is_noticed(clause: str) -> None:
    assert Repetition().repeats(clause)


@pytest.mark.parametrize(
    "clause", ["", "...", "-----------", "No, no, no.", "Call 555 555 555.", "We are open from 10 to 6 and 10 to 4."]
)
def test_emphasis_and_figures_are_no_repetition(clause: str) -> None:
    assert not Repetition().repeats(clause)


words = st.text("abc", min_size=1, max_size=2)


@given(st.lists(words, max_size=6), st.lists(words, min_size=1, max_size=LONGEST), st.lists(words, max_size=6))
def test_any_phrase_said_too_often_in_a_row_is_noticed(before: list[str], phrase: list[str], after: list[str]) -> None:
    assert goes_round((*before, *phrase * TIMES, *after))


@given(st.lists(st.integers(), unique=True))
def test_words_that_all_differ_never_go_round(different: list[int]) -> None:
    assert not goes_round(tuple(map(str, different)))
