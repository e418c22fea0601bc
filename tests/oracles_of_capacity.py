"""Worked figures of staffing and finance."""

from decimal import Decimal
from math import ceil
from typing import Any

from roi.people import staffing
from roi.planning import finance
from tests.oracles import Given, covers


@covers("capacity")
def freed(given: Given) -> dict[str, Any]:
    found = staffing.capacity(**given)
    return {"handle_hours": found.handling_hours, "fte_freed": found.fte_freed, "loaded_month": found.month_of_one,
            "theoretical": found.theoretical, "cash": found.cash, "freed_not_cash": found.freed_not_cash,
            "rho": found.rho}  # fmt: skip


@covers("erlang")
def erlang(given: Given) -> dict[str, Any]:
    return vars(
        staffing.staff(
            given["calls"], interval_s=given["interval_s"], aht_s=given["aht_s"], threshold_s=given["threshold_s"],
            service_level=given["service_level"], shrinkage=Decimal(given["shrinkage"]),
        )
    )  # fmt: skip


@covers("erlang_textbook")
def textbook(given: Given) -> dict[str, Any]:
    return {"p_wait": staffing.waiting(given["erlangs"], given["agents"])}


@covers("amortisation")
def amortisation(given: Given) -> dict[str, Any]:
    capital, months = given["capital"], given["months"]
    return {"straight_line": finance.straight_line(capital, months=months),
            "annuity": finance.annuity(capital, months=months, annual_rate=given["annual_rate"])}  # fmt: skip


@covers("fixed_cost_volume_curve")
def volume_curve(given: Given) -> dict[str, Any]:
    fixed, variable = given["fixed_per_month"], given["variable"]
    return {
        "cost_per_contact": [finance.all_in_per_contact(fixed, variable=variable, volume=v) for v in given["volumes"]]
    }


@covers("fixed_cost_seasonality")
def seasonality(given: Given) -> dict[str, Any]:
    monthly_fixed, volumes = finance.straight_line(given["annual_fixed"], months=12), given["monthly_volumes"]
    return {
        "annual_volume": sum(volumes),
        "straight_line_january": finance.all_in_per_contact(monthly_fixed, variable=0, volume=volumes[0]),
        "straight_line_december": finance.all_in_per_contact(monthly_fixed, variable=0, volume=volumes[-1]),
        "units_of_production": finance.all_in_per_contact(given["annual_fixed"], variable=0, volume=sum(volumes)),
    }


@covers("break_even")
def break_even(given: Given) -> dict[str, Any]:
    saving = given["c_without"] - given["c_with"]
    contribution = (saving + given["fixed"]) / given["volume"]
    volume = finance.break_even_volume(given["fixed"], contribution=contribution)
    assert volume is not None
    return {"contribution_per_contact": contribution, "v_star": volume, "v_star_whole": ceil(volume)}


@covers("npv")
def npv(given: Given) -> dict[str, Any]:
    found = finance.case(given["initial"], **{k: v for k, v in given.items() if k != "initial"})
    return {**vars(found), "npv": found.npv, "roi_percent": found.roi_percent}


@covers("ramp")
def ramp(given: Given) -> dict[str, Any]:
    by_month = finance.ramp(given["steady"], slope=given["k"], midpoint=given["mid"], months=given["months"])
    mean = sum(by_month) / len(by_month)
    return {"by_month": by_month, "mean": mean, "share_of_steady": mean / given["steady"],
            "overstatement": given["steady"] / mean}  # fmt: skip
