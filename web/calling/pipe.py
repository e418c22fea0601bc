"""A call over stdin and stdout: sound out as it is spoken, what happens as JSON lines on stderr."""

import asyncio
import json
import sys
from dataclasses import replace
from typing import TextIO

from agent.turn import Who
from voice.codecs import Encoding
from voice.engines import Engines
from voice.wire import CallEvent, TurnDone
from voice.wires.pipe import PipeWire
from web.calling.calls import PhoneCall, make_ready, turn_json
from web.services import Services

RATES_HZ = range(8_000, 48_001)
QUEUED = 64
"""Turns whose lines wait to be written: some ten minutes of talk."""


async def hold_piped(
    services: Services, engines: Engines, *, who: Who, lang: str | None, rate_hz: int, encoding: Encoding, as_json: bool
) -> None:
    """Until the input ends and the last answer has been spoken."""
    if rate_hz not in RATES_HZ:
        raise ValueError(f"--rate {rate_hz}: a pipe carries {RATES_HZ.start} to {RATES_HZ.stop - 1} samples a second")

    await make_ready(services, engines, lang=lang)
    async with PhoneCall(services, engines, who=replace(who), lang=lang) as phone:
        source, sink = sys.stdin.buffer, sys.stdout.buffer
        told = TurnLines(services)
        writing = asyncio.create_task(told.write(), name="turn-lines")
        on_event = told.hear if as_json else lambda _: None
        try:
            await PipeWire(phone.call, source, sink, rate_hz=rate_hz, encoding=encoding, on_event=on_event).hold()
        finally:
            told.end()
            await writing


class TurnLines:
    """A line for each turn, with its cost read from the books, while the call goes on."""

    def __init__(self, services: Services, *, out: TextIO | None = None) -> None:
        self._services = services
        self._out = out or sys.stderr
        self._done: asyncio.Queue[TurnDone | None] = asyncio.Queue(QUEUED)

    def hear(self, event: CallEvent) -> None:
        if isinstance(event, TurnDone):
            _put(self._done, event)

    def end(self) -> None:
        _put(self._done, None)

    async def write(self) -> None:
        """Until the end is told."""
        while (done := await self._done.get()) is not None:
            await asyncio.to_thread(self._write, done)

    def _write(self, done: TurnDone) -> None:
        line = turn_json(done, cost=self._services.cost_json(done.turn.id))
        self._out.write(json.dumps(line, ensure_ascii=False, default=str) + "\n")
        self._out.flush()


def _put(queue: "asyncio.Queue[TurnDone | None]", done: TurnDone | None) -> None:
    """A reader of stderr that has stalled costs the oldest line, not the call."""
    if queue.full():
        queue.get_nowait()
    queue.put_nowait(done)
