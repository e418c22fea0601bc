"""Conversations, people and minutes: how much work a number of people can have done, and what freeing it means."""

from collections.abc import Iterable
from dataclasses import dataclass

from roi.claims.claim import Claim
from roi.claims.finding import FAR, Check, Finding, Verdict, agrees, assumed


@dataclass(frozen=True)
class Work:
    """Conversations and paid hours are of the same period; net hours are those spent handling."""

    conversations: float
    people: float
    minutes: float
    paid_hours: float
    shrinkage: float
    occupancy: float

    @property
    def net_hours(self) -> float:
        return self.paid_hours * (1 - self.shrinkage) * self.occupancy

    @property
    def each(self) -> float:
        """Conversations that one of the people would have had."""
        return self.conversations / self.people

    @property
    def hours_each(self) -> float:
        return self.each * self.minutes / 60

    @property
    def minutes_paid(self) -> float:
        """A conversation may last, were every paid hour spent in one."""
        return self.paid_hours * 60 / self.each

    @property
    def minutes_net(self) -> float:
        return self.net_hours * 60 / self.each

    @property
    def at_once_paid(self) -> float:
        return self.hours_each / self.paid_hours

    @property
    def at_once_net(self) -> float:
        return self.hours_each / self.net_hours

    @property
    def people_paid(self) -> float:
        return self.conversations * self.minutes / 60 / self.paid_hours

    @property
    def people_net(self) -> float:
        return self.conversations * self.minutes / 60 / self.net_hours


def work(claim: Claim) -> Iterable[Finding]:
    """Without a stated time the people's number is held against an assumed one, which can only make it implausible."""
    hours, per = claim.of("hours"), claim.of("conversations").per or "year"
    share = claim.of("conversations").values[0] / claim.a_year("conversations")
    of = Work(
        conversations=claim.one("conversations"),
        people=claim.one("agents_replaced"),
        minutes=claim.one("minutes_before"),
        paid_hours=hours.values[0] if hours.per == per else hours.a_year * share,
        shrinkage=claim.one("shrinkage"),
        occupancy=claim.one("occupancy"),
    )
    names = ("people", "conversations", "minutes", "paid_hours", "net_hours", "each", "hours_each", "minutes_paid",
             "minutes_net", "at_once_paid", "at_once_net", "people_paid", "people_net")  # fmt: skip
    fits = of.people_paid * 0.95 <= of.people <= of.people_net * 1.05
    too_many = of.people > of.people_net
    off = of.people / of.people_net if too_many else of.people_paid / of.people
    yield Finding(
        "work",
        "follows" if fits else stern(claim, "minutes_before", off=off),
        {name: getattr(of, name) for name in names},
        assumed(claim, "minutes_before", "hours", "shrinkage", "occupancy"),
        variant="" if fits else "more" if too_many else "fewer",
    )


def stern(claim: Claim, *keys: str, off: float) -> Verdict:
    """Figures that are stated contradict each other; beside an assumed one they are implausible when far off."""
    if all(claim.is_stated(key) for key in keys):
        return "contradicts"
    return "implausible" if off >= FAR else "hidden_premise"


def minutes(claim: Claim) -> Iterable[Finding]:
    """How long a customer waits says nothing of how long a person works."""
    before, after = claim.one("minutes_before"), claim.one("minutes_after")
    yield Finding("minutes", "hidden_premise", {"before": before, "after": after, "ratio": before / after})


def headcount(claim: Claim) -> Iterable[Finding]:
    before, after = claim.one("agents_before"), claim.one("agents_after")
    values = {"before": before, "after": after, "ratio": before / after, "fall": 1 - after / before}
    if not claim.is_stated("ratio"):
        yield Finding("headcount", "follows", values)
        return
    values["claimed"] = claim.one("ratio")
    exceeds = values["claimed"] > values["ratio"] * 1.05
    yield Finding("headcount", "contradicts" if exceeds else "follows", values, variant="ratio")


def cash(claim: Claim) -> Iterable[Finding]:
    """Freed hours are money for those whose pay ends, and for no more than were freed."""
    freed, left = claim.one("agents_replaced"), claim.one("agents_left")
    values = {"freed": freed, "left": left, "share": min(left, freed) / freed}
    yield Finding("cash", "follows" if agrees(values["share"], 1) else "hidden_premise", values)


def cut(claim: Claim) -> Iterable[Finding]:
    share = claim.one("share_that_cut")
    yield Finding("cut", "hidden_premise", {"share": share, "rest": 1 - share})


CHECKS = (
    Check("work", ("agents_replaced",), ("conversations", "minutes_before", "hours", "shrinkage", "occupancy"), work),
    Check("minutes", ("minutes_before", "minutes_after"), (), minutes),
    Check("headcount", ("agents_before", "agents_after"), (), headcount),
    Check("cash", ("agents_replaced",), ("agents_left",), cash),
    Check("cut", ("share_that_cut",), (), cut),
)
