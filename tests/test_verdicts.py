"""A verdict is reached when the data carry it, whatever is not known stands against it, and audits open the gates."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from roi.books.ledger import PERIOD_METERS
from roi.books.tally import Group
from roi.experiment.mix import Stratum, case_mix
from roi.judging.booked import Booked, Shares, booked
from roi.judging.bootstrap import Customer
from roi.judging.confidence import Moments
from roi.judging.findings import ceiling_of, outcomes_of
from roi.judging.terms import Terms
from roi.judging.verdicts import Look, Range, Rates, Ratio, blended, cash_realised, judged, resampled_too
from roi.people.cash import Cash, freed
from roi.quality.audits import AuditSummary
from roi.quality.gates import Gate, satisfaction, wrong_answers
from roi.quality.satisfaction import Satisfaction
from roi.resolution.customers import FIGURES, Spread
from roi.resolution.issues import Issues
from roi.resolution.outcomes import Outcome
from tests.ledgers import BASELINE, NOVEMBER
from tests.measure.quarters import decided

TERMS = Terms()
OPEN = [Gate("wrong_answers", "passed", 400, 0.05), Gate("satisfaction", "passed", 400, 0.2)]
LOOK = Look(TERMS, OPEN, "C", date(2026, 11, 1), 100.0)
ENDINGS = [ending for ending in get_args(Outcome) if ending != "immature"]
HUMAN = {"chat": Decimal("5.5"), "phone": Decimal("6.25")}

issues = st.lists(
    st.builds(
        lambda channel, ending, mature, back, handled, count, more: Issues(
            channel, ending, mature, back, handled, count, count + more, count, count + more
        ),
        st.sampled_from(sorted(HUMAN)), st.sampled_from(ENDINGS), st.booleans(), st.booleans(), st.booleans(),
        st.integers(1, 500), st.integers(0, 50),
    ),
    max_size=12,
)  # fmt: skip
amounts = st.one_of(st.none(), st.decimals(min_value=0, max_value=1000, places=9))
kinds = st.sampled_from(["llm", "hosting", "escalation", "build", "licence"])
groups = st.lists(st.tuples(kinds, amounts, st.sampled_from(["llm", *PERIOD_METERS])), max_size=8)
audits = st.one_of(
    st.none(),
    st.tuples(st.integers(1, 400), st.integers(0, 400), st.integers(1, 400), st.integers(0, 400)).map(
        lambda n: AuditSummary(n[0], min(n[1], n[0]), 0, n[2], min(n[3], n[2]), 0, 0, None)
    ),
)


def group(kind: str, amount: Decimal | None, meter: str = "llm") -> Group:
    return Group(
        kind,
        meter,
        "v",
        "model",
        "call",
        "USD",
        Decimal(1),
        amount or Decimal(0),
        1,
        int(amount is not None),
        0,
        1,
        "D",
    )


def state(rows: Any, found: list[Issues], audited: AuditSummary | None = None, **terms: Any) -> Booked:
    return booked(
        [group(*row) for row in rows], found, human=HUMAN, currency="USD", audited=audited, terms=Terms(**terms)
    )


@given(groups, issues, audits)
def test_the_statements_parts_add_up_to_the_last_digit(
    rows: Any, found: list[Issues], audited: AuditSummary | None
) -> None:
    made = state(rows, found, audited)
    lines = sum((amount for _, amount, _ in rows if amount is not None), Decimal(0))
    assert sum((part.known for part in made.parts if part.basis == "booked"), Decimal(0)) == lines
    assert made.without.amount == sum((HUMAN[i.channel] * i.count for i in found), Decimal(0))
    if None not in [part.amount for part in made.parts]:
        assert made.with_ai == made.known_with_ai == sum((part.amount or Decimal(0) for part in made.parts), Decimal(0))
        assert made.without.amount - made.net_saving == made.with_ai  # type: ignore[operator]
        assert made.with_ai == made.ai_all_in + made.human  # type: ignore[operator]


@given(groups, issues, audits)
def test_one_unknown_price_makes_the_whole_unknown(rows: Any, found: list[Issues], audited: AuditSummary) -> None:
    made = state([*rows, ("llm", None)], found, audited)
    assert made.with_ai is made.net_saving is made.r3 is None


@given(issues)
def test_outcome_classes_partition_the_issues(found: list[Issues]) -> None:
    assert sum(outcomes_of(found).values()) == sum(one.count for one in found)


@given(groups, issues, audits)
def test_the_blended_ratio_is_never_above_the_ceiling(
    rows: Any, found: list[Issues], audited: AuditSummary | None
) -> None:
    """Where nobody's handling is booked yet, so that all of it is charged at what a person costs."""
    found = [replace(one, is_mature=True, is_handled=False, channel="chat") for one in found]
    made = state([row for row in rows if row[0] != "escalation"], found, audited)
    silent = Shares.of(audited.silent_resolved, audited.silent_graded) if audited else Shares.of(0, 0)
    most = ceiling_of(found, silent)
    if made.r3 is not None and most is not None:
        assert made.r3 <= most * (1 + 1e-6)


figures = st.fixed_dictionaries({name: st.floats(0.01, 50) for name in FIGURES})
rates = st.builds(
    lambda silent, wrong, fixed, lasting: Rates(
        Shares(silent, silent * 0.9, silent), Shares(wrong, wrong, wrong), fixed, Terms(human_lasting=lasting)
    ),
    st.floats(0, 1), st.floats(0, 1), st.floats(0, 3), st.floats(0.5, 1),
)  # fmt: skip


def spread(means: dict[Any, float], *, n: int = 5000, sd: float = 0.1) -> Spread:
    return Spread(n, n // 10, 0, means, {(name, name): (sd * mean) ** 2 for name, mean in means.items()})


@given(figures, rates)
def test_all_freed_pay_ended_is_the_blended_ratio(means: dict[Any, float], of: Rates) -> None:
    whole, cash = blended(spread(means), of, look=LOOK), cash_realised(spread(means), of, rho=1.0, look=LOOK)
    assert cash.value == pytest.approx(whole.value)
    assert cash.upper == pytest.approx(whole.upper)


@given(figures, rates, st.floats(0, 1), st.floats(0, 1))
def test_more_pay_that_ended_never_lowers_the_cash_ratio_while_there_is_a_benefit(
    means: dict[Any, float], of: Rates, one: float, other: float
) -> None:
    people = spread(means).mean(of.people(of.silent.value or 0.0))
    low, high = (cash_realised(spread(means), of, rho=rho, look=LOOK).value for rho in sorted((one, other)))
    if means["human"] >= people and low is not None and high is not None:
        assert high >= low * (1 - 1e-9)


@given(figures, rates, st.floats(0.01, 100))
def test_another_currency_leaves_the_ratio_alone(means: dict[Any, float], of: Rates, rate: float) -> None:
    here = blended(spread(means), of, look=LOOK)
    money = {name: mean * (1 if name in ("answers", "issues") else rate) for name, mean in means.items()}
    terms = replace(of.terms, wrong_cost=of.terms.wrong_cost * Decimal(rate))
    there = blended(spread(money), replace(of, fixed_each=of.fixed_each * rate, terms=terms), look=LOOK)
    assert there.value == pytest.approx(here.value)
    assert there.lower == pytest.approx(here.lower)


SURE = Moments(8.0, 0.5, 1.0, 0.01)


def told(of: Moments = SURE, *, found: bool = True, look: Look = LOOK, **wishes: Any) -> Ratio:
    asked = {"customers": 5000, "escalated": 400, "unknown": 0, **wishes}
    return judged("R3", Range(of, of if found else None, of), look=look, **asked)


def test_a_sure_ratio_above_the_claim_is_confirmed_and_one_below_refuted() -> None:
    assert told().verdict == "CONFIRMED"
    assert told(Moments(8.0, 1.5, 1.0, 0.01)).verdict == "REFUTED"


@pytest.mark.parametrize("name", ["wrong_answers", "satisfaction"])
@pytest.mark.parametrize("state", ["failed", "unknown"])
def test_nothing_is_confirmed_behind_a_gate_that_is_shut(name: Any, state: Any) -> None:
    gates = [replace(gate, state=state) if gate.name == name else gate for gate in OPEN]
    made = told(look=replace(LOOK, gates=gates))
    assert (made.verdict, made.because) == ("INCONCLUSIVE", f"gate_{name}_{state}")
    assert told(Moments(8.0, 1.5, 1.0, 0.01), look=replace(LOOK, gates=gates)).verdict == "REFUTED"


def test_no_look_before_enough_customers_and_enough_escalations() -> None:
    few = told(customers=400)
    assert (few.verdict, few.because, few.needed, few.needed_by) == (
        "INCONCLUSIVE", "too_few_escalated", 500, date(2026, 11, 2),
    )  # fmt: skip
    assert told(escalated=20).because == "too_few_escalated"
    assert told(escalated=0).needed is None
    assert told(escalated=None).verdict == "CONFIRMED"


def test_an_unknown_price_or_no_audit_can_refute_and_never_confirm() -> None:
    for made in (told(unknown=3), told(found=False)):
        assert (made.verdict, made.value, made.lower) == ("INCONCLUSIVE", None, None)
    dear = Moments(8.0, 1.5, 1.0, 0.01)
    assert told(dear, unknown=3).verdict == told(dear, found=False).verdict == "REFUTED"


def test_what_the_audit_leaves_open_stands_against_both_verdicts() -> None:
    cheap, dear = Moments(8.0, 0.5, 1.0, 0.01), Moments(8.0, 1.5, 1.0, 0.01)
    made = judged("R3", Range(dear, cheap, cheap), customers=5000, escalated=400, unknown=0, look=LOOK)
    assert (made.verdict, made.because) == ("INCONCLUSIVE", "straddles")


def test_the_sample_still_needed_and_its_day_are_told() -> None:
    made = told(Moments(8.0, 0.75, 4.0, 4.0), customers=1000)
    assert made.verdict == "INCONCLUSIVE"
    assert made.needed is not None
    assert made.needed > 1000
    assert made.needed_by is not None
    assert (made.needed_by - LOOK.today).days == -((1000 - made.needed) // 100)
    assert told(Moments(8.0, 0.75, 4.0, 4.0), customers=1000, look=replace(LOOK, per_day=0.0)).needed_by is None


def test_a_truth_on_the_line_is_never_promised_a_day() -> None:
    assert told(Moments(8.0, 0.8, 4.0, 4.0)).needed is None


def test_zero_resolutions_and_everything_escalated_are_refuted_not_crashed() -> None:
    means: dict[Any, float] = {**dict.fromkeys(FIGURES, 0.0), "human": 5.5, "people": 6.0, "own": 0.01, "issues": 1.0}
    of = Rates(Shares(0.5, 0.4, 0.6), Shares(0.01, 0.0, 0.02), 0.0, TERMS)
    assert blended(spread(means), of, look=LOOK).verdict == "REFUTED"
    free = dict.fromkeys(FIGURES, 0.0)
    assert blended(spread(free), of, look=LOOK).because == "r1_no_rate"  # type: ignore[arg-type]


def test_the_wrong_answer_gate_wants_its_upper_limit_inside() -> None:
    def gate(wrong: int, graded: int) -> str:
        return wrong_answers(AuditSummary(graded, wrong, 0, 0, 0, 0, 0, None), terms=TERMS).state

    assert (gate(8, 400), gate(1, 30), gate(60, 400)) == ("passed", "unknown", "failed")
    assert wrong_answers(None, terms=TERMS).state == "unknown"


def test_the_satisfaction_gate_is_non_inferiority() -> None:
    given = Satisfaction(400, 4.31, 0.9, 400, 4.38, 0.8, 800, 800)
    assert satisfaction(given, terms=TERMS).state == "passed"
    assert satisfaction(given, terms=Terms(satisfaction_margin=0.1)).state == "unknown"
    assert satisfaction(replace(given, ai_mean=3.5), terms=TERMS).state == "failed"
    assert satisfaction(replace(given, human_n=3), terms=TERMS).state == "unknown"


def test_resampling_that_differs_from_fieller_is_flagged() -> None:
    even = [Customer(8.0 + n % 3, 0.5 + n % 2 / 10) for n in range(400)]
    of = Ratio("R3", value=15.0)
    assert not resampled_too(of, even).is_disputed
    lopsided = [Customer(8.0, 0.001)] * 398 + [Customer(8.0, 40.0)] * 2
    assert resampled_too(of, lopsided).is_disputed


def test_the_mix_shows_that_the_ai_won_by_the_easy_contacts() -> None:
    easy = Stratum("easy", 500, 500, 5.0, 0.5, 0.1, 450, 100, 500)
    hard = Stratum("hard", 500, 50, 8.0, 6.0, 0.1, 20, 5, 50)
    made = case_mix([easy, hard])
    assert made.crude == pytest.approx((5.0 * 500 + 8.0 * 50) / (0.5 * 500 + 6.0 * 50))
    assert made.adjusted == pytest.approx(6.5 / 3.25)
    assert made.lower is not None
    assert made.lower < made.adjusted
    assert case_mix([easy, replace(hard, attempted=0)]).adjusted is None


def test_nobody_leaving_is_no_cash_and_nobody_can_leave_twice() -> None:
    def left(fte: float | None) -> Any:
        changed = None if fte is None else Cash(fte)
        return freed(Decimal(20_000), baseline=BASELINE, rate=Decimal(1), period=NOVEMBER, changed=changed)

    assert left(0.0).rho == left(None).rho == 0.0
    assert left(1000.0).rho == 1.0
    assert 0 < left(1.0).rho < 1
    assert left(1.0).not_cash == pytest.approx(left(1.0).theoretical - left(1.0).cash)


@pytest.mark.slow
def test_looking_daily_at_a_claim_that_is_exactly_true_rarely_confirms_it() -> None:
    runs = 150
    confirmed = sum(found == "CONFIRMED" for _, found in decided(runs, ratio=10.0))
    assert confirmed / runs < 0.025 + 3 * (0.025 * 0.975 / runs) ** 0.5


@pytest.mark.slow
def test_a_ratio_well_above_the_claim_is_confirmed_within_the_quarter() -> None:
    assert all(found == "CONFIRMED" for _, found in decided(5, ratio=15.0))
