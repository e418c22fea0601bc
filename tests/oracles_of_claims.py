"""Worked figures of published claims and of the source article's own arithmetic."""

from typing import Any

from roi.claims.errors import Better, error_for, task_error
from roi.claims.market import Market
from roi.claims.price_falls import Decline
from roi.claims.unit_costs import Fall
from roi.claims.work import Work
from tests.oracles import Given, covers


@covers("check_klarna_2024")
def klarna(given: Given) -> dict[str, Any]:
    of = Work(given["conversations_month"], given["fte"], given["minutes_claimed"], given["paid_hours_month"],
              given["shrinkage"], given["occupancy"])  # fmt: skip
    return {
        "conversations_per_fte": of.each, "hours_per_fte": of.hours_each, "implied_minutes_paid": of.minutes_paid,
        "implied_minutes_net": of.minutes_net, "concurrency_paid": of.at_once_paid, "concurrency_net": of.at_once_net,
        "fte_at_claimed_minutes": of.people_paid, "fte_at_claimed_minutes_net": of.people_net,
        "saving_per_conversation": given["saving_year"] / (12 * of.conversations),
        "saving_per_fte": given["saving_year"] / of.people,
    }  # fmt: skip


@covers("check_klarna_2025")
def klarna_later(given: Given) -> dict[str, Any]:
    fall = Fall(given["cost_before"], given["cost_after"])
    return {"fall_percent": fall.percent, "ratio": fall.ratio, "saving_per_fte": given["saving"] / given["fte"]}


@covers("check_commbank_2025")
def commbank(given: Given) -> dict[str, Any]:
    of = Work(given["calls_week"], given["roles_cut"], given["aht_min"], given["hours_week"], given["shrinkage"],
              given["occupancy"])  # fmt: skip
    return {"handling_hours_per_fte": of.net_hours, "fte_supported": of.people_net, "aht_needed_min": of.minutes_net,
            "plausible": of.people <= of.people_net}  # fmt: skip


@covers("check_salesforce")
def salesforce(given: Given) -> dict[str, Any]:
    fall = Fall(given["before"], given["after"])
    return {"cut_percent": fall.percent, "ratio": fall.ratio}


@covers("check_unit_price_ratios")
def unit_prices(given: Given) -> dict[str, Any]:
    return {"ratio": [Fall(*pair).ratio for pair in given["pairs"]]}


@covers("article_market")
def market(given: Given) -> dict[str, Any]:
    each = given["market"] / given["agents"]
    of = Market(given["market"], given["displaced_share"], given["claim"])
    found = {
        "implied_per_agent": each, "implied_per_month": each / 12, "displaced": of.displaced, "ai_market": of.ai,
        "net_saving": of.net, "implied_bot_year": each / given["claim"],
    }  # fmt: skip
    pairs = {"first": (given["salary_first"], given["bot_first"]),
             "second": (12 * given["salary_second_month"], 12 * given["bot_second_month"])}  # fmt: skip
    for name, (salary, bot) in pairs.items():
        at = Market(given["agents"] * salary, given["displaced_share"], salary / bot)
        found |= {f"market_at_{name}": at.spend, f"{name}_displaced": at.displaced, f"{name}_ai": at.ai,
                  f"{name}_net": at.net}  # fmt: skip
    return found


@covers("article_unit_ratios")
def pay(given: Given) -> dict[str, Any]:
    return {
        "year_ratio": Fall(given["salary_year"], given["bot_year"]).ratio,
        "bot_per_month_of_year_price": given["bot_year"] / 12,
        "month_ratios": [Fall(given["salary_month"], bot).ratio for bot in given["bot_months"]],
        "price_for_claim": given["salary_month"] / given["claim"],
    }


@covers("article_price_fall")
def price_fall(given: Given) -> dict[str, Any]:
    each = [Decline(given["start"], given["end"], rate) for rate in given["rates"]]
    return {"fall": each[0].fall, "years": [of.years for of in each], "after_one_year": [of.after(1) for of in each],
            "after_three_years": [of.after(3) for of in each]}  # fmt: skip


@covers("article_step_errors")
def steps(given: Given) -> dict[str, Any]:
    count = given["steps"]
    return {
        "task_error": [task_error(error, steps=count) for error in given["errors"]],
        "error_for_failure": error_for(given["task_failure"], steps=count),
        "accuracy_per_step": 1 - error_for(1 - given["task_success"], steps=count),
        "sum_rule": [count * error for error in given["errors"]],
    }


@covers("article_accuracy")
def accuracy(given: Given) -> dict[str, Any]:
    of = Better(**given)
    return {
        "value_per_cost": of.value_per_cost, "break_even_value_over_cost": of.break_even, "ratio_after": of.ratio_after,
        "net_gain_in_units_of_cost": of.gain, "pure_accuracy_value": of.value_of_accuracy,
        "error_reduction": of.errors_avoided, "harm_k": of.harm,
    }  # fmt: skip
