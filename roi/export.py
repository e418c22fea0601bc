"""The report for machines: JSON whose amounts are exact decimal strings, so that no reader rounds them."""

from decimal import Decimal
from typing import Any

from roi.report import ENOUGH_COVERAGE, Report, Sum
from roi.tally import Group
from roi.verdicts import Ratio
from roi.words import say


def as_json(of: Report, *, lang: str = "en") -> dict[str, Any]:
    """Money as strings, so that no reader rounds it; `amount` is null where a price is unknown, `known` is a bound."""
    return {
        "company": of.company,
        "period": {"from": str(of.period.first), "to": str(of.period.last), "time_zone": of.period.zone},
        "currency": of.currency,
        "claim": of.claim,
        "totals": {
            "conversations": of.conversations,
            **as_sum(of.total),
            "cost_per_conversation": text(of.each(of.total) if of.total.is_complete else None),
            "ai": {**as_sum(of.ai), "per_conversation": text(of.each(of.ai) if of.ai.is_complete else None)},
            "people": {**as_sum(of.people), "per_conversation": text(of.each(of.people))},
            "human_cost_per_conversation": text(of.human_each),
            "handed_over": of.handed_over,
            "handled": of.handled,
            "handovers": dict(of.handovers),
        },
        "lines": [as_line(group) for group in of.groups],
        "ratios": {name: as_ratio(ratio, lang) for name, ratio in of.ratios.items()},
        "coverage": {
            "lines": of.total.count,
            "priced": of.total.priced,
            "share": float(of.total.coverage),
            "is_enough": of.total.coverage >= ENOUGH_COVERAGE,
        },
        "demo": of.demo,
        "demo_conversations": of.demo_conversations,
        "real_conversations": of.real_conversations,
        "channels": [
            {"channel": c.name, "conversations": c.contacts, "human_cost": text(c.human), "grade": c.grade,
             "outcomes": dict(c.outcomes)}
            for c in of.channels
        ],
        "days": [
            {"from": str(day.first), "conversations": day.conversations, "known": text(day.known),
             "complete": day.is_complete}
            for day in of.days
        ],
        "baseline": {
            "id": of.baseline.id, "name": of.baseline.name.get(lang, of.baseline.id),
            "geography": of.baseline.geography,
            "currency": of.baseline.currency,
            "figures": [
                {"id": f.id, "what": f.what, "value": text(f.value), "unit": f.unit, "source": f.source, "date": f.date,
                 "grade": f.grade, "measured": f.is_measured}
                for f in of.figures
            ],
        },
        "compared": [
            {"baseline": c.baseline.id, "human_cost": text(c.human), "ratio": c.ratio, "offshore": c.baseline.offshore}
            for c in of.compared
        ],
        "made_at": of.made_at.isoformat(),
    }  # fmt: skip


def as_sum(of: Sum) -> dict[str, Any]:
    return {"amount": text(of.amount), "known": text(of.known)}


def as_line(group: Group) -> dict[str, Any]:
    return {
        "kind": group.kind, "meter": group.meter, "vendor": group.vendor, "model": group.model, "unit": group.unit,
        "quantity": text(group.quantity), "amount": text(group.amount), "known": text(group.known),
        "currency": group.currency, "count": group.count, "priced": group.priced, "covered": group.covered,
        "measured": group.measured, "grade": group.grade,
    }  # fmt: skip


def as_ratio(of: Ratio, lang: str) -> dict[str, Any]:
    return {
        "value": of.value,
        "lower": of.lower,
        "upper": of.upper,
        "verdict": of.verdict,
        "because": say("because", of.because, lang, **of.figures) if of.because else None,
        "grade": of.grade,
    }


def text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
