"""The models there are, small before large: what a call of each would cost, whether it may be made, how they do."""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Literal

from agent.costs import ASSUMED_QUALITY, ModelCost
from agent.models.breaker import Breaker
from agent.models.chat_model import ChatModel
from agent.turn import Turn

Outcome = Literal["released", "cut", "withheld", "refused", "repeated", "late", "failed", "abandoned"]
"""What became of a call: its words were let out, to their end or cut short; the guard withheld them, the model said
that it does not know or went round in circles; they did not come, in time or at all; the customer went away."""
FAILURES: tuple[Outcome, ...] = ("cut", "late", "failed")
"""Those that the server is to blame for, not the question."""
RELEASED: tuple[Outcome, ...] = ("released", "cut")
"""The customer has had words of it."""

TYPICAL_ANSWER_TOKENS = 60
"""Assumed: one to three short sentences, as the rules ask for."""
TYPICAL_PROMPT_TOKENS = 600
"""Assumed, where no prompt is at hand: the rules and three passages."""
RELEASED_AT_FIRST = 0.9
"""Assumed until there are outcomes."""
REMEMBERED = 50
"""Calls after which an outcome has lost two thirds of its weight."""
ASSUMED_WEIGHT = 20
"""Thumbs that the assumed quality counts for: some are given for the tone, and few customers give any."""


@dataclass(frozen=True)
class Rates:
    """What a token costs, in the company's currency; as floats: they steer, the books have their own."""

    input_token: float
    output_token: float


FREE = Rates(0.0, 0.0)


@dataclass(frozen=True)
class Thumbs:
    up: int = 0
    down: int = 0

    @property
    def given(self) -> int:
        return self.up + self.down


@dataclass
class Tier:
    """One model of the cascade."""

    model: ChatModel
    rates: Callable[[], Rates | None] = lambda: FREE
    """None where the price is unknown: it steers as nothing, and no cap can be kept with it."""
    quality: float = ASSUMED_QUALITY
    """Assumed: how often a released answer is right when the right entry is among its passages."""
    thumbs: Thumbs = Thumbs()
    """For its answers; they move the assumed quality."""
    breaker: Breaker = field(default_factory=Breaker)
    released: float = RELEASED_AT_FIRST
    """Learned: how often its answer comes in time and is let out."""
    calls: int = 0
    """Those it was learned from."""

    @property
    def name(self) -> str:
        return self.model.name

    @property
    def believed_quality(self) -> float:
        """The mean of a Beta distribution: the assumed value counts for so many thumbs, and those given are added."""
        return believed(self.quality, self.thumbs)

    def call_cost(self, prompt_tokens: int) -> float | None:
        rates = self.rates()
        if rates is None:
            return None
        return prompt_tokens * rates.input_token + TYPICAL_ANSWER_TOKENS * rates.output_token

    def note(self, outcome: Outcome) -> None:
        if outcome == "abandoned":
            self.breaker.abandon()
            return
        if outcome in FAILURES:
            self.breaker.fail()
        else:
            self.breaker.succeed()
        self.learn(outcome in RELEASED)

    def learn(self, was_released: bool) -> None:
        self.calls += 1
        self.released += (was_released - self.released) / REMEMBERED


@dataclass
class Cascade:
    tiers: tuple[Tier, ...] = ()
    may_spend: Callable[[Turn, float | None], bool] = lambda _turn, _cost: True
    """Whether the caps allow a turn this much for models."""
    tell: Callable[[Tier, Outcome], None] = lambda _tier, _outcome: None
    """For whoever counts outcomes."""

    def candidates(
        self, *, turn: Turn | None = None, prompt_tokens: int = TYPICAL_PROMPT_TOKENS, tried: tuple[Tier, ...] = ()
    ) -> tuple[ModelCost, ...]:
        """Those that may be called now, beside those that this turn has tried; without a turn, whatever is spent."""
        spent = _sum([tier.call_cost(prompt_tokens) for tier in tried])
        found = []
        for tier in self.tiers:
            if tier in tried or not tier.breaker.may_call:
                continue
            cost = tier.call_cost(prompt_tokens)
            if turn is None or self.may_spend(turn, _sum([spent, cost])):
                found.append(ModelCost(tier.name, cost or 0.0, quality=tier.believed_quality, released=tier.released))
        return tuple(found)

    def tier(self, name: str) -> Tier:
        return next(tier for tier in self.tiers if tier.name == name)

    def note(self, tier: Tier, outcome: Outcome) -> None:
        tier.note(outcome)
        self.tell(tier, outcome)


def believed(assumed: float, thumbs: Thumbs) -> float:
    return (ASSUMED_WEIGHT * assumed + thumbs.up) / (ASSUMED_WEIGHT + thumbs.given)


def alone(model: ChatModel | None) -> Cascade:
    """A cascade of one, or of none."""
    return Cascade((Tier(model),) if model else ())


def _sum(costs: list[float | None]) -> float | None:
    return None if None in costs else sum(cost for cost in costs if cost is not None)
