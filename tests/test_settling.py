"""Changes are learnt together, once they settle."""

from hypothesis import given
from hypothesis import strategies as st

from knowledge.settling import LONGEST_S, QUIET_S, Settling


def due(times: list[tuple[float, int]]) -> list[float]:
    settling = Settling()
    return [now for now, version in times if settling.is_due(version, now=now)]


def test_one_change_is_learnt_once_it_is_quiet() -> None:
    assert due([(0.0, 1), (QUIET_S - 0.1, 1), (QUIET_S, 1)]) == [QUIET_S]


def test_a_further_change_is_waited_for() -> None:
    assert due([(0.0, 1), (QUIET_S - 1, 2), (QUIET_S + 1, 2), (2 * QUIET_S, 2)]) == [2 * QUIET_S]


def test_whoever_never_stops_is_not_waited_for() -> None:
    assert due([(float(second), second) for second in range(int(LONGEST_S) + 1)]) == [LONGEST_S]


def test_after_learning_it_begins_anew() -> None:
    settling = Settling()
    assert not settling.is_due(1, now=0.0)
    settling.forget()
    assert not settling.is_due(2, now=LONGEST_S)
    assert settling.is_due(2, now=LONGEST_S + QUIET_S)


@given(st.lists(st.tuples(st.floats(0, 30), st.booleans()), min_size=1))
def test_what_is_due_was_quiet_or_has_waited_long_enough(steps: list[tuple[float, bool]]) -> None:
    settling, now, version, changed = Settling(), 0.0, 1, 0.0
    for passed, is_changed in steps:
        if is_changed and now:
            version, changed = version + 1, now + passed
        now += passed
        if settling.is_due(version, now=now):
            assert now - changed >= QUIET_S or now >= LONGEST_S
