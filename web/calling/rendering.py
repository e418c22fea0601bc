"""What is rendered ahead on this server, in which order, and when: fixed phrases first, then the most asked answers."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, get_args

import structlog
from sqlmodel import Session, col, func, select

from agent.acting.wording import fixed_sentences as acting_sentences
from agent.history import TurnRow
from agent.people.words import fixed_sentences as people_sentences
from agent.telling.aloud import aloud
from agent.telling.lead_words import LeadWord, lead_word
from agent.telling.phrases import Phrase, phrase
from knowledge.entry import Entry
from web.operating.metrics import CLAUSES_RENDERED, CLAUSES_WANTED
from web.services import Services

if TYPE_CHECKING:
    from voice.rendering import Progress, Rendering

log = structlog.get_logger()
LANGUAGES = ("en", "zh")
FIRST: tuple[Phrase, ...] = (
    "holding", "greeting", "technical", "not_understood", "handing_over", "unknown",
    "still_there", "goodbye", "too_long",
)  # fmt: skip
LEADS: tuple[LeadWord, ...] = (
    "unclear", "go_on_offer", "guide_done", "guide_stopped", "do_you_mean", "do_you_mean_this",
)  # fmt: skip
POLL_SECONDS = 2.0
LONGEST_PAUSE_SECONDS = 600.0
"""Between tries where rendering fails again and again."""
QUIET_SECONDS = 1.0
BACK = timedelta(days=90)
"""How far back it is counted what is asked most."""


class RenderingAhead:
    """Follows the knowledge for as long as the server runs. Nothing of it is waited for by anybody."""

    def __init__(self, services: Services, *, sleep: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._services = services
        self._sleep = sleep
        self._rendering: Rendering | None = None

    def told(self) -> dict[str, object] | None:
        """For /readyz: how far it is; None before it has begun."""
        return self._rendering.progress.as_json() if self._rendering else None

    async def run(self) -> None:
        await self._services.index.built.wait()
        rendered: tuple[int, object] | None = None
        pause = POLL_SECONDS
        while True:
            try:
                if (rendering := self._rendering) is None:
                    self._rendering = rendering = await asyncio.to_thread(self._open)
                now = await asyncio.to_thread(self._state)
                if now != rendered:
                    await rendering.render(await asyncio.to_thread(lambda: list(self._texts())))
                    rendered = now
                    log.info("rendered_ahead", **rendering.progress.as_json())
                self._tell(rendering.progress)
                pause = POLL_SECONDS
            except Exception:
                log.exception("rendering_failed")
                pause = min(2 * pause, LONGEST_PAUSE_SECONDS)
            await self._sleep(pause)

    def _open(self) -> "Rendering":
        """The engines' libraries take a second to load: nobody who asks by text shall wait for them."""
        from voice.engines import open_voice
        from voice.rendering import Rendering
        from web.calling.calls import choices_of

        choices = choices_of(self._services.settings)
        return Rendering(
            choices, open_voice(choices), until_quiet=self._until_quiet, beside=self._services.books.beside
        )

    async def _until_quiet(self, progress: "Progress") -> None:
        self._tell(progress)
        while self._services.live_calls:
            progress.is_paused = True
            await asyncio.sleep(QUIET_SECONDS)
        progress.is_paused = False

    def _tell(self, progress: "Progress") -> None:
        CLAUSES_WANTED.set(progress.wanted)
        CLAUSES_RENDERED.set(progress.rendered)

    def _state(self) -> tuple[int, object]:
        valid = self._services.announcements.valid(self._services.now())
        return self._services.library.version(), [(one.text, one.lang) for one in valid]

    def _texts(self) -> Iterator[tuple[str, str]]:
        from voice.engines import is_rendered_here
        from web.calling.calls import choices_of

        if not is_rendered_here(choices_of(self._services.settings)):
            yield from bridging_phrases()
            return
        yield from fixed_phrases()
        for one in self._services.announcements.valid(self._services.now()):
            yield one.text, one.lang
        for entry in self._most_asked_first():
            for text in aloud(entry):
                yield text, entry.lang

    def _most_asked_first(self) -> list[Entry]:
        since = self._services.now() - BACK
        query = (
            select(TurnRow.source_entry, func.count())
            .where(col(TurnRow.at) >= since, col(TurnRow.source_entry).is_not(None))
            .group_by(col(TurnRow.source_entry))
        )
        with Session(self._services.engine) as session:
            asked = dict(session.exec(query).all())
        entries = [entry for entry in self._services.library.entries() if entry.answer and entry.lang in LANGUAGES]
        return sorted(entries, key=lambda entry: -asked.get(entry.id, 0))


def bridging_phrases() -> Iterator[tuple[str, str]]:
    """What must be there at once when an engine stalls, the voice not least."""
    for name in FIRST:
        yield from ((phrase(name, lang=lang), lang) for lang in LANGUAGES)


def fixed_phrases() -> Iterator[tuple[str, str]]:
    """Everything Dime says of its own in a call, the phrases that bridge a stalled engine first."""
    names: tuple[Phrase, ...] = get_args(Phrase)
    yield from bridging_phrases()
    for name in names:
        yield from ((phrase(name, lang=lang), lang) for lang in LANGUAGES)
    for lead in LEADS:
        yield from ((lead_word(lead, lang=lang), lang) for lang in LANGUAGES)
    for words in acting_sentences():
        yield from ((text, lang) for lang, text in words.items())
    for by_lang in people_sentences():
        yield from ((text, lang) for lang, texts in by_lang.items() for text in texts)
