"""Where two answers commit the company to different things: other figures, or one denies what the other says."""

import re
from decimal import Decimal

from knowledge.facts.claim import Kind
from knowledge.facts.figures import figures
from knowledge.facts.polarity import denies, leaning

_COMPARED: tuple[Kind, ...] = ("money", "percent", "time", "date", "weekday", "duration")
_SENTENCE = re.compile(r"(?<=[.!?])\s+|(?<=[。！？；;])|\n+")
_TOKEN = re.compile(r"[a-z][a-z'’]*|\d[\d.,]*|[\u4e00-\u9fff]")
_SMALL = frozenset(
    "a an the and or of to in on at by for from with as is are was be been it its this that you your we our they do "
    "does did can could will would may not no never cannot without don't doesn't can't won't isn't aren't".split()
) | frozenset("的了是在和与您你我们也都请可以能不没无未勿非")
_ALIKE = 0.6
"""Share of the words two sentences have in common, from which on they are about the same thing."""


def differing(one: str, other: str) -> list[tuple[str, str]]:
    """Figures of one kind in which two answers differ, as written. Where one only says more, that is no difference."""
    ours, theirs = _ends(one), _ends(other)
    found = []
    for group in dict.fromkeys(group for group, _ in sorted({*ours, *theirs}, key=_rank)):
        only_ours = sorted(text for key, text in ours.items() if key[0] == group and key not in theirs)
        only_theirs = sorted(text for key, text in theirs.items() if key[0] == group and key not in ours)
        if only_ours and only_theirs:
            found.append((", ".join(dict.fromkeys(only_ours)), ", ".join(dict.fromkeys(only_theirs))))
    return found


def _rank(key: tuple[tuple[str, str], str]) -> tuple[int, str]:
    (kind, unit), _ = key
    return list(_COMPARED).index(kind), unit  # type: ignore[arg-type]


_MINUTES_A_DAY = 1440


def _ends(text: str) -> dict[tuple[tuple[str, str], str], str]:
    """Each figure, a range as its two ends, by kind, unit and value; business days are compared with days, hours with
    both, and one currency with another."""
    found: dict[tuple[tuple[str, str], str], str] = {}
    for claim in figures(text):
        if claim.kind in _COMPARED:
            unit = "" if claim.kind == "money" else claim.unit.removeprefix("business ")
            is_days = unit == "days"
            for value in (claim.low, claim.value):
                if value is not None:
                    shown = _shown(value, times=_MINUTES_A_DAY if is_days else 1)
                    currency = claim.unit if claim.kind == "money" else ""
                    key = (claim.kind, "minutes" if is_days else unit)
                    found.setdefault((key, f"{shown}{currency}"), claim.text)
    return found


def _shown(value: Decimal | str, *, times: int) -> str:
    return value if isinstance(value, str) else f"{(value * times).normalize():f}"


def opposed(one: str, other: str) -> tuple[str, str] | None:
    """Two sentences of which one denies what the other says, or a yes against a no; None where there are none."""
    if verdicts := opposite_verdicts(one, other):
        return verdicts
    for said in _sentences(one):
        for answered in _sentences(other):
            if denies(said) != denies(answered) and _is_alike(said, answered):
                return said, answered
    return None


def opposite_verdicts(one: str, other: str) -> tuple[str, str] | None:
    """The first sentences where one answer begins with a yes and the other with a no, in whichever language."""
    ours, theirs = _sentences(one)[:1], _sentences(other)[:1]
    if ours and theirs and leaning(ours[0]) * leaning(theirs[0]) < 0:
        return ours[0], theirs[0]
    return None


def _sentences(text: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE.split(text) if sentence and sentence.strip()]


def _is_alike(one: str, other: str) -> bool:
    ours, theirs = _words(one), _words(other)
    return len(ours & theirs) >= 2 and len(ours & theirs) >= _ALIKE * len(ours | theirs)


def _words(sentence: str) -> set[str]:
    return {word for word in _TOKEN.findall(sentence.lower()) if word not in _SMALL}
