"""An entry as a phone says it: the words for the ear, and the choices that nobody can see there."""

from agent.telling.entry_telling import choices_of, question_of
from agent.telling.guidance import choices_at
from agent.telling.lead_words import spoken_choices
from knowledge.answers.conditions import Conditional
from knowledge.answers.guide import Guide
from knowledge.answers.notation import read
from knowledge.answers.sides import for_ear
from knowledge.entry import Entry


def said_aloud(text: str, *, choices: tuple[str, ...] = (), lang: str) -> str:
    return f"{for_ear(text)} {spoken_choices(choices, lang=lang)}".rstrip()


def aloud(entry: Entry) -> list[str]:
    """Everything a call may say of an entry, so that its speech can be rendered before anyone asks."""
    reading = read(entry.answer)
    if not isinstance(reading, Conditional):
        return _of_text(entry.answer, lang=entry.lang)
    conditions = dict.fromkeys(part.condition for part in reading.parts)
    asked = [
        said_aloud(question_of(entry, name), choices=choices_of(entry, name), lang=entry.lang) for name in conditions
    ]
    texts = [reading.general, *(part.text for part in reading.parts)]
    return [*asked, *(said for text in texts if text for said in _of_text(text, lang=entry.lang))]


def _of_text(text: str, *, lang: str) -> list[str]:
    guide = read(text)
    if not isinstance(guide, Guide):
        return [said_aloud(text, lang=lang)]
    steps = [(step.text, choices_at(guide, step, lang=lang)) for step in guide.steps]
    if guide.intro:
        steps.append((f"{guide.intro}\n\n{steps[0][0]}", steps[0][1]))
    return [said_aloud(words, choices=choices, lang=lang) for words, choices in steps]
