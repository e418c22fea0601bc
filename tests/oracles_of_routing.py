"""The router's worked figures, by the functions that it decides with."""

from typing import Any

from agent.asking import asked_back
from agent.costs import Costs, expected, threshold
from tests.oracles import Given, covers


@covers("router_low", "router_medium", "router_high", "router_very_high", "router_close")
def least_expected_cost(given: Given) -> dict[str, Any]:
    loss = given["loss_if_wrong"]
    costs = {
        name: expected(given[name]["cost"], p=given[name]["p"], loss=loss) for name in ("verbatim", "llm", "handoff")
    }
    back = given["clarify"]
    costs["clarify"] = asked_back(
        back["cost"],
        leaves=back["p_abandon"],
        leaving=back["abandon_cost"],
        follow_up=expected(back["then_cost"], p=back["then_p"], loss=loss),
    )
    company = Costs(
        loss, handoff=given["handoff"]["cost"], handoff_p=given["handoff"]["p"], verbatim=given["verbatim"]["cost"]
    )
    return {"expected_cost": costs, "choice": min(costs, key=costs.__getitem__), "p_star": threshold(company)}


@covers("router_threshold")
def from_where_an_answer_is_cheaper(given: Given) -> dict[str, Any]:
    thresholds = [
        threshold(Costs(loss, given["handoff_cost"], handoff_p=given["p_human"], verbatim=given["verbatim_cost"]))
        for loss in given["loss"]
    ]
    return {"p_star": thresholds, "handoff_never": [p <= 0 for p in thresholds]}


@covers("router_llm_vs_verbatim")
def gain_a_model_must_bring(given: Given) -> dict[str, Any]:
    """Where both cost the same, by the expected cost of each."""
    without = expected(given["verbatim_cost"], p=0.5, loss=given["loss"])
    with_model = expected(given["llm_cost"], p=0.5, loss=given["loss"])
    return {"p_gain_needed": (with_model - without) / given["loss"]}
