"""The router's sums in a plain sentence: why an entry is answered or not, and which two are hard to tell apart."""

from collections.abc import Sequence
from typing import Literal

from agent.asking import are_close
from agent.costs import Costs, threshold
from agent.router import route
from knowledge.matching.retriever import Match

Lang = Literal["en", "zh"]
_SENTENCES = {
    "answered": {
        "en": "answered: {p} is not below {least}, from which an answer costs less than a colleague",
        "zh": "回答：{p} 不低于 {least}，从这个值起，回答的成本低于转人工",
    },
    "below": {
        "en": "not answered: {p} is below {least}, from which an answer costs less than a colleague",
        "zh": "不回答：{p} 低于 {least}，达到这个值，回答的成本才低于转人工",
    },
    "composed": {
        "en": "not answered by itself: a model composes the answer, expected to cost {model} instead of {alone}",
        "zh": "不单独回答：由模型组织答案，预期成本 {model}，单独回答为 {alone}",
    },
    "behind": {"en": "not answered: {p} is behind {best}", "zh": "不回答：{p} 排在 {best} 之后"},
    "tool": {"en": "a tool is run for it, when it comes first", "zh": "排在首位时由工具办理"},
    "silent": {"en": "not answered: the entry has no answer", "zh": "不回答：该条目没有答案"},
    "asked": {
        "en": "asked back ({count} to choose from): the question is expected to cost {ask} instead of {alone}",
        "zh": "反问（{count} 个选项）：预期成本为 {ask}，直接回答为 {alone}",
    },
    "close": {
        "en": "two entries are close: {first} ({p}) and {second} ({best}); asking back tells them apart",
        "zh": "两个条目相近：{first}({p})和 {second}({best})，反问一句即可区分",
    },
}


_UNWEIGHED = (
    (("asked_for_person", "accepted_offer"), "the customer wants a person"),
    (("empty", "not_heard"), "there was no word in it"),
    (("other_language",), "it is in a language that is not answered"),
    (("form", "confirm", "not_", "tool_", "done_"), "a form is being filled in or its tool has run"),
    (("guide", "condition_named", "clarified", "none_meant", "unclear"), "it replies to what was asked before"),
    (("call_back", "message_left"), "a call-back is being arranged"),
)


def unweighed(reason: str) -> str:
    """Why a turn was decided before anything was looked up, in one line for the command line."""
    found = (why for beginnings, why in _UNWEIGHED if reason.startswith(beginnings))
    return next(found, "a courtesy or small talk needs no knowledge")


def reasons(matches: Sequence[Match], *, costs: Costs, lang: Lang) -> list[str]:
    """One sentence for each of `matches`, best first, from the sums the agent decides by."""
    able = [match for match in matches if match.entry.answer]
    return [_reason(match, able, costs=costs, lang=lang) for match in matches]


def close_entries(matches: Sequence[Match], *, costs: Costs) -> tuple[Match, Match] | None:
    """The first two, where either may be meant, and telling them apart is worth a question."""
    able = [match for match in matches if match.entry.answer][:2]
    if len(able) < 2:
        return None
    choice = route([match.confidence for match in able], costs=costs)
    is_close = are_close([match.confidence for match in able], costs=costs)
    return (able[0], able[1]) if is_close and choice.action == "clarify" else None


def close_reason(pair: tuple[Match, Match], *, lang: Lang) -> str:
    first, second = pair
    figures = {"p": f"{first.confidence:.2f}", "best": f"{second.confidence:.2f}"}
    return _SENTENCES["close"][lang].format(first=first.entry.id, second=second.entry.id, **figures)


def _reason(match: Match, able: Sequence[Match], *, costs: Costs, lang: Lang) -> str:
    if match.entry.kind == "tool":
        return _SENTENCES["tool"][lang]
    if not match.entry.answer:
        return _SENTENCES["silent"][lang]
    if match is not able[0]:
        p, best = _told(match.confidence, able[0].confidence)
        return _SENTENCES["behind"][lang].format(p=p, best=best)
    choice = route([found.confidence for found in able], costs=costs)
    if choice.action == "model":
        alone, model = choice.candidates[0].expected_cost, choice.chosen.expected_cost
        return _SENTENCES["composed"][lang].format(model=f"{model:.2f}", alone=f"{alone:.2f}")
    if choice.action == "clarify":
        alone, ask = choice.candidates[0].expected_cost, choice.chosen.expected_cost
        return _SENTENCES["asked"][lang].format(count=choice.offered, ask=f"{ask:.2f}", alone=f"{alone:.2f}")
    p, least = _told(match.confidence, max(0.0, threshold(costs)))
    return _SENTENCES["answered" if choice.action == "answer" else "below"][lang].format(p=p, least=least)


def _told(first: float, second: float) -> tuple[str, str]:
    """Two decimals, or as many as it takes to see a difference."""
    for decimals in (2, 4):
        told = f"{first:.{decimals}f}", f"{second:.{decimals}f}"
        if told[0] != told[1]:
            break
    return told
