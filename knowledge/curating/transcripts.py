"""A conversation as somebody pasted it: lines with who spoke, in English or Chinese, with or without times."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from knowledge.curating.replies import asks_something, substance
from knowledge.problem import UnreadableDocument

Speaker = Literal["customer", "agent"]
_CUSTOMER = "customer|client|caller|visitor|guest|buyer|user|顾客|客户|用户|买家|访客|来电者|咨询者"
_AGENT = (
    "agent|colleague|support|advisor|adviser|representative|rep|operator|staff|service|assistant|employee|"
    "人工客服|在线客服|客服人员|客服|坐席|座席|店家|卖家|商家|顾问|专员|店员"
)
_TIME = r"(?:\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?[ T,]*)?\d{1,2}:\d{2}(?::\d{2})?(?:\.\d+)?Z?(?: ?[AaPp]\.?[Mm]\.?)?"
_SPEAKER = rf"(?P<role>{_CUSTOMER}|{_AGENT})(?P<name>[ _-]?[\w.'’ \u4e00-\u9fff-]{{0,24}}?|\s*[(（][^)）]{{1,40}}[)）])"
_LINE = re.compile(
    rf"^\W{{0,3}}(?:[\[(（]?{_TIME}[\])）]?[\s,|-]*)?[\[【*]*{_SPEAKER}[\]】*]*\s*(?:[\[(（]?{_TIME}[\])）]?)?\s*"
    r"[:：][*]*\s*(?P<text>.*)$",
    re.IGNORECASE,
)
_HEADER = re.compile(rf"^\W{{0,3}}{_SPEAKER}\s+[\[(（]?{_TIME}[\])）]?\s*$", re.IGNORECASE)
"""The name and the time on a line of their own, what was said below, as chat programs copy it."""
_BETWEEN = re.compile(r"^\s*(?:[-=_*#~]\s*){3,}$")


@dataclass(frozen=True)
class Spoken:
    speaker: Speaker
    text: str
    name: str | None = None


@dataclass(frozen=True)
class Exchange:
    """A question and what a colleague said to it."""

    question: str
    answer: str


def read_transcript(text: str, *, name: str = "the transcript") -> list[list[Spoken]]:
    """The conversations in it, which a line of dashes keeps apart. Raises UnreadableDocument where nobody speaks, or
    only one side does."""
    conversations: list[list[Spoken]] = [[]]
    for line in text.replace("\r\n", "\n").replace("\r", "\n").split("\n"):
        if _BETWEEN.match(line):
            conversations.append([])
        elif found := _HEADER.match(line) or _LINE.match(line):
            conversations[-1].append(_spoken(found))
        elif line.strip() and conversations[-1]:
            last = conversations[-1].pop()
            conversations[-1].append(Spoken(last.speaker, f"{last.text}\n{line.strip()}".strip(), last.name))
    conversations = [conversation for conversation in conversations if conversation]
    speakers = {spoken.speaker for conversation in conversations for spoken in conversation}
    if not speakers:
        raise UnreadableDocument(f"{name} has no line that begins with who speaks, such as Customer: or 客户：.")
    if len(speakers) == 1:
        missing = "Agent: or 客服：" if "customer" in speakers else "Customer: or 客户："
        raise UnreadableDocument(f"{name} has one speaker only; no line begins with {missing}.")
    return conversations


def exchanges(conversation: Sequence[Spoken]) -> list[Exchange]:
    """What was asked and answered in one conversation. A question waits for its answer through "one moment, please"."""
    found: list[Exchange] = []
    asked: list[str] = []
    for speaker, spoken in _in_turns(conversation):
        if speaker == "customer":
            asked += [said.text for said in spoken if asks_something(said.text)]
        elif asked:
            answer = "\n".join(part for said in spoken if (part := substance([said.text], colleague=said.name)))
            if answer:
                found.append(Exchange(" ".join(" ".join(asked).split()), answer))
                asked = []
    return found


def _in_turns(conversation: Sequence[Spoken]) -> list[tuple[Speaker, list[Spoken]]]:
    turns: list[tuple[Speaker, list[Spoken]]] = []
    for spoken in conversation:
        if not turns or turns[-1][0] != spoken.speaker:
            turns.append((spoken.speaker, []))
        turns[-1][1].append(spoken)
    return turns


def _spoken(found: re.Match[str]) -> Spoken:
    speaker: Speaker = "customer" if re.fullmatch(_CUSTOMER, found["role"], re.IGNORECASE) else "agent"
    return Spoken(speaker, (found.groupdict().get("text") or "").strip(), found["name"].strip(" _-()（）") or None)
