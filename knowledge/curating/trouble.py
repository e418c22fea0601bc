"""When many customers ask about one new thing: questions grouped by meaning, and weighed against what is usual. Pure.

A shop has its evergreens that nothing answers; trouble is what is asked far more often than in the days before.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import numpy as np
from scipy.special import pdtrc

from knowledge.matching.embeddings import Floats, unit
from knowledge.reading.faq import normalise

HOUR = timedelta(hours=1)
WITHIN = HOUR
LOOK_BACK = timedelta(days=14)
SHORT_HISTORY = timedelta(days=1)
"""Less than this says nothing about what is usual."""
FEWEST = 5
"""Customers; below this nothing is many."""
SAME = 0.4
"""Cosine to the middle of a group in the retriever's space. Tried on five made-up troubles among 100 questions that
the demo company does not answer: 0.3 mixes in others, 0.5 tears the troubles apart."""
CHANCE = 0.001
TIMES = 2.0
"""A usual rate has its peaks; an alert needs more than chance, and at least this many times the usual."""
EXAMPLES = 5
_LONGEST = 300


@dataclass(frozen=True)
class Asked:
    """One question of a customer."""

    question: str
    at: datetime
    asker: str
    """The customer's key, or the conversation where the customer is not linked."""
    lang: str | None = None
    entry: str | None = None
    """What answered it; None where nothing did, or not surely."""


@dataclass(frozen=True, eq=False)
class Burst:
    """Questions about one thing, and where the last of them lie: one vector each, from the end."""

    asked: tuple[Asked, ...]
    vectors: Floats

    @property
    def middle(self) -> Floats:
        return middle(self.vectors)

    @property
    def askers(self) -> int:
        return askers(self.asked)

    @property
    def lang(self) -> str | None:
        return Counter(one.lang for one in self.asked).most_common(1)[0][0]

    @property
    def entry(self) -> str | None:
        return self.asked[0].entry

    def examples(self) -> list[str]:
        """Different wordings, the one nearest to the middle first."""
        nearest = np.argsort(-(self.vectors @ self.middle), kind="stable").tolist()
        placed = self.asked[-len(self.vectors) :]
        different: dict[str, str] = {}
        for at in nearest:
            different.setdefault(normalise(placed[at].question), placed[at].question[:_LONGEST])
        return list(different.values())[:EXAMPLES]


def askers(asked: Iterable[Asked]) -> int:
    """Each customer counts once, however often one asks."""
    return len({one.asker for one in asked})


def middle(vectors: Floats) -> Floats:
    return unit(vectors.mean(axis=0))


def by_meaning(asked: Sequence[Asked], vectors: Floats) -> list[Burst]:
    """Each question joins the group whose middle is nearest, or leads a new one; the group most asked about first."""
    sums: list[Floats] = []
    groups: list[list[int]] = []
    for number, vector in enumerate(vectors):
        closeness = unit(np.array(sums)) @ vector if sums else np.array([-1.0])
        nearest = int(np.argmax(closeness))
        if closeness[nearest] >= SAME:
            sums[nearest] = sums[nearest] + vector
            groups[nearest].append(number)
        else:
            sums.append(vector)
            groups.append([number])
    return _most_asked_first(Burst(tuple(asked[at] for at in group), vectors[group]) for group in groups)


def by_entry(asked: Iterable[Asked]) -> dict[str, list[Asked]]:
    """What one entry answered surely."""
    groups: dict[str, list[Asked]] = {}
    for one in asked:
        if one.entry is not None:
            groups.setdefault(one.entry, []).append(one)
    return groups


def is_sudden(
    asked: Sequence[Asked], earlier: Sequence[Asked], *, since: datetime, now: datetime, watched: int = 1
) -> bool:
    """`earlier` is the same asked before this hour, known as far back as `since`; `watched` how many things are looked
    at together, since among a hundred one in a thousand is not rare. Without a day of history the fewest are enough
    where nothing answers, and nothing is too many where an entry does."""
    count = askers(asked)
    if count < FEWEST:
        return False
    if now - WITHIN - since < SHORT_HISTORY:
        return asked[0].entry is None
    usual = usual_rate(earlier, since=since, now=now)
    return count >= TIMES * usual and float(pdtrc(count - 1, usual)) < CHANCE / max(1, watched)


def usual_rate(earlier: Sequence[Asked], *, since: datetime, now: datetime) -> float:
    """Customers an hour: on average, or at this time of day where that is more. One more than were counted, since what
    was never asked is not thereby impossible."""
    counted = {(one.asker, (now - one.at) // HOUR): one.at for one in earlier}.values()
    at_this_time = [at for at in counted if (now - at) % timedelta(days=1) < WITHIN]
    days = max(1, (now - WITHIN - since) // timedelta(days=1))
    return max((len(counted) + 1) / ((now - WITHIN - since) / HOUR), len(at_this_time) / days)


def _most_asked_first(bursts: Iterable[Burst]) -> list[Burst]:
    return sorted(bursts, key=lambda burst: burst.askers, reverse=True)
