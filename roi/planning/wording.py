"""A plan for a reader at a terminal, and for machines."""

import tomllib
from dataclasses import asdict
from decimal import Decimal
from functools import cache
from math import isfinite
from pathlib import Path
from typing import Any

from roi.figures import ratio
from roi.locales import rounded
from roi.planning.start import MONEY, SHARES, Input
from roi.planning.stress import Outcome, Stress
from roi.planning.whatif import WhatIf


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    return tomllib.loads(Path(__file__).with_name("words.toml").read_text(encoding="utf-8"))


def say(section: str, key: str, lang: str = "en", **figures: object) -> str:
    spoken = words()[section][key]
    return spoken.get(lang, spoken["en"]).format(**figures)


def money(value: float) -> str:
    if not isfinite(value):
        return "∞"
    if abs(value) >= 1e15:
        return f"{value:.3g}"
    return f"{rounded(Decimal(repr(value))):,f}".replace("-", "−")


def whole(value: float) -> str:
    return f"{value:,.0f}".replace("-", "−")


def to_one(value: float | None) -> str:
    return "-" if value is None else "∞" if not isfinite(value) else ratio(value)


def shown(one: Input) -> str:
    if one.key in SHARES:
        return f"{100 * one.value:.1f} %"
    return money(one.value) if one.key in MONEY else f"{one.value:,.4g}" if one.value < 100 else whole(one.value)


def page(of: WhatIf, lang: str = "en") -> str:
    blocks = [
        inputs(of, lang),
        stresses(of, lang),
        tornado(of, lang),
        costs(of, lang),
        ends(of, lang),
        points(of, lang),
    ]
    return "\n\n".join("\n".join(block) for block in blocks)


def inputs(of: WhatIf, lang: str) -> list[str]:
    lines = [say("page", "inputs", lang, currency=of.start.currency)]
    for one in of.start.inputs:
        basis = say("basis", one.basis, lang)
        because = say("because", one.because, lang, **one.figures)
        tail = basis if because == basis else f"{basis}: {because}"
        lines.append(f"  {shown(one):>14}  {say('input', one.key, lang)}; {tail}")
    return lines


def stresses(of: WhatIf, lang: str) -> list[str]:
    lines = [say("page", "stresses", lang), f"  {'R1':>8} {'R2':>8} {'R3':>8} {say('page', 'net', lang):>14}"]
    for one in of.stresses:
        figures = one.outcome
        three = " ".join(f"{to_one(value):>8}" for value in (figures.r1, figures.r2, figures.r3))
        lines.append(f"  {three} {whole(figures.net_saving):>14}  {stress_name(one, lang)}")
    return lines


def stress_name(one: Stress, lang: str) -> str:
    return say("stress", one.key, lang, **one.figures)


def tornado(of: WhatIf, lang: str) -> list[str]:
    lines = [say("page", "tornado", lang, change=100 * of.wishes.change)]
    for bar in of.tornado:
        lines.append(f"  {whole(bar.less):>12} {whole(bar.more):>12}  {say('input', bar.key, lang)}")
    return lines


def costs(of: WhatIf, lang: str) -> list[str]:
    here = say("page", "here", lang)
    lines = [say("page", "costs", lang)]
    for one in of.costs:
        lines.append(f"  {whole(one.volume):>12} {money(one.each):>12}" + (f"  <- {here}" if one.is_here else ""))
    return lines


def ends(of: WhatIf, lang: str) -> list[str]:
    at, years, even = of.here, of.years, of.break_even
    lines = [
        say("page", "ceiling", lang, automation=100 * at.automation, most=to_one(at.most), r3=to_one(at.r3)),
        say("page", "no_break_even", lang, contribution=money(-even.contribution))
        if even.volume is None
        else say("page", "break_even", lang, volume=whole(even.volume), contribution=money(even.contribution)),
    ]
    months = years.case.payback_months
    payback = say("page", "no_payback", lang) if months is None else say("page", "payback", lang, months=months)
    roi = f"{years.case.roi_percent:.1f}".replace("-", "−") if years.case.pv_cost else "-"
    npv, outlay = whole(years.case.npv), whole(years.outlay)
    lines.append(say("page", "years", lang, years=of.wishes.years, outlay=outlay, npv=npv, roi=roi, payback=payback))
    climb = years.resolution_by_month
    lines.append(
        say("page", "ramp", lang, share=100 * years.first_year_share, first=100 * climb[0], last=100 * climb[-1])
    )
    return lines


def points(of: WhatIf, lang: str) -> list[str]:
    found = of.precision
    lines = [say("page", "precision", lang, cost=100 * found.point_cost)]
    for one in found.points:
        figures = {"value": money(one.value), "price": money(one.cost), "gain": signed(one.gain),
                   "r1": to_one(one.r1)}  # fmt: skip
        lines.append("  " + say("page", "point", lang, accuracy=100 * one.accuracy, **figures))
    even = "-" if found.break_even is None else f"{100 * found.break_even:.1f}"
    if not found.points:
        lines.append(say("page", "no_errors", lang))
    else:
        lines.append(say("page", "worth" if found.worth else "worth_none", lang, count=found.worth, even=even))
    more = "-" if found.resolution_break_even is None else f"{100 * found.resolution_break_even:,.0f}"
    lines.append(say("page", "instead", lang, value=money(found.resolution_value), even=more))
    return lines


def signed(value: float) -> str:
    return money(value) if value < 0 else f"+{money(value)}"


def as_json(of: WhatIf, lang: str = "en") -> dict[str, Any]:
    years = of.years
    told = {
        "currency": of.start.currency,
        "month": asdict(of.start.month),
        "inputs": [
            {"key": one.key, "value": one.value, "basis": one.basis, "name": say("input", one.key, lang),
             "because": say("because", one.because, lang, **one.figures)}
            for one in of.start.inputs
        ],
        "wishes": asdict(of.wishes),
        "outcome": outcome_json(of.outcome),
        "stresses": [
            {"key": one.key, "name": stress_name(one, lang), **one.figures, **outcome_json(one.outcome)}
            for one in of.stresses
        ],
        "tornado": [asdict(bar) for bar in of.tornado],
        "costs": [asdict(one) for one in of.costs],
        "ceiling": {"curve": [asdict(one) for one in of.ceiling], "here": asdict(of.here)},
        "precision": {
            "accuracy": of.precision.accuracy,
            "point_cost": of.precision.point_cost,
            "points": [{**asdict(one), "gain": one.gain, "worth_it": one.is_worth_it} for one in of.precision.points],
            "worth": of.precision.worth,
            "break_even": of.precision.break_even,
            "resolution_value": of.precision.resolution_value,
            "resolution_break_even": of.precision.resolution_break_even,
        },
        "break_even": asdict(of.break_even),
        "years": {
            "outlay": years.outlay,
            "resolution_by_month": years.resolution_by_month,
            "first_year_share": years.first_year_share,
            "pv_benefit": years.case.pv_benefit,
            "pv_cost": years.case.pv_cost,
            "npv": years.case.npv,
            "roi_percent": years.case.roi_percent if years.case.pv_cost else None,
            "payback_months": years.case.payback_months,
            "overstated": years.overstated,
        },
    }  # fmt: skip
    return {key: finite(value) for key, value in told.items()}


def outcome_json(of: Outcome) -> dict[str, Any]:
    spent = of.statement
    return {
        "r1": of.r1, "r2": of.r2, "r3": of.r3, "roi_percent": of.roi_percent, "net_saving": of.net_saving,
        "without": spent.without, "with_ai": spent.with_ai, "ai_all_in": spent.ai_all_in, "human": spent.human,
    }  # fmt: skip


def finite(of: Any) -> Any:
    """JSON knows no infinity: what has no bound is null."""
    if isinstance(of, dict):
        return {key: finite(value) for key, value in of.items()}
    if isinstance(of, list | tuple):
        return [finite(value) for value in of]
    return None if isinstance(of, float) and not isfinite(of) else of
