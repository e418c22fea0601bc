"""Worked figures of outcomes, the monthly statement and the four ratios."""

from typing import Any

from roi.judging import ratios
from roi.planning import finance
from roi.resolution.outcomes import Resolved, durability, outcome_rates
from tests.oracles import ORACLES, Given, covers


@covers("outcome_rates")
def rates_of(given: Given) -> dict[str, Any]:
    found = outcome_rates(given["classes"])
    assert found is not None
    return {"sum_of_classes": found.eligible, "attempted": found.attempted, "involvement": found.involvement,
            "resolution_rate": found.resolution, "automation_rate": found.automation, "containment": found.containment,
            "deflection": found.deflection, "gave_up": found.gave_up}  # fmt: skip


@covers("durable_resolution")
def durable(given: Given) -> dict[str, Any]:
    rows = [Resolved(row["resolved_day"], row["recontact_after_days"]) for row in given["rows"]]
    found = durability(rows, today=given["today"], window_days=given["window_days"])
    naive = durability(rows, today=10**6, window_days=given["window_days"])
    return {"matured": found.matured, "durable": found.durable, "durable_rate": found.rate, "immature": found.immature,
            "naive_rate": naive.rate}  # fmt: skip


def month(given: Given) -> ratios.Month:
    names = ("volume", "human_cost", "ai_cost", "involvement", "resolution", "durability", "human_durability",
             "wrong_rate", "loss_per_wrong", "escalation_multiplier")  # fmt: skip
    labour = (given["curation_hours"] + given["qa_hours"]) * given["labour_rate"]
    fixed = given["platform"] + finance.straight_line(given["build"], months=given["build_months"]) + labour
    return ratios.Month(fixed=fixed, **{name: given[name] for name in names})


@covers("monthly_statement")
def monthly(given: Given) -> dict[str, Any]:
    of = ratios.statement(month(given))
    return {
        **vars(of),
        "apparent_resolved": of.resolved, "repeats_incremental": of.repeats, "ai_all_in": of.ai_all_in,
        "c_without": of.without, "c_with": of.with_ai, "net_saving": of.net_saving, "gross_benefit": of.gross_benefit,
        "roi_percent": of.roi_percent, "blended_cost_per_contact": of.with_ai / given["volume"],
        "cost_per_durable_resolution": of.ai_all_in / of.durable,
        "r1": ratios.r1(given["human_cost"], given["ai_cost"]),
        "r2": ratios.r2(of, human_cost=given["human_cost"], human_durability=given["human_durability"]),
        "r3": ratios.r3(of),
    }  # fmt: skip


@covers("tornado")
def tornado(given: Given) -> dict[str, Any]:
    names = ORACLES["tornado"]["expected"]
    return {name: list(pair) for name, pair in
            ratios.tornado(month(given["base"]), change=given["change"], inputs=names).items()}  # fmt: skip


@covers("vendor_method")
def vendor_method(given: Given) -> dict[str, Any]:
    claimed = ratios.usual_calculator(
        resolved=given["apparent_resolved"], human_cost=given["human_cost"], ai_variable=given["ai_variable"]
    )
    return {"claimed_saving": claimed, "claimed_roi_percent": 100 * claimed / given["ai_variable"],
            "overstatement": claimed / given["true_net_saving"]}  # fmt: skip


@covers("r4_cash_realised")
def cash(given: Given) -> dict[str, Any]:
    both = {"gross_benefit": given["gross_benefit"], "ai_all_in": given["ai_all_in"]}
    return {"r4": [ratios.r4(given["c_without"], rho=rho, **both) for rho in given["rho"]],
            "rho_break_even": ratios.rho_break_even(**both)}  # fmt: skip


@covers("cost_per_issue")
def per_issue(given: Given) -> dict[str, Any]:
    people = ratios.cost_per_issue(given["human_cost_per_contact"], first_contact_resolution=given["human_fcr"])
    mixed = ratios.cost_per_issue(given["blended_cost_per_contact"], first_contact_resolution=given["blended_fcr"])
    return {"human_per_issue": people, "blended_per_issue": mixed, "ratio": people / mixed}


@covers("blended")
def blended(given: Given) -> dict[str, Any]:
    each = given["price"] * (given["resolution"] if given["billed_per"] == "resolution" else 1)
    whole = ratios.all_attempted_cost(
        ai_cost=each, resolution=given["resolution"], escalation_multiplier=given["escalation_multiplier"],
        human_cost=given["human_cost"],
    )  # fmt: skip
    return {"ai_cost_per_conversation": each, "blended_cost": whole, "ratio": given["human_cost"] / whole,
            "saving_percent": 100 * (1 - whole / given["human_cost"])}  # fmt: skip


@covers("resolution_needed")
def resolution_needed(given: Given) -> dict[str, Any]:
    needed = ratios.resolution_needed(claim=given["target"], human_cost=given["human_cost"], ai_cost=given["ai_cost"])
    return {"resolution_needed": needed, "possible": needed <= 1}


@covers("ceiling")
def ceiling(given: Given) -> dict[str, Any]:
    return {"ceiling": [ratios.ceiling(share) for share in given["automation"]]}


@covers("identity_r3")
def identity(given: Given) -> dict[str, Any]:
    r1 = ratios.r1(given["human_cost"], given["ai_cost"])
    return {"r1": r1, "r3": [ratios.r3_of_escalated(r1, escalated=e) for e in given["escalated_share"]],
            "e_max": ratios.most_escalated(r1, claim=given["claim"])}  # fmt: skip
