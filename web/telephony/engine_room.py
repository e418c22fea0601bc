"""The speech engines of this server, opened once and behind everything else: text questions never wait for them."""

import asyncio
from collections.abc import Callable
from contextlib import suppress

import structlog

from agent.telling.phrases import phrase
from agent.understanding.language import ANSWERED
from voice.engines import Engines
from web.answering.index import LiveIndex, aside
from web.telephony.lines_taken import LINES_TAKEN

log = structlog.get_logger()
NICENESS = 10
OPENING_S = 20.0
"""A call that comes while a fresh start still opens the engines waits so long."""
CLOSING_S = 5.0
"""A server that is stopped while it opens them waits so long."""


class EnginesMissing(RuntimeError):
    """Calls cannot be held: the engines are not there, or not yet."""


class EngineRoom:
    def __init__(self, open_engines: Callable[[], Engines] | None, *, engines: Engines | None = None) -> None:
        """`open_engines` blocks for a second or two; None means that this server holds no calls."""
        self._open = open_engines
        self._is_decided = asyncio.Event()
        self.opened = engines
        """For those who do not wait for them."""
        self._ours: list[Engines] = []
        """What was opened here is closed here."""
        self._opening: asyncio.Task[None] | None = None
        self.state = "ready" if engines else "waiting" if open_engines else "off"
        """off, waiting (for the knowledge), opening, warming, ready or failed."""
        self.trouble: list[str] = []

    @property
    def holds_calls(self) -> bool:
        return self.state != "off"

    async def engines(self) -> Engines:
        """Raises EnginesMissing."""
        if self.opened is None and self.state not in ("off", "failed"):
            with suppress(TimeoutError):
                async with asyncio.timeout(OPENING_S):
                    await self._is_decided.wait()
        if self.opened is None or (self._ours and self.opened.is_deaf):  # known before all are warm
            raise EnginesMissing(self.state)
        return self.opened

    async def run(self, *, after: LiveIndex) -> None:
        """Opens and warms, once text questions can be answered; the room then stays as it is until `close`."""
        if (open_engines := self._open) is None:
            return
        await after.built.wait()
        self.state = "opening"
        opening = aside(lambda: self._ours.append(open_engines()), niceness=NICENESS)
        self._opening = asyncio.create_task(opening, name="open-engines")
        try:
            await asyncio.shield(self._opening)
        except Exception as error:
            self.state, self.trouble = "failed", [str(error)[:300]]
            self._is_decided.set()
            log.exception("engines_not_opened")
            return
        (self.opened,) = self._ours
        self._is_decided.set()
        self.state = "warming"
        try:
            await self._warm(self.opened)
        except Exception as error:  # they are open, and load what they lack when it is first needed
            self.opened.missing.append(str(error)[:300])
            log.exception("engines_not_warm")
        self.state, self.trouble = "ready", list(dict.fromkeys(self.opened.missing))
        log.info("engines_ready", missing=len(self.trouble))
        if self.opened.is_deaf:
            self.state = "failed"
            await self.close()

    async def _warm(self, engines: Engines) -> None:
        for lang in ANSWERED:
            await engines.warm(lang)
            await engines.voice.render(phrase(LINES_TAKEN, lang=lang), lang=lang)

    async def close(self) -> None:
        """Also what is still being opened: that is waited for."""
        if self._opening is not None:
            await asyncio.wait([self._opening], timeout=CLOSING_S)
        while self._ours:
            self.opened = None
            await self._ours.pop().close()
