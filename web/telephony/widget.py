"""The widget's line: sound and words of a call over the socket of its chat."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import assert_never
from uuid import UUID

import numpy as np
from fastapi import WebSocketDisconnect

from agent.turn import Turn
from voice.audio import PER_MS, Samples
from voice.codecs import decode, encode
from voice.wire import CallEvent, Heard, Key, NothingHeard, Recorded, TurnDone
from voice.wires.pace import FRAME_MS
from web.chat.messages import CallHeard, CallRecorded, CallStarted, CallWithdrawn, Flush, ServerEvent

QUEUED_MS = 5_000
"""Sound that came faster than it was spoken, after a stall on the way; more is refused."""
KEYS = 32
BYTES_A_MS = 2 * PER_MS
AHEAD_MS = 500
"""So much faster it is taken, so that what a stall held up is caught up with."""
SILENT_S = 30
"""A page that sends no sound for so long has gone away."""
TO_SEND = 100
"""Frames on their way out, two seconds; a page that takes none for so long has gone away."""


class Overrun(Exception):
    """More sound than time has passed for."""


class WidgetLine:
    """Silence is not sent: the page is silent by itself. What reached the ear is what the page says of it."""

    def __init__(
        self,
        conversation: UUID,
        *,
        send: Callable[[ServerEvent | bytes], Awaitable[None]],
        on_sound: Callable[[Turn], None],
        on_done: Callable[[Turn], Awaitable[None]],
    ) -> None:
        """`on_sound` is told of a turn when its answer begins to sound, `on_done` when it is over."""
        self._conversation = conversation
        self._send = send
        self._on_sound = on_sound
        self._on_done = on_done
        self._heard = bytearray()
        self._keys: deque[Key] = deque(maxlen=KEYS)
        self._has_news = asyncio.Event()
        self._is_over = False
        self._is_lost = False
        self._outgoing: asyncio.Queue[ServerEvent | bytes | None] = asyncio.Queue(TO_SEND)
        self._sent_ms = 0.0
        self._played_ms: float | None = None
        self._turn: Turn | None = None
        self._has_sounded = False

    # From the page

    def hear(self, payload: bytes) -> None:
        """Raises Overrun."""
        if self._heard and len(self._heard) + len(payload) > QUEUED_MS * BYTES_A_MS:
            raise Overrun
        self._heard += payload
        self._has_news.set()

    def press(self, digit: str) -> None:
        self._keys.append(Key(digit))
        self._has_news.set()

    def played(self, ms: float) -> None:
        self._played_ms = max(self._played_ms or 0.0, min(ms, self._sent_ms))

    def hang_up(self, *, is_gone: bool = False) -> None:
        """Nothing is sent any more to a page that is gone."""
        self._is_over = True
        self._is_lost = self._is_lost or is_gone
        self._has_news.set()

    # To the call

    async def frames(self) -> AsyncIterator[Samples | Key]:
        self.put(CallStarted(conversation=self._conversation))
        clock = asyncio.get_running_loop().time
        due: float | None = None
        while not self._is_over:
            if self._keys:
                yield self._keys.popleft()
                continue
            if len(self._heard) < FRAME_MS * BYTES_A_MS:
                self._has_news.clear()
                try:
                    async with asyncio.timeout(SILENT_S):
                        await self._has_news.wait()
                except TimeoutError:
                    raise ConnectionError("no sound for too long") from None
                continue
            due = clock() if due is None else due
            if (early := due - clock() - AHEAD_MS / 1000) > 0:
                await asyncio.sleep(early)
            due += FRAME_MS / 1000
            frame = decode(bytes(self._heard[: FRAME_MS * BYTES_A_MS]), "s16le")
            del self._heard[: FRAME_MS * BYTES_A_MS]
            yield frame

    async def play(self, samples: Samples) -> None:
        if self._is_lost:
            raise ConnectionError("the page has gone")
        if not np.any(samples):
            return
        if self._turn is not None and self._turn.answer and not self._has_sounded:
            self._has_sounded = True
            self._on_sound(self._turn)
        self._sent_ms += len(samples) / PER_MS
        self.put(encode(samples, "s16le"))

    def flush(self) -> None:
        """What has not left yet is not sent, and what the page keeps it throws away."""
        for event in self._drained():
            if isinstance(event, bytes):
                self._sent_ms -= len(event) / BYTES_A_MS
            else:
                self.put(event)
        self.put(Flush())
        if self._played_ms is not None:
            self._played_ms = self._sent_ms

    @property
    def unheard_ms(self) -> float:
        return 0.0 if self._played_ms is None else self._sent_ms - self._played_ms

    @property
    def begins_at_once(self) -> bool:
        return True

    async def tell(self, event: CallEvent) -> None:
        match event:
            case Heard():
                self._withdraw()
                self._turn, self._has_sounded = event.turn, False
                turn, heard = event.turn, event.transcript
                self.put(CallHeard(conversation=turn.conversation, turn=turn.id, text=turn.question, lang=heard.lang))
            case TurnDone():
                if event.is_withdrawn:
                    self._withdraw()
                    return
                self._turn = None
                await self._on_done(event.turn)
            case Recorded():
                self.put(CallRecorded(on=event.is_on))
            case NothingHeard():
                pass
            case _:
                assert_never(event)

    async def pass_on(self) -> None:
        """Sends what the call says, until None; a page that takes nothing is a line that is lost."""
        try:
            while (event := await self._outgoing.get()) is not None and not self._is_lost:
                await self._send(event)
        except (WebSocketDisconnect, RuntimeError, TimeoutError):
            self._lose()

    def _withdraw(self) -> None:
        if self._turn is not None:
            self.put(CallWithdrawn(turn=self._turn.id))
            self._turn = None

    def put(self, event: ServerEvent | bytes | None) -> None:
        try:
            self._outgoing.put_nowait(event)
        except asyncio.QueueFull:
            self._lose()

    def _lose(self) -> None:
        self.hang_up(is_gone=True)

    def _drained(self) -> list[ServerEvent | bytes | None]:
        return [self._outgoing.get_nowait() for _ in range(self._outgoing.qsize())]
