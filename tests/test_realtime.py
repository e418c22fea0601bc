"""The Realtime door on the real application: the official client over a real socket, with scripted engines."""

import asyncio
import base64
import json
import threading
from collections.abc import AsyncGenerator, Callable, Coroutine, Hashable
from contextlib import aclosing
from pathlib import Path
from typing import Any, get_args

import pytest
from openai.types.realtime import RealtimeClientEvent, RealtimeServerEvent, ResponseDoneEvent
from sqlmodel import Session, select
from starlette.testclient import TestClient, WebSocketDenialResponse
from starlette.websockets import WebSocketDisconnect
from websockets.asyncio.client import connect

from agent.events import AgentEvent, Announced, Decided, Finished, Said
from agent.history import Conversation, TurnRow
from agent.turn import Turn
from knowledge.curating.announcing import Told
from roi.books.ledger import CostLine
from tests.realtime_client import Door, ScriptedEngines, Talk, serving
from tests.realtime_exchange import spoken
from tests.test_openai_api import SOFA, shop
from tests.virtual_time import in_virtual_time
from voice.audio import Samples, Speech
from voice.synthesizer import ScriptedSynthesizer, Utterance
from voice.transcriber import ScriptedTranscriber, Transcript, TranscriptionFailed
from web.app import create_app
from web.realtime import answering, door, outbox
from web.realtime.outbox import AHEAD, Outbox
from web.realtime.sound import Intake, Outlet
from web.services import Services
from web.telephony.switchboard import Switchboard

pytestmark = pytest.mark.slow

Story = Callable[[Talk], Coroutine[Any, Any, None]]
QUESTION = [("waits", 300), ("speaks", 1_000), ("waits", 700)]
TRANSFER: dict[str, Any] = {
    "type": "function",
    "name": "transfer_to_human",
    "parameters": {"type": "object", "properties": {"reason": {"type": "string"}, "lang": {"type": "string"}}},
}


@pytest.fixture
def services(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Services:
    monkeypatch.setattr(answering, "HOLDING_MS", 600_000)
    return shop(tmp_path)


def hold(services: Services, story: Story, *lines: str | Exception, voice: Any = None) -> list[TurnRow]:
    """A session of the official client, and its turns as they are in the books."""
    engines = ScriptedEngines(*lines, voice=voice)

    async def told() -> None:
        async with serving(services, engines) as server, server.connect() as talk:
            await story(talk)

    asyncio.run(told())
    engines.transcriber.assert_finished()
    return turns(services)


def turns(services: Services) -> list[TurnRow]:
    with Session(services.engine) as session:
        return list(session.exec(select(TurnRow).order_by(TurnRow.number)))  # type: ignore[arg-type]


async def speak(talk: Talk, *stretches: tuple[str, int]) -> None:
    await talk.connection.input_audio_buffer.append(audio=spoken(*stretches))


def dime_of(done: ResponseDoneEvent) -> dict[str, Any]:
    known: dict[str, Any] = (done.response.model_extra or {})["dime"]
    return known


def text_of(done: ResponseDoneEvent) -> str:
    part = done.response.output[0].content[0]  # type: ignore[index,union-attr]
    return str(part.text or part.transcript)  # type: ignore[union-attr]


def test_spoken_question_is_answered_aloud_and_is_in_the_books_with_what_it_cost(services: Services) -> None:
    async def story(talk: Talk) -> None:
        await talk.set(audio={"input": {"transcription": {"model": "whisper-1"}}})
        await speak(talk, *QUESTION)
        done = await talk.until("response.done")
        assert text_of(done) == SOFA.answer
        assert len(talk.sound) == pytest.approx(len(SOFA.answer) * 20 * 24, abs=10)
        known = dime_of(done)
        assert (known["action"], known["source"]["id"], known["lang"]) == ("answer", "sofa-returns", "en")
        assert known["cost"]["currency"] == "USD"
        assert done.response.usage is not None
        assert done.response.usage.total_tokens == 0

    (turn,) = hold(services, story, "how long do I have to return a sofa?")
    assert (turn.channel, turn.question, turn.answer) == ("phone", "how long do I have to return a sofa?", SOFA.answer)
    assert (turn.finished, turn.interrupted, turn.heard_answer) == (True, False, None)
    assert {"end_of_turn", "transcribe", "speak"} <= set(turn.stages_ms)
    with Session(services.engine) as session:
        meters = {line.meter for line in session.exec(select(CostLine).where(CostLine.turn_id == turn.id))}
        conversation = session.get_one(Conversation, turn.conversation_id)
    assert {"stt", "tts", "cpu"} <= meters
    assert (conversation.state, conversation.closed_by) == ("closed", "hangup")


def test_push_to_talk_is_answered_when_asked_to(services: Services) -> None:
    async def story(talk: Talk) -> None:
        await talk.set(audio={"input": {"turn_detection": None}}, output_modalities=["text"])
        await speak(talk, ("speaks", 800))
        await talk.connection.input_audio_buffer.commit()
        await talk.until("conversation.item.done")
        await talk.connection.response.create()
        assert text_of(await talk.until("response.done")) == SOFA.answer

    (turn,) = hold(services, story, "how long?")
    assert turn.channel == "chat"


def test_an_id_that_a_client_uses_again_stands_for_another_message(services: Services) -> None:
    async def story(talk: Talk) -> None:
        await talk.set(output_modalities=["text"])
        item: Any = {"id": "mine", "type": "message", "role": "user"}
        item["content"] = [{"type": "input_audio", "audio": spoken(("speaks", 800))}]
        for _ in range(2):
            await talk.connection.conversation.item.create(item=item)
            await talk.until("conversation.item.done")
            if talk.kinds.count("conversation.item.done") == 1:
                await talk.connection.conversation.item.delete(item_id="mine")
        await talk.connection.response.create()
        assert text_of(await talk.until("response.done")) == SOFA.answer
        assert text_of(await talk.ask("thanks"))

    (turn, _) = hold(services, story, "what is this?", "how long?")
    assert turn.question == "how long?"


def test_each_connection_takes_its_turn_at_the_engines(services: Services) -> None:
    class Watched(ScriptedTranscriber):
        async def transcribe(self, speech: Speech, *, call: Hashable = None, **more: Any) -> Transcript:
            asked_by.append(call)
            return await super().transcribe(speech, call=call, **more)

    asked_by: list[Hashable] = []
    engines = ScriptedEngines()
    engines.transcriber = Watched(*["how long?"] * 3)

    async def asks(talk: Talk) -> None:
        item: Any = {"type": "message", "role": "user"}
        item["content"] = [{"type": "input_audio", "audio": spoken(("speaks", 800))}]
        await talk.connection.conversation.item.create(item=item)
        await talk.connection.response.create(response={"output_modalities": ["text"]})
        await talk.until("response.done")

    async def told() -> None:
        async with serving(services, engines) as server, server.connect() as one, server.connect() as other:
            await asks(one)
            await asks(other)
            await asks(one)

    asyncio.run(told())
    assert asked_by[0] is asked_by[2]
    assert asked_by[1] is not asked_by[0]
    assert None not in asked_by


def test_minutes_of_sound_in_one_event_are_read_beside_the_loop(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    read_in: list[str] = []
    whole, given = Intake.whole, Outlet.whole

    def read(intake: Intake, payload: bytes) -> Samples:
        read_in.append(threading.current_thread().name)
        return whole(intake, payload)

    def give(samples: Samples, wire: Any) -> str:
        read_in.append(threading.current_thread().name)
        return given(samples, wire)

    monkeypatch.setattr(Intake, "whole", read)
    monkeypatch.setattr(Outlet, "whole", staticmethod(give))

    async def story(talk: Talk) -> None:
        item: Any = {"id": "long", "type": "message", "role": "user"}
        item["content"] = [{"type": "input_audio", "audio": spoken(("speaks", 20_000), ("waits", 1_000))}]
        await talk.connection.conversation.item.create(item=item)
        await talk.until("conversation.item.done")
        await talk.connection.conversation.item.retrieve(item_id="long")
        retrieved = await talk.until("conversation.item.retrieved")
        assert len(retrieved.item.content[0].audio) == pytest.approx(21 * 24_000 * 2 * 4 / 3, rel=0.01)
        await talk.connection.response.create(response={"output_modalities": ["text"]})
        await talk.until("response.done")

    hold(services, story, "how long?")
    assert len(read_in) == 2
    assert threading.main_thread().name not in read_in


def test_one_session_is_one_conversation_whatever_it_is_held_in(services: Services) -> None:
    async def story(talk: Talk) -> None:
        first = await talk.ask("how long?", output_modalities=["text"])
        second = await talk.ask("thanks", output_modalities=["audio"])
        assert dime_of(first)["conversation"] == dime_of(second)["conversation"]
        assert first.response.conversation_id == second.response.conversation_id
        assert "welcome" in text_of(second)

    assert [(turn.number, turn.channel) for turn in hold(services, story)] == [(1, "chat"), (2, "phone")]


def test_what_a_client_brings_from_before_and_deletes_is_all_the_agent_sees(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[list[str]] = []
    answer = services.answer

    def watched(turn: Turn, *, earlier: Any) -> Any:
        seen.append([past.question for past in earlier])
        assert not any("4111" in past.question for past in earlier)
        return answer(turn, earlier=earlier)

    monkeypatch.setattr(services, "answer", watched)

    async def story(talk: Talk) -> None:
        items = talk.connection.conversation.item
        await talk.say("Do you take 4111 1111 1111 1111?")
        said: Any = {"type": "message", "role": "assistant", "content": [{"type": "output_text", "text": "We do."}]}
        await items.create(item=said)
        await talk.ask("how long?")
        asked = next(event.item.id for event in talk.received if event.type == "conversation.item.done")
        await items.delete(item_id=asked or "")
        await talk.ask("and a table?")
        await talk.ask("an aside", conversation="none", input=[])

    hold(services, story)
    assert seen == [["Do you take [card ••1111]?"], ["how long?"]]


def test_barge_in_stops_the_answer_and_truncation_tells_what_was_heard_of_it(services: Services) -> None:
    async def story(talk: Talk) -> None:
        await speak(talk, *QUESTION)
        done = await talk.until("response.done")
        item = done.response.output[0]
        await speak(talk, ("speaks", 300))
        await talk.until("input_audio_buffer.speech_started")
        items = talk.connection.conversation.item
        await items.truncate(item_id=item.id, content_index=0, audio_end_ms=300)
        await talk.until("conversation.item.truncated")
        await items.truncate(item_id=item.id, content_index=0, audio_end_ms=600_000)
        assert (await talk.until("error")).error.param == "audio_end_ms"
        await speak(talk, ("speaks", 300), ("waits", 700))
        await talk.until("response.done")

    first, second = hold(services, story, "how long?", "thanks")
    assert (first.interrupted, first.heard_answer) == (True, "You have 30 ")
    assert (second.question, second.interrupted) == ("thanks", False)


class Endless(ScriptedSynthesizer):
    """Says its first clause and is never done with the second."""

    async def speak(
        self, text: str, *, lang: str, is_fixed: bool = False, call: Hashable = None, within_s: float | None = None
    ) -> Utterance:
        if self.said:
            await asyncio.Event().wait()
        return await super().speak(text, lang=lang, is_fixed=is_fixed, call=call, within_s=within_s)


async def _two_clauses(turn: Turn, **_: Any) -> AsyncGenerator[AgentEvent, None]:
    turn.action, turn.reason, turn.answer = "answer", "confident", "Thirty days. Then it is yours."
    turn.announced = [Told("We are closed.", "en", turn.at)]
    yield Decided("answer", 1.0)
    yield Announced("We are closed.", "en")
    yield Said(turn.answer)
    yield Finished()


@pytest.mark.parametrize("leaves", ["cancels", "hangs up"])
def test_turn_that_is_cut_short_is_kept_with_what_was_sent_of_it(
    services: Services, leaves: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "answer", _two_clauses)

    async def story(talk: Talk) -> None:
        await talk.say("how long?")
        await talk.connection.response.create()
        await talk.until("response.output_audio.delta")
        if leaves == "cancels":
            await talk.connection.response.cancel()
            done = await talk.until("response.done")
            assert done.response.status_details.reason == "client_cancelled"
            assert done.response.output[0].status == "incomplete"

    (turn,) = hold(services, story, voice=Endless())
    assert (turn.interrupted, turn.finished) == (True, True)
    assert turn.heard_answer == ""
    assert [told["text"] for told in turn.announced] == ["We are closed."]


def test_announcement_comes_first_and_is_no_part_of_the_answer(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(services, "answer", _two_clauses)

    async def story(talk: Talk) -> None:
        for modality in ("audio", "text"):
            done = await talk.ask("how long?", output_modalities=[modality])
            assert text_of(done) == "We are closed.\n\nThirty days. Then it is yours."

    for turn in hold(services, story):
        assert (turn.answer, turn.heard_answer) == ("Thirty days. Then it is yours.", None)
        assert [told["text"] for told in turn.announced] == ["We are closed."]


def test_person_is_called_by_the_clients_own_function(services: Services) -> None:
    async def story(talk: Talk) -> None:
        await talk.set(tools=[TRANSFER])
        done = await talk.ask("I want to talk to a person")
        spoken, called = done.response.output
        assert (spoken.type, called.type, called.name) == ("message", "function_call", "transfer_to_human")
        assert json.loads(called.arguments) == {"reason": "asked_for_person", "lang": "en"}
        await talk.connection.conversation.item.create(
            item={"type": "function_call_output", "call_id": called.call_id or "", "output": "{}"}
        )
        await talk.connection.response.create()
        assert (await talk.until("response.done")).response.output == []
        without = await talk.ask("a person please", tool_choice="none")
        assert [item.type for item in without.response.output] == ["message"]
        other = await talk.ask("how long?")
        assert [item.type for item in other.response.output] == ["message"]

    assert [turn.action for turn in hold(services, story)] == ["handoff", "handoff", "answer"]


def test_client_that_lets_dime_begin_is_greeted(services: Services) -> None:
    async def story(talk: Talk) -> None:
        await talk.connection.response.create()
        assert text_of(await talk.until("response.done")) == "Hello! How can I help you?"
        await talk.connection.response.create()
        assert (await talk.until("response.done")).response.output == []

    assert hold(services, story) == []


def test_noise_is_no_question(services: Services) -> None:
    async def story(talk: Talk) -> None:
        await speak(talk, *QUESTION)
        done = await talk.until("response.done")
        assert (done.response.status, done.response.output) == ("completed", [])

    assert hold(services, story, "") == []


def test_caller_who_cannot_be_heard_is_asked_again_and_then_passed_on(services: Services) -> None:
    async def story(talk: Talk) -> None:
        await talk.set(audio={"input": {"transcription": {"model": "whisper-1"}}})
        for _ in range(2):
            await speak(talk, *QUESTION)
            await talk.until("conversation.item.input_audio_transcription.failed")
            await talk.until("response.done")

    first, second = hold(services, story, TranscriptionFailed("no"), TranscriptionFailed("no"))
    assert (first.action, first.reason, second.action, second.reason) == (
        "clarify", "not_heard", "handoff", "technical",
    )  # fmt: skip


def test_late_answer_is_announced_and_the_announcement_answers_nothing(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(answering, "HOLDING_MS", 0)
    released = asyncio.Event()
    answer = services.answer

    async def late(turn: Turn, **more: Any) -> AsyncGenerator[AgentEvent, None]:
        await released.wait()
        async with aclosing(answer(turn, **more)) as events:
            async for event in events:
                yield event

    monkeypatch.setattr(services, "answer", late)

    async def story(talk: Talk) -> None:
        await talk.say("how long")
        await talk.connection.response.create()
        assert (await talk.until("response.output_audio_transcript.delta")).delta == "One moment, please. "
        await talk.connection.response.cancel()
        await talk.until("response.done")
        await talk.say("do I have to return a sofa?")
        await talk.connection.response.create()
        await talk.until("response.output_audio.delta")
        released.set()
        assert text_of(await talk.until("response.done")) == f"One moment, please. {SOFA.answer}"

    first, second = hold(services, story)
    assert (first.interrupted, first.heard_answer) == (True, "")
    assert second.question == "how long\ndo I have to return a sofa?"
    assert (second.interrupted, second.heard_answer) == (False, None)


def test_answer_that_no_voice_can_say_fails_with_its_words(services: Services) -> None:
    async def story(talk: Talk) -> None:
        done = await talk.ask("how long?")
        assert done.response.status == "failed"
        assert done.response.status_details.error.code == "no_voice"  # type: ignore[union-attr]
        assert text_of(done) == SOFA.answer

    (turn,) = hold(services, story, voice=ScriptedSynthesizer(fails_on=("sofa",)))
    assert turn.heard_answer == ""


def test_agent_that_fails_ends_in_words_and_a_person(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def failing(turn: Turn, **_: Any) -> AsyncGenerator[AgentEvent, None]:
        turn.answer = "You have"
        yield Said("You have")
        raise RuntimeError("the shelf fell over")

    monkeypatch.setattr(services, "answer", failing)

    async def story(talk: Talk) -> None:
        await talk.set(tools=[{**TRANSFER, "name": "hand_over"}])
        done = await talk.ask("how long?", output_modalities=["text"])
        assert done.response.status == "completed"
        assert "something went wrong on our side" in text_of(done)
        assert done.response.output[-1].name == "hand_over"  # type: ignore[index,union-attr]

    (turn,) = hold(services, story)
    assert (turn.action, turn.reason) == ("handoff", "technical")


@pytest.mark.parametrize("modality", ["text", "audio"])
def test_answer_ends_where_the_client_said_it_should(services: Services, modality: str) -> None:
    async def story(talk: Talk) -> None:
        done = await talk.ask("how long?", output_modalities=[modality], max_output_tokens=4)
        assert (done.response.status, done.response.status_details.reason) == ("incomplete", "max_output_tokens")  # type: ignore[union-attr]
        assert text_of(done) == "You have 30 "

    (turn,) = hold(services, story)
    assert (turn.interrupted, turn.heard_answer) == (True, "You have 30 ")


def test_question_that_is_too_long_fails_alone(services: Services) -> None:
    async def story(talk: Talk) -> None:
        for _ in range(2):
            await talk.say("sofa " * 700)
        await talk.connection.response.create()
        done = await talk.until("response.done")
        assert done.response.status_details.error.code == "context_length_exceeded"
        await talk.say("x" * 5_000)
        assert (await talk.until("error")).error.code == "string_above_max_length"

    assert hold(services, story) == []


def test_bad_frames_get_an_error_and_the_connection_lives_on(services: Services) -> None:
    async def story() -> list[str]:
        async with (
            serving(services, ScriptedEngines()) as server,
            connect(f"ws://127.0.0.1:{server.port}/v1/realtime?model=dime", max_size=None) as socket,
        ):
            frames = [
                b"\x00\x01", "{", "[]", "null", '{"type": "response.speak", "event_id": "mine"}',
                '{"type": "input_audio_buffer.append", "audio": "\\ud800"}',
                json.dumps({"type": "input_audio_buffer.append", "audio": "A" * (15 * 1024 * 1024)}),
                "[" * 100_000,
            ]  # fmt: skip
            for frame in frames:
                await socket.send(frame)
            ten_megabytes = base64.b64encode(bytes(7_500_000)).decode()
            await socket.send(json.dumps({"type": "input_audio_buffer.append", "audio": ten_megabytes}))
            await socket.send(json.dumps({"type": "input_audio_buffer.clear"}))
            told = []
            while (event := json.loads(await asyncio.wait_for(socket.recv(), 60)))["type"] != (
                "input_audio_buffer.cleared"
            ):
                told.append(event.get("error", {}).get("code", event["type"]))
            return told

    assert asyncio.run(story()) == [
        "session.created", "invalid_event", "invalid_json", "invalid_event", "invalid_event", "invalid_value",
        "invalid_value", "event_too_large", "invalid_json",
    ]  # fmt: skip


def test_events_are_listed_and_are_all_known_to_the_official_client(services: Services) -> None:
    listed = TestClient(create_app(services), base_url="http://127.0.0.1").get("/v1/realtime").json()
    known = {
        side: {get_args(kind.model_fields["type"].annotation)[0] for kind in get_args(get_args(union)[0])}
        for side, union in (("client", RealtimeClientEvent), ("server", RealtimeServerEvent))
    }
    assert set(listed["client"]) == known["client"] - {"output_audio_buffer.clear"}, "which is for WebRTC"
    assert set(listed["server"]) <= known["server"]


def test_only_this_machine_or_the_key_gets_in(tmp_path: Path) -> None:
    open_, guarded = shop(tmp_path / "a"), shop(tmp_path / "b", admin_token="s3cret-token")
    asked = "/v1/realtime?model=dime"
    for services, headers, status in [
        (open_, {"Host": "dime.example.org"}, 401),
        (open_, {"X-Forwarded-For": "10.0.0.1"}, 401),
        (open_, {"Origin": "https://shop.example"}, 401),
        (guarded, {"Authorization": "Bearer wrong"}, 401),
        (open_, {"Host": "127.0.0.1"}, None),
        (guarded, {"Authorization": "Bearer s3cret-token"}, None),
    ]:
        app = create_app(services, Switchboard(services, ScriptedEngines()))  # type: ignore[arg-type]
        client = TestClient(app, base_url="http://127.0.0.1")
        if status is None:
            with client.websocket_connect(asked, headers=headers, subprotocols=["realtime"]) as socket:
                assert socket.accepted_subprotocol == "realtime"
                assert socket.receive_json()["type"] == "session.created"
            continue
        with pytest.raises(WebSocketDenialResponse) as denied, client.websocket_connect(asked, headers=headers):
            pass
        assert denied.value.status_code == status
        assert denied.value.json()["error"]["code"] == "invalid_api_key"


def test_caller_is_told_when_all_lines_are_taken(services: Services) -> None:
    board = Switchboard(services, ScriptedEngines(), most=1)  # type: ignore[arg-type]
    client = TestClient(create_app(services, board))
    here = {"Host": "127.0.0.1"}
    with client.websocket_connect("/v1/realtime", headers=here):
        with pytest.raises(WebSocketDenialResponse) as denied, client.websocket_connect("/v1/realtime", headers=here):
            pass
        assert (denied.value.status_code, denied.value.json()["error"]["code"]) == (429, "busy")
    with client.websocket_connect("/v1/realtime", headers=here) as socket:
        assert socket.receive_json()["type"] == "session.created"


def test_session_that_lasts_too_long_is_told_so_and_closed(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(door, "LONGEST_S", 0)
    board = Switchboard(services, ScriptedEngines())  # type: ignore[arg-type]
    client = TestClient(create_app(services, board))
    with client.websocket_connect("/v1/realtime", headers={"Host": "127.0.0.1"}) as socket:
        told = [socket.receive_json()]
        while told[-1]["type"] != "error":
            told.append(socket.receive_json())
        with pytest.raises(WebSocketDisconnect) as closed:
            socket.receive_json()
    assert told[-1]["error"]["code"] == "session_expired"
    assert closed.value.code == 1001


def test_reader_that_takes_nothing_is_given_up() -> None:
    async def send(_: str) -> None:
        await asyncio.Event().wait()

    async def story() -> None:
        waiting = Outbox(send)
        waiting.put("x")
        await waiting.run()

    with pytest.raises(TimeoutError):
        in_virtual_time(story())
    assert outbox.SEND_TIMEOUT_S <= 30


def test_speech_is_made_no_further_ahead_than_the_reader_follows() -> None:
    sent: list[str] = []
    made: list[int] = []

    async def send(text: str) -> None:
        await asyncio.sleep(1)
        sent.append(text)

    async def make(waiting: Outbox) -> None:
        for number in range(10):
            await waiting.room()
            waiting.put("x" * AHEAD)
            made.append(number)
            assert len(made) - len(sent) <= 3

    async def story() -> None:
        waiting = Outbox(send)
        sending = asyncio.create_task(waiting.run())
        await make(waiting)
        await waiting.room(0)
        sending.cancel()

    in_virtual_time(story())
    assert len(sent) == 10


def test_sync_client_talks_to_it_too(services: Services) -> None:
    from openai import OpenAI

    def ask(server: Door) -> str:
        here = f"127.0.0.1:{server.port}/v1"
        client = OpenAI(api_key="any", base_url=f"http://{here}", websocket_base_url=f"ws://{here}")
        with client.realtime.connect(model="gpt-realtime") as connection:
            connection.session.update(session={"type": "realtime", "output_modalities": ["text"]})
            item: Any = {"type": "message", "role": "user", "content": [{"type": "input_text", "text": "how long?"}]}
            connection.conversation.item.create(item=item)
            connection.response.create()
            for event in connection:
                if event.type == "response.output_text.done":
                    return str(event.text)
        return ""

    async def story() -> str:
        async with serving(services, ScriptedEngines()) as server:
            return await asyncio.to_thread(ask, server)

    assert asyncio.run(story()) == SOFA.answer
