"""The report for machines: JSON whose amounts are exact decimal strings, so that no reader rounds them."""

from decimal import Decimal
from typing import Any

from roi.books.tally import Group
from roi.judging.booked import Booked, Part
from roi.judging.findings import Findings
from roi.judging.terms import Terms
from roi.judging.verdicts import Ratio
from roi.report import ENOUGH_COVERAGE, Report, Sum
from roi.words import say

MATTERS = 200
"""Listed, the most frequent; all of them count."""


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
            "percent": round(100 * float(of.total.coverage), 3),
            "is_enough": of.total.coverage >= ENOUGH_COVERAGE,
        },
        "nothing_booked": of.nothing_booked,
        "demo": of.demo,
        "demo_conversations": of.demo_conversations,
        "real_conversations": of.real_conversations,
        "channels": [
            {"channel": c.name, "conversations": c.contacts, "issues": c.issues, "human_cost": text(c.human),
             "grade": c.grade, "outcomes": dict(c.outcomes)}
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
        **as_findings(of.findings, lang),
        "terms": as_terms(of.terms),
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
        "optimistic": of.optimistic,
        "customers": of.customers,
        "customers_needed": of.needed,
        "needed_by": str(of.needed_by) if of.needed_by else None,
        "bootstrap": list(of.bootstrap) if of.bootstrap else None,
        "is_disputed": of.is_disputed,
    }


def as_findings(of: Findings, lang: str) -> dict[str, Any]:
    rates, arms, freed = of.rates, of.arms, of.freed
    return {
        "issues": {
            "count": sum(one.count for one in of.issues),
            "contacts": of.contacts,
            "unlinked": of.unlinked,
            "outcomes": dict(of.outcomes),
            "rates": vars(rates) if rates else None,
            "durability": {**vars(of.durability), "rate": of.durability.rate},
            "silent_resolved": vars(of.silent),
        },
        "statement": as_statement(of.statement),
        "ceiling": of.ceiling,
        "gates": [{**vars(gate), "said": say("gate", f"{gate.name}_{gate.state}", lang)} for gate in of.gates],
        "case_mix": {
            "crude": of.mix.crude,
            "adjusted": of.mix.adjusted,
            "lower": of.mix.lower,
            "upper": of.mix.upper,
            "matters": [vars(stratum) for stratum in of.mix.strata[:MATTERS]],
        },
        "holdout": {"holdout": arms.holdout, "ai": arms.ai, "share": arms.share, "z": arms.balance.z,
                    "p": arms.balance.p, "is_sound": arms.is_sound} if arms else None,
        "capacity": {**vars(freed), "not_cash": freed.not_cash, "rho": freed.rho} if freed else None,
    }  # fmt: skip


def as_statement(of: Booked) -> dict[str, Any]:
    return {
        "without": as_part(of.without),
        "parts": [as_part(part) for part in of.parts],
        "ai_all_in": text(of.ai_all_in),
        "human": text(of.human),
        "with_ai": text(of.with_ai),
        "known_with_ai": text(of.known_with_ai),
        "net_saving": text(of.net_saving),
        "most_saved": text(of.most_saved),
        "gross_benefit": text(of.gross_benefit),
        "roi_percent": of.roi_percent,
        "r3": of.r3,
        "r3_optimistic": of.r3_optimistic,
        "issues": of.issues,
        "immature": of.immature,
    }


def as_part(of: Part) -> dict[str, Any]:
    return {
        "kind": of.kind, "basis": of.basis, "amount": text(of.amount), "known": text(of.known), "count": of.count,
        "upper": text(of.upper),
    }  # fmt: skip


def as_terms(of: Terms) -> dict[str, Any]:
    return {key: text(value) if isinstance(value, Decimal) else value for key, value in vars(of).items()}


def text(amount: Decimal | None) -> str | None:
    return None if amount is None else format(amount, "f")
