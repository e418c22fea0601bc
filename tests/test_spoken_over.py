"""What a caller says over our own words: never lost, never answered twice, and nothing of ours sounds on beneath it."""

import asyncio
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.scripted_call import (
    Agent,
    BusyEngine,
    CallerSays,
    LateEar,
    Played,
    WordsTranscriber,
    play,
    says,
)
from voice.audio import PER_MS, Samples, Speech
from voice.in_hand import Patience
from voice.recording.consent import Consent
from voice.recording.line import RecordedLine, Spoken
from voice.recording.recorder import Recorder
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import Transcript, TranscriptionFailed
from voice.wire import Wire

GREETING = {"greeting": "Hello! How can I help you? I am here."}
FIRST = (("waits", 500), ("speaks", 1200, "how long do I have"))
LONG = "One two three four five six seven. Eight nine ten eleven twelve thirteen fourteen."


class Paced(WordsTranscriber):
    """Hears each time after another while and with another confidence, or fails; beyond the list soon and surely."""

    def __init__(self, said: CallerSays, *paces: tuple[float, float | None]) -> None:
        super().__init__(said)
        self._paces = list(paces)

    async def transcribe(self, speech: Speech, *, lang: str | None = None, **_: object) -> Transcript:
        latency_s, confidence = self._paces.pop(0) if self._paces else (0.1, 0.9)
        await asyncio.sleep(latency_s)
        if confidence is None:
            raise TranscriptionFailed("this once")
        return replace(await super().transcribe(speech, lang=lang), confidence=confidence)


def greeted(said: CallerSays, **how: object) -> Played:
    return play(said, is_live=True, is_hung_up=True, phrases=GREETING, **how)  # type: ignore[arg-type]


def questions(played: Played) -> list[str]:
    return [done.turn.question for done in played.turns]


def last_sound_ms(played: Played) -> float:
    return float(np.flatnonzero(np.abs(played.agent_side) > 0.01)[-1]) / PER_MS


@pytest.mark.parametrize("others", [False, True])
@pytest.mark.parametrize("latency_s", [0.1, 1.2, 1.7])
def test_two_words_into_the_greeting_are_answered_however_busy_the_recogniser_is(
    latency_s: float, *, others: bool
) -> None:
    said = says(("waits", 500), ("speaks", 400, "my order"), ("waits", 12_000))
    played = greeted(said, transcriber=BusyEngine(said, latency_s=latency_s, others=others))
    assert questions(played) == ["my order"]
    assert played.turns[0].answered_at_ms is not None


@settings(max_examples=30, deadline=None)
@given(
    latency_s=st.sampled_from([0.1, 0.4, 0.8, 1.2, 1.7, 2.2]),
    of_parts=st.sampled_from([0.9, 0.3]),
    others=st.booleans(),
    ms=st.integers(300, 2_500),
    from_ms=st.integers(200, 1_500),
    pause_ms=st.integers(0, 300),
)
def test_whatever_is_said_into_the_greeting_is_answered(
    *, latency_s: float, of_parts: float, others: bool, ms: int, from_ms: int, pause_ms: int
) -> None:
    said = says(
        ("waits", from_ms), ("speaks", ms // 2, "how long do I"), ("waits", pause_ms),
        ("speaks", ms // 2, "have to return it"), ("waits", 14_000),
    )  # fmt: skip
    played = greeted(said, transcriber=BusyEngine(said, latency_s=latency_s, others=others, of_parts=of_parts))
    answered = [done for done in played.turns if done.answered_at_ms]
    assert answered
    assert answered[-1].turn.question.endswith("have to return it")


def test_a_question_over_an_answer_that_was_first_taken_for_noise_is_answered_when_its_words_come() -> None:
    said = says(*FIRST, ("waits", 1500), ("speaks", 1200, "no I meant the other one"), ("waits", 9000))
    ears = Paced(said, (0.1, 0.9), (0.1, 0.3), (1.5, 0.9), (1.5, 0.9))
    first, second = play(said, agent=Agent(words=LONG * 2), transcriber=ears).turns
    assert first.turn.interrupted
    assert second.turn.question == "no I meant the other one"


def test_a_mhm_that_the_recogniser_is_slow_to_hear_does_not_take_the_answer_away() -> None:
    said = says(*FIRST, ("waits", 1500), ("speaks", 520, "mhm"), ("waits", 14_000))
    ears = Paced(said, (0.1, 0.9), (3.5, 0.9), (3.5, 0.9))
    (only,) = play(said, agent=Agent(words=LONG), transcriber=ears).turns
    assert not only.turn.interrupted


@pytest.mark.parametrize("latency_s", [2.2, 2.65, 2.8])
def test_what_ended_late_leaves_later_turns_alone(latency_s: float) -> None:
    said = says(
        ("waits", 500), ("speaks", 400), ("waits", 1_200), ("speaks", 400, "stop please"), ("waits", 12_000),
        ("speaks", 1200, "how long do I have"), ("waits", 9000),
    )  # fmt: skip
    ears = Paced(said, (latency_s, 0.9), (3.5, 0.9))
    played = play(said, transcriber=ears, patience=Patience(holding_ms=9_000))
    assert questions(played) == ["stop please", "how long do I have"]
    assert not any(done.turn.interrupted for done in played.turns)


def test_a_cough_does_not_cut_the_greeting() -> None:
    words = "Hello and welcome to the shop. How can I help you today my dear friend of the house?"
    said = says(("waits", 700), ("speaks", 300), ("waits", 8_000))
    played = play(said, is_live=True, is_hung_up=True, phrases={"greeting": words})
    assert played.turns == []
    assert played.nothing == []
    assert last_sound_ms(played) > len(words) * 50


def test_words_that_no_recogniser_hears_over_an_answer_are_asked_for_after_it() -> None:
    said = says(*FIRST, ("waits", 1500), ("speaks", 300, "stop please"), ("waits", 14_000))
    ears = Paced(said, (0.1, 0.9), *[(3600.0, 0.9)] * 9)
    first, second = play(said, agent=Agent(words=LONG), transcriber=ears).turns
    assert first.turn.heard_answer is None
    assert second.turn.reason == "not_heard"


def test_whoever_speaks_on_before_their_words_are_known_is_heard_as_one() -> None:
    said = says(
        *FIRST, ("waits", 1500), ("speaks", 350, "no please"), ("waits", 1_300), ("speaks", 900, "the other one"),
        ("waits", 9_000),
    )  # fmt: skip
    ears = Paced(said, (0.1, 0.9), (1.4, 0.9))
    played = play(said, agent=Agent(words=LONG * 2), transcriber=ears)
    assert questions(played)[-1] == "no please the other one"


def test_a_guess_that_failed_does_not_keep_the_same_speech_from_being_listened_to_again() -> None:
    said = says(*FIRST, ("waits", 1500), ("speaks", 5_000, "no I mean the other one the grey one"), ("waits", 6_000))
    ears = Paced(said, (0.1, 0.9), (0.1, 0.3), (0.1, None))
    played = play(said, agent=Agent(words=LONG * 3), transcriber=ears)
    assert questions(played)[-1] == "no I mean the other one the grey one"
    spoke_at_ms = 500 + 1200 + 1500
    assert played.silent_between(spoke_at_ms + 3_200, spoke_at_ms + 5_000)


@pytest.mark.parametrize("from_ms", [34_000, 35_000])
def test_a_caller_who_speaks_over_the_goodbye_is_not_hung_up_on(from_ms: int) -> None:
    said = says(("waits", from_ms), ("speaks", 4000, "wait wait I am here and have a question"), ("waits", 50_000))
    voice = ScriptedSynthesizer(ms_per_character=100)
    words = {"goodbye": "I do not hear you, so goodbye for now and thank you."}
    played = play(said, voice=voice, is_live=True, is_hung_up=True, phrases=words)
    assert questions(played) == ["wait wait I am here and have a question"]
    assert not played.turns[0].turn.interrupted
    assert voice.said.count("Are you there?") == 4
    assert played.ending == "silence"


def test_a_noise_over_the_goodbye_keeps_nobody_on_the_line() -> None:
    for from_ms in (34_000, 36_200):
        said = says(("waits", from_ms), ("speaks", 300), ("waits", 50_000))
        voice = ScriptedSynthesizer(ms_per_character=100)
        played = play(said, voice=voice, is_live=True, phrases={"goodbye": "I do not hear you, so goodbye."})
        assert played.ending == "silence"
        assert played.duration_ms < 42_000


def sounding_ms(played: Played) -> float:
    return float(np.count_nonzero(np.abs(played.agent_side) > 0.01)) / PER_MS


def test_what_was_sent_and_not_heard_is_thrown_away_when_the_answer_is_stopped_and_stands_in_no_book() -> None:
    said = says(*FIRST, ("waits", 1500), ("speaks", 1200, "no the other one"), ("waits", 6000))
    played = play(said, agent=Agent(words=LONG), wire_of=LateEar)
    first, second = played.turns
    spoke_at_ms = 500 + 1200 + 1500
    assert played.silent_between(spoke_at_ms + 200, second.answered_at_ms or 0)
    at_the_ear_ms = spoke_at_ms + 200 - ((first.answered_at_ms or 0) + 300)
    assert len(first.turn.heard_answer or "") * 50 <= at_the_ear_ms


def test_an_answer_that_words_stop_while_it_is_spoken_is_silent_on_the_line_at_once() -> None:
    said = says(*FIRST, ("waits", 1500), ("speaks", 300, "stop please"), ("waits", 14_000))
    ears = Paced(said, (0.1, 0.9), (3.0, 0.9), (3.0, 0.9))
    played = play(said, agent=Agent(words=LONG), transcriber=ears, wire_of=LateEar)
    first, second = played.turns
    assert first.turn.interrupted
    at_ms = second.answered_at_ms or 0
    assert played.silent_between(at_ms + 30, at_ms + 290)
    assert not played.silent_between(at_ms + 310, at_ms + 330)


def test_a_cough_on_a_line_that_plays_late_costs_no_word_of_the_answer() -> None:
    said = says(*FIRST, ("waits", 1200), ("speaks", 180), ("waits", 9000))
    (done,) = (played := play(said, agent=Agent(words=LONG), wire_of=LateEar)).turns
    assert done.turn.heard_answer is None
    assert len(LONG) * 50 <= sounding_ms(played) <= len(LONG) * 50 + 300


def test_an_answer_of_short_clauses_is_taken_back_over_the_clauses_bounds() -> None:
    words = "One. Two. Three. Four. Five. Six. Seven. Eight. Nine. Ten. Eleven. Twelve. Thirteen. Fourteen."
    said = says(*FIRST, ("waits", 1200), ("speaks", 180), ("waits", 9000))
    (done,) = (played := play(said, agent=Agent(words=words), wire_of=LateEar)).turns
    assert done.turn.heard_answer is None
    spoken_ms = sum(len(word) for word in words.split()) * 50
    assert spoken_ms <= sounding_ms(played) <= spoken_ms + 300


def tone(ms: int, level: float) -> Samples:
    return np.full(ms * PER_MS, level, dtype=np.float32)


def announced(line: Wire) -> Wire:
    """Says for two seconds that the call is recorded, once the caller agrees, who never does."""
    spoken = Spoken(tone(2_000, 0.5), tone(10, 0.5), tone(10, 0.5))

    def recorder() -> Recorder:
        raise AssertionError("nobody agreed")

    return RecordedLine(line, consent=Consent(is_asked=True), spoken=spoken, recorder=recorder)


def test_a_cough_during_the_announcement_costs_no_word_of_the_greeting_behind_it() -> None:
    said = says(("waits", 900), ("speaks", 200), ("waits", 8_000))
    played = greeted(said, around=announced)
    ours = np.isclose(played.agent_side, 0.1, atol=0.02)
    assert np.count_nonzero(ours) / PER_MS >= len("Hello!How can I help you?I am here.") * 50 - 20


def test_what_waits_behind_the_announcement_was_not_heard() -> None:
    said = says(
        ("waits", 100), ("speaks", 300, "hello there"), ("waits", 700), ("speaks", 900, "no stop it now please"),
        ("waits", 9_000),
    )  # fmt: skip
    first, *_ = play(said, agent=Agent(words=LONG), around=announced, is_hung_up=True).turns
    assert first.turn.interrupted
    assert first.turn.heard_answer == ""
