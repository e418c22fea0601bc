"""The customers' own questions put to today's knowledge, before anything is switched on: how many would have been
answered, and how many rightly as far as that can be told from what a colleague answered then."""

from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from statistics import fmean, median

import numpy as np

from knowledge.history.agreement import Verdict, likeness, majority, verdict
from knowledge.history.answering import Found
from knowledge.history.sampling import Progress, embed
from knowledge.matching.embeddings import Floats

Embed = Callable[[Sequence[str]], Floats]
NO_INTENT = "(no group)"
_SAME_WORDS = 0.5
"""Share of topics that are labels too from which on the two are one vocabulary."""


@dataclass(frozen=True)
class Judged:
    """One contact that would have been answered, and what speaks for or against the answer."""

    found: Found
    by_answer: Verdict | None
    likeness: float | None
    by_topic: Verdict | None

    @property
    def verdict(self) -> Verdict | None:
        """The colleague's answer decides; the topic only where that says nothing."""
        return self.by_answer or self.by_topic


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
    topics_are_labels: bool
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


def replay(
    found: Sequence[Found], *, of: int, entry_answers: Sequence[str], of_answers: Embed, progress: Progress
) -> Replay:
    """`entry_answers` are all that could be said, `of` is what `found` was sampled from. Blocks."""
    judged = _judge([one for one in found if one.is_answered and one.entry], entry_answers, of_answers, progress)
    labels = {one.found.entry.label for one in judged if one.found.entry}
    topics = [one.found.contact.topic for one in judged if one.found.contact.topic]
    return Replay(
        questions=len(found),
        of=of,
        answered=len(judged),
        composed=sum(one.decision == "model" for one in found),
        judged=tuple(judged),
        topics_are_labels=_are_labels(topics, labels),
        intents=tuple(_intents(found)),
    )


def _judge(
    answered: Sequence[Found], entry_answers: Sequence[str], of_answers: Embed, progress: Progress
) -> list[Judged]:
    with_reply = [one for one in answered if one.contact.answer]
    said = sorted({*entry_answers, *(one.entry.answer for one in with_reply if one.entry)})
    replies = list(dict.fromkeys(one.contact.answer for one in with_reply))
    texts = [*said, *replies]
    vectors = dict(zip(texts, embed(of_answers, texts, "answers", progress), strict=True)) if with_reply else {}
    alike: dict[int, float] = {}
    if with_reply:
        middle = np.stack([vectors[answer] for answer in said])
        ours = np.stack([vectors[one.entry.answer] for one in with_reply if one.entry])
        theirs = np.stack([vectors[one.contact.answer] for one in with_reply])
        alike = dict(zip(map(id, with_reply), likeness(ours, theirs, all_answers=middle).tolist(), strict=True))
    by_topic = _topics(answered)
    return [
        Judged(one, _by_answer(one, alike.get(id(one))), alike.get(id(one)), topic)
        for one, topic in zip(answered, by_topic, strict=True)
    ]


def _by_answer(one: Found, alike: float | None) -> Verdict | None:
    return verdict(one.entry.answer, one.contact.answer, likeness=alike) if one.entry and alike is not None else None


def _topics(answered: Sequence[Found]) -> list[Verdict | None]:
    """By the export's topic: the label itself where topics are labels, else the topic that the label's contacts mostly
    carry, which tells a stray from its fellows but not whether all of them are wrong."""
    carrying = [(one.contact.topic, one.entry.label) for one in answered if one.contact.topic and one.entry]
    topics, labels = [topic for topic, _ in carrying], [label for _, label in carrying]
    same = _are_labels(topics, set(labels))
    usual = majority(topics, labels)
    verdicts = list[Verdict | None]()
    for one in answered:
        label = one.entry.label if one.entry else ""
        expected = label if same else usual.get(label)
        topic = one.contact.topic
        verdicts.append(None if not topic or not expected else "agrees" if topic == expected else "differs")
    return verdicts


def _are_labels(topics: Sequence[str], labels: set[str]) -> bool:
    return bool(topics) and sum(topic in labels for topic in topics) >= _SAME_WORDS * len(topics)


def _intents(found: Sequence[Found]) -> list[IntentLine]:
    together = defaultdict[str, list[Found]](list)
    for one in found:
        answered_by = one.entry.label if one.is_answered and one.entry else None
        together[answered_by or one.contact.intent or NO_INTENT].append(one)
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
