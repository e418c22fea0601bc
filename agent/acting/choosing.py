"""Whether a question wants a tool or an answer from the knowledge: both were found by the same means, with
probabilities that can be compared, so the router weighs them alike. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from agent.acting.errand import Errand
from agent.costs import Costs
from agent.router import route
from agent.turn import Candidate
from knowledge.entry import Entry
from knowledge.matching.folding import fold
from knowledge.matching.retriever import Match


def wanted(found: Sequence[Match], errands: Mapping[str, Errand], *, costs: Costs) -> tuple[Errand, Candidate] | None:
    """The errand that is expected to cost less than the best the knowledge can do, and its sum.

    A wrong errand does not mislead, since it asks before it tells: it wastes a turn, and an annoyed customer still
    needs a person. That is counted as two contacts with one (assumed).
    """
    tools = [match for match in found if match.entry.id in errands]
    if not tools:
        return None
    p = tools[0].confidence
    loss = min(2 * costs.handoff, costs.wrong_answer)
    errand = errands[tools[0].entry.id]
    sums = Candidate("answer", p=p, own_cost=0.0, expected_cost=(1 - p) * loss, by=errand.name)
    entries = [match.confidence for match in found if match.entry.answer]
    other = route(entries, costs=replace(costs, asking=None)).chosen
    if entries and entries[0] > p:
        return None
    return (errand, sums) if sums.expected_cost < other.expected_cost else None


def beside(entries: Sequence[Entry], errands: Sequence[Errand]) -> list[Entry]:
    """The knowledge with what customers ask tools for. A phrasing that both have belongs to the tool."""
    theirs = {_plain(text) for errand in errands for asked in errand.phrasings.values() for text in asked}
    kept = [
        replace(entry, variants=tuple(text for text in entry.variants if _plain(text) not in theirs))
        for entry in entries
    ]
    return [*kept, *(stand_in for errand in errands for stand_in in errand.entries())]


def _plain(text: str) -> str:
    return "".join(mark for mark in fold(text).casefold() if mark.isalnum())
