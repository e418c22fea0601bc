"""Our own phrases outside any turn: the greeting, "are you still there?", and the goodbye that ends a call."""

import asyncio
from collections.abc import Callable

from voice.answering import Answering, PhraseName
from voice.silences import Silences
from voice.wire import Ending


class Prompting:
    def __init__(
        self,
        answering: Answering,
        silences: Silences | None,
        *,
        greets: bool,
        hangs_up: bool,
        end: Callable[[Ending], None],
    ) -> None:
        """Without `silences` nobody is asked, and no call is ended; `hangs_up` ends it after a goodbye."""
        self._answering = answering
        self._silences = silences
        self._greets = greets
        self._hangs_up = hangs_up
        self._end = end
        self._saying: asyncio.Task[None] | None = None

    def begin(self, group: asyncio.TaskGroup) -> None:
        self._group = group
        if self._greets:
            self._say("greeting")

    def listen(self, now_ms: float, *, is_active: bool, has_spoken: bool) -> None:
        if self._silences is None:
            return
        match self._silences.listen(now_ms, is_active=is_active, has_spoken=has_spoken):
            case "still_there":
                self._say("still_there")
            case "silence":
                self._say("goodbye", then="silence")
            case "too_long":
                self._say("too_long", then="too_long")
            case None:
                pass

    def told(self, reason: str | None) -> None:
        """What a turn was about, once it was answered."""
        if reason == "goodbye" and self._hangs_up:
            self._end("goodbye")
        if reason == "wait" and self._silences is not None:
            self._silences.hold()

    def withdraw(self) -> None:
        """The caller has a turn, or has gone: a phrase that is not ready yet comes too late, and ends nothing."""
        if self._saying:
            self._saying.cancel()

    def _say(self, name: PhraseName, *, then: Ending | None = None) -> None:
        self.withdraw()
        self._saying = self._group.create_task(self._say_then(name, then), name=name)

    async def _say_then(self, name: PhraseName, then: Ending | None) -> None:
        await self._answering.say(name)
        if then:
            self._end(then)
