"""A call that is handed over is passed on by the line's own means, once the caller has heard so; in real time."""

import asyncio
import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
import uvicorn
import websockets
from httpx import AsyncClient

from agent.events import AgentEvent
from agent.turn import Turn, Who
from tests.conftest import free_port
from tests.scripted_call import CONVERSATION, PHRASES, Agent, HangingUpWire, LoudnessVad, caller
from tests.telephones import CALL, twilio_media, twilio_start
from tests.test_people_chat import open_shop
from tests.test_telephony import engines
from tests.virtual_time import in_virtual_time
from voice.call import Call
from voice.codecs import encode
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from voice.wire import Ending
from voice.wires.audiosocket import frame
from web.app import create_app
from web.naming import SettingError
from web.services import Services
from web.telephony.switchboard import Switchboard
from web.telephony.transfer import Transfers

PERSON = "I want to talk to a human"
TONE = (0.3 * np.sin(2 * np.pi * 220 * np.arange(160) / 8_000)).astype(np.float32)


def sound(encoding: str) -> list[bytes]:
    """A question of 500 ms, and then the caller waits."""
    frames = [np.zeros(160, np.float32)] * 15 + [TONE] * 25 + [np.zeros(160, np.float32)] * 250
    return [encode(one, encoding) for one in frames]  # type: ignore[arg-type]


@contextlib.asynccontextmanager
async def serving(services: Services, *lines: str) -> AsyncIterator[str]:
    """The application on real sockets, on the test's own loop."""
    services.settings.audiosocket_port = free_port()
    port = free_port()
    app = create_app(services, Switchboard(services, engines(*lines)))
    server = uvicorn.Server(uvicorn.Config(app, port=port, log_level="error"))
    running = asyncio.create_task(server.serve())
    while not server.started:  # noqa: ASYNC110 - uvicorn has no event for it
        await asyncio.sleep(0.01)
    try:
        yield f"127.0.0.1:{port}"
    finally:
        server.should_exit = True
        await running


async def by_audiosocket(services: Services) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", services.settings.audiosocket_port)
    writer.write(frame(0x01, CALL.bytes))
    hearing = asyncio.create_task(reader.read())
    for payload in sound("s16le"):
        if hearing.done():
            break
        writer.write(frame(0x10, payload))
        await asyncio.sleep(0.02)
    assert (await hearing).endswith(frame(0x00))
    writer.close()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("setting", "outcome", "to"),
    [
        ("+15035550100", "transfer", "+15035550100"),
        ("en=queue:support, zh=200", "queue", "support"),
        ("", "hangup", None),
    ],
)
def test_the_dialplan_is_told_to_whom(tmp_path: Path, setting: str, outcome: str, to: str | None) -> None:
    async def story() -> dict[str, object]:
        services = open_shop(tmp_path, transfer_to=setting)
        async with serving(services, PERSON) as address, AsyncClient(base_url=f"http://{address}") as client:
            await client.post(f"/api/v1/calls/{CALL}", data={"lang": "en"})
            if to is None:
                return await hung_up(services, client)
            await by_audiosocket(services)
            return dict((await client.get(f"/api/v1/calls/{CALL}")).json())

    told = asyncio.run(story())
    assert (told["outcome"], told["transfer_to"]) == (outcome, to)
    assert told["turns"] == 1


async def hung_up(services: Services, client: AsyncClient) -> dict[str, object]:
    """Nobody to pass the call on to: it goes on, and the caller hangs up after the offer of a call-back."""
    reader, writer = await asyncio.open_connection("127.0.0.1", services.settings.audiosocket_port)
    writer.write(frame(0x01, CALL.bytes))
    for payload in sound("s16le")[:150]:
        writer.write(frame(0x10, payload))
        await asyncio.sleep(0.02)
    writer.write(frame(0x00))
    await reader.read()
    writer.close()
    return dict((await client.get(f"/api/v1/calls/{CALL}")).json())


@pytest.mark.slow
def test_twilio_is_told_to_dial_after_the_stream(tmp_path: Path) -> None:
    async def story() -> tuple[str, str]:
        services = open_shop(tmp_path, transfer_to="+15035550100")
        async with serving(services, PERSON) as address, AsyncClient(base_url=f"http://{address}") as client:
            twiml = (await client.post("/twilio/voice?lang=en", data={"From": "+15035550188"})).text
            parameters = dict(part.split('" value="') for part in _parameters(twiml))
            async with websockets.connect(f"ws://{address}/twilio/media") as line:
                await line.send(twilio_start(**parameters))
                with contextlib.suppress(websockets.ConnectionClosed):
                    for number, payload in enumerate(sound("mulaw"), 1):
                        await line.send(twilio_media(payload, chunk=number))
                        await asyncio.sleep(0.02)
                heard = [json.loads(message)["event"] async for message in line]
            after = await client.post(f"/twilio/after/{parameters['call']}")
            return after.text, heard[0]

    after, heard = asyncio.run(story())
    assert "<Dial><Number>+15035550100</Number></Dial>" in after
    assert heard == "media"


@pytest.mark.parametrize(("waits_ms", "ending"), [(1_500, "hangup"), (9_000, "transfer")])
def test_who_hangs_up_before_being_passed_on_has_not_been(waits_ms: int, ending: Ending) -> None:
    class PassingOn(Agent):
        async def answer(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
            call.end("transfer")
            async for event in super().answer(turn):
                yield event

    def new_turn(question: str, *, lang: str) -> Turn:
        return Turn(question, CONVERSATION, Who("phone"), datetime.now(UTC), lang=lang)

    agent = PassingOn("I will put you through to a colleague of ours who knows more.")
    call: Call

    async def story() -> Ending:
        nonlocal call
        call = Call(
            hearing=Hearing(vad=LoudnessVad()), transcriber=ScriptedTranscriber(PERSON), voice=ScriptedSynthesizer(),
            answer=agent.answer, new_turn=new_turn, keep=agent.keep,
            phrase=lambda name, *, lang: PHRASES[name],  # noqa: ARG005
        )  # fmt: skip
        return await call.run(HangingUpWire(call, caller(("speaks", 900), ("waits", waits_ms))))

    assert in_virtual_time(story()) == ending
    assert agent.committed


def _parameters(twiml: str) -> list[str]:
    return [part.split('"/>')[0] for part in twiml.split('<Parameter name="')[1:]]


@pytest.mark.parametrize("wrong", ["fr=100", "en=", "100, 200", "queue:", "1 503", "<Dial/>"])
def test_a_target_that_is_none_is_named(wrong: str) -> None:
    with pytest.raises(SettingError, match="DIME_TRANSFER_TO"):
        Transfers(wrong)


def test_targets_may_differ_by_language() -> None:
    both = Transfers("en=+15035550100, zh=queue:mandarin")
    assert (both.target("en"), both.target("zh"), both.target("de")) == ("+15035550100", "queue:mandarin", None)
    assert not Transfers("")
    assert Transfers("sip:desk@example.com").target("zh") == "sip:desk@example.com"
