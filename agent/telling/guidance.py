"""Leads through a guide, one step a turn: a reply and where the customer is decide what comes next. Pure."""

from dataclasses import dataclass
from typing import Literal

from agent.telling.lead_words import lead_word
from agent.telling.left_open import Walk
from agent.understanding.replies import Wish, answers_yes, bare, choice_of, echoes, wish
from knowledge.answers.guide import Guide, Step, Target
from knowledge.answers.sides import for_ear

_ASKED_CHARACTERS = 160


@dataclass(frozen=True)
class Moved:
    """The walk goes on at its step."""

    walk: Walk


@dataclass(frozen=True)
class Ended:
    """done: solved. stopped: the customer wants no more. colleague: a person goes on, with the trail."""

    how: Literal["done", "stopped", "colleague"]
    walk: Walk


Move = Moved | Ended


def choices_at(guide: Guide, step: Step, *, lang: str) -> tuple[str, ...]:
    """The branches as written; without any, the way on."""
    return tuple(label for label, _ in _ways(guide, step, lang=lang))


def move(reply: str, guide: Guide, walk: Walk, *, is_offered: bool = False) -> Move | None:
    """None where the reply is not about the guide. `is_offered`: we have just asked whether to take it up again."""
    step = guide.step(walk.step)
    if step is None:
        return None
    wanted = wish(reply)
    if walk.is_paused:
        return _resumed(reply, walk, is_offered=is_offered, wanted=wanted)
    ways = _ways(guide, step, lang=walk.lang)
    if wanted == "did" and not step.branches and bare(reply) not in [bare(label) for label, _ in ways]:
        return _follow(guide.after(step.number) or "done", walk, step, said=reply)
    if (at := choice_of(reply, [label for label, _ in ways])) is not None:
        label, target = ways[at]
        return _follow(target, walk, step, said=label)
    if wanted is None and step.branches and (echo := echoes(reply, for_ear(step.text))) is not None:
        for label, target in ways:
            if answers_yes(label) is echo:
                return _follow(target, walk, step, said=reply)
    match wanted:
        case "next" if not step.branches:
            return _follow(guide.after(step.number) or "done", walk, step, said=reply)
        case "back":
            return Moved(_back(walk))
        case "repeat" | "go_on" | "did":
            return Moved(walk)
        case "stop":
            return Ended("stopped", walk)
        case "done":
            return _follow("done", walk, step, said=reply)
        case "not_helped":
            return _follow(_when_in_vain(guide, step), walk, step, said=reply)
        case _:
            return None


def _resumed(reply: str, walk: Walk, *, is_offered: bool, wanted: Wish | None) -> Move | None:
    """A guide put aside is taken up by "continue" at any time, by a yes only right after the offer."""
    says_yes = answers_yes(reply) if is_offered else None
    if wanted == "go_on" or says_yes:
        return Moved(Walk(walk.entry, walk.lang, walk.step, walk.trail, walk.confidence))
    if is_offered and (wanted == "stop" or says_yes is False):
        return Ended("stopped", walk)
    return None


def _ways(guide: Guide, step: Step, *, lang: str) -> list[tuple[str, Target]]:
    """Each choice with where it leads."""
    if step.branches:
        return [(branch.label, branch.target) for branch in step.branches]
    done: tuple[str, Target] = (lead_word("done", lang=lang), "done")
    below = guide.after(step.number)
    if below is None:
        return [done, (lead_word("not_helped", lang=lang), "colleague")]
    return [(lead_word("next", lang=lang), below), done]


def _follow(target: Target, walk: Walk, step: Step, *, said: str) -> Move:
    asked = for_ear(step.text)[:_ASKED_CHARACTERS]
    match target:
        case "done" | "colleague":
            return Ended(target, walk.to(walk.step, asked=asked, said=said[:_ASKED_CHARACTERS]))
        case _:
            return Moved(walk.to(target, asked=asked, said=said[:_ASKED_CHARACTERS]))


def _back(walk: Walk) -> Walk:
    """From the first step there is no way back: it is said again."""
    if not walk.trail:
        return walk
    return Walk(walk.entry, walk.lang, walk.trail[-1].step, walk.trail[:-1], walk.confidence)


def _when_in_vain(guide: Guide, step: Step) -> Target:
    """Where a "no" leads, else the next step of those without branches, else a colleague."""
    for branch in step.branches:
        if answers_yes(branch.label) is False:
            return branch.target
    return (guide.after(step.number) if not step.branches else None) or "colleague"


def told(walk: Walk) -> str:
    """The way so far, for the colleague who takes over."""
    return "\n".join(f"{trodden.asked} — {trodden.said}" for trodden in walk.trail)
