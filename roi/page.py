"""What the report's page says, in the reader's language: every sentence and figure the template only has to place."""

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import partial
from typing import Any

from roi import charts
from roi.charts import Mark
from roi.figures import money, percent, plain, quantity, ratio
from roi.grade import worst
from roi.outcomes import Outcome, outcome_rates
from roi.report import ENOUGH_COVERAGE, Report, Sum
from roi.tally import Group
from roi.verdicts import Ratio
from roi.words import named, say, words

Say = Callable[..., str]


def page(of: Report, *, lang: str = "en", company: str = "") -> dict[str, Any]:
    """The template's context. `company` is the name readers know it by."""
    told: Say = partial(say, "page", lang=lang)
    return {
        "lang": lang,
        "t": {key: spoken.get(lang, spoken["en"]) for key, spoken in words()["page"].items()},
        "title": told("title", claim=f"{of.claim:g}"),
        "subtitle": told(
            "subtitle", company=company or of.company, first=of.period.first, last=of.period.last, zone=of.period.zone
        ),
        "ribbon": ribbon(of, told),
        "headline": headline(of, told),
        "is_refuted": is_refuted(of),
        "ratios": [ratio_card(found, told, lang) for found in of.ratios.values()],
        "tiles": tiles(of, told),
        "scale": scale_chart(of, told, lang),
        "channels": channels(of, lang),
        "kinds": kinds_chart(of, told, lang),
        "lines": [line_row(group, told, lang) for group in of.groups],
        "sums": told("sums", amount=f"{of.total.known:,f}", currency=of.currency),
        "volume_chart": volume_chart(of, told),
        "cost_chart": cost_chart(of, told),
        "days": [
            {"day": day.first, "conversations": day.conversations, "cost": amount_of(day_sum(day), of.currency, told)}
            for day in of.days
            if day.conversations or day.known
        ],
        "outcomes": outcome_rows(of, lang),
        "gave_up": gave_up(of, told),
        "handovers": handover_rows(of, lang),
        "compared": compared(of, told, lang),
        "assumptions": assumptions(of, told, lang),
        "quality": quality(of, told),
        "made": told("made", at=f"{of.made_at:%Y-%m-%d %H:%M}", baseline=of.baseline.name.get(lang, of.baseline.id)),
    }


def ribbon(of: Report, told: Say) -> str | None:
    if of.demo is True:
        return told("demo")
    if of.demo == "mixed":
        return told("mixed", demo=of.demo_conversations, conversations=of.conversations)
    return None


def is_refuted(of: Report) -> bool:
    return any(found.verdict == "REFUTED" for found in of.ratios.values())


def headline(of: Report, told: Say) -> str:
    """The claim is about the whole: R3 alone confirms it, any ratio may refute it."""
    if not of.conversations:
        return told("headline_empty")
    confirmed = of.ratios["R3"].verdict == "CONFIRMED"
    key = "headline_refuted" if is_refuted(of) else "headline_confirmed" if confirmed else "headline_open"
    return told(key, claim=f"{of.claim:g}")


def ratio_card(of: Ratio, told: Say, lang: str) -> dict[str, Any]:
    verdict = of.verdict or "unknown"
    return {
        "name": say("name", of.name, lang),
        "verdict": say("verdict", verdict, lang),
        "style": verdict.lower(),
        "value": told("to_one", value=ratio(of.value)) if of.value is not None else None,
        "bounds": bounds(of, told),
        "because": say("because", of.because, lang, **of.figures) if of.because else None,
        "grade": say("grade", of.grade, lang) if of.value is not None or of.verdict else None,
    }


def bounds(of: Ratio, told: Say) -> str | None:
    if of.lower is not None and of.upper is not None:
        return told("between", lower=ratio(of.lower), upper=ratio(of.upper))
    return told("at_most", upper=ratio(of.upper)) if of.upper is not None else None


def amount_of(of: Sum, currency: str, told: Say) -> str:
    return money(of.known, currency) if of.is_complete else told("at_least", amount=money(of.known, currency))


def each_of(of: Report, part: Sum, told: Say) -> str:
    each = of.each(part)
    if each is None:
        return "–"
    return money(each, of.currency) if part.is_complete else told("at_least", amount=money(each, of.currency))


def tiles(of: Report, told: Say) -> list[dict[str, str]]:
    grade = worst(channel.grade for channel in of.channels)
    ai = [group for group in of.groups if not group.is_human]
    people = [group.grade for group in of.groups if group.is_human]
    counted = told("measured" if all(group.measured == group.count for group in ai) else "assumed")
    ai_note = told("basis_ai", basis=counted, grade=worst(group.grade for group in ai)) if ai else ""
    people_note = told("basis_people", grade=worst(people)) if people else ""
    human = money(of.human_each, of.currency, unknown=told("unknown"))
    basis = told("measured" if grade == "A" else "assumed")
    return [
        {"name": told("conversations"), "value": f"{of.conversations:,}", "note": ""},
        {"name": told("ai_each"), "value": each_of(of, of.ai, told), "note": ai_note},
        {"name": told("people_each"), "value": each_of(of, of.people, told), "note": people_note},
        {"name": told("all_each"), "value": each_of(of, of.total, told), "note": ""},
        {"name": told("human_each"), "value": human, "note": told("basis_human", basis=basis, grade=grade)},
    ]


def scale_chart(of: Report, told: Say, lang: str) -> str:
    parts = [
        (told("ai_each"), of.each(of.ai), "ai"),
        (told("all_each"), of.each(of.total), "total"),
        *((c.baseline.name.get(lang, c.baseline.id), c.human, "human") for c in of.compared if c.is_chosen),
        *((c.baseline.name.get(lang, c.baseline.id), c.human, "offshore") for c in of.compared if c.baseline.offshore),
    ]
    marks = [Mark(name, float(each), plain(each), style) for name, each, style in parts if each]
    return charts.scale(marks, title=told("cost"), unit=f"{of.currency} · {told('log_note')}")


def kinds_chart(of: Report, told: Say, lang: str) -> str:
    sums: dict[str, Decimal] = {}
    for group in of.groups:
        if group.currency == of.currency and group.known:
            sums[group.kind] = sums.get(group.kind, Decimal(0)) + group.known
    people = {group.kind for group in of.groups if group.is_human}
    marks = [
        Mark(named("kind", kind, lang), float(known), money(known, of.currency), "people" if kind in people else "ai")
        for kind, known in sorted(sums.items(), key=lambda pair: -pair[1])
    ]
    return charts.bars(marks, title=told("by_kind"))


def volume_chart(of: Report, told: Say) -> str:
    marks = [Mark(f"{d.first:%m-%d}", d.conversations, str(d.conversations), "total") for d in of.days]
    most = max((day.conversations for day in of.days), default=0)
    return charts.columns(marks, title=told("conversations"), top=f"{most:,} · {told('conversations')}")


def cost_chart(of: Report, told: Say) -> str:
    marks = [Mark(f"{d.first:%m-%d}", float(d.known), plain(d.known), "total") for d in of.days]
    most = max((day.known for day in of.days), default=Decimal(0))
    return charts.columns(marks, title=told("amount"), top=f"{money(most, of.currency)} · {told('amount')}")


def day_sum(day: Any) -> Sum:
    return Sum(day.known, 1, 1 if day.is_complete else 0)


def channels(of: Report, lang: str) -> list[dict[str, str]]:
    return [
        {
            "name": named("page", channel.name, lang),
            "contacts": f"{channel.contacts:,}",
            "handed": f"{channel.outcomes['escalated_assisted']:,}",
            "human": money(channel.human, of.currency),
            "grade": say("grade", channel.grade, lang),
        }
        for channel in of.channels
    ]


def line_row(group: Group, told: Say, lang: str) -> dict[str, str]:
    every = group.covered == group.count and group.count > 0
    known = f"{group.known:,f} {group.currency}"
    return {
        "kind": named("kind", group.kind, lang),
        "what": " ".join(dict.fromkeys((group.vendor, group.model))),
        "quantity": f"{quantity(group.quantity)} {named('unit', group.unit, lang)}",
        "amount": told("covered") if every else known if group.amount is not None else told("at_least", amount=known),
        "count": f"{group.count:,}",
        "priced": f"{group.priced:,}",
        "basis": told("measured" if group.measured == group.count else "assumed"),
        "grade": group.grade,
    }


def outcome_rows(of: Report, lang: str) -> list[dict[str, str]]:
    total = sum(of.outcomes.values())
    return [
        {"name": named("outcome", outcome, lang), "count": f"{count:,}", "share": percent(count, total)}
        for outcome, count in of.outcomes.items()
        if count
    ]


def handover_rows(of: Report, lang: str) -> list[dict[str, str]]:
    total = sum(of.handovers.values())
    return [
        {"name": named("handover", category, lang), "count": f"{count:,}", "share": percent(count, total)}
        for category, count in of.handovers.items()
    ]


def gave_up(of: Report, told: Say) -> str | None:
    counts: Mapping[Outcome, int] = of.outcomes
    rates = outcome_rates(counts)
    if rates is None:
        return None
    contained, gone = f"{100 * rates.containment:.1f}", f"{100 * rates.gave_up:.1f}"
    return told("gave_up", attempted=f"{rates.attempted:,}", contained=contained, gave_up=gone)


def compared(of: Report, told: Say, lang: str) -> list[dict[str, str]]:
    return [
        {
            "name": c.baseline.name.get(lang, c.baseline.id),
            "note": ", ".join(
                told(key) for key, holds in (("chosen", c.is_chosen), ("offshore", c.baseline.offshore)) if holds
            ),
            "human": money(c.human, of.currency, unknown=told("no_rate" if of.channels else "unknown")),
            "ratio": ratio(c.ratio) if c.ratio is not None else "–",
        }
        for c in of.compared
    ]


def assumptions(of: Report, told: Say, lang: str) -> list[dict[str, str]]:
    figures = [
        {
            "what": named("figure", f.id, lang, otherwise=f.what),
            "value": f"{f.value:,f} {f.unit}",
            "source": f.source,
            "date": f.date,
            "grade": f.grade,
            "basis": told("measured" if f.is_measured else "assumed"),
        }
        for f in of.figures
    ]
    prices = [
        {"what": f"{p.vendor} {p.unit}", "value": f"{p.amount:,f} {p.currency} / {p.per:,}", "source": p.source,
         "date": str(p.checked_at or p.effective_from or ""), "grade": p.grade, "basis": told("assumed")}
        for p in of.prices
    ]  # fmt: skip
    return figures + prices


def quality(of: Report, told: Say) -> list[str]:
    total = of.total
    share = f"{100 * total.coverage:.1f}"
    notes = [told("coverage", priced=f"{total.priced:,}", count=f"{total.count:,}", share=share)]
    if not total.is_complete:
        notes.append(told("coverage_part" if total.coverage >= ENOUGH_COVERAGE else "coverage_low"))
    if not of.has_fixed_costs:
        notes.append(told("not_booked"))
    if (open_ := of.handed_over - of.handled) > 0:
        notes.append(told("desk_open", open=f"{open_:,}", handed=f"{of.handed_over:,}"))
    if of.demo_conversations and not of.with_demo:
        notes.append(told("left_out", demo=f"{of.demo_conversations:,}"))
    if of.other_currencies:
        notes.append(told("other_currency", currencies=", ".join(of.other_currencies)))
    return notes
