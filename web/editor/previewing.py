"""An entry as customers will meet it, before it is saved: each thing it may say, for the eye and for the ear."""

from collections.abc import Iterator

from pydantic import BaseModel

from agent.telling.aloud import said_aloud
from agent.telling.entry_telling import choices_of, question_of
from agent.telling.guidance import choices_at
from knowledge.answers.conditions import Conditional
from knowledge.answers.guide import Guide
from knowledge.answers.notation import problems_of, read
from knowledge.answers.sides import for_eye
from knowledge.entry import Entry


class SceneOut(BaseModel):
    """One thing said."""

    when: str
    """For which values of a condition, or at which step; empty where always."""
    shown: str
    """In Markdown, as the widget gets it."""
    choices: list[str]
    spoken: str


class PreviewOut(BaseModel):
    scenes: list[SceneOut]
    problem: str | None
    """What is broken in the notation; the answer is then shown as plain text."""


def preview(entry: Entry) -> PreviewOut:
    broken = problems_of([entry])
    return PreviewOut(scenes=list(_scenes(entry)), problem=broken[0].message if broken else None)


def _scenes(entry: Entry) -> Iterator[SceneOut]:
    reading = read(entry.answer)
    if not isinstance(reading, Conditional):
        yield from _of_text(entry.answer, lang=entry.lang)
        return
    for condition in dict.fromkeys(part.condition for part in reading.parts):
        choices = choices_of(entry, condition)
        yield _scene(f"{condition}?", question_of(entry, condition), choices=choices, lang=entry.lang)
    for part in reading.parts:
        values = ", ".join(value.name for value in part.values)
        yield from _of_text(part.text, when=f"{part.condition}: {values}", lang=entry.lang)
    if reading.general:
        yield from _of_text(reading.general, when="…", lang=entry.lang)


def _of_text(text: str, *, when: str = "", lang: str) -> Iterator[SceneOut]:
    guide = read(text)
    if not isinstance(guide, Guide):
        yield _scene(when, text, lang=lang)
        return
    for step in guide.steps:
        words = f"{guide.intro}\n\n{step.text}" if guide.intro and step is guide.steps[0] else step.text
        at = f"{when} · {step.number}" if when else str(step.number)
        yield _scene(at, words, choices=choices_at(guide, step, lang=lang), lang=lang)


def _scene(when: str, text: str, *, choices: tuple[str, ...] = (), lang: str) -> SceneOut:
    spoken = said_aloud(text, choices=choices, lang=lang)
    return SceneOut(when=when, shown=for_eye(text), choices=list(choices), spoken=spoken)
