"""The Realtime session as a pure machine: recorded exchanges, and what holds for any of them."""

import base64
import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.realtime_exchange import RECORDINGS, Exchange, played, read, spoken
from voice.audio import RATE_HZ, level_dbfs
from web.realtime import input_buffer
from web.realtime.client_events import TYPES
from web.realtime.ears import LONGEST_MS, stretches
from web.realtime.items import Message
from web.realtime.settings import Pcm, PcmA, PcmU
from web.realtime.sound import Intake, Outlet, deltas

CREATE: dict[str, Any] = {"client": {"type": "response.create"}}
CANCEL: dict[str, Any] = {"client": {"type": "response.cancel"}}
MANUAL: dict[str, Any] = {
    "client": {"type": "session.update", "session": {"type": "realtime", "audio": {"input": {"turn_detection": None}}}}
}


def append(audio: str) -> dict[str, Any]:
    return {"client": {"type": "input_audio_buffer.append", "audio": audio}}


def user(text: str) -> dict[str, Any]:
    content = [{"type": "input_text", "text": text}]
    return {
        "client": {"type": "conversation.item.create", "item": {"type": "message", "role": "user", "content": content}}
    }


def last(exchange: Exchange) -> dict[str, Any]:
    return exchange.sent[-1]


@pytest.mark.parametrize("name", RECORDINGS)
def test_recorded_exchange_goes_as_it_went(name: str) -> None:
    assert played(read(name)) == read(name)


def test_all_that_was_said_since_something_was_heard_is_asked_together() -> None:
    exchange = Exchange()
    for step in (user("How long"), CREATE, CANCEL, user("can I return a sofa?"), CREATE):
        exchange.step(step)
    assert [message.words for message in exchange.to_answer[0].asks] == ["How long", "can I return a sofa?"]


def test_answer_of_which_nothing_was_heard_has_answered_nothing() -> None:
    exchange = Exchange()
    for step in (user("How long?"), CREATE, {"answers": "Thirty days.", "ms": 500}, {"finishes": True}):
        exchange.step(step)
    truncate = {"type": "conversation.item.truncate", "item_id": "item_2", "content_index": 0, "audio_end_ms": 0}
    for step in ({"client": truncate}, user("Hello?"), CREATE):
        exchange.step(step)
    assert [message.words for message in exchange.to_answer[0].asks] == ["How long?", "Hello?"]
    assert [message.words for message in exchange.rebooked] == [""]


def test_buffer_that_is_full_says_so_and_goes_on_once_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_buffer, "MOST_MS", 10_000)
    exchange = Exchange()
    exchange.step(MANUAL)
    five_seconds = base64.b64encode(bytes(5 * 24_000 * 2)).decode()
    exchange.step(append(five_seconds))
    exchange.step(append(five_seconds))
    assert last(exchange)["type"] == "session.updated"
    exchange.step(append(five_seconds))
    assert last(exchange)["error"]["code"] == "input_audio_buffer_full"
    exchange.step({"client": {"type": "input_audio_buffer.commit"}})
    exchange.step(append(five_seconds))
    assert last(exchange)["type"] == "conversation.item.done"


def test_long_silence_fills_nothing_where_the_server_detects_turns(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(input_buffer, "MOST_MS", 20_000)
    exchange = Exchange()
    for _ in range(6):
        exchange.step(append(base64.b64encode(bytes(10 * 24_000 * 2)).decode()))
    exchange.step({"caller": [["speaks", 500], ["waits", 700]]})
    started, stopped, committed = exchange.sent[1:4]
    assert (started["type"], stopped["type"]) == (
        "input_audio_buffer.speech_started",
        "input_audio_buffer.speech_stopped",
    )
    assert started["item_id"] == committed["item_id"]
    assert started["audio_start_ms"] == pytest.approx(60_000, abs=400)


def test_event_that_is_refused_changes_nothing() -> None:
    exchange = Exchange()
    exchange.step(MANUAL)
    before = exchange.session.as_json()
    wrong = {"type": "realtime", "instructions": "x", "audio": {"output": {"speed": 9}}}
    exchange.step({"client": {"type": "session.update", "event_id": "mine", "session": wrong}})
    assert last(exchange)["error"]["event_id"] == "mine"
    assert exchange.session.as_json() == before
    exchange.step(append("AAA"))
    exchange.step({"client": {"type": "input_audio_buffer.commit"}})
    assert last(exchange)["error"]["code"] == "input_audio_buffer_commit_empty"


def test_settings_are_echoed_with_what_changes_nothing_here() -> None:
    exchange = Exchange()
    wish = {
        "type": "realtime",
        "instructions": "Speak like a pirate.",
        "tools": [{"type": "function", "name": "look_up", "description": "Looks up.", "parameters": {}}],
        "max_output_tokens": 200,
        "audio": {
            "input": {
                "noise_reduction": {"type": "near_field"},
                "turn_detection": {"type": "semantic_vad", "eagerness": "low"},
            },
            "output": {"voice": "marin", "speed": 1.25},
        },
    }  # fmt: skip
    exchange.step({"client": {"type": "session.update", "session": wish}})
    session = last(exchange)["session"]
    assert (session["instructions"], session["tools"], session["max_output_tokens"]) == (
        wish["instructions"], wish["tools"], 200,
    )  # fmt: skip
    assert session["audio"]["input"]["noise_reduction"] == {"type": "near_field"}
    assert session["audio"]["input"]["turn_detection"]["eagerness"] == "low"
    assert (session["audio"]["output"]["voice"], session["audio"]["output"]["speed"]) == ("marin", 1.25)
    assert session["audio"]["output"]["format"] == {"type": "audio/pcm", "rate": 24_000}


@pytest.mark.parametrize("wire", [Pcm(type="audio/pcm"), PcmU(type="audio/pcmu"), PcmA(type="audio/pcma")])
def test_sound_comes_through_each_format_as_loud_as_it_was_and_as_long(wire: Pcm | PcmU | PcmA) -> None:
    tone = np.sin(2 * np.pi * 440 * np.arange(RATE_HZ) / RATE_HZ).astype(np.float32) * 0.3
    outlet, intake = Outlet(wire), Intake(wire)
    pieces = [intake.payload(outlet.base64(piece), param="audio") for piece in deltas(tone)]
    back = np.concatenate([samples for piece in pieces for samples in intake.slices(piece)])
    assert len(back) == pytest.approx(len(tone), abs=2)
    assert level_dbfs(back) == pytest.approx(level_dbfs(tone), abs=0.5)
    assert level_dbfs(intake.whole(b"".join(pieces))) == pytest.approx(level_dbfs(tone), abs=0.5)


@given(st.lists(st.integers(100, 40_000), min_size=1, max_size=6), st.randoms(use_true_random=False))
def test_long_sound_is_cut_into_stretches_that_are_the_whole(lengths_ms: list[int], random: Any) -> None:
    noise = np.random.default_rng(random.randrange(2**32))
    samples = np.concatenate([noise.normal(0, 0.1, length * 16).astype(np.float32) for length in lengths_ms])
    cut = list(stretches(samples))
    assert np.array_equal(np.concatenate(cut), samples)
    assert all(0 < len(stretch) <= LONGEST_MS * 16 for stretch in cut)


def test_long_sound_is_cut_where_nobody_speaks() -> None:
    sound = np.full(40_000 * 16, 0.2, dtype=np.float32)
    sound[25_000 * 16 : 25_600 * 16] = 0
    first, _ = stretches(sound)
    assert 25_000 < len(first) / 16 < 25_600


STEPS: st.SearchStrategy[dict[str, Any]] = st.one_of(
    st.sampled_from([CREATE, CANCEL, MANUAL, user("How long?")]),
    st.builds(lambda ms: {"caller": [["speaks", ms], ["waits", 600]]}, st.sampled_from([100, 300, 800])),
    st.sampled_from([{"client": {"type": f"input_audio_buffer.{what}"}} for what in ("commit", "clear")]),
    st.builds(
        lambda what, number, ms: {
            "client": {"type": f"conversation.item.{what}", "item_id": f"item_{number}", "audio_end_ms": ms}
        },
        st.sampled_from(["truncate", "delete", "retrieve"]),
        st.integers(1, 6),
        st.sampled_from([0, 150, 400, 9_000]),
    ),
    st.builds(
        lambda wish: {"client": {"type": "session.update", "session": {"type": "realtime", **wish}}},
        st.sampled_from(
            [
                {"output_modalities": ["text"]},
                {"output_modalities": ["audio"]},
                {"audio": {"input": {"turn_detection": {"type": "server_vad", "interrupt_response": False}}}},
                {"audio": {"input": {"turn_detection": {"type": "semantic_vad"}, "format": {"type": "audio/pcmu"}}}},
            ]
        ),
    ),
    st.sampled_from([{"heard": "How long?"}, {"heard": ""}, {"heard": None}]),
    st.builds(lambda until: {"answers": "Thirty days.", "ms": 400, "until_ms": until}, st.sampled_from([100, 400])),
    st.sampled_from([{"finishes": True}, {"fails": "failed"}, {"calls": "hand_over", "arguments": {"reason": "x"}}]),
)


def _is_possible(exchange: Exchange, step: dict[str, Any]) -> bool:
    """Engines find and say only what was ordered."""
    if "heard" in step:
        return bool(exchange.to_hear)
    return bool(exchange.to_answer) or not step.keys() & {"answers", "finishes", "fails", "calls"}


@given(st.lists(STEPS, max_size=25))
def test_whatever_a_client_does_events_are_well_formed_and_responses_end(steps: list[dict[str, Any]]) -> None:
    exchange = Exchange()
    for step in steps:
        if _is_possible(exchange, step):
            exchange.step(step)
    open_, known, audible = set[str](), set[str](), dict[str, float]()
    for event in exchange.sent:
        kind = event["type"]
        if kind == "response.created":
            assert not open_, "one at a time"
            open_.add(event["response"]["id"])
        elif kind == "response.done":
            open_.remove(event["response"]["id"])
            assert event["response"]["status"] != "in_progress"
        elif kind.startswith("response."):
            assert event["response_id"] in open_
        elif kind == "conversation.item.added":
            assert event["item"]["id"] not in known
            assert event["previous_item_id"] in {None, *known}
            known.add(event["item"]["id"])
        if kind == "response.output_audio.delta":
            audible[event["item_id"]] = audible.get(event["item_id"], 0) + len(base64.b64decode(event["delta"])) / 48
        if kind == "conversation.item.truncated" and event["item_id"] in audible:
            assert event["audio_end_ms"] <= audible[event["item_id"]] * 6 + 1, (
                "at most 8 kHz G.711 against 24 kHz linear"
            )
    assert len({event["event_id"] for event in exchange.sent}) == len(exchange.sent)
    assert open_ == ({exchange.session.response.id} if exchange.session.response else set())
    assert json.loads(json.dumps(exchange.session.as_json())) == exchange.session.as_json()
    for item in exchange.session.conversation.items:
        assert not isinstance(item, Message) or item.status != "in_progress" or exchange.session.response


WORDS = st.sampled_from(
    ["realtime", "message", "user", "input_text", "input_audio", "audio/pcm", "item_1", "AAAA", "\ud800"]
)
ANYTHING: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers(-1, 2**70) | st.just(0.5) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["type", "role", "content", "text", "audio", "input", "output", "format", "turn_detection"]
            ),
            inner,
            max_size=4,
        )
    ),
    max_leaves=8,
)
FIELDS = [
    "session",
    "audio",
    "item",
    "item_id",
    "response",
    "previous_item_id",
    "content_index",
    "audio_end_ms",
    "event_id",
]


@given(st.sampled_from(TYPES), st.dictionaries(st.sampled_from(FIELDS), ANYTHING, max_size=5))
def test_whatever_is_sent_is_obeyed_or_refused(kind: str, fields: dict[str, Any]) -> None:
    exchange = Exchange()
    exchange.step({"client": {"type": kind, **fields}})
    for event in exchange.sent[1:]:
        if event["type"] == "error":
            assert event["error"]["message"]
            assert event["error"]["type"] == "invalid_request_error"


def test_caller_can_be_heard_in_each_format() -> None:
    for wire in ("audio/pcm", "audio/pcmu", "audio/pcma"):
        exchange = Exchange()
        session = {"type": "realtime", "audio": {"input": {"format": {"type": wire}}}}
        exchange.step({"client": {"type": "session.update", "session": session}})
        exchange.step(append(spoken(("waits", 300), ("speaks", 600), ("waits", 700), wire=wire)))
        assert "input_audio_buffer.committed" in [event["type"] for event in exchange.sent]
