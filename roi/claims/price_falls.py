"""Prices over time and between vendors: how long a fall takes, who pays for it, and what it does not move."""

from collections.abc import Iterable
from dataclasses import dataclass
from math import log

from roi.claims.claim import Claim
from roi.claims.finding import Check, Finding, assumed
from roi.claims.unit_costs import PRICES, price_of
from roi.judging.ratios import ceiling, r3_of_escalated


@dataclass(frozen=True)
class Decline:
    """A price that falls by the same share every year."""

    start: float
    end: float
    rate: float

    @property
    def fall(self) -> float:
        return 1 - self.end / self.start

    @property
    def years(self) -> float:
        return log(self.end / self.start) / log(1 - self.rate)

    def after(self, years: float) -> float:
        """From the end on."""
        return float(self.end * (1 - self.rate) ** years)


@dataclass(frozen=True)
class Provider:
    """Who sells an answer for more than its machines cost."""

    cost_share: float
    """Of its income that goes to the cloud."""

    @property
    def margin(self) -> float:
        return 1 - self.cost_share

    def margin_after(self, fall: float) -> float:
        """Of the lower price, were the machines to cost what they did; below 0 each answer is sold at a loss."""
        return 1 - self.cost_share / (1 - fall)

    def fall_needed(self, fall: float) -> float:
        """By which the machines must become cheaper, for a price that fell so far to pay for them and no more."""
        return max(0.0, 1 - (1 - fall) / self.cost_share)


def decline(claim: Claim) -> Iterable[Finding]:
    start, end = claim.one("price_from"), claim.one("price_to")
    for rate in claim.all("fall_a_year"):
        if end >= start or not 0 < rate < 1:
            yield Finding("decline", "contradicts", {"start": start, "end": end, "rate": rate}, variant="no")
            continue
        of = Decline(start, end, rate)
        values = {"start": start, "end": end, "rate": rate, "fall": of.fall, "years": of.years,
                  "one": of.after(1), "three": of.after(3)}  # fmt: skip
        yield Finding("decline", "hidden_premise", values)


def falling(claim: Claim) -> Iterable[Finding]:
    """However cheap: what is not resolved costs a person."""
    human, resolution = claim.one("human_cost"), claim.one("resolution")
    for rate in claim.all("fall_a_year"):
        values = {"rate": rate, "resolution": resolution, "times": 1 / (1 - rate) ** 3 if rate < 1 else float("inf"),
                  "ceiling": ceiling(resolution), "rest": 1 - resolution, "human": human}  # fmt: skip
        yield Finding("falling", "hidden_premise", values, assumed(claim, "human_cost", "resolution"))


def cloud(claim: Claim) -> Iterable[Finding]:
    provider = Provider(claim.one("cloud_share"))
    yield Finding("cloud", "follows", {"share": provider.cost_share, "margin": provider.margin})
    for rate in claim.all("fall_a_year") if claim.is_known("fall_a_year") else ():
        if provider.cost_share and rate < 1:
            values = {"share": provider.cost_share, "fall": rate, "margin": provider.margin_after(rate),
                      "needed": provider.fall_needed(rate)}  # fmt: skip
            lossy = values["margin"] < 0
            yield Finding("cloud_fall", "hidden_premise" if lossy else "follows", values)


def gap(claim: Claim) -> Iterable[Finding]:
    """The stated price is taken for the cheap end; at the dear end R1 is smaller by all of the gap, R3 hardly rises."""
    times, human = claim.one("price_gap"), claim.one("human_cost")
    cheap, _ = price_of(claim)
    dear = cheap * times
    left_out = tuple(key for key in (*PRICES.split("|"), "human_cost") if key in claim.assumed)
    values = {"times": times, "cheap": cheap, "dear": dear, "human": human, "r1_cheap": human / cheap,
              "r1_dear": human / dear}  # fmt: skip
    if not claim.is_known("resolution"):
        yield Finding("gap", "hidden_premise", values, left_out)
        return
    rest = 1 - claim.one("resolution")
    values |= {"resolution": 1 - rest, "r3_cheap": r3_of_escalated(human / cheap, escalated=rest),
               "r3_dear": r3_of_escalated(human / dear, escalated=rest)}  # fmt: skip
    yield Finding("gap", "hidden_premise", values, (*left_out, *assumed(claim, "resolution")), "whole")


CHECKS = (
    Check("decline", ("price_from", "price_to"), ("fall_a_year",), decline),
    Check("falling", ("fall_a_year",), ("resolution", "human_cost"), falling),
    Check("cloud", ("cloud_share",), (), cloud),
    Check("gap", ("price_gap",), (PRICES, "human_cost"), gap),
)
