"""An entry told in its own words, and beside them, for the eye, what else may have been meant."""

from collections.abc import Sequence
from dataclasses import replace

from agent.asking import beside_answer
from agent.costs import Costs
from agent.telling.entry_telling import Told, admitted, begin, tell_several
from agent.telling.offering import offers, suggest
from agent.turn import Turn
from knowledge.matching.retriever import Match


def verbatim(
    turn: Turn,
    matches: Sequence[Match],
    *,
    reason: str,
    costs: Costs,
    meant: str = "",
    also: Sequence[Match] = (),
    unsure: str = "",
) -> Told:
    """The first match's entry. `also` were asked for by further questions of the same message, and are told as well;
    `unsure` is one that has no sure answer."""
    first = matches[0]
    told = begin(
        first.entry,
        meant or turn.question,
        before=turn.left_open,
        confidence=first.confidence,
        reason=reason,
        said=turn.question,
    )
    if also:
        return tell_several([other.entry for other in also], told)
    if unsure and told.action == "answer":
        told = replace(told, text=f"{told.text}\n\n{admitted(unsure, lang=turn.lang)}")
    return _with_others(told, matches, costs=costs) if turn.who.channel == "chat" else told


def _with_others(told: Told, matches: Sequence[Match], *, costs: Costs) -> Told:
    """Where the answer leaves nothing else to choose."""
    opened = told.left_open
    if told.action != "answer" or opened.choices or opened.awaits_a_reply:
        return told
    named = beside_answer([match.confidence for match in matches], costs=costs)
    others = offers([(match.entry, match.confidence) for match in matches[1 : named + 1]])
    return replace(told, left_open=suggest(others, opened))
