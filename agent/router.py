"""Chooses the action with the least expected cost, so that the books steer the agent (ROI method, section 7).

Pure: it is handed what each action costs and how likely it is to be right, and answers with the choice and the sums.
"""

from dataclasses import dataclass

from agent.turn import Action, Candidate


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


@dataclass(frozen=True)
class Route:
    action: Action
    """answer, model or handoff."""
    candidates: list[Candidate]

    @property
    def chosen(self) -> Candidate:
        return next(candidate for candidate in self.candidates if candidate.action == self.action)


def threshold(costs: Costs) -> float:
    """p*: from this probability on, a verbatim answer costs less than handing over. Zero or below: L is set too low."""
    return costs.handoff_p - (costs.handoff - costs.verbatim) / costs.wrong_answer


def route(confidences: list[float], *, costs: Costs) -> Route:
    """`confidences` are the calibrated probabilities of the entries found, best first; empty when nothing was found."""
    best = confidences[0] if confidences else 0.0
    candidates = [_candidate("answer", p=best, own_cost=costs.verbatim, costs=costs)]
    if costs.model_call is not None and confidences:
        within_passages = min(1.0, sum(confidences)) * costs.model_quality
        candidates.append(_candidate("model", p=within_passages, own_cost=costs.model_call, costs=costs))
    candidates.append(_candidate("handoff", p=costs.handoff_p, own_cost=costs.handoff, costs=costs))
    if not confidences:
        return Route("handoff", candidates)
    return Route(min(candidates, key=lambda candidate: candidate.expected_cost).action, candidates)


def _candidate(action: Action, *, p: float, own_cost: float, costs: Costs) -> Candidate:
    return Candidate(action, p=p, own_cost=own_cost, expected_cost=own_cost + (1 - p) * costs.wrong_answer)
