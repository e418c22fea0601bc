"""Renders what a company will say before anyone asks: clause by clause in a child process, while no call is live."""

import asyncio
import json
import logging
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from agent.models.clauses import clauses
from agent.usage import Usage
from voice.engines import Choices, vendor_of_english
from voice.rendered import RenderedVoice
from voice.speakable import speakable
from voice.synthesizer import spoken

log = logging.getLogger(__name__)
CLAUSE_S = 300.0
"""For one clause at the lowest priority on a busy machine; a child that takes longer is given up."""
MOST_FAILURES = 3
"""In a row: then the voice is broken, and what it cannot say is not tried any more until the texts change."""


@dataclass
class Progress:
    wanted: int = 0
    rendered: int = 0
    """Of these, on disk."""
    is_paused: bool = False
    trouble: str | None = None

    def as_json(self) -> dict[str, Any]:
        return {"clauses": self.wanted, "rendered": self.rendered, "paused": self.is_paused, "trouble": self.trouble}


class Rendering:
    """`until_quiet` returns when no call is live; `beside` books what a speech server bills."""

    def __init__(
        self,
        choices: Choices,
        voice: RenderedVoice,
        *,
        until_quiet: Callable[[Progress], Awaitable[None]],
        beside: Callable[[Usage], None] = lambda _: None,
        command: tuple[str, ...] = (sys.executable, "-m", "voice.rendering_child"),
    ) -> None:
        self.progress = Progress()
        self._choices = choices
        self._voice = voice
        self._until_quiet = until_quiet
        self._beside = beside
        self._command = command

    async def render(self, texts: Iterable[tuple[str, str]]) -> None:
        """`texts` with their languages, the most wanted first."""
        wanted = list(dict.fromkeys((clause.strip(), lang) for text, lang in texts for clause in clauses(text)))
        missing = await asyncio.to_thread(self._missing, wanted)
        progress = self.progress
        progress.wanted, progress.rendered, progress.trouble = len(wanted), len(wanted) - len(missing), None
        failures = 0
        if missing:
            async with self._child() as child:
                for number, (clause, lang) in enumerate(missing):
                    await self._until_quiet(progress)
                    is_there = await _rendered(child, {"number": number, "text": clause, "lang": lang})
                    progress.rendered += is_there
                    self._book(clause, lang=lang, is_there=is_there)
                    failures = 0 if is_there else failures + 1
                    if failures == MOST_FAILURES:
                        progress.trouble = "the voice cannot say it"
                        break
        await asyncio.to_thread(self._voice.prune)

    def _book(self, clause: str, *, lang: str, is_there: bool) -> None:
        """The child has no books. What failed may have been billed, but is asked for again only a few times."""
        if is_there and lang == "en" and (billed := vendor_of_english(self._choices)):
            vendor, model = billed
            self._beside(spoken(speakable(clause, lang=lang), vendor=vendor, model=model))

    def _missing(self, wanted: list[tuple[str, str]]) -> list[tuple[str, str]]:
        return [(clause, lang) for clause, lang in wanted if not self._voice.is_rendered(clause, lang=lang)]

    @asynccontextmanager
    async def _child(self) -> AsyncIterator[asyncio.subprocess.Process]:
        child = await asyncio.create_subprocess_exec(
            *self._command, cwd=Path(__file__).parents[1], stdin=asyncio.subprocess.PIPE,
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
        )  # fmt: skip
        try:
            choices = vars(self._choices) | {"cache": str(self._choices.cache.absolute())}
            choices.pop("threads")
            await _tell(child, choices)
            yield child
        finally:
            with suppress(ProcessLookupError):
                child.kill()
            await child.wait()


async def _rendered(child: asyncio.subprocess.Process, clause: dict[str, Any]) -> bool:
    """A reply to a clause before, which came too late, is read over."""
    assert child.stdout is not None
    number = str(clause["number"])
    try:
        async with asyncio.timeout(CLAUSE_S):
            await _tell(child, clause)
            while reply := (await child.stdout.readline()).decode().split():
                if reply[0] == number:
                    return reply[1:] == ["rendered"]
    except (OSError, TimeoutError) as error:
        log.warning("render_failed", extra={"error": type(error).__name__})
    return False


async def _tell(child: asyncio.subprocess.Process, wish: dict[str, Any]) -> None:
    assert child.stdin is not None
    child.stdin.write(json.dumps(wish).encode() + b"\n")
    await child.stdin.drain()
