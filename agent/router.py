"""Chooses the action with the least expected cost, so that the books steer the agent (ROI method, section 7).

Pure: it is handed what each action costs and how likely it is to be right, and answers with the choice and the sums.
"""

from dataclasses import dataclass

from agent.asking import clarifying, offered
from agent.costs import Costs, ModelCost, expected
from agent.turn import Action, Candidate


@dataclass(frozen=True)
class Route:
    chosen: Candidate
    candidates: list[Candidate]
    offered: int = 0
    """How many of the entries, from the first, a clarifying question names."""

    @property
    def action(self) -> Action:
        """answer, model, clarify or handoff."""
        return self.chosen.action


def route(confidences: list[float], *, costs: Costs) -> Route:
    """`confidences` are the calibrated probabilities of the entries found, best first; empty when nothing was found."""
    best = confidences[0] if confidences else 0.0
    answer = _candidate("answer", p=best, own_cost=costs.verbatim, costs=costs)
    handoff = _candidate("handoff", p=costs.handoff_p, own_cost=costs.handoff, costs=costs)
    if not confidences:
        return Route(handoff, [answer, handoff])
    questions = {}
    if costs.asking:
        questions = {
            named: clarifying(confidences[:named], asking=costs.asking, handoff=handoff, costs=costs)
            for named in offered(confidences, costs=costs)
        }
    named = min(questions, key=lambda count: questions[count].expected_cost) if questions else 0
    clarify = [questions[named]] if questions else []
    plain = [answer, *clarify, handoff]
    composed = _composed(costs.models, within=min(1.0, sum(confidences)), plain=plain, costs=costs)
    candidates = [answer, *composed, *clarify, handoff]
    return Route(_cheapest(candidates), candidates, named)


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
        weighed.append(_candidate("model", p=is_right, own_cost=own_cost, costs=costs, by=model.name))
    return weighed


def _cheapest(candidates: list[Candidate]) -> Candidate:
    return min(candidates, key=lambda candidate: candidate.expected_cost)


def _candidate(action: Action, *, p: float, own_cost: float, costs: Costs, by: str | None = None) -> Candidate:
    cost = expected(own_cost, p=p, loss=costs.wrong_answer)
    return Candidate(action, p=p, own_cost=own_cost, expected_cost=cost, by=by)
