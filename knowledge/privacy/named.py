"""Numbers that nothing tells apart but what they are called: "my PIN is 4821", "call me on 5035550142", 卡号……"""

import re
from collections.abc import Iterator

from knowledge.privacy.digits import Run
from knowledge.privacy.kinds import Kind, Span
from knowledge.privacy.labels import Label, label_before
from knowledge.privacy.phones import is_of_a_firm

_NAMED: dict[Label, tuple[Kind, int, int]] = {
    "check": ("secret", 3, 4),
    "code": ("secret", 3, 8),
    "id": ("id", 6, 18),
    "account": ("account", 6, 20),
    "phone": ("phone", 7, 15),
}
"""The kind, and how many digits such a number has."""
_ENDS = re.compile("[。，.,\n]")


def find_named(text: str, rows: list[Run]) -> Iterator[Span]:
    for run in rows:
        label = label_before(text, run.places[0][0])
        if label is None or label == "ours":
            continue
        kind, fewest, most = _NAMED[label]
        count = _first_number(run, text)
        if fewest <= count <= most and not (kind == "phone" and is_of_a_firm(run.digits[:count])):
            yield Span(kind, *run.span(0, count))


def _first_number(run: Run, text: str) -> int:
    """How many digits belong to it; what is written after a comma is another's."""
    if run.is_spoken:
        return len(run.digits)
    for place in range(1, len(run.digits)):
        if run.begins[place] and _ENDS.search(text, run.places[place - 1][1], run.places[place][0]):
            return place
    return len(run.digits)
