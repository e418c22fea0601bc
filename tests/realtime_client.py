"""The official `openai` package talking to Dime's Realtime door over a real socket, in one event loop with it."""

import asyncio
import base64
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Any

import uvicorn
from openai import AsyncOpenAI
from openai.resources.realtime.realtime import AsyncRealtimeConnection
from openai.types.realtime import RealtimeServerEvent, ResponseDoneEvent

from tests.conftest import free_port
from tests.scripted_call import LoudnessVad
from voice.audio import Samples
from voice.codecs import decode
from voice.engines import Engines
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from web.app import create_app
from web.services import Services
from web.telephony.switchboard import Switchboard

PATIENCE_S = 60


class ScriptedEngines:
    """Stands where the engines stand."""

    def __init__(self, *lines: str | Exception, voice: ScriptedSynthesizer | None = None) -> None:
        self.transcriber = ScriptedTranscriber(*lines)
        self.voice = voice or ScriptedSynthesizer(ms_per_character=20)

    def hearing(self) -> Hearing:
        return Hearing(vad=LoudnessVad())


@dataclass
class Talk:
    """A connection, with all that was received."""

    connection: AsyncRealtimeConnection
    received: list[RealtimeServerEvent] = field(default_factory=list)

    async def until(self, kind: str) -> Any:
        """The next event of this kind; those before it are kept."""
        async with asyncio.timeout(PATIENCE_S):
            while True:
                event = await self.connection.recv()
                self.received.append(event)
                if event.type == kind:
                    return event

    async def say(self, text: str) -> None:
        item: Any = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": text}]}
        await self.connection.conversation.item.create(item=item)

    async def ask(self, text: str, **response: Any) -> ResponseDoneEvent:
        await self.say(text)
        await self.connection.response.create(response=response)  # type: ignore[arg-type]
        done: ResponseDoneEvent = await self.until("response.done")
        return done

    async def set(self, **session: Any) -> Any:
        await self.connection.session.update(session={"type": "realtime", **session})  # type: ignore[misc]
        return await self.until("session.updated")

    @property
    def kinds(self) -> list[str]:
        return [event.type for event in self.received]

    @property
    def sound(self) -> Samples:
        """What was said, at 24 kHz."""
        pieces = [
            base64.b64decode(event.delta) for event in self.received if event.type == "response.output_audio.delta"
        ]
        return decode(b"".join(pieces), "s16le")


@dataclass
class Door:
    port: int

    @asynccontextmanager
    async def connect(self, **more: Any) -> AsyncIterator[Talk]:
        here = f"127.0.0.1:{self.port}/v1"
        async with (
            AsyncOpenAI(api_key="any", base_url=f"http://{here}", websocket_base_url=f"ws://{here}") as client,
            client.realtime.connect(model="dime", **more) as connection,
        ):
            talk = Talk(connection)
            await talk.until("session.created")
            yield talk


@asynccontextmanager
async def serving(services: Services, engines: Engines | ScriptedEngines) -> AsyncIterator[Door]:
    port = free_port()
    app = create_app(services, Switchboard(services, engines))  # type: ignore[arg-type]
    config = uvicorn.Config(app, port=port, log_level="error", ws_max_size=16 * 1024 * 1024)
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
                await asyncio.sleep(0)
        yield Door(port)
    finally:
        server.should_exit = True
        with suppress(asyncio.CancelledError):
            await running
