"""How often the verdict is wrong when somebody looks every day: simulated quarters through the report's own verdict.

python -m tests.measure.quarters [--runs 2000]
"""

import argparse
import sys
from collections.abc import Iterator
from datetime import date
from itertools import combinations_with_replacement
from statistics import median

import numpy as np

from roi.judging.booked import Shares
from roi.judging.confidence import LOOKS_START_AT, Moments, Verdict, sequence_sample_needed
from roi.judging.terms import Terms
from roi.judging.verdicts import Look, Rates, blended
from roi.quality.gates import Gate
from roi.resolution.customers import FIGURES, Spread, spread_of

CLAIM, MEAN, SD, OWN = 10.0, 8.01, 4.0, 0.15
"""A person's cost of a customer is gamma; the AI's is a small gamma, and for some customers a person's on top."""
DAYS, A_DAY = 90, 100
TERMS = Terms(claim=CLAIM)
RATES = Rates(Shares(1.0, 1.0, 1.0), Shares(0.0, 0.0, 0.0), 0.0, TERMS)
PASSED = [Gate("wrong_answers", "passed", 1000, 0.05), Gate("satisfaction", "passed", 1000, 0.2)]
LOOK = Look(TERMS, PASSED, "A", date(2026, 11, 1), A_DAY)


def quarter(chance: np.random.Generator, *, ratio: float) -> Iterator[tuple[int, Verdict | None]]:
    """The verdict of each day, with the number of customers, until one is reached."""
    customers, shape, scale = DAYS * A_DAY, (MEAN / SD) ** 2, SD**2 / MEAN
    escalated = chance.random(customers) < (MEAN / ratio - OWN) / MEAN
    seen = {
        "human": chance.gamma(shape, scale, customers),
        "own": chance.gamma(2, OWN / 2, customers),
        "people": escalated * chance.gamma(shape, scale, customers),
    }
    nothing = np.zeros(customers)
    columns = [seen.get(name, nothing) for name in FIGURES]
    sums = [np.cumsum(column) for column in columns]
    products = [np.cumsum(x * y) for x, y in combinations_with_replacement(columns, 2)]
    people = np.cumsum(escalated)
    for t in range(A_DAY, customers + 1, A_DAY):
        if t < LOOKS_START_AT:
            continue
        found = blended(spread_at(t, sums, products, int(people[t - 1])), RATES, look=LOOK).verdict
        yield t, found
        if found != "INCONCLUSIVE":
            return


def spread_at(t: int, sums: list[np.ndarray], products: list[np.ndarray], escalated: int) -> Spread | None:
    return spread_of(
        t, [float(s[t - 1]) for s in sums], [float(p[t - 1]) for p in products], escalated=escalated, unknown=0
    )


def decided(runs: int, *, ratio: float, seed: int = 0) -> list[tuple[int, Verdict | None]]:
    """Each quarter's last look: the day of its verdict, or its end."""
    return [
        list(quarter(np.random.default_rng([seed, run, round(100 * ratio)]), ratio=ratio))[-1] for run in range(runs)
    ]


def predicted(ratio: float) -> int:
    """Customers until the sequence is expected to tell this ratio from the claim."""
    share, own, own_variance = (MEAN / ratio - OWN) / MEAN, OWN, OWN**2 / 2
    handled_variance = share * (SD**2 + MEAN**2) - (share * MEAN) ** 2
    of = Moments(MEAN, own + share * MEAN, SD**2, own_variance + handled_variance)
    variance = of.human_variance + CLAIM**2 * of.ai_variance
    return sequence_sample_needed(variance**0.5, abs(of.human - CLAIM * of.ai))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--runs", type=int, default=2000)
    runs = parser.parse_args().runs
    last = decided(runs, ratio=CLAIM)
    confirmed, refuted = (sum(found == what for _, found in last) for what in ("CONFIRMED", "REFUTED"))
    say(f"true ratio {CLAIM:g} = the claim, {runs} quarters of {DAYS} days with {A_DAY} customers, looked at daily:")
    say(f"  CONFIRMED {confirmed} ({100 * confirmed / runs:.2f} %), REFUTED {refuted} ({100 * refuted / runs:.2f} %)")
    ratio = 1.2 * CLAIM
    last, foreseen = decided(runs, ratio=ratio), predicted(ratio)
    needed = [t for t, found in last if found == "CONFIRMED"]
    in_time = sum(t <= 1.5 * foreseen for t in needed)
    say(f"true ratio {ratio:g}, predicted sample {foreseen:,}, {runs} quarters: CONFIRMED {len(needed)}, median")
    say(f"  {median(needed):,.0f} customers; within 1.5 times the prediction {in_time} ({100 * in_time / runs:.1f} %)")


def say(words: str) -> None:
    sys.stdout.write(words + "\n")


if __name__ == "__main__":
    main()
