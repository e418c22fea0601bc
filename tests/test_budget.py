"""The budget: what is saved early may be spent late, and the reserve comes last."""

from hypothesis import given
from hypothesis import strategies as st

from agent.budget import SHARE_MS, TOTAL_MS, Budget, Stage

stages: st.SearchStrategy[Stage] = st.sampled_from(list(SHARE_MS))


def test_shares_add_up_to_the_total() -> None:
    assert sum(SHARE_MS.values()) == TOTAL_MS


def test_a_stage_may_use_what_earlier_ones_saved() -> None:
    budget = Budget(clock=lambda: 0.0)
    budget.spend("retrieve", 10)
    assert budget.deadline_ms("model") == 60 + 300 + 300 + 30 + 500 - 10


def test_time_of_a_stage_is_kept_when_it_fails() -> None:
    ticks = iter([0.0, 1.0, 1.25])
    budget = Budget(clock=lambda: next(ticks))
    try:
        with budget.stage("model"):
            raise TimeoutError
    except TimeoutError:
        pass
    assert budget.spent_ms == {"model": 250.0}


@given(st.dictionaries(stages, st.floats(0, 5_000)), stages)
def test_a_deadline_is_never_negative_nor_beyond_the_total(spent: dict[Stage, float], stage: Stage) -> None:
    budget = Budget(clock=lambda: 0.0, spent_ms=dict(spent))
    assert 0 <= budget.deadline_ms(stage) <= TOTAL_MS
