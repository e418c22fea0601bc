"""Errors: how they add up over steps, and what a better answer is worth beside what it costs."""

from collections.abc import Iterable
from dataclasses import dataclass

from roi.claims.claim import Claim
from roi.claims.finding import Check, Finding, assumed


def task_error(error: float, *, steps: float) -> float:
    """That at least one of the steps fails: independent, and none is mended."""
    return float(1 - (1 - error) ** steps)


def error_for(task: float, *, steps: float) -> float:
    """Of a step, for so much of the task."""
    return float(1 - (1 - task) ** (1 / steps))


@dataclass(frozen=True)
class Better:
    """More right answers for more money; increases are shares, 1.2 is +120 %."""

    accuracy_from: float
    accuracy_to: float
    cost_increase: float
    value_increase: float
    ratio_before: float
    """Value over cost."""

    @property
    def value_per_cost(self) -> float:
        """What the value over cost becomes, as a share of what it was."""
        return (1 + self.value_increase) / (1 + self.cost_increase)

    @property
    def ratio_after(self) -> float:
        return self.ratio_before * self.value_per_cost

    @property
    def break_even(self) -> float | None:
        """Value over cost above which it pays; None where it brings nothing."""
        return self.cost_increase / self.value_increase if self.value_increase else None

    @property
    def gain(self) -> float:
        """In units of the cost before."""
        return self.ratio_before * self.value_increase - self.cost_increase

    @property
    def value_of_accuracy(self) -> float:
        """The value's increase, were a wrong answer merely worth nothing."""
        return self.accuracy_to / self.accuracy_from - 1

    @property
    def errors_avoided(self) -> float:
        return 1 - (1 - self.accuracy_to) / (1 - self.accuracy_from)

    @property
    def harm(self) -> float | None:
        """Of a wrong answer, in units of a right one's value, that makes up the stated increase."""
        more, was = self.accuracy_to - self.accuracy_from, 1 + self.value_increase
        # (a2 - k(1 - a2)) / (a1 - k(1 - a1)) = 1 + v, solved for k
        below = was * (1 - self.accuracy_from) - (1 - self.accuracy_to)
        return (self.value_increase * self.accuracy_from - more) / below if below else None


def steps(claim: Claim) -> Iterable[Finding]:
    count = claim.one("steps")
    for error in claim.all("error_per_step"):
        values = {"steps": count, "error": error, "task": task_error(error, steps=count), "sum": error * count,
                  "right": 0.9 ** (1 / count)}  # fmt: skip
        if not claim.is_known("task_error"):
            yield Finding("steps", "follows", values, variant="alone")
            continue
        stated = claim.one("task_error")
        values |= {"claimed": stated, "needed": error_for(stated, steps=count)}
        yield Finding("steps", "follows" if values["task"] >= stated else "contradicts", values)


def better(claim: Claim) -> Iterable[Finding]:
    of = Better(
        claim.one("accuracy_from"),
        claim.one("accuracy_to"),
        claim.one("cost_increase"),
        claim.one("value_increase"),
        claim.one("ratio_before") if claim.is_known("ratio_before") else claim.one("ratio"),
    )
    values = {"a": of.accuracy_from, "b": of.accuracy_to, "cost": of.cost_increase, "value": of.value_increase,
              "before": of.ratio_before, "after": of.ratio_after, "gain": of.gain}  # fmt: skip
    if of.break_even is None:
        yield Finding("better", "contradicts", values, variant="nothing")
        return
    values["even"] = of.break_even
    pays = of.ratio_before >= of.break_even
    left_out = assumed(claim, "ratio") if not claim.is_stated("ratio_before") else ()
    yield Finding("better", "follows" if pays else "contradicts", values, left_out, "" if pays else "loss")
    if of.accuracy_to < 1 and of.accuracy_from < of.accuracy_to and of.harm is not None:
        values = {"a": of.accuracy_from, "b": of.accuracy_to, "value": of.value_increase,
                  "alone": of.value_of_accuracy, "harm": of.harm, "avoided": of.errors_avoided}  # fmt: skip
        yield Finding("harm", "hidden_premise", values)


CHECKS = (
    Check("steps", ("error_per_step",), ("steps",), steps),
    Check("better", ("accuracy_from", "accuracy_to"), ("cost_increase", "value_increase"), better),
)
