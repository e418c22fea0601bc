"""A guide: steps one at a time, each answer leading on. Written as a numbered list whose points have arrows.

1. Is the green light on?
   - yes -> 3
   - no -> 2
2. Hold the button for five seconds. Did it start?
   - yes -> done
   - no -> colleague
3. Pull the plug and put it back.
"""

import re
from dataclasses import dataclass, field
from textwrap import dedent
from typing import Literal

from knowledge.answers.broken import BrokenNotation

Target = int | Literal["done", "colleague"]

_STEP = re.compile(r"^ {0,2}(\d{1,3})(?:[.)](?:\s+|$)|[、．]\s*)(.*)$")
_BRANCH = re.compile(r"^\s*[-*+•–]\s+(.+?)\s*(?:->|→|=>|⇒)\s*(.+?)\s*$")
_NUMBER = re.compile(r"(?:go to |to )?(?:step |步骤|第)?\s*(\d{1,3})\s*步?", re.IGNORECASE)
_WORDS: dict[str, Target] = {
    "done": "done", "finished": "done", "end": "done", "完成": "done", "结束": "done", "好了": "done",
    "colleague": "colleague", "person": "colleague", "human": "colleague", "agent": "colleague", "人工": "colleague",
    "客服": "colleague", "转人工": "colleague", "人工客服": "colleague", "同事": "colleague",
}  # fmt: skip


@dataclass(frozen=True)
class Branch:
    label: str
    target: Target


@dataclass(frozen=True)
class Step:
    number: int
    text: str
    branches: tuple[Branch, ...] = ()
    """None: the customer goes on to the next step as written, or says that it is done."""


@dataclass(frozen=True)
class Guide:
    steps: tuple[Step, ...]
    intro: str = ""

    def step(self, number: int) -> Step | None:
        return next((step for step in self.steps if step.number == number), None)

    def after(self, number: int) -> int | None:
        """The step written below this one."""
        numbers = [step.number for step in self.steps]
        below = numbers[numbers.index(number) + 1 :]
        return below[0] if below else None


def parse_guide(text: str) -> Guide | None:
    """None for an answer that is no guide. Raises BrokenNotation where a customer would get lost in it."""
    intro: list[str] = []
    steps: list[_Draft] = []
    is_guide = False
    for at, line in enumerate(dedent(text.expandtabs(4)).split("\n"), 1):
        if begins := _STEP.match(line):
            steps.append(_Draft(at, int(begins[1]), [begins[2].strip()]))
        elif steps and (leads := _BRANCH.match(line)):
            target = _target(leads[2])
            is_guide = is_guide or target is not None
            steps[-1].branches.append((at, leads[1], leads[2], target))
        else:
            (steps[-1].lines if steps else intro).append(line.strip())
    if not is_guide:
        return None
    guide = Guide(tuple(_step(draft) for draft in steps), "\n".join(intro).strip())
    _check(guide, steps)
    return guide


def write_guide(guide: Guide) -> str:
    """The notation that reads back to the same."""
    lines = [guide.intro] if guide.intro else []
    for step in guide.steps:
        lines.append(f"{step.number}. " + step.text.replace("\n", "\n   "))
        lines += [f"   - {branch.label} -> {branch.target}" for branch in step.branches]
    return "\n".join(lines)


@dataclass
class _Draft:
    at: int
    number: int
    lines: list[str]
    branches: list[tuple[int, str, str, Target | None]] = field(default_factory=list)


def _step(draft: _Draft) -> Step:
    text = "\n".join(draft.lines).strip()
    if not text:
        raise BrokenNotation(draft.at, f"step {draft.number} has no words")
    branches: list[Branch] = []
    for at, label, written, target in draft.branches:
        if target is None:
            raise BrokenNotation(at, f"“{label}” leads to “{written}”, which is no step, done or colleague")
        if label.casefold() in (branch.label.casefold() for branch in branches):
            raise BrokenNotation(at, f"step {draft.number} has “{label}” twice")
        branches.append(Branch(label, target))
    return Step(draft.number, text, tuple(branches))


def _target(written: str) -> Target | None:
    word = written.strip(" .。!！").casefold()
    if found := _NUMBER.fullmatch(word):
        return int(found[1])
    return _WORDS.get(word)


def _check(guide: Guide, drafts: list[_Draft]) -> None:
    """Every branch arrives, every step is reached, and from every step there is a way out."""
    numbers = [step.number for step in guide.steps]
    for draft in drafts:
        if numbers.count(draft.number) > 1 and numbers.index(draft.number) != drafts.index(draft):
            raise BrokenNotation(draft.at, f"there are two steps {draft.number}")
        for at, label, _, target in draft.branches:
            if isinstance(target, int) and target not in numbers:
                raise BrokenNotation(at, f"“{label}” leads to step {target}, which does not exist")
    reached = _reached(guide, guide.steps[0].number)
    for draft in drafts:
        if draft.number not in reached:
            raise BrokenNotation(draft.at, f"no branch leads to step {draft.number}")
        if not any(_has_exit(guide, number) for number in _reached(guide, draft.number)):
            raise BrokenNotation(draft.at, f"from step {draft.number} no way leads to done or to a colleague")


def _has_exit(guide: Guide, number: int) -> bool:
    step = guide.step(number)
    return step is not None and (not step.branches or any(isinstance(way.target, str) for way in step.branches))


def _reached(guide: Guide, start: int) -> set[int]:
    found, waiting = set[int](), [start]
    while waiting:
        number = waiting.pop()
        step = guide.step(number)
        if number in found or step is None:
            continue
        found.add(number)
        waiting += [branch.target for branch in step.branches if isinstance(branch.target, int)]
        if not step.branches and (below := guide.after(number)) is not None:
            waiting.append(below)
    return found
