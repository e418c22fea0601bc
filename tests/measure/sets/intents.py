"""Sets of labelled questions, as a FAQ without answers: knowledge is k training phrasings an intent, drawn by seed."""

import random
from collections import defaultdict

from knowledge.entry import Entry
from tests.measure.sets.trial import Asked, Trial

Labelled = list[tuple[str, str]]


def shots(train: Labelled, test: Labelled, seed: int, *, each: int | None, away: int = 0) -> list[Trial]:
    """`each` phrasings an intent, all if None. `away` intents (always seed 0's) are taken from the knowledge and leave
    their test questions without an answer."""
    by_intent: dict[str, list[str]] = defaultdict(list)
    for text, intent in train:
        by_intent[intent].append(text)
    chosen = random.Random(seed)
    gone = set(random.Random(0).sample(sorted(by_intent), away))
    entries = []
    for intent in sorted(by_intent):
        texts = by_intent[intent]
        texts = chosen.sample(texts, min(each, len(texts))) if each else texts
        if intent not in gone:
            entries += [Entry(id=f"{intent} {n}", question=text, intent=intent) for n, text in enumerate(texts)]
    return [Trial(entries, [asked(text, "" if intent in gone else intent) for text, intent in test])]


def asked(text: str, intent: str) -> Asked:
    return Asked(text, frozenset([intent] if intent else []))
