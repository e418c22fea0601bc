"""A live line: the caller's sound as it comes, ours as it is due, whichever protocol carries both.

Whoever has the socket gives received messages to `receive` and sends what `messages` yields; nothing here waits for it.
"""

import asyncio
from collections import deque
from collections.abc import AsyncIterator
from contextlib import suppress

import numpy as np

from voice.audio import PER_MS, Samples
from voice.wire import CallEvent, Key
from voice.wires.dialect import BadMessage, Dialect, HungUp, Message, Opened, Played, Sound
from voice.wires.intake import Intake, Losses, Ordering
from voice.wires.marks import Marks

SILENT_S = 30.0
"""A line that gives no sound for so long is gone."""
UNSENT = 50
"""Frames, one second: a reader that is further behind misses the oldest."""
STALLED_S = 10.0
"""A reader that takes nothing for so long, or never says that it played, is gone."""
OPENING_S = 10.0
KEYS = 32


class Line:
    """Carries one call. Time is the loop's, so that a test's loop may have its own."""

    def __init__(self, dialect: Dialect) -> None:
        self.losses = Losses()
        self.bad: BadMessage | None = None
        """What the peer sent, where that ended the call."""
        self.has_received = False
        self._dialect = dialect
        self._clock = asyncio.get_running_loop().time
        self._opened: asyncio.Future[Opened] = asyncio.get_running_loop().create_future()
        self._ordering: Ordering[Samples] = Ordering(self.losses)
        self._intake: Intake | None = None
        self._keys: deque[Key] = deque(maxlen=KEYS)
        self._marks = Marks()
        self._heard_at_s = self._clock()
        self._news = asyncio.Event()
        self._ended: HungUp | None = None
        self._unsent: deque[tuple[Message, bool]] = deque()
        """With whether it is sound, which may be dropped."""
        self._to_send = asyncio.Event()
        self._is_done = False

    async def opened(self) -> Opened:
        """Once the peer has begun. Raises ConnectionError where it does not."""
        try:
            async with asyncio.timeout(OPENING_S):
                return await self._opened
        except TimeoutError:
            self.bad = BadMessage("the line was never opened", code=self._dialect.broken)
            raise ConnectionError(str(self.bad)) from None

    def receive(self, message: Message) -> None:
        """Never raises: what is wrong ends the call."""
        if self._ended:
            return
        self.has_received = True
        try:
            events = self._dialect.hear(message)
        except BadMessage as bad:
            self.bad = bad
            self.lose()
            return
        for event in events:
            match event:
                case Opened():
                    self._heard_at_s = self._clock()
                    self._intake = Intake(now_ms=self._heard_at_s * 1000, losses=self.losses)
                    if not self._opened.done():
                        self._opened.set_result(event)
                case Sound():
                    self._hear(event)
                case Key():
                    self._keys.append(event)
                case Played():
                    self._marks.played(event.mark)
                case HungUp():
                    self._end(event)
        self._news.set()

    def gone(self) -> None:
        """The caller hung up: nothing more will come."""
        self._end(HungUp())

    def lose(self) -> None:
        """The line broke, or has to be given up."""
        self._end(HungUp(is_lost=True))

    async def frames(self) -> AsyncIterator[Samples | Key]:
        """A call's time begins when it is listened to, not when the line came up."""
        assert self._intake is not None, "frames are asked for once the line is open"
        self._heard_at_s = self._clock()
        self._intake.begin(now_ms=self._heard_at_s * 1000)
        while True:
            while self._keys:
                yield self._keys.popleft()
            if self._ended:
                if self._ended.is_lost:
                    raise ConnectionError("the line broke")
                return
            now_s = self._clock()
            if now_s - self._heard_at_s > SILENT_S or self._marks.waits_for_s(at_s=now_s) > STALLED_S:
                self.lose()
                continue
            if (frame := self._intake.take(now_ms=now_s * 1000)) is not None:
                yield frame
                continue
            await self._wait(self._intake.due_in_ms(now_ms=now_s * 1000) / 1000)

    async def play(self, samples: Samples) -> None:
        if self._ended and self._ended.is_lost:
            raise ConnectionError("nobody listens any more")
        now_s = self._clock()
        if not self._dialect.keeps_silence and not np.count_nonzero(samples):
            self._mark(self._marks.mark(at_s=now_s))
            return
        if self._dialect.is_full:
            self.losses.dropped += 1
            return
        messages = self._dialect.say(samples)
        for message in messages:
            self._send(message, is_sound=True)
        if messages and self._dialect.has_marks:
            self._mark(self._marks.sent(len(samples) / PER_MS, at_s=now_s))

    def flush(self) -> None:
        self._unsent = deque(waiting for waiting in self._unsent if not waiting[1])
        self._marks.flushed()
        for message in self._dialect.clear():
            self._send(message)

    @property
    def unheard_ms(self) -> float:
        return self._marks.unheard_ms

    @property
    def begins_at_once(self) -> bool:
        return not self._dialect.keeps_silence

    async def tell(self, event: CallEvent) -> None:
        """A telephone has no place for it."""

    async def settle(self, *, patience_s: float = 2.0) -> None:
        """Waits until all that was sent has been heard, where the line says so."""
        self._mark(self._marks.mark(at_s=self._clock()))
        with suppress(TimeoutError):
            async with asyncio.timeout(patience_s):
                while self.unheard_ms and not self._ended:
                    self._news.clear()
                    await self._news.wait()

    def hang_up(self) -> None:
        """Ends the call from our side; what is sent last is the protocol's own word for it."""
        if self._is_done:
            return
        for message in self._dialect.hang_up(self.bad):
            self._send(message)
        self._is_done = True
        self._to_send.set()
        self._end(HungUp())

    async def messages(self) -> AsyncIterator[Message]:
        """What is to be sent, in order, until the call is over."""
        while True:
            while self._unsent:
                yield self._unsent.popleft()[0]
            if self._is_done:
                return
            self._to_send.clear()
            await self._to_send.wait()

    async def _wait(self, within_s: float) -> None:
        """For news, or so long. Fifty times a second: a timer is a third of the work of asyncio.timeout."""
        self._news.clear()
        timer = asyncio.get_running_loop().call_later(within_s, self._news.set)
        try:
            await self._news.wait()
        finally:
            timer.cancel()

    def _hear(self, sound: Sound) -> None:
        self._heard_at_s = self._clock()
        if self._intake is not None:
            for samples in self._ordering.put(sound.number, sound.samples):
                self._intake.put(samples)

    def _mark(self, name: str | None) -> None:
        if name is not None:
            for message in self._dialect.mark(name):
                self._send(message)

    def _send(self, message: Message, *, is_sound: bool = False) -> None:
        if self._is_done:
            return
        if len(self._unsent) >= UNSENT and (oldest := self._oldest_sound()) is not None:
            del self._unsent[oldest]
            self.losses.dropped += 1
        self._unsent.append((message, is_sound))
        self._to_send.set()

    def _oldest_sound(self) -> int | None:
        return next((at for at, (_, is_sound) in enumerate(self._unsent) if is_sound), None)

    def _end(self, how: HungUp) -> None:
        self._ended = self._ended or how
        if not self._opened.done():
            self._opened.set_exception(ConnectionError("the line ended before it began"))
            self._opened.exception()  # seen: nobody need be waiting for it
        self._news.set()
