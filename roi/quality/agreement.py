"""What graders who do not see one another make of one thing, and how far they agree beyond chance. Pure."""

from collections import Counter
from collections.abc import Sequence


def settled(grades: Sequence[str], *, worst_last: Sequence[str]) -> str | None:
    """The middle grade, of two the worse: until a third has looked, a disagreement counts against the answer, since
    the other way an open argument would make the figures better. None while nobody has graded."""
    ranked = sorted(grades, key=worst_last.index)
    return ranked[len(ranked) // 2] if ranked else None


def kappa(pairs: Sequence[tuple[str, str]]) -> float | None:
    """Cohen's, of first and second grade: 1 is full agreement, 0 is chance. None without pairs, and where all grades
    are the same: then chance alone would agree, and nothing is shown.

    Cohen, "A coefficient of agreement for nominal scales", 1960.
    """
    if not pairs:
        return None
    n = len(pairs)
    first, second = Counter(a for a, _ in pairs), Counter(b for _, b in pairs)
    by_chance = sum(first[grade] * second[grade] for grade in first) / n**2
    if by_chance == 1:
        return None
    return (agreed(pairs) / n - by_chance) / (1 - by_chance)


def agreed(pairs: Sequence[tuple[str, str]]) -> int:
    return sum(a == b for a, b in pairs)
