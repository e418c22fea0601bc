"""Chooses the action with the least expected cost, so that the books steer the agent (ROI method, section 7).

Pure: it is handed what each action costs and how likely it is to be right, and answers with the choice and the sums.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

from agent.turn import Action, Candidate

ASSUMED_QUALITY = 0.93
"""How often a model's released answer is right once the right entry is before it: the method's worked figure, until
thumbs are given. SmolLM2 with 135 million parameters came to 0.81 of 67."""


@dataclass(frozen=True)
class Asking:
    """What a clarifying question costs beside the answer it leads to; all assumed, until the books know better."""

    own: float = 0.05
    """c_q, of each entry that it names: somebody reads or hears it."""
    leaves: float = 0.03
    """How often a customer leaves rather than choose what they meant..."""
    leaves_else: float = 0.4
    """... and where it is not among the choices; a is between the two."""
    comes_back: float = 0.5
    """How many of those who leave take up a person's time later; the others are lost as after a wrong answer."""
    then_p: float = 0.95
    """How often the entry they chose answers them."""
    most: int = 3
    """Entries that one question may name: the ear keeps fewer than the eye sees."""
    sees: float = 0.0
    """How often a customer whose entry stands beside a wrong answer takes it up; nothing stands there for the ear."""

    def leaving(self, costs: "Costs") -> float:
        """A: what one who leaves costs."""
        return self.comes_back * costs.handoff + (1 - self.comes_back) * costs.wrong_answer


ASKED_BY_EYE = Asking(most=5, sees=0.7)
ASKED_BY_EAR = Asking()


@dataclass(frozen=True)
class ModelCost:
    name: str
    call: float = 0.0
    """The prompt's tokens and those of a usual answer."""
    quality: float = ASSUMED_QUALITY
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
    asking: Asking | None = field(default_factory=Asking)
    """None never asks back."""


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


def threshold(costs: Costs) -> float:
    """p*: from this probability on, a verbatim answer costs less than handing over. Zero or below: L is set too low."""
    return costs.handoff_p - (costs.handoff - costs.verbatim) / costs.wrong_answer


def expected(own: float, *, p: float, loss: float) -> float:
    """What an action costs with what it costs to be wrong."""
    return own + (1 - p) * loss


def asked_back(own: float, *, leaves: float, leaving: float, follow_up: float) -> float:
    """What a clarifying question costs: c_q + a * A + (1 - a) * the expected cost of what comes after the reply."""
    return own + leaves * leaving + (1 - leaves) * follow_up


def are_close(named: Sequence[float], *, costs: Costs) -> bool:
    """Whether a question pays by telling these entries apart alone, best first: one of them is meant, but which? The
    first may be told instead, with the others beside it for the eye, or a model shown them all."""
    asking = costs.asking
    if not asking or not (meant := sum(named)):
        return False
    first = named[0] / meant
    told = expected(costs.verbatim, p=first, loss=costs.wrong_answer)
    beside = asking.own * (len(named) - 1) + told - (1 - first) * _seen(asking, costs)
    composed = [expected(model.call, p=model.quality, loss=costs.wrong_answer) for model in costs.models]
    own, leaving, chosen = asking.own * len(named), asking.leaving(costs), _chosen(asking, costs)
    asked = asked_back(own, leaves=asking.leaves, leaving=leaving, follow_up=chosen)
    return asked < min([told, beside, *composed])


def beside_answer(confidences: Sequence[float], *, costs: Costs) -> int:
    """How many of the others, best first, to name beside the first one's answer: those that save more than it costs to
    read them."""
    asking = costs.asking
    if not asking:
        return 0
    return sum(chance * _seen(asking, costs) > asking.own for chance in confidences[1 : asking.most])


def _chosen(asking: Asking, costs: Costs) -> float:
    """What telling an entry costs that the customer chose."""
    return expected(costs.verbatim, p=asking.then_p, loss=costs.wrong_answer)


def _seen(asking: Asking, costs: Costs) -> float:
    """What it saves that the right entry stands beside a wrong answer."""
    return asking.sees * (costs.wrong_answer - _chosen(asking, costs))


def offered(confidences: Sequence[float], *, costs: Costs) -> list[int]:
    """How many entries a clarifying question may name. What is sure enough to be told at once is asked about only to
    tell it from others that are close: that it may be none of them was weighed against a person already."""
    assert costs.asking, "whoever never asks back offers nothing"
    most = min(costs.asking.most, len(confidences))
    if confidences[0] < threshold(costs):
        return list(range(1, most + 1))
    return [named for named in range(2, most + 1) if are_close(confidences[:named], costs=costs)]


def suggested(confidences: Sequence[float], *, costs: Costs) -> int:
    """How many entries to name beside the offer of a person, who is there whatever the customer makes of them: as many
    as save more than it costs to read them, and the few who leave over them."""
    asking = costs.asking
    if not asking:
        return 0
    person = expected(costs.handoff, p=costs.handoff_p, loss=costs.wrong_answer)
    saved = person - _chosen(asking, costs)
    worth = [0.0]
    for named in range(1, min(asking.most, len(confidences)) + 1):
        meant = min(1.0, sum(confidences[:named]))
        worth.append(meant * saved - asking.own * named - asking.leaves * asking.leaving(costs))
    return max(range(len(worth)), key=worth.__getitem__)


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
            named: _clarify(confidences[:named], asking=costs.asking, handoff=handoff, costs=costs)
            for named in offered(confidences, costs=costs)
        }
    named = min(questions, key=lambda count: questions[count].expected_cost) if questions else 0
    clarify = [questions[named]] if questions else []
    plain = [answer, *clarify, handoff]
    composed = _composed(costs.models, within=min(1.0, sum(confidences)), plain=plain, costs=costs)
    candidates = [answer, *composed, *clarify, handoff]
    return Route(_cheapest(candidates), candidates, named)


def _clarify(named: Sequence[float], *, asking: Asking, handoff: Candidate, costs: Costs) -> Candidate:
    """One of the named entries is meant, or the customer says so and gets a person.

    Its own cost holds those who leave and those who get a person, so that it adds up like every other's.
    """
    meant = min(1.0, sum(named))
    follow_up = meant * _chosen(asking, costs) + (1 - meant) * handoff.expected_cost
    leaves = meant * asking.leaves + (1 - meant) * asking.leaves_else
    cost = asked_back(asking.own * len(named), leaves=leaves, leaving=asking.leaving(costs), follow_up=follow_up)
    p = meant * asking.then_p + (1 - meant) * handoff.p
    return Candidate("clarify", p=p, own_cost=cost - (1 - p) * costs.wrong_answer, expected_cost=cost)


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
