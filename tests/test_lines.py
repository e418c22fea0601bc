"""The pure machines under a line: whatever the network does, a call's time is neither torn nor doubled."""

import json
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.telephones import DOORS, asterisk_event, twilio_media, twilio_start
from tests.virtual_time import in_virtual_time
from voice.audio import RATE_HZ, Samples, silence
from voice.codecs import Encoding, encode
from voice.resampler import Resampler
from voice.wires.asterisk import FORMATS, AsteriskDialect
from voice.wires.audiosocket import AudioSocketDialect, frame
from voice.wires.coding import Coding, Format
from voice.wires.dialect import BadMessage, Dialect, LineEvent, Message, Sound
from voice.wires.intake import AHEAD_MS, BEHIND, HELD, PATIENCE_MS, WAITING, Intake, Ordering
from voice.wires.line import Line
from voice.wires.marks import EVERY_MS, Marks
from voice.wires.pace import FRAME_MS
from voice.wires.twilio import TwilioDialect

LOUD = 0.5


def numbered(number: int, *, level: float = LOUD) -> Samples:
    """A frame that can be told from all others."""
    sound = np.full(320, level, dtype=np.float32)
    sound[0] = (number + 1) / 1_000
    return sound


def number_of(sound: Samples) -> int:
    """-1 for the silence that stands in."""
    return round(float(sound[0]) * 1_000) - 1


steps = st.lists(st.tuples(st.integers(0, 400), st.lists(st.integers(1, 1_000), max_size=4)), max_size=60)
"""After so many milliseconds come pieces of so many samples."""


@given(steps)
def test_time_given_out_keeps_up_with_the_clock_and_is_never_far_ahead(steps: list[tuple[int, list[int]]]) -> None:
    intake, now_ms, given_ms = Intake(now_ms=0), 0.0, 0.0
    put = taken = 0
    for wait_ms, pieces in steps:
        now_ms += wait_ms
        for length in pieces:
            intake.put(np.full(length, LOUD, dtype=np.float32))
            put += length
        while (sound := intake.take(now_ms=now_ms)) is not None:
            assert len(sound) == 320
            given_ms += FRAME_MS
            taken += bool(np.any(sound))
        assert now_ms - PATIENCE_MS <= given_ms <= now_ms + AHEAD_MS
        assert intake.due_in_ms(now_ms=now_ms) > 0
    waiting = len(intake._waiting)
    assert waiting <= WAITING
    assert taken + waiting + intake.losses.dropped == put // 320
    assert taken + intake.losses.late == given_ms / FRAME_MS


@given(st.lists(st.integers(0, 200), max_size=80))
def test_sound_stays_in_its_order(waits_ms: list[int]) -> None:
    intake, now_ms, heard = Intake(now_ms=0), 0.0, []
    for number, wait_ms in enumerate(waits_ms):
        now_ms += wait_ms
        intake.put(numbered(number))
        while (sound := intake.take(now_ms=now_ms)) is not None:
            heard.append(number_of(sound))
    spoken = [number for number in heard if number >= 0]
    assert spoken == sorted(set(spoken))


def test_frames_in_step_pass_through_at_once() -> None:
    intake = Intake(now_ms=0)
    for number in range(200):
        intake.put(numbered(number))
        sound = intake.take(now_ms=number * 20)
        assert sound is not None
        assert number_of(sound) == number
        assert intake.take(now_ms=number * 20) is None
    assert intake.losses.late == intake.losses.dropped == 0


def test_a_delay_is_worked_off_in_the_callers_next_pause() -> None:
    """400 ms come late: the words are heard late, and the pause after them is shortened by as much."""
    intake, heard = Intake(now_ms=0), []

    def listen(until_ms: int) -> None:
        while (sound := intake.take(now_ms=until_ms)) is not None:
            heard.append(sound)

    for now_ms in range(20, 420, 20):
        listen(now_ms)
    for number in range(20):
        intake.put(numbered(number))
    for number in range(20, 100):
        intake.put(numbered(number, level=LOUD if number < 30 else 0.0))
        listen(420 + (number - 20) * 20)
    words = [number_of(sound) for sound in heard if np.abs(sound[1:]).mean() > 0.1]
    assert words == list(range(30))
    assert len(intake._waiting) <= 1
    assert intake.losses.dropped >= 20 - BEHIND - PATIENCE_MS // 20


pieces = st.integers(1, 60).flatmap(
    lambda count: st.lists(st.integers(-HELD, HELD), min_size=count, max_size=count).map(
        lambda shifts: sorted(range(count), key=lambda n: (n + shifts[n] / 2, n))
    )
)


@given(pieces, st.lists(st.integers(0, 59), max_size=10))
def test_what_is_a_little_out_of_order_comes_out_in_order_and_once(order: list[int], twice: list[int]) -> None:
    ordering: Ordering[int] = Ordering()
    first = ordering.put(0, 0)
    arriving = [n for n in order if n]
    for at in twice:
        if at < len(arriving):
            arriving.insert(at + 1, arriving[at])
    given = first + [piece for number in arriving for piece in ordering.put(number, number)]
    assert given == sorted(set(given))
    held = len(ordering._held)
    assert len(given) + held + ordering.losses.dropped == len(arriving) + 1


@given(st.lists(st.one_of(st.none(), st.integers(-1_000, 10_000)), max_size=100))
def test_any_numbers_are_borne_and_little_is_held_back(numbers: list[int | None]) -> None:
    ordering: Ordering[int] = Ordering()
    given = [piece for at, number in enumerate(numbers) for piece in ordering.put(number, at)]
    assert len(set(given)) == len(given)
    assert len(ordering._held) <= HELD
    assert len(given) + len(ordering._held) + ordering.losses.dropped == len(numbers)


def test_a_gap_is_given_up_after_three_frames_and_a_far_number_begins_anew() -> None:
    ordering: Ordering[int] = Ordering()
    arriving = [1, 2, 4, 5, 6, 7, 8, 3, 9, 500, 501]
    assert [ordering.put(n, n) for n in arriving] == [[1], [2], [], [], [], [4, 5, 6, 7], [8], [], [9], [500], [501]]


acts = st.lists(st.sampled_from(["send", "pause", "play", "play late", "flush", "strange"]), max_size=200)


@given(acts)
def test_unheard_is_what_was_sent_since_the_last_mark_that_came_back(acts: list[str]) -> None:
    marks, sent, heard, out = Marks(), 0, 0, []
    is_answered = False
    for act in acts:
        name = None
        match act:
            case "send":
                name, sent = marks.sent(20, at_s=0), sent + 20
            case "pause":
                name = marks.mark(at_s=0)
            case "play" | "play late" if out:
                played, position = out.pop(0 if act == "play" else -1)
                marks.played(played)
                if position is not None:
                    is_answered, heard = True, max(heard, position)
                    out = [(n, p if p is not None and p > heard else None) for n, p in out]
            case "flush":
                marks.flushed()
                heard, out = sent, [(n, None) for n, _ in out]
            case "strange":
                marks.played("x")
        if name:
            out.append((name, sent))
        assert marks.unheard_ms == (sent - heard if is_answered else 0)
        assert sent - marks._marked_ms < EVERY_MS


Make = Callable[[], Dialect]
MESSAGES = st.one_of(
    st.text(max_size=40),
    st.binary(max_size=400),
    st.sampled_from([twilio_start(), twilio_media(bytes(160), chunk=3), '{"event": "stop"}', '{"event": "mark"}']),
    st.sampled_from([asterisk_event("MEDIA_START", format="slin"), "DTMF_END digit:5", "MEDIA_XOFF", "QUEUE_DRAINED"]),
    st.sampled_from([frame(0x01, bytes(16)), frame(0x10, bytes(321)), frame(0x03, b"7"), frame(0x00), b"\x10\x00"]),
)


@pytest.mark.parametrize("make", [TwilioDialect, AudioSocketDialect, AsteriskDialect])
@given(messages=st.lists(MESSAGES, max_size=12))
def test_any_messages_are_events_or_one_kind_of_error(make: Make, messages: list[Message]) -> None:
    dialect = make()
    for message in messages:
        is_text_on_tcp = make is AudioSocketDialect and isinstance(message, str)
        try:
            events = dialect.hear(message.encode(errors="replace") if is_text_on_tcp else message)  # type: ignore[union-attr]
        except BadMessage as bad:
            assert str(bad)
            assert 0 < bad.code < 5_000
            assert dialect.hang_up(bad) is not None
            return
        assert all(len(event.samples) < 200_000 for event in events if isinstance(event, Sound))


@given(st.lists(st.integers(1, 50), max_size=80))
def test_a_stream_cut_anywhere_is_the_same_stream(cuts: list[int]) -> None:
    telephone = DOORS["audiosocket"]()
    sent = [*telephone.opening(), telephone.says(bytes(range(200))), telephone.presses("5"), telephone.says(bytes(100))]
    stream = b"".join(message for message in sent if isinstance(message, bytes))
    whole = _told(AudioSocketDialect().hear(stream))
    dialect, pieces, at = AudioSocketDialect(), list[LineEvent](), 0
    for cut in [*cuts, len(stream)]:
        pieces += dialect.hear(stream[at : at + cut])
        at += cut
    assert _told(pieces) == whole


def _told(events: list[LineEvent]) -> list[str]:
    return [f"{len(event.samples)} samples" if isinstance(event, Sound) else repr(event) for event in events]


def test_asterisk_that_is_full_is_spared_until_it_has_room() -> None:
    dialect = AsteriskDialect()
    dialect.hear(asterisk_event("MEDIA_START", format="ulaw"))
    sound = numbered(1)
    assert len(dialect.say(sound)) == 1
    dialect.hear("MEDIA_XOFF")
    assert dialect.is_full
    assert dialect.clear() == ["FLUSH_MEDIA"]
    dialect.hear("MEDIA_XON")
    assert not dialect.is_full


def test_what_a_full_line_does_not_take_is_counted_as_lost() -> None:
    async def story() -> tuple[int, int]:
        line = Line(AsteriskDialect())
        for message in (asterisk_event("MEDIA_START", format="ulaw"), "MEDIA_XOFF"):
            line.receive(message)
        for _ in range(3):
            await line.play(numbered(1))
            await line.play(silence(20))
        lost = line.losses.dropped
        line.receive("MEDIA_XON")
        await line.play(numbered(1))
        return lost, line.losses.dropped

    assert in_virtual_time(story()) == (3, 3)


def test_commands_are_in_the_form_that_the_channel_began_with() -> None:
    for is_json, wanted in (
        (False, "MARK_MEDIA m1"),
        (True, json.dumps({"command": "MARK_MEDIA", "correlation_id": "m1"})),
    ):
        dialect = AsteriskDialect()
        dialect.hear(asterisk_event("MEDIA_START", is_json=is_json, format="ulaw"))
        assert dialect.mark("m1") == [wanted]
        assert (
            max(len(command) for command in [*dialect.mark("m99999"), *dialect.clear(), *dialect.hang_up(None)]) <= 128
        )


@given(st.lists(st.booleans(), max_size=30), st.sampled_from([*FORMATS.values()]))
def test_silence_that_is_not_worked_out_anew_is_the_same_silence(
    are_loud: list[bool], used: tuple[Encoding, int]
) -> None:
    coding, resampler = Coding(Format(*used)), Resampler(from_hz=RATE_HZ, to_hz=used[1])
    noise = np.random.default_rng(7).uniform(-0.5, 0.5, 320).astype(np.float32)
    for is_loud in are_loud:
        frame = noise if is_loud else np.zeros(320, dtype=np.float32)
        assert coding.encode(frame) == encode(resampler.convert(frame), used[0])
