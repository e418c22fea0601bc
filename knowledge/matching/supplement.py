"""Changes of the knowledge between two fits: new and edited labels are compared by nearness alone, in the space and
with the calibration that are there, so that an editor's entry is found at once and a fit may take its time."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from knowledge.entry import Entry
from knowledge.matching.catalogue import Catalogue, Integers, by_label
from knowledge.matching.index import Index
from knowledge.matching.learning import Learnt, texts_of
from knowledge.matching.matcher import Matcher
from knowledge.matching.vectors import Vectors

_MOST_CHANGES = 500
"""Labels; more than this many are no longer embedded in a moment."""


@dataclass(frozen=True)
class Supplement:
    gone: Integers
    """Labels, by number, that were taken away or are now in `matcher`."""
    matcher: Matcher | None
    """The new and the edited; None where there are none."""

    @cached_property
    def gone_set(self) -> frozenset[int]:
        return frozenset(self.gone.tolist())


def supplement(known: Catalogue, learnt: Learnt, wanted: Sequence[Entry], vectors: Vectors) -> Supplement | None:
    """What makes `wanted` of `known`; None where too much has changed."""
    before, now = known.by_label, by_label(wanted)
    changed = [label for label, entries in now.items() if not _same(before.get(label, []), entries)]
    if len(changed) > _MOST_CHANGES:
        return None
    number = {label: at for at, label in enumerate(known.labels)}
    gone = [number[label] for label in (*changed, *(before.keys() - now.keys())) if label in number]
    if len(gone) == len(known.labels):
        return None
    fresh = [entry for label in changed for entry in now[label]]
    return Supplement(np.array(sorted(gone), dtype=np.intp), _matcher(fresh, learnt, vectors) if fresh else None)


def _matcher(entries: list[Entry], learnt: Learnt, vectors: Vectors) -> Matcher:
    catalogue, whole = Catalogue(entries), learnt.matcher
    texts = texts_of(catalogue, vectors, [])
    index = Index(catalogue, whole.space.place_texts(texts.phrasings, texts.answers), like=whole.index)
    return Matcher(index, whole.space, None)


def _same(before: list[Entry], now: list[Entry]) -> bool:
    """Where an entry stands in its source makes no difference to what it answers."""
    return before == now or [entry.content for entry in before] == [entry.content for entry in now]
