"""A call over stdin and stdout: sound out as it is spoken, what happens as JSON lines on stderr."""

import json
import sys
from dataclasses import replace

from agent.turn import Who
from voice.codecs import Encoding
from voice.engines import Engines
from voice.wire import CallEvent, TurnDone
from voice.wires.pipe import PipeWire
from web.calls import PhoneCall, render_announcements, turn_json
from web.services import Services

RATES_HZ = range(8_000, 48_001)


async def hold_piped(
    services: Services, engines: Engines, *, who: Who, lang: str | None, rate_hz: int, encoding: Encoding, as_json: bool
) -> None:
    """Until the input ends and the last answer has been spoken."""
    if rate_hz not in RATES_HZ:
        raise ValueError(f"--rate {rate_hz}: a pipe carries {RATES_HZ.start} to {RATES_HZ.stop - 1} samples a second")

    def tell(event: CallEvent) -> None:
        if as_json and isinstance(event, TurnDone):
            sys.stderr.write(
                json.dumps(turn_json(event, cost=services.cost_json(event.turn.id)), ensure_ascii=False, default=str)
                + "\n"
            )
            sys.stderr.flush()

    await engines.warm(lang)
    await render_announcements(services, engines)
    async with PhoneCall(services, engines, who=replace(who), lang=lang) as phone:
        source, sink = sys.stdin.buffer, sys.stdout.buffer
        wire = PipeWire(phone.call, source, sink, rate_hz=rate_hz, encoding=encoding, on_event=tell)
        await wire.hold()
