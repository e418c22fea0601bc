"""When a person takes over, and why: one vocabulary for chat, phone, desk, report and API. Pure."""

from collections.abc import Collection, Iterable, Sequence
from enum import StrEnum
from typing import Protocol


class Category(StrEnum):
    """Why a conversation went to a person; kept with the visit to the desk and with the conversation."""

    REQUEST = "request"
    LOW_CONFIDENCE = "low_confidence"
    REPEATED_MISSES = "repeated_misses"
    ANGER = "anger"
    POLICY = "policy"
    TOOL_FAILURE = "tool_failure"
    EXPERIMENT = "experiment"
    """Drawn to meet a person first."""


ANGER, ANGRY_MISS, GRAVE, MISSES, POLICY = "anger", "angry_miss", "grave", "repeated_misses", "policy"
REPEATED = "repeated"
"""Reasons that arise here; REPEATED is a miss although it was answered."""
HANDED_OVER = (ANGER, ANGRY_MISS, GRAVE, MISSES, POLICY, "not_identified", "form_failed")
"""A turn that went to a person of itself: "yes" after it wants that one."""
MISS_REASONS = ("unknown", "none_meant", "model_silent", "other_language", REPEATED)
PERSON_TAGS = frozenset({"person", "handoff", "人工"})
"""Entries with one of these tags always go to a person, whatever the settings say."""
_CATEGORIES = {
    "asked_for_person": Category.REQUEST,
    "accepted_offer": Category.LOW_CONFIDENCE,
    "unknown": Category.LOW_CONFIDENCE,
    "none_meant": Category.LOW_CONFIDENCE,
    "model_silent": Category.LOW_CONFIDENCE,
    "other_language": Category.LOW_CONFIDENCE,
    "below_threshold": Category.LOW_CONFIDENCE,
    MISSES: Category.REPEATED_MISSES,
    REPEATED: Category.REPEATED_MISSES,
    ANGER: Category.ANGER,
    ANGRY_MISS: Category.ANGER,
    GRAVE: Category.POLICY,
    POLICY: Category.POLICY,
    "guide": Category.POLICY,
    "technical": Category.TOOL_FAILURE,
    "experiment": Category.EXPERIMENT,
}


class Tagged(Protocol):
    """As much of an entry as decides whether a person must answer it."""

    @property
    def tags(self) -> tuple[str, ...]: ...
    @property
    def intent(self) -> str | None: ...
    @property
    def id(self) -> str: ...


def category_of(reason: str) -> Category:
    """A reason nobody has filed counts as a failure of ours if it names a tool, else as not knowing."""
    if reason in _CATEGORIES:
        return _CATEGORIES[reason]
    return Category.TOOL_FAILURE if "tool" in reason or "fail" in reason else Category.LOW_CONFIDENCE


def is_for_a_person(entry: Tagged, topics: Collection[str]) -> bool:
    """By the editor's tag, or by the company's list of tags, intents and entries."""
    own = {entry.id.casefold(), (entry.intent or "").casefold(), *(tag.casefold() for tag in entry.tags)}
    return bool(own & (PERSON_TAGS | set(topics)))


def topics_of(setting: str) -> frozenset[str]:
    return frozenset(topic.strip().casefold() for topic in setting.replace("，", ",").split(",") if topic.strip())


def reason_to_hand_over(
    reason: str,
    mood: str | None,
    *,
    asks: bool = True,
    reasons_before: Sequence[str | None],
    moods_before: Iterable[str | None],
) -> str | None:
    """After this turn's decision: the reason, or None to go on. What was before comes oldest first.

    `asks`: there is a question in it that could be answered; who is merely angry wants to be heard.
    Anger counts within the few turns that the agent looks back; a hand-over in between begins the count anew.
    """
    is_miss = reason in MISS_REASONS
    if mood == "angry" and is_miss:
        return ANGRY_MISS
    if mood == "angry" and not asks:
        return ANGER
    if mood == "angry" and "angry" in set(moods_before):
        return ANGER
    if is_miss and reasons_before and reasons_before[-1] in MISS_REASONS:
        return MISSES
    return None
