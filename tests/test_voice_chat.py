"""A chat that goes on by voice, over its own socket: the real application, scripted ears and a scripted voice."""

import json
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
import soundfile
from fastapi.testclient import TestClient
from sqlmodel import Session, select
from starlette.testclient import WebSocketTestSession

from agent.history import TurnRow
from agent.telling.phrases import phrase
from roi.books.ledger import CostLine
from tests.doubles import ScriptedSearcher, entry
from tests.scripted_call import LoudnessVad, caller
from tests.test_chat import ScriptedIndex, hear, say
from voice.audio import level_dbfs
from voice.codecs import encode
from voice.endpointing import Endpointing
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from web.app import create_app
from web.assembly import assemble
from web.calling import calls
from web.chat.messages import MAX_SOUND_BYTES
from web.chat.page_silences import PageSilences
from web.services import Services
from web.settings import Settings
from web.telephony.switchboard import Switchboard

pytestmark = pytest.mark.slow
SOFA = entry("Thirty days.")


class ScriptedEngines:
    """Hears what it is told to, and says everything as a tone."""

    def __init__(self) -> None:
        self.transcriber = ScriptedTranscriber()
        self.voice = ScriptedSynthesizer(ms_per_character=10)
        self.missing: list[str] = []

    def will_hear(self, *lines: str | Exception) -> None:
        self.transcriber._lines.extend(lines)

    def hearing(self) -> Hearing:
        return Hearing(vad=LoudnessVad(), endpointing=Endpointing())


@pytest.fixture
def engines() -> ScriptedEngines:
    return ScriptedEngines()


def shop(home: Path, **settings: Any) -> Services:
    made = assemble(Settings(home=home, cache=home / "cache", _env_file=None, **settings))
    made.index = ScriptedIndex(ScriptedSearcher((SOFA, 0.95)))  # type: ignore[assignment]
    made.agent._searcher = made.index.current  # type: ignore[assignment]
    return made


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return shop(tmp_path)


def opened(services: Services, engines: ScriptedEngines, **options: Any) -> TestClient:
    switchboard = Switchboard(services, engines, **options)  # type: ignore[arg-type]
    return TestClient(create_app(services, switchboard), base_url="http://127.0.0.1")


@pytest.fixture
def client(services: Services, engines: ScriptedEngines) -> Iterator[TestClient]:
    with opened(services, engines) as client:
        yield client


class Caller:
    """At the widget's socket."""

    def __init__(self, socket: WebSocketTestSession, **hello: Any) -> None:
        self.socket = socket
        self.sound = b""
        say(socket, type="hello", lang="en", **hello)
        self.welcome = hear(socket, "welcome")

    def calls(self) -> dict[str, Any]:
        """From here on the microphone is on."""
        say(self.socket, type="call_start")
        started = self.waits_for("call_started")
        self.microphone: deque[bytes] = deque()
        self.is_silent = threading.Event()
        threading.Thread(target=self._send_sound, name="microphone", daemon=True).start()
        return started

    def speaks(self) -> None:
        said = encode(caller(("speaks", 700)).samples, "s16le")
        self.microphone.extend(said[begin : begin + 640] for begin in range(0, len(said), 640))

    def listens(self, ms: int) -> None:
        while len(self.sound) < ms * 32:
            self.sound += self.socket.receive().get("bytes") or b""

    def hangs_up(self) -> dict[str, Any]:
        say(self.socket, type="call_end")
        return self.waits_for("call_ended")

    def waits_for(self, kind: str) -> dict[str, Any]:
        """The next event of this kind; what a microphone that was still on is told after a call is passed over."""
        while True:
            message = self.socket.receive()
            if (sound := message.get("bytes")) is not None:
                self.sound += sound
                continue
            event: dict[str, Any] = json.loads(message["text"])
            if event["type"] == "call_ended":
                self.is_silent.set()
            assert kind == "error" or event.get("code") in (None, "no_call", "busy"), event
            if event["type"] == kind and event.get("code") != "no_call":
                return event

    def _send_sound(self) -> None:
        with suppress(Exception):  # the test is over
            while not self.is_silent.wait(0.02):
                self.socket.send_bytes(self.microphone.popleft() if self.microphone else bytes(640))


def test_call_goes_on_with_the_chats_conversation_and_comes_back_to_it(
    client: TestClient, services: Services, engines: ScriptedEngines
) -> None:
    engines.will_hear("and by phone, how long?")
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        say(socket, type="message", text="how long?")
        conversation = hear(socket, "answer")["conversation"]
        assert customer.calls()["conversation"] == conversation
        customer.speaks()
        heard = customer.waits_for("call_heard")
        assert (heard["text"], heard["conversation"]) == ("and by phone, how long?", conversation)
        answer = customer.waits_for("answer")
        assert (answer["turn"], answer["text"], answer["conversation"]) == (heard["turn"], SOFA.answer, conversation)
        assert answer["source"]["id"] == "sofa-returns"
        whole = customer.waits_for("answer")
        assert (whole["turn"], whole["heard"]) == (heard["turn"], None)
        assert len(customer.sound) / 32 == pytest.approx(len(SOFA.answer) * 10, abs=50)
        assert customer.hangs_up()["reason"] == "hangup"
        say(socket, type="message", text="how long again?")
        assert customer.waits_for("answer")["conversation"] == conversation
    row = services.conversations.find(UUID(conversation))
    assert row is not None
    assert (row.state, row.channel) == ("agent", "chat")
    lines = client.get(f"/api/v1/conversations/{conversation}").json()["transcript"]
    asked = [line["text"] for line in lines if line["author"] == "customer"]
    assert asked == ["how long?", "and by phone, how long?", "how long again?"]
    assert "would you like to talk to a person?" in lines[-1]["text"]  # the third time: what was spoken counted


def test_a_voice_turn_is_by_phone_and_the_contact_is_one(
    client: TestClient, services: Services, engines: ScriptedEngines
) -> None:
    engines.will_hear("how long?")
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        say(socket, type="message", text="how long?")
        hear(socket, "answer")
        customer.calls()
        customer.speaks()
        customer.waits_for("answer")
        customer.waits_for("answer")
        customer.hangs_up()
    with Session(services.engine) as session:
        turns = sorted(session.exec(select(TurnRow)), key=lambda turn: turn.number)
        lines = list(session.exec(select(CostLine)))
    assert [(turn.number, turn.channel) for turn in turns] == [(1, "chat"), (2, "phone")]
    assert len({turn.customer for turn in turns}) == 1
    assert {line.channel for line in lines} == {"chat"}
    assert {line.turn_id for line in lines} == {turn.id for turn in turns}


def test_what_is_typed_during_a_call_is_answered_too(client: TestClient, engines: ScriptedEngines) -> None:
    engines.will_hear("how long?")
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        conversation = customer.calls()["conversation"]
        say(socket, type="message", text="how long, in writing?")
        assert customer.waits_for("answer")["conversation"] == conversation
        customer.speaks()
        assert customer.waits_for("call_heard")["text"] == "how long?"
        customer.waits_for("answer")
        customer.waits_for("answer")
        customer.hangs_up()


@pytest.mark.parametrize(
    ("sound", "code"),
    [(bytes(641), "malformed"), (bytes(1), "malformed"), (bytes(MAX_SOUND_BYTES + 2), "too_long")],
    ids=["odd", "one byte", "more than a megabyte"],
)
def test_bad_sound_gets_a_typed_error_and_the_call_lives_on(
    client: TestClient, engines: ScriptedEngines, sound: bytes, code: str
) -> None:
    engines.will_hear("how long?")
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        socket.send_bytes(sound)
        assert customer.waits_for("error")["code"] == code
        customer.speaks()
        assert customer.waits_for("answer")["text"] == SOFA.answer
        customer.hangs_up()


def test_sound_that_comes_too_fast_is_refused_and_the_call_lives_on(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        for _ in range(3):
            socket.send_bytes(bytes(32_000 * 4))
        assert customer.waits_for("error")["code"] == "busy"
        assert customer.hangs_up()["reason"] == "hangup"


@pytest.mark.parametrize(
    "event",
    [{"type": "call_end"}, {"type": "played", "ms": 20}, {"type": "key", "digit": "1"}, {"type": "no_recording"}],
)
def test_a_calls_events_outside_a_call_get_a_typed_error(client: TestClient, event: dict[str, Any]) -> None:
    with client.websocket_connect("/chat") as socket:
        Caller(socket)
        say(socket, **event)
        assert hear(socket, "error")["code"] == "no_call"
        say(socket, type="message", text="how long?")
        assert hear(socket, "answer")["text"] == SOFA.answer


@pytest.mark.parametrize(
    "event",
    [
        {"type": "played"}, {"type": "played", "ms": -1}, {"type": "played", "ms": "NaN"},
        {"type": "played", "ms": 1e300}, {"type": "key", "digit": "12"}, {"type": "key", "digit": "x"}, {"type": "key"},
    ],
)  # fmt: skip
def test_a_malformed_event_of_a_call_gets_a_typed_error(client: TestClient, event: dict[str, Any]) -> None:
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        say(socket, **event)
        assert customer.waits_for("error")["code"] == "malformed"
        customer.hangs_up()


def test_a_second_call_on_the_same_socket_is_refused_and_the_first_goes_on(client: TestClient) -> None:
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        say(socket, type="call_start")
        assert customer.waits_for("error")["code"] == "in_call"
        assert customer.hangs_up()["reason"] == "hangup"
        assert customer.calls()["type"] == "call_started"


def test_what_the_welcome_announced_reaches_the_books_though_no_call_took_it(
    services: Services, engines: ScriptedEngines
) -> None:
    """Neither a call that is refused nor one in which nothing is said may lose it, and nobody is told twice."""
    services.announcements.add("Our website is down.", now=services.now())
    engines.will_hear("how long?")
    with opened(services, engines, most=1) as client, client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        assert [told["text"] for told in customer.welcome["announcements"]] == ["Our website is down."]
        conversation = UUID(customer.calls()["conversation"])
        customer.hangs_up()
        say(socket, type="message", text="how long?")
        hear(socket, "answer")
        assert told_in(services, conversation) == [["Our website is down."]]
        customer.calls()
        customer.speaks()
        customer.waits_for("answer")
        customer.waits_for("answer")
        customer.hangs_up()
        say(socket, type="message", text="and now?")
        hear(socket, "answer")
    assert told_in(services, conversation) == [["Our website is down."], [], []]


def test_what_a_call_announces_is_not_told_again_in_writing(services: Services, engines: ScriptedEngines) -> None:
    services.announcements.add("Our website is down.", now=services.now())
    engines.will_hear("how long?")
    with opened(services, engines) as client, client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        conversation = UUID(customer.calls()["conversation"])
        customer.speaks()
        customer.waits_for("answer")
        customer.waits_for("answer")
        customer.hangs_up()
        say(socket, type="message", text="and now?")
        hear(socket, "answer")
    assert told_in(services, conversation) == [["Our website is down."], []]


def told_in(services: Services, conversation: UUID) -> list[list[str]]:
    """The announcements by turn."""
    with Session(services.engine) as session:
        rows = session.exec(select(TurnRow).where(TurnRow.conversation_id == conversation))
        return [[told["text"] for told in row.announced or []] for row in sorted(rows, key=lambda row: row.number)]


def test_all_lines_taken_is_said_and_the_chat_goes_on(services: Services, engines: ScriptedEngines) -> None:
    with opened(services, engines, most=1) as client:
        with client.websocket_connect("/chat") as one, client.websocket_connect("/chat") as other:
            Caller(one).calls()
            Caller(other)
            say(other, type="call_start")
            assert hear(other, "error")["code"] == "lines_taken"
            say(other, type="message", text="how long?")
            assert hear(other, "answer")["text"] == SOFA.answer
        while services.live_calls:
            client.get("/healthz")
        with client.websocket_connect("/chat") as later:
            assert Caller(later).calls()["type"] == "call_started"


def test_without_engines_a_call_is_refused_and_the_chat_goes_on(services: Services) -> None:
    app = create_app(services)
    with TestClient(app, base_url="http://127.0.0.1") as client, client.websocket_connect("/chat") as socket:
        Caller(socket)
        say(socket, type="call_start")
        assert hear(socket, "error")["code"] == "no_voice"
        say(socket, type="message", text="how long?")
        assert hear(socket, "answer")["text"] == SOFA.answer


def test_hanging_up_in_mid_answer_is_in_the_books_as_interrupted(
    client: TestClient, services: Services, engines: ScriptedEngines
) -> None:
    engines.will_hear("how long?")
    engines.voice._ms_per_character = 400
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        conversation = UUID(customer.calls()["conversation"])
        customer.speaks()
        customer.waits_for("answer")
        say(socket, type="call_end")
        assert customer.waits_for("answer")["heard"] == ""
        customer.waits_for("call_ended")
    (line, *rest) = services.conversations.read(conversation)
    assert line.text == "how long?"
    assert all(said.text != SOFA.answer for said in rest)


def test_a_handed_over_call_ends_and_the_colleague_writes(client: TestClient, engines: ScriptedEngines) -> None:
    engines.will_hear("I want to talk to a person")
    live = "ws://127.0.0.1/api/v1/desk/live?colleague=Ana"
    with client.websocket_connect(live), client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        customer.speaks()
        assert customer.waits_for("status")["state"] == "waiting"
        assert customer.waits_for("call_ended")["reason"] == "transfer"
        say(socket, type="call_start")
        assert customer.waits_for("error")["code"] == "with_colleague"


def test_a_page_is_not_passed_on_to_a_number_that_nobody_there_can_dial(
    tmp_path: Path, engines: ScriptedEngines
) -> None:
    services = shop(tmp_path, transfer_to="+15035550100")
    engines.will_hear("I want to talk to a person")
    with opened(services, engines) as client, client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        customer.speaks()
        assert "call you back" in customer.waits_for("answer")["text"]
        assert customer.waits_for("status")["state"] == "agent"
        assert customer.hangs_up()["reason"] == "hangup"
        (booked,) = client.get("/api/v1/calls").json()
    assert (booked["ending"], booked["transfer_to"]) == ("hangup", None)


def test_a_goodbye_ends_the_call_once_it_was_heard(client: TestClient, engines: ScriptedEngines) -> None:
    engines.will_hear("goodbye")
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        customer.speaks()
        assert customer.waits_for("call_ended")["reason"] == "goodbye"
        say(socket, type="message", text="how long?")
        assert customer.waits_for("answer")["text"] == SOFA.answer


def test_who_speaks_over_our_goodbye_is_heard(client: TestClient, engines: ScriptedEngines) -> None:
    engines.voice._ms_per_character = 80
    engines.will_hear("goodbye", *["wait, how long do I have?"] * 5)
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        customer.speaks()
        customer.listens(800)
        customer.speaks()
        assert customer.waits_for("answer")["heard"].startswith("Goodbye")
        assert customer.waits_for("answer")["text"] == SOFA.answer
        assert customer.hangs_up()["reason"] == "hangup"


def test_a_forgotten_page_is_asked_and_then_hung_up_on(
    client: TestClient, engines: ScriptedEngines, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(calls, "PageSilences", partial(PageSilences, ask_after_ms=300))
    engines.voice._ms_per_character = 1
    with client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        assert customer.waits_for("call_ended")["reason"] == "silence"
    assert engines.voice.said == [phrase("still_there", lang="en")] * 2 + [phrase("goodbye", lang="en")]


def test_a_recorded_call_says_so_and_leaves_a_file_of_both_sides(tmp_path: Path, engines: ScriptedEngines) -> None:
    services = shop(tmp_path, record_calls="on")
    engines.will_hear("how long?")
    with opened(services, engines) as client:
        with client.websocket_connect("/chat") as socket:
            customer = Caller(socket)
            conversation = UUID(customer.calls()["conversation"])
            assert customer.waits_for("call_recorded")["on"] is True
            assert services.recordings.listed() == []
            customer.speaks()
            customer.waits_for("answer")
            customer.waits_for("answer")
            customer.hangs_up()
        (kept,) = client.get(f"/api/v1/conversations/{conversation}").json()["recordings"]
        assert kept["name"].startswith(str(conversation))
    both, rate_hz = soundfile.read(services.recordings.listed()[0].path, dtype="float32")
    assert (both.shape[1], rate_hz) == (2, 16_000)
    assert level_dbfs(both[:, 0]) > -40
    assert level_dbfs(both[:, 1]) > -45


def test_who_says_no_is_answered_and_not_recorded(tmp_path: Path, engines: ScriptedEngines) -> None:
    services = shop(tmp_path, record_calls="on")
    engines.will_hear("No.", "how long?")
    with opened(services, engines) as client, client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        customer.speaks()
        assert "not recorded" in customer.waits_for("answer")["text"]
        customer.waits_for("answer")
        customer.speaks()
        assert customer.waits_for("answer")["text"] == SOFA.answer
        customer.waits_for("answer")
        customer.hangs_up()
    assert services.recordings.listed() == []


def test_a_recording_in_the_way_of_the_disk_does_not_end_the_call(tmp_path: Path, engines: ScriptedEngines) -> None:
    services = shop(tmp_path, record_calls="on")
    (tmp_path / "recordings").write_text("a file where a folder should be")
    engines.will_hear("how long?")
    with opened(services, engines) as client, client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        customer.waits_for("call_recorded")
        customer.speaks()
        assert customer.waits_for("answer")["text"] == SOFA.answer
        customer.hangs_up()


def test_a_call_whose_announcement_nobody_can_say_is_held_and_not_recorded(
    tmp_path: Path, engines: ScriptedEngines
) -> None:
    services = shop(tmp_path, record_calls="on")
    engines.voice._fails_on = ("recorded",)
    engines.will_hear("how long?")
    with opened(services, engines) as client, client.websocket_connect("/chat") as socket:
        customer = Caller(socket)
        customer.calls()
        customer.speaks()
        assert customer.waits_for("answer")["text"] == SOFA.answer
        customer.hangs_up()
    assert services.recordings.listed() == []
