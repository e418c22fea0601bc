"""What we say outside any turn on a live line: the greeting, "are you still there?", the goodbye."""

from collections.abc import Hashable

import pytest

from tests.scripted_call import PHRASES, Agent, caller, play, says
from voice.in_hand import Patience
from voice.synthesizer import ScriptedSynthesizer, Utterance

GREETING = {"greeting": "Hello! How can I help you today?"}
ANSWER = ["You have thirty days. ", "Then it is yours."]


class SlowToSay(ScriptedSynthesizer):
    """Takes its time over one phrase."""

    def __init__(self, phrase: str, *, latency_s: float) -> None:
        super().__init__()
        self._slow = phrase
        self._slow_s = latency_s

    async def speak(
        self, text: str, *, lang: str, is_fixed: bool = False, call: Hashable = None, within_s: float | None = None
    ) -> Utterance:
        self._latency_s = self._slow_s if text == self._slow else 0.0
        return await super().speak(text, lang=lang, is_fixed=is_fixed, call=call, within_s=within_s)


@pytest.mark.parametrize("questions", [1, 2])
def test_who_falls_silent_after_an_answer_is_asked_and_taken_leave_of(questions: int) -> None:
    voice = ScriptedSynthesizer()
    asked = [("speaks", 1200, "how long"), ("waits", 8_000)] * questions
    said = says(("waits", 2_500), *asked, ("waits", 60_000))
    played = play(said, voice=voice, is_live=True, is_hung_up=True, phrases=GREETING)
    assert voice.said[2:] == ANSWER * questions + ["Are you there?", "Are you there?", "Bye."]
    assert played.ending == "silence"


def test_who_falls_silent_after_an_interrupted_answer_is_asked_too() -> None:
    voice = ScriptedSynthesizer()
    said = says(("waits", 2_500), ("speaks", 1200, "how long"), ("waits", 900), ("speaks", 900, "stop please now"),
                ("waits", 60_000))  # fmt: skip
    played = play(said, voice=voice, is_live=True, is_hung_up=True, phrases=GREETING)
    assert played.turns[0].turn.interrupted
    assert voice.said[-3:] == ["Are you there?", "Are you there?", "Bye."]


def test_a_phrase_is_spoken_clause_by_clause_as_it_was_rendered_ahead() -> None:
    voice = ScriptedSynthesizer()
    play(caller(("waits", 3_000)), voice=voice, is_live=True, is_hung_up=True, phrases=GREETING)
    assert voice.said == ["Hello! ", "How can I help you today?"]


def test_a_greeting_that_is_ready_too_late_does_not_sound_into_the_callers_turn() -> None:
    said = says(("waits", 500), ("speaks", 1200, "how long"), ("waits", 9_000))
    voice = SlowToSay("Hello.", latency_s=3.0)
    played = play(
        said,
        voice=voice,
        agent=Agent(latency_s=3.0),
        patience=Patience(holding_ms=9_000),
        is_live=True,
        is_hung_up=True,
    )
    assert voice.said == ANSWER
    assert played.silent_between(0, played.turns[0].answered_at_ms or 0)


def test_a_reminder_that_is_ready_too_late_does_not_sound_into_the_callers_turn() -> None:
    said = says(("waits", 11_500), ("speaks", 1200, "how long"), ("waits", 3_000))
    voice = SlowToSay(PHRASES["still_there"], latency_s=4.0)
    play(said, voice=voice, agent=Agent(latency_s=3.0), patience=Patience(holding_ms=9_000), is_live=True)
    assert voice.said == ["Hello.", *ANSWER]


def test_a_goodbye_that_is_ready_too_late_does_not_end_the_call_of_somebody_who_speaks() -> None:
    said = says(("waits", 32_500), ("speaks", 1200, "how long"), ("waits", 8_000))
    voice = SlowToSay(PHRASES["goodbye"], latency_s=6.0)
    played = play(said, voice=voice, is_live=True, is_hung_up=True)
    assert played.turns[0].turn.heard_answer is None
    assert played.ending == "hangup"


@pytest.mark.parametrize("phrase", ["greeting", "still_there"])
def test_a_phrase_in_the_making_does_not_hold_a_call_that_is_over(phrase: str) -> None:
    voice = SlowToSay(PHRASES[phrase], latency_s=20.0)
    played = play(caller(("waits", 12_000)), voice=voice, is_live=True, is_hung_up=True)
    assert played.ended_at_s == pytest.approx(12.0, abs=0.1)


def test_who_asked_for_a_moment_is_asked_only_after_a_minute() -> None:
    voice = ScriptedSynthesizer()
    said = says(("waits", 2_500), ("speaks", 1200, "hold on, let me check"), ("waits", 45_000),
                ("speaks", 1200, "how long"), ("waits", 5_000))  # fmt: skip
    played = play(said, voice=voice, agent=Agent("Take your time.", reason="wait"), is_live=True, is_hung_up=True)
    assert len(played.turns) == 2
    assert "Are you there?" not in voice.said
