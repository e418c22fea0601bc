"""Chooses the action with the least expected cost, so that the books steer the agent (ROI method, section 7).

Pure: it is handed what each action costs and how likely it is to be right, and answers with the choice and the sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.turn import Action, Candidate

MOST_OFFERED = 3
CLOSE = 0.35
"""An entry is close to the first when it has at least this part of the first one's probability."""


@dataclass(frozen=True)
class Asking:
    """What a clarifying question costs beside the answer it leads to; all assumed, until the books know better."""

    own: float = 0.05
    """c_q: the turn itself."""
    leaves: float = 0.06
    """a: how often a customer leaves rather than choose."""
    leaving: float | None = None
    """A: what that costs; None is a contact with a person."""
    then_p: float = 0.95
    """How often the entry they chose answers them."""


@dataclass(frozen=True)
class Costs:
    """What decides, in the company's currency; made by the books and refreshed by them."""

    wrong_answer: float
    """L: the repeat contact, refund, liability and lost customer behind one wrong answer."""
    handoff: float
    """c_H: one contact with a person."""
    handoff_p: float = 0.97
    """p_H: how often the person is right."""
    verbatim: float = 0.0
    model_call: float | None = None
    """None without a model."""
    model_quality: float = 0.9
    """Assumed: how often the model is right when the right entry is among its passages."""
    asking: Asking = field(default_factory=Asking)


@dataclass(frozen=True)
class Route:
    action: Action
    """answer, model, clarify or handoff."""
    candidates: list[Candidate]
    offered: int = 0
    """How many of the entries, from the first, a clarifying question names."""

    @property
    def chosen(self) -> Candidate:
        return next(candidate for candidate in self.candidates if candidate.action == self.action)


def threshold(costs: Costs) -> float:
    """p*: from this probability on, a verbatim answer costs less than handing over. Zero or below: L is set too low."""
    return costs.handoff_p - (costs.handoff - costs.verbatim) / costs.wrong_answer


def expected(own: float, *, p: float, loss: float) -> float:
    """What an action costs with what it costs to be wrong."""
    return own + (1 - p) * loss


def asked_back(asking: Asking, *, leaving: float, follow_up: float) -> float:
    """What a clarifying question costs, where `follow_up` is the expected cost of what comes after the reply."""
    return asking.own + asking.leaves * leaving + (1 - asking.leaves) * follow_up


def close(confidences: Sequence[float]) -> int:
    """How many entries a clarifying question would name: those close to the first, where one of them is likelier meant
    than not; 0 where there are no two."""
    if not confidences:
        return 0
    near = [chance for chance in confidences[:MOST_OFFERED] if chance >= CLOSE * confidences[0]]
    return len(near) if len(near) > 1 and sum(near) > 1 / 2 else 0


def route(confidences: list[float], *, costs: Costs) -> Route:
    """`confidences` are the calibrated probabilities of the entries found, best first; empty when nothing was found."""
    best = confidences[0] if confidences else 0.0
    candidates = [_candidate("answer", p=best, own_cost=costs.verbatim, costs=costs)]
    if costs.model_call is not None and confidences:
        within_passages = min(1.0, sum(confidences)) * costs.model_quality
        candidates.append(_candidate("model", p=within_passages, own_cost=costs.model_call, costs=costs))
    handoff = _candidate("handoff", p=costs.handoff_p, own_cost=costs.handoff, costs=costs)
    offered = close(confidences)
    if offered:
        candidates.append(_clarify(sum(confidences[:offered]), handoff=handoff, costs=costs))
    candidates.append(handoff)
    if not confidences:
        return Route("handoff", candidates)
    return Route(min(candidates, key=lambda candidate: candidate.expected_cost).action, candidates, offered)


def _candidate(action: Action, *, p: float, own_cost: float, costs: Costs) -> Candidate:
    return Candidate(action, p=p, own_cost=own_cost, expected_cost=expected(own_cost, p=p, loss=costs.wrong_answer))


def _clarify(meant: float, *, handoff: Candidate, costs: Costs) -> Candidate:
    """`meant` is the chance that one of the offered entries is the one; else the customer says so and gets a person."""
    asking = costs.asking
    chosen = expected(costs.verbatim, p=asking.then_p, loss=costs.wrong_answer)
    follow_up = meant * chosen + (1 - meant) * handoff.expected_cost
    leaving = costs.handoff if asking.leaving is None else asking.leaving
    return Candidate(
        "clarify",
        p=meant * asking.then_p + (1 - meant) * handoff.p,
        own_cost=asking.own,
        expected_cost=asked_back(asking, leaving=leaving, follow_up=follow_up),
    )
