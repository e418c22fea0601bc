"""An interval holds what it promises, also for somebody who looks every day."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi.judging.confidence import (
    LOOKS_START_AT,
    Moments,
    fieller,
    sample_needed,
    sequence_m,
    single_look_m,
    tau2_for,
    verdict,
)
from roi.judging.rates import wilson

positive = st.floats(0.1, 100)
moments = st.builds(
    lambda human, ai, human_sd, ai_sd, r: Moments(human, ai, human_sd**2, ai_sd**2, r * human_sd * ai_sd),
    positive, positive, positive, positive, st.floats(-0.9, 0.9),
)  # fmt: skip
TAU2 = tau2_for(3000)


@given(moments, st.integers(2, 10**6))
def test_the_interval_holds_the_ratio_or_is_refused(of: Moments, n: int) -> None:
    m = single_look_m(n)
    found = fieller(of, human_m=m, ai_m=m)
    if found.interval is None:
        assert found.g >= 1
        assert verdict(None, claim=10) == "INCONCLUSIVE"
    else:
        lower, upper = found.interval
        assert lower <= of.ratio * (1 + 1e-9)
        assert upper >= of.ratio * (1 - 1e-9)


@given(moments, st.integers(2, 10**6), st.floats(0.01, 100))
def test_another_currency_changes_neither_ratio_nor_interval(of: Moments, n: int, rate: float) -> None:
    m = single_look_m(n)
    there = Moments(
        of.human * rate, of.ai * rate, of.human_variance * rate**2, of.ai_variance * rate**2, of.covariance * rate**2
    )
    here, abroad = fieller(of, human_m=m, ai_m=m), fieller(there, human_m=m, ai_m=m)
    assert abroad.g == pytest.approx(here.g)
    if here.interval and here.g < 0.999:
        assert abroad.interval == pytest.approx(here.interval, rel=1e-6, abs=1e-9)


@given(st.integers(1, 10**7))
def test_looking_daily_always_costs_width(t: int) -> None:
    assert sequence_m(t, tau2=TAU2) > single_look_m(t)


@given(st.integers(0, 500), st.integers(1, 500))
def test_a_share_lies_inside_its_interval_and_none_seen_is_not_a_share_of_none(count: int, sample: int) -> None:
    count = min(count, sample)
    low, high = wilson(count, sample)
    assert 0 <= low <= count / sample <= high <= 1
    assert high > 0


def test_a_truth_on_the_line_can_never_be_told() -> None:
    assert sample_needed(Moments(10, 1, 1, 1), claim=10) is None


def test_the_sequence_keeps_its_promise_where_peeking_at_the_plain_interval_breaks_it() -> None:
    """400 quarters of 90 days with 100 customers each, the true ratio exactly the claim."""
    runs = [quarter(np.random.default_rng(seed)) for seed in range(400)]
    daily = sum(sequence for sequence, _ in runs) / len(runs)
    plain = sum(fixed for _, fixed in runs) / len(runs)
    assert daily < 0.05 + 3 * (0.05 * 0.95 / len(runs)) ** 0.5
    assert plain > 0.15


def quarter(chance: np.random.Generator) -> tuple[bool, bool]:
    """Whether the true ratio was excluded on any day, by the sequence and by the plain interval."""
    customers, mean, sd, own = 9000, 8.01, 4.0, 0.15
    shape, scale = (mean / sd) ** 2, sd**2 / mean
    escalated = chance.random(customers) < (mean / 10 - own) / mean
    ai = chance.gamma(2, own / 2, customers) + escalated * chance.gamma(shape, scale, customers)
    d = chance.gamma(shape, scale, customers) - 10 * ai
    looks = np.arange(LOOKS_START_AT, customers + 1, 100)
    means, squares = np.cumsum(d)[looks - 1] / looks, np.cumsum(d * d)[looks - 1] / looks
    reached = means**2 / (squares - means**2)
    widths = [(sequence_m(int(t), tau2=TAU2), single_look_m(int(t))) for t in looks]
    return bool(np.any(reached > [daily for daily, _ in widths])), bool(
        np.any(reached > [plain for _, plain in widths])
    )
