"""An answer that depends: parts for values of a condition, and what is said to everybody else.

Delivery takes 2 weeks.
[country?] Which country do you live in?
[country: Germany = DE, Austria] Delivery takes 3 days.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass

from knowledge.answers.broken import BrokenNotation

_PART = re.compile(r"^[ \t]*\[([^\W\d_][\w -]{0,29}?)[ \t]*[:：]([^\]\n]*)\](?!\()[ \t]*(.*)$")
_QUESTION = re.compile(r"^[ \t]*\[([^\W\d_][\w -]{0,29}?)[ \t]*[?？]\](?!\()[ \t]*(.*)$")
_REMARK = re.compile(
    r"note|notes|nb|tip|tips|hint|warning|caution|important|attention|update|edit|source|example|ps|faq|see also"
    r"|.*(?:注|注意|备注|提示|说明|重要|警告|更新|来源|例如|示例)",
    re.IGNORECASE,
)
"""People write "[Note: …]" in answers and mean no condition."""


@dataclass(frozen=True)
class Value:
    """`name` is offered as a choice, `others` are understood as well."""

    name: str
    others: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        return (self.name, *self.others)

    def is_called(self, name: str) -> bool:
        return name.strip().casefold() in (known.casefold() for known in self.names)


@dataclass(frozen=True)
class Part:
    condition: str
    values: tuple[Value, ...]
    text: str


@dataclass(frozen=True)
class Conditional:
    parts: tuple[Part, ...]
    general: str = ""
    """For everybody else; empty where nobody else can be answered."""
    questions: tuple[tuple[str, str], ...] = ()
    """The words to ask for a condition with."""

    def question(self, condition: str) -> str:
        return dict(self.questions).get(condition, "")

    def values(self, condition: str) -> tuple[Value, ...]:
        found = (value for part in self.parts if part.condition == condition for value in part.values)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class Missing:
    """The answer hangs on a condition whose value nobody has said yet."""

    condition: str


def choose(conditional: Conditional, known: Mapping[str, str]) -> str | Missing:
    """The first part that holds, else the general text, which may be empty. Parts are weighed in their order."""
    for part in conditional.parts:
        said = known.get(part.condition)
        if said is None:
            return Missing(part.condition)
        if any(value.is_called(said) for value in part.values):
            return part.text
    return conditional.general


def parse_conditional(text: str) -> Conditional | None:
    """None for an answer without conditions. Raises BrokenNotation."""
    general: list[str] = []
    questions: dict[str, str] = {}
    parts: list[tuple[int, str, tuple[Value, ...], list[str]]] = []
    asked_at: dict[str, int] = {}
    for number, line in enumerate(text.split("\n"), 1):
        if (asks := _QUESTION.match(line)) and not _REMARK.fullmatch(asks[1]):
            questions[_folded(asks[1])] = asks[2].strip()
            asked_at[_folded(asks[1])] = number
        elif (begins := _PART.match(line)) and not _REMARK.fullmatch(begins[1]):
            parts.append((number, _folded(begins[1]), _values(begins[2], number), [begins[3]]))
        else:
            (parts[-1][3] if parts else general).append(line)
    if not parts:
        if asked_at:
            condition, line_number = next(iter(asked_at.items()))
            raise BrokenNotation(line_number, f"asks for “{condition}”, on which no part depends")
        return None
    _check(parts, asked_at)
    return Conditional(
        parts=tuple(Part(name, values, "\n".join(lines).strip()) for _, name, values, lines in parts),
        general="\n".join(general).strip(),
        questions=tuple(questions.items()),
    )


def write_conditional(conditional: Conditional) -> str:
    """The notation that reads back to the same."""
    asked = [f"[{condition}?] {words}" for condition, words in conditional.questions]
    parts = [
        f"[{part.condition}: {', '.join(' = '.join(value.names) for value in part.values)}] {part.text}"
        for part in conditional.parts
    ]
    return "\n".join([*([conditional.general] if conditional.general else []), *asked, *parts])


def _check(parts: list[tuple[int, str, tuple[Value, ...], list[str]]], asked_at: dict[str, int]) -> None:
    seen: set[tuple[str, str]] = set()
    for number, condition, values, lines in parts:
        if not values:
            raise BrokenNotation(number, f"[{condition}: …] names no value")
        if not "\n".join(lines).strip():
            raise BrokenNotation(number, f"[{condition}: {values[0].name}] has no text")
        for name in (name for value in values for name in value.names):
            if (condition, name.casefold()) in seen:
                raise BrokenNotation(number, f"“{name}” is answered twice")
            seen.add((condition, name.casefold()))
    for condition, number in asked_at.items():
        if condition not in {name for _, name, _, _ in parts}:
            raise BrokenNotation(number, f"asks for “{condition}”, on which no part depends")


def _values(listed: str, number: int) -> tuple[Value, ...]:
    values = []
    for value in re.split(r"[,，、;；|]", listed):
        names = [name.strip() for name in re.split(r"[=＝]", value)]
        if not any(names):
            continue
        if not all(names):
            raise BrokenNotation(number, f"“{value.strip()}” lacks a name beside its =")
        values.append(Value(names[0], tuple(dict.fromkeys(names[1:]))))
    return tuple(values)


def _folded(condition: str) -> str:
    return " ".join(condition.casefold().split())
