"""A market's totals: what they say of one person, and whether displaced, billed and saved can be the same money."""

from collections.abc import Iterable
from dataclasses import dataclass

from roi.claims.claim import PER_YEAR, Claim
from roi.claims.finding import Check, Finding, Verdict, agrees, assumed
from roi.claims.work import stern


@dataclass(frozen=True)
class Market:
    """A year's spend on people, and the share of it that an AI at 1/ratio of their cost displaces."""

    spend: float
    displaced_share: float
    ratio: float

    @property
    def displaced(self) -> float:
        return self.spend * self.displaced_share

    @property
    def ai(self) -> float:
        return self.displaced / self.ratio

    @property
    def net(self) -> float:
        return self.displaced - self.ai


def spend_each(claim: Claim) -> Iterable[Finding]:
    """The spend over the people, held against each stated pay."""
    agents, spend = claim.one("market_agents"), claim.one("market")
    each = spend / agents
    pays = claim.stated.get("salary", ())
    for pay in pays:
        values = {"agents": agents, "market": spend, "each": each, "month": each / 12, "pay": pay.a_year,
                  "at_pay": pay.a_year * agents}  # fmt: skip
        yield Finding("spend_each", "follows" if agrees(each, pay.a_year, within=0.1) else "contradicts", values)
    if not pays:
        yield Finding(
            "spend_alone", "hidden_premise", {"agents": agents, "market": spend, "each": each, "month": each / 12}
        )


def of(claim: Claim) -> Market:
    return Market(claim.one("market"), claim.one("displaced"), claim.one("ratio"))


def ai_market(claim: Claim) -> Iterable[Finding]:
    market, stated = of(claim), claim.one("ai_market")
    values = {"market": market.spend, "displaced": market.displaced_share, "ratio": market.ratio, "ai": market.ai,
              "claimed": stated}  # fmt: skip
    if claim.is_stated("market_agents"):
        values["bot"] = market.spend / claim.one("market_agents") / market.ratio
    fits = agrees(market.ai, stated)
    variant = "bot" if fits and "bot" in values else ""
    verdict = "follows" if fits else stern(claim, "ratio", off=max(market.ai, stated) / min(market.ai, stated))
    yield Finding("ai_market", verdict, values, assumed(claim, "ratio"), variant)


def market_saving(claim: Claim) -> Iterable[Finding]:
    """Displaced spend is a saving only after the AI has been paid."""
    market, stated = of(claim), claim.one("market_saving")
    values = {"market": market.spend, "displaced": market.displaced_share, "gross": market.displaced, "ai": market.ai,
              "net": market.net, "claimed": stated}  # fmt: skip
    if agrees(stated, market.net, within=0.02):
        yield Finding("market_saving", "follows", values, assumed(claim, "ratio"))
    else:
        gross = agrees(stated, market.displaced, within=0.02)
        verdict: Verdict = "contradicts" if gross or claim.is_stated("ratio") else "implausible"
        yield Finding("market_saving", verdict, values, assumed(claim, "ratio"), "gross" if gross else "")


def at_pay(claim: Claim) -> Iterable[Finding]:
    """The same market at each stated pair of pay and price: which of them the totals were made with."""
    share, stated, agents = claim.one("displaced"), claim.one("market"), claim.one("market_agents")
    for salary in claim.stated["salary"]:
        same = [bot for bot in claim.stated["bot"] if bot.per == salary.per]
        for bot in same:
            year = PER_YEAR[bot.per or "year"]
            for each in bot.values:
                market = Market(agents * salary.a_year, share, salary.a_year / (each * year))
                yield Finding(
                    "at_pay",
                    "follows" if agrees(market.spend, stated, within=0.1) else "contradicts",
                    {"agents": agents, "pay": salary.a_year, "bot": each * year, "market": market.spend,
                     "displaced": market.displaced, "ai": market.ai, "net": market.net, "claimed": stated,
                     "times": market.spend / stated, "share": share},
                )  # fmt: skip


CHECKS = (
    Check("spend_each", ("market_agents", "market"), (), spend_each),
    Check("ai_market", ("ai_market", "market"), ("displaced", "ratio"), ai_market),
    Check("market_saving", ("market_saving", "market"), ("displaced", "ratio"), market_saving),
    Check("at_pay", ("market_agents", "market", "displaced", "salary", "bot"), (), at_pay),
)
