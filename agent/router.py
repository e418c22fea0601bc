"""Chooses the action with the least expected cost, so that the books steer the agent (ROI method, section 7).

Pure: it is handed what each action costs and how likely it is to be right, and answers with the choice and the sums.
"""

from dataclasses import dataclass

from agent.turn import Action, Candidate


@dataclass(frozen=True)
class ModelCost:
    name: str
    call: float = 0.0
    """The prompt's tokens and those of a usual answer."""
    quality: float = 0.9
    """How often what it says and the guard lets out is right, when the right entry is among its passages."""
    released: float = 1.0
    """How often it answers in time and the guard lets it out; else it is paid for, and the next best action follows."""


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
    models: tuple[ModelCost, ...] = ()
    """Those that may be called now."""


@dataclass(frozen=True)
class Route:
    chosen: Candidate
    candidates: list[Candidate]

    @property
    def action(self) -> Action:
        """answer, model or handoff."""
        return self.chosen.action


def threshold(costs: Costs) -> float:
    """p*: from this probability on, a verbatim answer costs less than handing over. Zero or below: L is set too low."""
    return costs.handoff_p - (costs.handoff - costs.verbatim) / costs.wrong_answer


def route(confidences: list[float], *, costs: Costs) -> Route:
    """`confidences` are the calibrated probabilities of the entries found, best first; empty when nothing was found."""
    best = confidences[0] if confidences else 0.0
    answer = _candidate("answer", p=best, own_cost=costs.verbatim, costs=costs)
    handoff = _candidate("handoff", p=costs.handoff_p, own_cost=costs.handoff, costs=costs)
    if not confidences:
        return Route(handoff, [answer, handoff])
    composed = _composed(costs.models, within=min(1.0, sum(confidences)), plain=[answer, handoff], costs=costs)
    candidates = [answer, *composed, handoff]
    return Route(_cheapest(candidates), candidates)


def _composed(models: tuple[ModelCost, ...], *, within: float, plain: list[Candidate], costs: Costs) -> list[Candidate]:
    """A model's answer that is withheld or late leads on to the best of what is left, the other models among it.

    `within` is the chance that the right entry is among the passages, `plain` what there is without a model.
    """
    weighed = []
    for model in models:
        others = tuple(other for other in models if other is not model)
        after = _cheapest([*plain, *_composed(others, within=within, plain=plain, costs=costs)])
        is_right = model.released * model.quality * within + (1 - model.released) * after.p
        own_cost = model.call + (1 - model.released) * after.own_cost
        weighed.append(_candidate("model", p=is_right, own_cost=own_cost, costs=costs, model=model.name))
    return weighed


def _cheapest(candidates: list[Candidate]) -> Candidate:
    return min(candidates, key=lambda candidate: candidate.expected_cost)


def _candidate(action: Action, *, p: float, own_cost: float, costs: Costs, model: str | None = None) -> Candidate:
    return Candidate(action, p=p, own_cost=own_cost, expected_cost=own_cost + (1 - p) * costs.wrong_answer, model=model)
