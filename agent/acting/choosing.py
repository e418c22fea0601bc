"""Whether a question wants a tool or an answer from the knowledge: both were found by the same means, with
probabilities that can be compared, so the router weighs them alike. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from agent.acting.errand import PREFIX, Errand
from agent.acting.values import mentioned
from agent.router import Costs, route
from knowledge.entry import Entry
from knowledge.matching.folding import fold
from knowledge.matching.retriever import Match


def wanted(
    question: str, found: Sequence[Match], errands: Mapping[str, Errand], *, costs: Costs, lang: str, today: date
) -> tuple[Errand, float] | None:
    """The errand that is likelier meant than any entry, with its probability, where running it costs less than a
    colleague. What the question gives for it (an order number) speaks against the entry that explains the same."""
    tools = [match for match in found if match.entry.id in errands]
    if not tools:
        return None
    errand, p = errands[tools[0].entry.id], tools[0].confidence
    entries = [match.confidence for match in found if match.entry.answer]
    if any(mentioned(question, slot, lang=lang, today=today) for slot in errand.slots):
        p, entries = min(1.0, p + sum(entries[:1])) if p >= _SOME else p, []
    if entries and entries[0] > p:
        return None
    choice = route([p], costs=replace(costs, model_call=None))
    return (errand, p) if choice.action == "answer" else None


_SOME = 0.2
"""From here on a tool counts as found at all, so that a number alone does not start one."""


def beside(entries: Sequence[Entry], errands: Sequence[Errand]) -> list[Entry]:
    """The knowledge with what customers ask tools for. A phrasing that both have belongs to the tool."""
    theirs = {_plain(text) for errand in errands for asked in errand.phrasings.values() for text in asked}
    kept = [
        replace(entry, variants=tuple(text for text in entry.variants if _plain(text) not in theirs))
        for entry in entries
    ]
    return [*kept, *(stand_in for errand in errands for stand_in in errand.entries())]


def is_tool(entry: Entry) -> bool:
    return entry.id.startswith(PREFIX)


def _plain(text: str) -> str:
    return "".join(mark for mark in fold(text).casefold() if mark.isalnum())
