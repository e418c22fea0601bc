"""What a clarifying question costs and saves, and which entries it names; likewise what is shown beside an answer, or
beside the offer of a person. Pure.
"""

from collections.abc import Sequence

from agent.costs import Asking, Costs, expected, threshold
from agent.turn import Candidate


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


def clarifying(named: Sequence[float], *, asking: Asking, handoff: Candidate, costs: Costs) -> Candidate:
    """One of the named entries is meant, or the customer says so and gets a person.

    Its own cost holds those who leave and those who get a person, so that it adds up like every other's.
    """
    meant = min(1.0, sum(named))
    follow_up = meant * _chosen(asking, costs) + (1 - meant) * handoff.expected_cost
    leaves = meant * asking.leaves + (1 - meant) * asking.leaves_else
    cost = asked_back(asking.own * len(named), leaves=leaves, leaving=asking.leaving(costs), follow_up=follow_up)
    p = meant * asking.then_p + (1 - meant) * handoff.p
    return Candidate("clarify", p=p, own_cost=cost - (1 - p) * costs.wrong_answer, expected_cost=cost)


def _chosen(asking: Asking, costs: Costs) -> float:
    """What telling an entry costs that the customer chose."""
    return expected(costs.verbatim, p=asking.then_p, loss=costs.wrong_answer)


def _seen(asking: Asking, costs: Costs) -> float:
    """What it saves that the right entry stands beside a wrong answer."""
    return asking.sees * (costs.wrong_answer - _chosen(asking, costs))
