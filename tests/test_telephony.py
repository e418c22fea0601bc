"""The doors on the real application: who may call, what is announced and booked, and what bad lines get."""

import csv
import io
import json
import socket
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID, uuid4
from xml.etree import ElementTree

import pytest
from fastapi.testclient import TestClient
from sqlalchemy import text
from starlette.websockets import WebSocketDisconnect

from tests.conftest import free_port
from tests.scripted_call import LoudnessVad
from tests.telephones import CALL, asterisk_event, twilio_media, twilio_start
from tests.test_people_chat import open_shop
from voice.engines import Engines
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from voice.wires.audiosocket import frame
from voice.wires.dialect import BadMessage
from web.app import create_app
from web.services import Services
from web.telephony.sockets import reason_of
from web.telephony.switchboard import Switchboard
from web.telephony.twilio_signature import is_signed, signature

RECORDINGS = Path(__file__).parent / "recordings"
NUMBER = "+15035550188"
LOCAL = "ws://127.0.0.1"
SILENCE = bytes(320)


def engines(*lines: str) -> Engines:
    scripted = SimpleNamespace(
        hearing=lambda: Hearing(vad=LoudnessVad()),
        transcriber=ScriptedTranscriber(*lines),
        voice=ScriptedSynthesizer(ms_per_character=1.0),
    )
    return cast(Engines, scripted)


class Exchange:
    """The application with scripted engines, its rows, and AudioSocket on a port of its own."""

    def __init__(self, services: Services, *lines: str, **settings: Any) -> None:
        self.services = services
        services.settings.audiosocket_port = free_port()
        self.app = create_app(services, Switchboard(services, engines(*lines), **settings))

    @property
    def rows(self) -> list[dict[str, Any]]:
        with self.services.engine.connect() as connection:
            return [dict(row._mapping) for row in connection.execute(text("SELECT * FROM phone_call ORDER BY at"))]

    def dial(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.services.settings.audiosocket_port), timeout=10)


def shop(home: Path, **settings: str) -> Services:
    made = open_shop(home, **settings)
    made.index.trouble = None  # type: ignore[misc]
    return made


@pytest.fixture
def services(tmp_path: Path) -> Services:
    return shop(tmp_path)


@pytest.fixture(scope="module")
def busy(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[TestClient, Exchange]]:
    """One application for all the lines that break."""
    exchange = Exchange(shop(tmp_path_factory.mktemp("busy")))
    with TestClient(exchange.app, base_url="http://127.0.0.1") as client:
        yield client, exchange


def ends_with(exchange: Exchange, before: int) -> list[str]:
    """How the calls since then ended."""
    return [row["ending"] for row in exchange.rows[before:]]


@pytest.fixture
def exchange(services: Services) -> Exchange:
    return Exchange(services)


@pytest.fixture
def client(exchange: Exchange) -> Iterator[TestClient]:
    with TestClient(exchange.app, base_url="http://127.0.0.1") as client:
        yield client


def rest_of(line: socket.socket) -> bytes:
    """Until the other end closes."""
    heard = b""
    while piece := line.recv(65_536):
        heard += piece
    return heard


def test_an_announced_call_is_booked_without_the_callers_number(client: TestClient, exchange: Exchange) -> None:
    told = {"caller": "+1 (503) 555-0188", "dialled": "800 100", "lang": "zh-CN"}
    assert client.post(f"/api/v1/calls/{CALL}", json=told).json()["lang"] == "zh"
    assert client.get(f"/api/v1/calls/{CALL}").json()["state"] == "announced"
    with closing(exchange.dial()) as line:
        line.sendall(frame(0x01, CALL.bytes) + frame(0x10, SILENCE))
        assert line.recv(3) == bytes.fromhex("100140"), "the first frame back"
        live = client.get(f"/api/v1/calls/{CALL}").json()
        line.sendall(frame(0x00))
        rest_of(line)
    assert (live["state"], live["outcome"]) == ("live", None)
    ended = client.get(f"/api/v1/calls/{CALL}").json()
    assert (ended["state"], ended["ending"], ended["outcome"], ended["dialled"]) == (
        "ended",
        "hangup",
        "hangup",
        "800100",
    )
    assert ended["customer"] == exchange.services.caller(NUMBER)
    assert "5550188" not in str(exchange.rows)


def test_asterisks_curl_announces_with_a_form(client: TestClient) -> None:
    answer = client.post(f"/api/v1/calls/{CALL}", data={"caller": NUMBER, "dialled": "100", "lang": "en"})
    assert answer.status_code == 202
    assert (answer.json()["lang"], answer.json()["dialled"]) == ("en", "100")


@pytest.mark.parametrize(
    "body", [b'{"caller": 1}', b"{", b"[" * 5_000, b'{"lang": "' + b"x" * 100 + b'"}', b"\xff\xfe{"]
)
def test_a_broken_announcement_gets_a_clear_error(client: TestClient, body: bytes) -> None:
    answer = client.post(f"/api/v1/calls/{CALL}", content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code in (413, 422)
    assert client.get(f"/api/v1/calls/{CALL}").status_code == 404


def pieces(length: int) -> Iterator[bytes]:
    """A body that does not say how long it is."""
    yield b"caller=1&x="
    for _ in range(length // 1_000):
        yield b"x" * 1_000


@pytest.mark.parametrize("path", [f"/api/v1/calls/{CALL}", "/twilio/voice", f"/twilio/after/{CALL}"])
@pytest.mark.parametrize("is_told", [True, False])
def test_a_post_that_does_not_end_is_not_read_to_its_end(client: TestClient, path: str, is_told: bool) -> None:
    content = b"".join(pieces(70_000)) if is_told else pieces(70_000)
    answer = client.post(path, content=content, headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert answer.status_code == 413
    assert "65536 bytes" in answer.json()["detail"]
    short = client.post(path, content=pieces(9_000), headers={"Content-Type": "application/x-www-form-urlencoded"})
    assert short.status_code in (200, 202)


def test_the_same_line_may_call_again(client: TestClient, exchange: Exchange) -> None:
    for _ in range(2):
        with closing(exchange.dial()) as line:
            line.sendall(frame(0x01, CALL.bytes) + frame(0x10, SILENCE) + frame(0x00))
            rest_of(line)
    assert [UUID(row["line_id"]) for row in exchange.rows] == [CALL, CALL]
    assert client.get(f"/api/v1/calls/{CALL}").json()["ending"] == "hangup"


UUID_FRAME = frame(0x01, CALL.bytes)
BROKEN_LINES = {
    "sound before the UUID": frame(0x10, SILENCE),
    "two UUIDs": UUID_FRAME + UUID_FRAME,
    "a UUID that lies about its length": b"\x01\x00\xc8" + CALL.bytes,
    "a UUID that is too short": b"\x01\x00\x04" + CALL.bytes,
    "sound without a sample": UUID_FRAME + frame(0x10),
    "an unknown kind": UUID_FRAME + frame(0x42, b"?"),
    "a web browser": b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
    "a sample rate that is none": UUID_FRAME + frame(0x19, SILENCE),
}


@pytest.mark.parametrize("sent", BROKEN_LINES.values(), ids=BROKEN_LINES)
def test_a_broken_audiosocket_gets_an_error_frame_and_has_its_row(
    busy: tuple[TestClient, Exchange], sent: bytes
) -> None:
    client, exchange = busy
    before = len(exchange.rows)
    with closing(exchange.dial()) as line:
        line.sendall(sent)
        assert rest_of(line).endswith(bytes.fromhex("ff000102"))
    assert ends_with(exchange, before) == ["error"]
    assert client.get("/readyz").json()["calls"]["live"] == 0


def test_whoever_connects_and_says_nothing_leaves_no_row(client: TestClient, exchange: Exchange) -> None:
    assert client.get("/readyz").json()["calls"]["audiosocket"].startswith("127.0.0.1:")
    with closing(exchange.dial()) as line:
        line.shutdown(socket.SHUT_WR)
        rest_of(line)
    assert exchange.rows == []


def test_a_caller_who_goes_without_a_word_has_hung_up(client: TestClient, exchange: Exchange) -> None:
    with closing(exchange.dial()) as line:
        line.sendall(UUID_FRAME + frame(0x10, SILENCE))
        line.recv(3)
        line.shutdown(socket.SHUT_WR)
        rest_of(line)
    assert client.get(f"/api/v1/calls/{CALL}").json()["ending"] == "hangup"
    assert len(exchange.rows) == 1


MEDIA = twilio_media(bytes(160), chunk=1)
BROKEN_STREAMS: dict[str, tuple[list[str | bytes], int]] = {
    "media before start": ([MEDIA], 1002),
    "two starts": ([twilio_start(), twilio_start()], 1002),
    "wrong sample rate": ([twilio_start(rate_hz=44_100)], 1003),
    "wrong encoding": ([twilio_start("audio/opus")], 1003),
    "no JSON": (["hello"], 1007),
    "JSON without end": (["[" * 100_000], 1007),
    "a start without a stream": (['{"event": "start", "start": {}}'], 1007),
    "not an object": (["[1]"], 1007),
    "base64 that is not": ([twilio_start(), twilio_media("@@@=", chunk=1)], 1007),
    "base64 cut short": ([twilio_start(), twilio_media("QUJDR", chunk=1)], 1007),
    "ten megabytes": ([twilio_start(), twilio_media("A" * 10_000_000, chunk=1)], 1009),
    "binary": ([b"\x00\x01"], 1003),
}


@pytest.mark.parametrize(("sent", "code"), BROKEN_STREAMS.values(), ids=BROKEN_STREAMS)
def test_a_broken_stream_is_closed_with_its_code_and_has_its_row(
    busy: tuple[TestClient, Exchange], sent: list[str | bytes], code: int
) -> None:
    client, exchange = busy
    before = len(exchange.rows)
    _breaks(client, "/twilio/media", sent, code)
    assert ends_with(exchange, before) == ["error"]


STARTED = asterisk_event("MEDIA_START", format="ulaw")
BROKEN_CHANNELS: dict[str, tuple[list[str | bytes], int]] = {
    "media before MEDIA_START": ([bytes(160)], 1002),
    "two starts": ([STARTED, STARTED], 1002),
    "wrong format": ([asterisk_event("MEDIA_START", format="opus")], 1003),
    "no format": (["MEDIA_START"], 1003),
    "neither an event nor JSON": (["<xml/>"], 1007),
    "JSON without an event": (['{"command": "ANSWER"}'], 1007),
    "JSON without end": (['{"event": ' * 5_000], 1007),
    "ten megabytes": ([STARTED, bytes(10_000_000)], 1009),
}


@pytest.mark.parametrize(("sent", "code"), BROKEN_CHANNELS.values(), ids=BROKEN_CHANNELS)
def test_a_broken_channel_is_hung_up_and_has_its_row(
    busy: tuple[TestClient, Exchange], sent: list[str | bytes], code: int
) -> None:
    client, exchange = busy
    before = len(exchange.rows)
    assert "HANGUP" in _breaks(client, "/asterisk", sent, code)
    assert ends_with(exchange, before) == ["error"]


def _breaks(client: TestClient, path: str, sent: list[str | bytes], code: int) -> list[str]:
    said: list[str] = []
    with client.websocket_connect(f"{LOCAL}{path}") as line, pytest.raises(WebSocketDisconnect) as closed:
        for message in sent:
            if isinstance(message, str):
                line.send_text(message)
            else:
                line.send_bytes(message)
        while True:
            heard = line.receive()
            line._raise_on_close(heard)
            said.append(heard.get("text") or "")
    assert closed.value.code == code
    assert closed.value.reason
    return said


def test_harmless_oddities_are_borne(busy: tuple[TestClient, Exchange]) -> None:
    client, exchange = busy
    before = len(exchange.rows)
    odd = [
        '{"event": "connected"}',
        '{"event": "wallpaper", "colour": "blue"}',
        twilio_start(),
        twilio_media("", chunk=1),
    ]
    odd += [
        twilio_media(bytes(161), chunk=1),
        twilio_media(bytes(160), chunk=900),
        '{"event": "dtmf", "dtmf": {"digit": "E"}}',
    ]
    odd += ['{"event": "mark", "mark": {"name": "nobody\'s"}}', '{"event": "stop"}']
    with client.websocket_connect(f"{LOCAL}/twilio/media") as line, pytest.raises(WebSocketDisconnect) as closed:
        for message in odd:
            line.send_text(message)
        while True:
            line.receive_text()
    assert closed.value.code == 1000
    assert ends_with(exchange, before) == ["hangup"]


def test_channel_variables_and_address_parameters_tell_of_the_call(client: TestClient, exchange: Exchange) -> None:
    start = asterisk_event("MEDIA_START", is_json=True, format="slin16", connection_id="dime")
    with client.websocket_connect(f"{LOCAL}/asterisk?call={CALL}&caller={NUMBER.replace('+', '%2B')}&lang=zh") as line:
        line.send_text(start)
        line.send_text(asterisk_event("HANGUP", is_json=True))
        assert json.loads(line.receive_text()) == {"command": "HANGUP"}
    (row,) = exchange.rows
    assert (UUID(row["line_id"]), row["customer"], row["lang"]) == (CALL, exchange.services.caller(NUMBER), "zh")


def test_a_stranger_who_sends_rubbish_leaves_no_row(client: TestClient, exchange: Exchange) -> None:
    away = {"host": "voice.example.com"}
    with client.websocket_connect("/twilio/media", headers=away) as line, pytest.raises(WebSocketDisconnect):
        line.send_text("hello")
        line.receive_text()
    assert exchange.rows == []


def test_a_close_reason_fits_its_frame_and_is_whole_characters() -> None:
    reason = reason_of(BadMessage("a wrong 密码 " * 20, code=1007))
    assert 120 < len(reason.encode()) <= 123
    assert ("a wrong 密码 " * 20).startswith(reason)


def test_from_elsewhere_nobody_gets_in(client: TestClient) -> None:
    away = {"host": "voice.example.com"}
    assert client.post("/twilio/voice", headers=away).status_code == 403
    assert client.get(f"/api/v1/calls/{CALL}", headers=away).status_code == 401
    for path in ("/twilio/media", "/asterisk"):
        if path == "/asterisk":
            with pytest.raises(WebSocketDisconnect), client.websocket_connect(path, headers=away):
                pass
            continue
        with client.websocket_connect(path, headers=away) as line, pytest.raises(WebSocketDisconnect) as closed:
            line.send_text(twilio_start())
            line.receive_text()
        assert closed.value.code == 1008


def test_signatures_are_those_of_twilios_own_package() -> None:
    for one in json.loads((RECORDINGS / "twilio_signatures.json").read_text(encoding="utf-8")):
        assert signature(one["token"], one["address"], one["parameters"].items()) == one["signature"]
        assert is_signed(
            one["signature"], token="12345", addresses=[one["address"]], parameters=one["parameters"].items()
        )
        assert not is_signed(one["signature"], token="12346", addresses=[one["address"]], parameters=[])


BASE = "https://voice.example.com"


@pytest.fixture
def signed(tmp_path: Path) -> Iterator[tuple[TestClient, Exchange]]:
    exchange = Exchange(open_shop(tmp_path, twilio_auth_token="12345", public_url=f"{BASE}/"), most=1)
    with TestClient(exchange.app, base_url="http://10.0.0.7:8000") as client:
        yield client, exchange


def by(address: str, **form: str) -> dict[str, str]:
    return {"X-Twilio-Signature": signature("12345", address, form.items())}


def test_a_signed_call_is_streamed_here_with_a_ticket_good_for_one_call(signed: tuple[TestClient, Exchange]) -> None:
    client, exchange = signed
    form = {"From": NUMBER, "To": "+18005551212", "CallSid": "CA1"}
    address = f"{BASE}/twilio/voice?lang=zh"
    assert client.post("/twilio/voice?lang=zh", data=form).status_code == 403
    answer = client.post("/twilio/voice?lang=zh", data=form, headers=by(address, **form))
    assert answer.headers["content-type"].startswith("application/xml")
    twiml = ElementTree.fromstring(answer.text)
    stream = twiml.find("Connect/Stream")
    assert stream is not None
    assert stream.get("url") == "wss://voice.example.com/twilio/media"
    parameters = {one.get("name"): one.get("value") for one in stream}
    start = twilio_start(**cast(dict[str, str], parameters))
    upgrade = by("wss://voice.example.com/twilio/media/")
    for ending in ("hangup", None):
        with (
            client.websocket_connect(f"{LOCAL}/twilio/media", headers=upgrade) as line,
            pytest.raises(WebSocketDisconnect),
        ):
            line.send_text(start)
            line.send_text('{"event": "stop"}')
            line.receive_text()
        assert exchange.rows[0]["ending"] == "hangup"
        assert len(exchange.rows) == 1, ending
    with pytest.raises(WebSocketDisconnect), client.websocket_connect(f"{LOCAL}/twilio/media"):
        pass
    call = parameters["call"]
    after = f"{BASE}/twilio/after/{call}"
    assert twiml.findtext("Redirect") == after
    assert "<Hangup/>" in client.post(f"/twilio/after/{call}", headers=by(after)).text
    (row,) = exchange.rows
    assert (row["dialled"], row["lang"], row["customer"]) == ("+18005551212", "zh", exchange.services.caller(NUMBER))


def test_when_all_lines_are_taken_the_caller_hears_so_and_is_counted(services: Services) -> None:
    exchange = Exchange(services, most=0)
    with TestClient(exchange.app, base_url="http://127.0.0.1") as client, closing(exchange.dial()) as line:
        line.sendall(UUID_FRAME)
        heard = rest_of(line)
        assert client.get(f"/api/v1/calls/{CALL}").json()["outcome"] == "busy"
        assert 'dime_calls_refused_total{door="audiosocket"}' in client.get("/metrics").text
    assert heard.endswith(frame(0x00))
    loud = [piece for piece in heard.split(bytes.fromhex("100140")) if any(piece)]
    assert len(loud) > 5, "the words, in both languages"


def test_a_taken_port_is_a_warning_and_no_end(exchange: Exchange) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", exchange.services.settings.audiosocket_port))
        taken.listen()
        exchange.app = create_app(exchange.services, Switchboard(exchange.services, engines()))
        with TestClient(exchange.app, base_url="http://127.0.0.1") as client:
            assert "cannot be listened on" in client.get("/readyz").json()["calls"]["audiosocket"]
            assert client.get("/healthz").status_code == 200


def test_calls_are_listed_and_exported_safe_for_a_spreadsheet(client: TestClient, exchange: Exchange) -> None:
    client.post(f"/api/v1/calls/{CALL}", json={"dialled": "+18005551212"})
    with closing(exchange.dial()) as line:
        line.sendall(UUID_FRAME + frame(0x00))
        rest_of(line)
    (listed,) = client.get("/api/v1/calls").json()
    assert (listed["id"], listed["door"], listed["ending"]) == (str(CALL), "audiosocket", "hangup")
    (row,) = csv.DictReader(io.StringIO(client.get("/api/v1/calls.csv").text))
    assert row["dialled"] == "'+18005551212"
    assert row["ending"] == "hangup"


def test_a_call_that_a_killed_server_held_is_cut_off(client: TestClient, exchange: Exchange) -> None:
    from datetime import timedelta

    from agent.turn import Who
    from web.telephony.arrivals import Arrival

    book = app_switchboard(exchange).book
    before = exchange.services.now() - timedelta(minutes=5)
    book.begin(Arrival("audiosocket", id=CALL), Who("phone"), conversation=uuid4(), at=before)
    told = client.get(f"/api/v1/calls/{CALL}").json()
    assert (told["state"], told["outcome"], told["ended"]) == ("cut_off", None, None)


def app_switchboard(exchange: Exchange) -> Switchboard:
    switchboard: Switchboard = exchange.app.state.switchboard
    return switchboard


def test_without_engines_a_call_is_hung_up_and_booked(services: Services) -> None:
    with (
        TestClient(create_app(services), base_url="http://127.0.0.1") as client,
        client.websocket_connect(f"{LOCAL}/twilio/media") as line,
        pytest.raises(WebSocketDisconnect) as closed,
    ):
        line.send_text(twilio_start())
        line.receive_text()
    assert closed.value.code == 1000
    with services.engine.connect() as connection:
        assert connection.execute(text("SELECT ending FROM phone_call")).scalar() == "busy"
