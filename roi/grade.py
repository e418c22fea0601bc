"""How far a figure can be trusted: A official or measured here, B secondary, C trade press or vendor, D assumed."""

from collections.abc import Iterable
from typing import Literal

Grade = Literal["A", "B", "C", "D"]


def worst(grades: Iterable[Grade]) -> Grade:
    """What rests on several figures is as good as the worst of them; nothing to rest on is assumed."""
    return max(grades, default="D")
