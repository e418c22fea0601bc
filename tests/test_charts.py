"""Charts of whatever figures: nothing leaves the picture, no two words lie on each other, nothing is markup."""

import re
from itertools import combinations, pairwise
from xml.etree import ElementTree

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from roi.charts.ceiling import Ceiling, Here, ceiling
from roi.charts.colours import RULES, on_paper
from roi.charts.drawing import WIDTH, Drawing, spread, width_of, wrapped
from roi.charts.flow import Band, Flow, Node, flow
from roi.charts.forest import Forest, ForestRow, forest
from roi.charts.tornado import Swing, Tornado, tornado
from roi.charts.trend import Mark, Point, Trend, trend
from roi.charts.waterfall import MOST_STEPS, Step, Waterfall, laid, waterfall

pytestmark = pytest.mark.slow
LONG = "Losses from wrong answers, as two graders found them in a sample <b>of all</b> & more"
LANG = "由两名评分员在本期全部答案的随机样本上测得的错误答案造成的损失，含上限与下限以及其他说明"
names = st.sampled_from(["AI", LONG, LANG, "", "R2 每次持久解决"])
amounts = st.floats(-1e7, 1e7, allow_nan=False)
shares = st.floats(0, 1)


def money(amount: float) -> str:
    return f"${amount:,.2f}"


def check(drawn: Drawing | None) -> None:
    if drawn is None:
        return
    ElementTree.fromstring(drawn.svg())
    ElementTree.fromstring(drawn.picture(on_paper()))
    numbers = [float(n) for n in re.findall(r'[xy][12]?="(-?[0-9.]+)"', drawn.shapes)]
    assert all(-1 <= number <= max(WIDTH, drawn.height) + 1 for number in numbers)
    for one in drawn.words:
        assert one.left > -3, one
        assert one.right < WIDTH + 3, one
        assert 0 < one.y < drawn.height + 1, one
    for one, other in combinations([words for words in drawn.words if words.text], 2):
        is_apart = one.right <= other.left + 1 or other.right <= one.left + 1 or abs(one.y - other.y) >= 8
        assert is_apart, (one, other)


steps = st.tuples(names, amounts, st.booleans()).map(
    lambda of: Step(of[0], of[1], money(of[1]), "total" if of[2] else "ai", of[2])
)


@settings(max_examples=30, deadline=None)
@given(st.lists(steps, max_size=60))
def test_a_waterfall_holds_whatever_falls(rows: list[Step]) -> None:
    check(waterfall(Waterfall("W", tuple(rows), money, "Others")))


def test_a_waterfall_ends_where_its_steps_lead() -> None:
    made = [Step("a", 50_000, "", "total", True), Step("b", -18_000, "", "saving"), Step("c", 7852, "", "ai")]
    assert laid(made)[-1].end == 39_852


def test_too_many_steps_become_one_and_the_sum_stays() -> None:
    many = [Step(f"{n}", float(n), money(n), "ai") for n in range(60)]
    drawn = waterfall(Waterfall("W", tuple(many), money, "Others"))
    assert drawn is not None
    assert any(words.text.startswith("Others (") for words in drawn.words)
    assert drawn.height < 34 * (MOST_STEPS + 1)


ratios = st.one_of(st.none(), st.floats(1e-4, 1e7))
forest_rows = st.tuples(names, ratios, st.floats(0.3, 1), st.floats(1, 3), st.booleans()).map(
    lambda of: ForestRow(
        of[0],
        of[1],
        of[1] * of[2] if of[1] and of[4] else None,
        of[1] * of[3] if of[1] else None,
        f"{of[1]:,.3g}" if of[1] else "not known yet",
        "refuted" if of[1] else "unknown",
    )
)


@settings(max_examples=30, deadline=None)
@given(st.lists(forest_rows, max_size=50), st.floats(0.5, 1000))
def test_a_forest_holds_every_ratio_and_the_claim(rows: list[ForestRow], claim: float) -> None:
    check(forest(Forest("F", tuple(rows), claim, f"claim {claim:g} : 1", "times")))


swings = st.tuples(names, amounts, amounts).map(lambda of: Swing(of[0], of[1], of[2], money(of[1]), money(of[2])))


@settings(max_examples=30, deadline=None)
@given(st.lists(swings, max_size=30))
def test_a_tornado_holds_swings_to_either_side(rows: list[Swing]) -> None:
    check(tornado(Tornado("T", tuple(rows), "20 % less", "20 % more", "USD")))


@settings(max_examples=30, deadline=None)
@given(shares, st.one_of(st.none(), shares), st.one_of(st.none(), st.floats(0.1, 50)), st.sampled_from([1, 2, 10, 100]))
def test_you_are_always_somewhere_on_the_ceilings_curve(
    automation: float, most: float | None, ratio: float | None, claim: float
) -> None:
    here = Here(automation, ratio, f"You are here: {automation:.0%}", most)
    check(ceiling(Ceiling("C", claim, f"{claim} : 1 needs some automation", "automation", "times", here)))


points = st.one_of(st.none(), amounts)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(st.tuples(points, points), min_size=1, max_size=92), st.lists(st.integers(0, 91), max_size=3, unique=True)
)
def test_a_trend_holds_gaps_and_marks(values: list[tuple[float | None, float | None]], at: list[int]) -> None:
    made = tuple(Point(f"Nov {n}", value, other) for n, (value, other) in enumerate(values))
    marks = tuple(Mark(n, "a price") for n in sorted(at) if n < len(made))
    check(trend(Trend("T", made, "as booked", "at today's prices", money, marks)))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 10**6), min_size=6, max_size=6))
def test_a_flow_holds_a_cohort_of_one_and_of_a_million(counts: list[int]) -> None:
    ends = [Node(f"n{n}", 2, f"End {n}", f"{count:,}", "lost") for n, count in enumerate(counts[1:])]
    nodes = (Node("all", 0, "All", f"{sum(counts):,}", "total"), Node("ai", 1, "AI", "", "ai"), *ends)
    bands = (Band("all", "ai", sum(counts[1:])), *(Band("ai", f"n{n}", c) for n, c in enumerate(counts[1:])))
    check(flow(Flow("F", nodes, bands)))


def test_charts_of_nothing_are_nothing() -> None:
    assert waterfall(Waterfall("W", (), money)) is None
    assert waterfall(Waterfall("W", (Step("a", 0, "$0", "ai"),), money)) is None
    assert forest(Forest("F", (ForestRow("R1", None, None, None, "?", "unknown"),), 10, "10", "")) is None
    assert tornado(Tornado("T", (Swing("a", 0, 0, "0", "0"),), "-", "+", "")) is None
    assert flow(Flow("F", (Node("a", 0, "A", "0", "ai"),), ())) is None
    assert trend(Trend("T", (Point("a", None),), "v", "r", money)) is None


@given(st.text(max_size=80), st.floats(40, 300))
def test_wrapped_words_keep_inside_their_width(text: str, most: float) -> None:
    rows = wrapped(text, most)
    assert len(rows) <= 2
    assert all(width_of(row) <= most + 13 for row in rows)


@given(st.lists(st.floats(0, 300), max_size=8))
def test_places_are_spread_in_order(wanted: list[float]) -> None:
    placed = spread(sorted(wanted), apart=20, low=0, high=300)
    assert all(b - a >= 20 - 1e-6 for a, b in pairwise(placed))


@pytest.mark.parametrize("name", re.findall(r"\.([a-z]+)[{,]", RULES))
def test_paper_knows_every_colour(name: str) -> None:
    assert f".{name}" in on_paper()
    assert "var(" not in on_paper()
