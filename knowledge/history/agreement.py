"""Whether an entry's answer says what the colleague said back then. Nobody is there to ask, so it is judged by
likeness: the meaning of the two answers, and the figures in them. What is in between is left unjudged, and counted."""

from collections.abc import Sequence
from typing import Literal

import numpy as np

from knowledge.facts.figures import plain_numbers
from knowledge.matching.embeddings import Floats, unit

Verdict = Literal["agrees", "differs"]

SAME = 0.45
"""Cosine of the two answers, centred on the entries' answers, from which on they say the same."""
OTHER = 0.25
"""Below it they speak of different things."""
_SHORTEST = 3


def likeness(answers: Floats, replies: Floats, *, all_answers: Floats) -> Floats:
    """Of each entry's answer with the reply in the same row."""
    middle = all_answers.mean(axis=0) if len(all_answers) > 1 else np.zeros(all_answers.shape[-1], dtype=np.float32)
    rows: Floats = (unit(answers - middle) * unit(replies - middle)).sum(axis=1)
    return rows


def verdict(answer: str, reply: str, *, likeness: float) -> Verdict | None:
    """None where it cannot be told."""
    if len(reply.split()) < _SHORTEST and reply.isascii():
        return None
    said, meant = plain_numbers(reply), plain_numbers(answer)
    if said and meant and not said & meant:
        return "differs"
    if likeness >= SAME or (likeness >= OTHER and said and said <= meant):
        return "agrees"
    return "differs" if likeness < OTHER else None


def majority(topics: Sequence[str], labels: Sequence[str]) -> dict[str, str]:
    """The topic that most of a label's contacts carry, where there are enough to tell."""
    seen: dict[str, dict[str, int]] = {}
    for topic, label in zip(topics, labels, strict=True):
        seen.setdefault(label, {}).setdefault(topic, 0)
        seen[label][topic] += 1
    return {
        label: max(counts, key=lambda topic: counts[topic])
        for label, counts in seen.items()
        if sum(counts.values()) >= _SHORTEST
    }
