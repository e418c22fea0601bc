"""The customers' own questions put to today's knowledge, before anything is switched on: how many would have been
answered, and how many rightly as far as that can be told from what a colleague answered then."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from knowledge.history.agreement import Verdict, likeness, majority, verdict
from knowledge.history.answering import Found
from knowledge.history.sampling import Embed, Progress, embed

NO_INTENT = "(nobody else asked)"
_SAME_WORDS = 0.5
"""Share of topics that are labels too from which on the two are one vocabulary."""


@dataclass(frozen=True)
class Judged:
    """One contact that would have been answered, and what speaks for or against the answer."""

    found: Found
    by_answer: Verdict | None
    likeness: float | None
    by_topic: Verdict | None
    topics_are_labels: bool

    @property
    def verdict(self) -> Verdict | None:
        """The colleague's answer decides. Where it says nothing, a topic does that is a label itself; one that merely
        is usual for a label can speak against an answer, not for it: all its fellows may be wrong together."""
        if self.by_answer or self.topics_are_labels or self.by_topic == "differs":
            return self.by_answer or self.by_topic
        return None


@dataclass(frozen=True)
class IntentLine:
    """One intent: an entry's label, or the label of a group that the knowledge lacks."""

    intent: str
    contacts: int
    answered: int
    handling: tuple[float, ...]
    """Measured seconds, of those contacts that have them."""
    by_channel: dict[str, tuple[int, tuple[float, ...]]]
    """Contacts and measured seconds by channel."""

    @property
    def mean_seconds(self) -> float | None:
        return fmean(self.handling) if self.handling else None

    @property
    def median_seconds(self) -> float | None:
        return median(self.handling) if self.handling else None


@dataclass(frozen=True)
class Replay:
    questions: int
    """Of the sample."""
    of: int
    """Contacts with a question in all."""
    answered: int
    composed: int
    """Left to the model, which is not called here."""
    judged: tuple[Judged, ...]
    """Those answered."""
    intents: tuple[IntentLine, ...]

    @property
    def right(self) -> int:
        return sum(one.verdict == "agrees" for one in self.judged)

    @property
    def wrong(self) -> int:
        return sum(one.verdict == "differs" for one in self.judged)

    @property
    def unjudged(self) -> int:
        return len(self.judged) - self.right - self.wrong

    def disagreements(self, most: int) -> list[Judged]:
        """The least alike first."""
        differing = [one for one in self.judged if one.verdict == "differs"]
        return sorted(differing, key=lambda one: one.likeness if one.likeness is not None else 1.0)[:most]


def judge(
    found: Sequence[Found], *, entry_answers: Sequence[str], of_answers: Embed, progress: Progress
) -> list[Judged]:
    """Those that would have been answered; `entry_answers` are all that could be said. Blocks."""
    answered = [one for one in found if one.is_answered and one.entry]
    with_reply = [one for one in answered if one.contact.answer]
    alike: dict[int, float] = {}
    if with_reply:
        said = sorted({*entry_answers, *(one.entry.answer for one in with_reply if one.entry)})
        texts = [*said, *dict.fromkeys(one.contact.answer for one in with_reply)]
        vectors = dict(zip(texts, embed(of_answers, texts, "answers", progress), strict=True))
        ours = np.stack([vectors[one.entry.answer] for one in with_reply if one.entry])
        theirs = np.stack([vectors[one.contact.answer] for one in with_reply])
        every = np.stack([vectors[answer] for answer in said])
        alike = dict(zip(map(id, with_reply), likeness(ours, theirs, all_answers=every).tolist(), strict=True))
    by_topic, are_labels = _topics(answered)
    return [
        Judged(one, _by_answer(one, alike.get(id(one))), alike.get(id(one)), topic, are_labels)
        for one, topic in zip(answered, by_topic, strict=True)
    ]


def replay(found: Sequence[Found], judged: Sequence[Judged], *, of: int) -> Replay:
    """`of` is how many contacts with a question `found` was sampled from."""
    return Replay(
        questions=len(found),
        of=of,
        answered=len(judged),
        composed=sum(one.decision == "model" for one in found),
        judged=tuple(judged),
        intents=tuple(_intents(found, judged)),
    )


def _by_answer(one: Found, alike: float | None) -> Verdict | None:
    return verdict(one.entry.answer, one.contact.answer, likeness=alike) if one.entry and alike is not None else None


def _topics(answered: Sequence[Found]) -> tuple[list[Verdict | None], bool]:
    """By the export's topic: the label itself where topics are labels, else the topic that the label's contacts mostly
    carry."""
    carrying = [(one.contact.topic, one.entry.label) for one in answered if one.contact.topic and one.entry]
    topics, labels = [topic for topic, _ in carrying], [label for _, label in carrying]
    are_labels = _are_labels(topics, set(labels))
    usual = majority(topics, labels)
    verdicts = list[Verdict | None]()
    for one in answered:
        label = one.entry.label if one.entry else ""
        expected = label if are_labels else usual.get(label)
        topic = one.contact.topic
        verdicts.append(None if not topic or not expected else "agrees" if topic == expected else "differs")
    return verdicts, are_labels


def _are_labels(topics: Sequence[str], labels: set[str]) -> bool:
    return bool(topics) and sum(topic in labels for topic in topics) >= _SAME_WORDS * len(topics)


def _intents(found: Sequence[Found], judged: Sequence[Judged]) -> list[IntentLine]:
    """By the entry that answers, unless the colleague said something else; then, and for the rest, by the group."""
    strangers = {one.found.contact.id for one in judged if one.by_answer == "differs"}
    together = defaultdict[str, list[Found]](list)
    for one in found:
        is_known = one.is_answered and one.contact.id not in strangers
        together[(one.entry.label if is_known and one.entry else one.contact.intent) or NO_INTENT].append(one)
    lines = [_line(intent, members) for intent, members in together.items()]
    return sorted(lines, key=lambda line: (-line.contacts, line.intent))


def _line(intent: str, members: Sequence[Found]) -> IntentLine:
    channels = defaultdict[str, list[Found]](list)
    for one in members:
        channels[one.contact.channel].append(one)
    return IntentLine(
        intent=intent,
        contacts=len(members),
        answered=sum(one.is_answered for one in members),
        handling=_measured(members),
        by_channel={channel: (len(some), _measured(some)) for channel, some in sorted(channels.items())},
    )


def _measured(members: Sequence[Found]) -> tuple[float, ...]:
    return tuple(one.contact.handling_seconds for one in members if one.contact.handling_seconds is not None)
