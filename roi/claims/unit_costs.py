"""What one costs with a person and what one costs with the AI: pay and bots, prices a resolution, and the whole."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from roi.claims.claim import PER_YEAR, Claim
from roi.claims.finding import Check, Finding, Verdict, agrees, assumed
from roi.claims.work import stern
from roi.judging.ratios import all_attempted_cost, ceiling, most_escalated, r3_of_escalated, resolution_needed

PRICES = "price_per_resolution|price_per_conversation|price_per_action"


@dataclass(frozen=True)
class Fall:
    """A unit cost before and after."""

    before: float
    after: float

    @property
    def ratio(self) -> float:
        return self.before / self.after

    @property
    def percent(self) -> float:
        return 100 * (1 - self.after / self.before)


@dataclass(frozen=True)
class Whole:
    """A conversation with the AI, those it cannot resolve ending with a person; the AI takes every one."""

    price: float
    """Of a resolution, or of a conversation."""
    is_per_resolution: bool
    resolution: float
    escalation_multiplier: float
    human_cost: float

    @property
    def ai_each(self) -> float:
        return self.price * self.resolution if self.is_per_resolution else self.price

    @property
    def each(self) -> float:
        return all_attempted_cost(
            ai_cost=self.ai_each,
            resolution=self.resolution,
            escalation_multiplier=self.escalation_multiplier,
            human_cost=self.human_cost,
        )

    @property
    def ratio(self) -> float:
        return self.human_cost / self.each


def unit_cost(claim: Claim) -> Iterable[Finding]:
    fall = Fall(claim.one("cost_before"), claim.one("cost_after"))
    target = claim.one("ratio")
    values = {"before": fall.before, "after": fall.after, "fall": fall.percent / 100, "ratio": fall.ratio,
              "claimed": target}  # fmt: skip
    if claim.is_stated("ratio"):
        yield Finding("unit_cost", "follows" if agrees(fall.ratio, target) else "contradicts", values)
    else:
        yield Finding("unit_cost", "follows", values, assumed(claim, "ratio"))


def fall(claim: Claim) -> Iterable[Finding]:
    """Nine tenths less is ten to one; two fifths less is 1.7 to one."""
    share = claim.one("fall")
    ratio = 1 / (1 - share) if share < 1 else float("inf")
    values = {"fall": share, "ratio": ratio, "claimed": claim.one("ratio")}
    fits = not claim.is_stated("ratio") or agrees(ratio, claim.one("ratio"))
    yield Finding("fall", "follows" if fits else "contradicts", values, assumed(claim, "ratio"))


def pairs(claim: Claim) -> Iterator[tuple[float, float, str]]:
    """A person's and a bot's pay, both by the month where both are stated so, else both by the year; a bot's price is
    paired with the pay of its own period where there is one."""
    pay, bots = claim.stated.get("salary") or [claim.of("salary")], claim.stated["bot"]
    same = [(one, of) for one in pay for of in bots if of.per == one.per]
    for one, of in same or [(pay[0], of) for of in bots]:
        by_month = one.per == of.per == "month"
        for bot in of.values:
            if by_month:
                yield one.values[0], bot, "month"
            else:
                yield one.a_year, bot * PER_YEAR[of.per or "year"], "year"


def pay(claim: Claim) -> Iterable[Finding]:
    """Only stated ratios can be contradicted; a missing one is the claim under test."""
    target = claim.one("ratio")
    for salary, bot, per in pairs(claim):
        ratio = salary / bot
        fits = agrees(ratio, target)
        yield Finding(
            f"pay_{per}",
            "follows" if fits or not claim.is_stated("ratio") else stern(claim, "salary", off=1.0),
            {"salary": salary, "bot": bot, "ratio": ratio, "claimed": target, "price_for_claim": salary / target},
            assumed(claim, "salary", "ratio"),
            variant="" if fits else "more" if ratio > target else "less",
        )


def errors_of_pay(claim: Claim) -> Iterable[Finding]:
    """Every error is taken to end with a person, who costs what people cost."""
    target = claim.one("ratio")
    for salary, bot, _ in pairs(claim):
        r1 = salary / bot
        most = most_escalated(r1, claim=target)
        for error in claim.all("error_share"):
            whole = r3_of_escalated(r1, escalated=error)
            yield Finding(
                "errors_of_pay",
                "follows" if whole >= target * 0.999 else stern(claim, "ratio", "salary", off=target / whole),
                {"salary": salary, "bot": bot, "r1": r1, "error": error, "ratio": whole, "claimed": target,
                 "most": max(0.0, most)},
                assumed(claim, "salary", "ratio"),
                variant="never" if most < 0 else "",
            )  # fmt: skip


def price_of(claim: Claim) -> tuple[float, bool]:
    """Of a conversation, or of a resolution where that is what is billed."""
    if claim.is_known("price_per_resolution"):
        return claim.one("price_per_resolution"), True
    if claim.is_known("price_per_conversation"):
        return claim.one("price_per_conversation"), False
    return claim.one("price_per_action") * (claim.one("actions") if claim.is_known("actions") else 1.0), False


def price(claim: Claim) -> Iterable[Finding]:
    """R1, where everything that is hard is left out."""
    each, _ = price_of(claim)
    human, target = claim.one("human_cost"), claim.one("ratio")
    values = {"human": human, "price": each, "ratio": human / each, "claimed": target}
    fits = human / each >= target * 0.95
    settled = fits or not claim.is_stated("ratio")
    verdict = "follows" if settled else stern(claim, "human_cost", off=target * each / human)
    yield Finding("price", verdict, values, assumed(claim, "human_cost", "ratio"), "" if fits else "less")


def whole(claim: Claim) -> Iterable[Finding]:
    each, per_resolution = price_of(claim)
    target = claim.one("ratio")
    for resolution in claim.all("resolution"):
        of = Whole(each, per_resolution, resolution, claim.one("escalation_multiplier"), claim.one("human_cost"))
        values = {"price": each, "resolution": resolution, "ai": of.ai_each, "k": of.escalation_multiplier,
                  "human": of.human_cost, "each": of.each, "ratio": of.ratio, "saving": 1 - 1 / of.ratio,
                  "ceiling": ceiling(resolution), "rest": 1 - resolution, "claimed": target}  # fmt: skip
        fits = not claim.is_stated("ratio") or of.ratio >= target * 0.95
        yield Finding(
            "whole",
            "follows" if fits else stern(claim, "human_cost", off=target / of.ratio),
            values,
            assumed(claim, "human_cost", "escalation_multiplier", "ratio", "involvement"),
            variant="resolution" if per_resolution else "conversation",
        )


def top(claim: Claim) -> Iterable[Finding]:
    """Were the AI free: what it does not resolve costs a person."""
    target, involvement = claim.one("ratio"), claim.one("involvement")
    k = min(1.0, claim.one("escalation_multiplier"))
    for resolution in claim.all("resolution"):
        most = ceiling(involvement * (1 - (1 - resolution) * k))
        values = {"resolution": resolution, "involvement": involvement, "rest": 1 - resolution, "k": k,
                  "ceiling": most, "claimed": target, "needed": 1 - 1 / target}  # fmt: skip
        stated = claim.is_stated("ratio")
        left_out = assumed(claim, "involvement", "escalation_multiplier", "ratio")
        verdict: Verdict = "follows" if most >= target * (1 - 1e-9) else "contradicts" if stated else "hidden_premise"
        yield Finding("top", verdict, values, left_out, "ratio" if stated else "")


def needed(claim: Claim) -> Iterable[Finding]:
    """A price a resolution is paid as if it were paid for each conversation, which near the top is nearly the same."""
    each, _ = price_of(claim)
    human, target = claim.one("human_cost"), claim.one("ratio")
    share = resolution_needed(claim=target, human_cost=human, ai_cost=each)
    values = {"price": each, "human": human, "claimed": target, "needed": share}
    impossible = share > 1
    verdict = stern(claim, "human_cost", off=2.0) if impossible else "hidden_premise"
    yield Finding("needed", verdict, values, assumed(claim, "human_cost"), "impossible" if impossible else "")


def offshore(claim: Claim) -> Iterable[Finding]:
    """The alternative to the AI may be another country."""
    each, _ = price_of(claim)
    person = claim.one("offshore_cost")
    values = {"price": each, "person": person, "ratio": person / each}
    dearer = each > person
    yield Finding("offshore", "hidden_premise", values, assumed(claim, "offshore_cost"), "dearer" if dearer else "")


def actions(claim: Claim) -> Iterable[Finding]:
    conversation, action = claim.one("price_per_conversation"), claim.one("price_per_action")
    yield Finding(
        "actions", "follows", {"conversation": conversation, "action": action, "ratio": conversation / action}
    )


CHECKS = (
    Check("unit_cost", ("cost_before", "cost_after"), ("ratio",), unit_cost),
    Check("fall", ("fall",), ("ratio",), fall),
    Check("pay_year", ("bot",), ("salary", "ratio"), pay),
    Check("errors_of_pay", ("bot", "error_share"), ("salary", "ratio"), errors_of_pay),
    Check("price", (PRICES,), ("human_cost",), price),
    Check("whole", (PRICES,), ("resolution", "human_cost"), whole),
    Check("top", ("ratio|resolution",), ("resolution",), top),
    Check("needed", (PRICES, "ratio"), ("human_cost",), needed),
    Check("offshore", (PRICES,), ("offshore_cost",), offshore),
    Check("actions", ("price_per_conversation", "price_per_action"), (), actions),
)
