"""Conversations in virtual time: who hears what when, and what stands in the books afterwards."""

import asyncio
from collections.abc import AsyncGenerator, Hashable
from typing import Any

import pytest

from agent.events import AgentEvent
from agent.turn import Turn
from tests.scripted_call import Agent, BusyEngine, HangingUpWire, WordsTranscriber, caller, play, says
from voice.audio import Speech
from voice.call import Call
from voice.in_hand import Patience
from voice.so_far import Understand, Understood, understand_nothing
from voice.synthesizer import ScriptedSynthesizer, Utterance, Voices
from voice.transcriber import ScriptedTranscriber, Transcriber, Transcript, TranscriptionFailed
from voice.wires.recording import RecordingWire

QUESTION = (("waits", 500), ("speaks", 1200), ("waits", 6000))
FIRST = (("waits", 500), ("speaks", 1200, "how long do I have"))


def only(*texts: str) -> Understand:
    async def understand(text: str, _lang: str) -> Understood:
        return Understood(0.9, is_sure=True) if text in texts else Understood(0.1)

    return understand


nothing = only()


class Stalling:
    """Hears the first so many times, then never again."""

    def __init__(self, transcriber: Transcriber, *, after: int) -> None:
        self._transcriber = transcriber
        self._left = after

    async def transcribe(self, speech: Speech, *, lang: str | None = None, **_: object) -> Transcript:
        self._left -= 1
        if self._left < 0:
            await asyncio.sleep(3600)
        return await self._transcriber.transcribe(speech, lang=lang)

    def confirm(self, *, call: Hashable) -> None:
        self._transcriber.confirm(call=call)

    def withdraw(self, *, call: Hashable) -> None:
        self._transcriber.withdraw(call=call)


def test_a_question_is_heard_answered_and_told_with_its_times() -> None:
    agent = Agent()
    played = play(caller(*QUESTION), "how long do I have", agent=agent)
    (done,) = played.turns
    assert done.turn.question == "how long do I have"
    assert done.turn.heard_answer is None
    assert not done.turn.interrupted
    assert done.mouth_to_ear_ms == pytest.approx(350, abs=60)
    assert set(done.turn.budget.spent_ms) >= {"end_of_turn", "transcribe", "speak"}
    assert played.silent_between(0, done.answered_at_ms or 0)


def test_fast_and_real_time_give_the_same_call() -> None:
    stories = [
        play(
            caller(*QUESTION, ("speaks", 900), ("waits", 3000)),
            transcriber=ScriptedTranscriber("first", "second", latency_s=0.3),
            voice=ScriptedSynthesizer(latency_s=0.15),
            is_fast=is_fast,
        )
        for is_fast in (False, True)
    ]
    times = [[(done.asked_to_ms, done.answered_at_ms) for done in played.turns] for played in stories]
    assert times[0] == [(pytest.approx(asked, abs=40), pytest.approx(ear, abs=40)) for asked, ear in times[1]]


def test_silence_has_no_turns_and_ends_with_the_recording() -> None:
    played = play(caller(("waits", 3000)))
    assert played.turns == []
    assert played.duration_ms == 3000


def test_noise_that_is_no_words_is_no_turn() -> None:
    played = play(caller(*QUESTION), "")
    assert played.turns == []
    assert len(played.nothing) == 1
    assert played.silent_between(0, played.duration_ms)


def test_an_answer_outlasts_the_recording_and_is_heard_to_its_end() -> None:
    played = play(caller(("speaks", 1000)), "how long")
    assert played.turns[0].turn.heard_answer is None
    assert played.duration_ms > 3000


def test_discarded_work_is_metered_as_speculation() -> None:
    said = caller(("speaks", 1000), ("waits", 500), ("speaks", 800), ("waits", 5000))
    played = play(
        said, transcriber=ScriptedTranscriber("I would like", "all of it", latency_s=0.05), agent=Agent(latency_s=0.4)
    )
    heard = [(used.purpose, int(used.quantity)) for used in played.turns[0].turn.usage if used.meter == "stt"]
    assert [purpose for purpose, _ in heard] == ["speculation", "answer"]


def test_transcription_that_nobody_waits_for_any_more_is_metered_too() -> None:
    said = caller(("speaks", 1000), ("waits", 500), ("speaks", 800), ("waits", 5000))
    played = play(said, transcriber=ScriptedTranscriber("I would like", "all of it", latency_s=0.3))
    assert [used.purpose for used in played.turns[0].turn.usage if used.meter == "stt"] == ["speculation", "answer"]


def test_the_turn_is_kept_again_with_what_speaking_it_cost() -> None:
    agent = Agent()
    played = play(caller(*QUESTION), "how long", agent=agent)
    turn = played.turns[0].turn
    assert agent.kept == [turn]
    spoken = [used for used in turn.usage if used.meter == "tts"]
    assert sum(int(used.quantity) for used in spoken) == len(turn.answer)
    assert agent.usage_kept[0] == len(turn.usage)


def test_a_late_answer_is_announced_and_still_comes() -> None:
    voice = ScriptedSynthesizer()
    played = play(caller(*QUESTION), "how long", agent=Agent(latency_s=3), voice=voice)
    assert voice.said[0] == "One moment."
    assert played.turns[0].turn.heard_answer is None
    assert played.turns[0].mouth_to_ear_ms == pytest.approx(3350, abs=100)


def test_a_stalled_voice_with_nothing_rendered_is_covered_by_a_holding_phrase_in_time() -> None:
    class Unrendered(ScriptedSynthesizer):
        """Real deadlines over an engine that never comes back, and nothing on disk."""

        def __init__(self) -> None:
            super().__init__()
            self._voices = Voices({"en": ScriptedSynthesizer(latency_s=3600)}, floor=ScriptedSynthesizer())

        async def speak(
            self, text: str, *, lang: str, call: Hashable = None, within_s: float | None = None, **_: object
        ) -> Utterance:
            self.said.append(text)
            return await self._voices.speak(text, lang=lang, call=call, within_s=within_s)

    voice = Unrendered()
    played = play(caller(*QUESTION), "how long", voice=voice)
    ended = 500 + 1200
    assert played.silent_between(0, ended + 1_250)
    assert not played.silent_between(ended, ended + 1_400)
    assert "One moment." in voice.said
    assert played.turns[0].turn.heard_answer is None


def test_a_failing_agent_is_a_handoff_that_is_booked_before_it_is_spoken() -> None:
    agent = Agent(fails_with=RuntimeError("no model"))
    played = play(caller(*QUESTION), "how long", agent=agent)
    turn = played.turns[0].turn
    assert (turn.action, turn.answer) == ("handoff", "A colleague takes over.")
    assert agent.kept == [turn, turn]
    assert played.turns[0].mouth_to_ear_ms is not None


def test_an_agent_that_falls_silent_is_a_handoff() -> None:
    played = play(caller(*QUESTION), "how long", agent=Agent(latency_s=1000))
    assert played.turns[0].turn.action == "handoff"


@pytest.mark.parametrize("is_hung_up", [True, False])
def test_a_call_that_is_over_keeps_none_of_its_sound(*, is_hung_up: bool) -> None:
    held: list[Call] = []

    def line(call: Call, speech: Speech) -> RecordingWire:
        held.append(call)
        return HangingUpWire(call, speech) if is_hung_up else RecordingWire(call, speech)

    played = play(caller(*QUESTION), "how long", agent=Agent(words=LONG), wire_of=line)
    assert len(played.turns) == 1
    assert held[0]._hearing.kept_ms == held[0]._playback.ahead_ms == 0


def test_a_clause_that_nobody_can_say_is_marked_as_not_heard() -> None:
    played = play(caller(*QUESTION), "how long", voice=ScriptedSynthesizer(fails_on=("Then",)))
    turn = played.turns[0].turn
    assert turn.heard_answer == "You have thirty days. "
    assert not turn.interrupted


def test_the_language_is_found_once_and_kept() -> None:
    said = caller(*QUESTION, ("speaks", 1000), ("waits", 5000))
    transcriber = ScriptedTranscriber("多久", "second", lang="zh")
    played = play(said, transcriber=transcriber)
    assert [done.turn.lang for done in played.turns] == ["zh", "zh"]


def test_a_hang_up_in_mid_answer_keeps_what_was_heard() -> None:
    agent = Agent(words="One two three four five six seven eight nine ten eleven twelve.")
    (done,) = play(caller(*QUESTION[:2], ("waits", 1500)), "how long", agent=agent, is_hung_up=True).turns
    assert done.turn.interrupted
    assert 0 < len(done.turn.heard_answer or "") < len(done.turn.answer)
    assert agent.kept[-1] is done.turn


def test_an_announcement_is_spoken_before_the_first_answer_and_is_no_part_of_it() -> None:
    agent, voice = Agent(announces="Our website is down. We are on it."), ScriptedSynthesizer()
    said = caller(*QUESTION, ("speaks", 1000), ("waits", 5000))
    played = play(said, "first", "second", agent=agent, voice=voice)
    answer = ["You have thirty days. ", "Then it is yours."]
    assert [words.strip() for words in voice.said] == [
        "Our website is down.",
        "We are on it.",
        *(w.strip() for w in 2 * answer),
    ]
    first, second = (done.turn for done in played.turns)
    assert [told.text for told in first.announced] == ["Our website is down. We are on it."]
    assert (first.answer, first.heard_answer) == (agent.words, None)
    assert second.announced == []
    assert played.turns[0].mouth_to_ear_ms == pytest.approx(350, abs=60)
    spoken = sum(int(used.quantity) for used in first.usage if used.meter == "tts")
    assert spoken == len("Our website is down. We are on it.") + len(agent.words)


def test_an_announcement_that_no_voice_can_say_was_not_heard() -> None:
    voice = ScriptedSynthesizer(fails_on=("website",))
    (done,) = play(caller(*QUESTION), "how long", agent=Agent(announces="Our website is down."), voice=voice).turns
    assert done.turn.announced == []
    assert done.turn.heard_answer is None


def test_a_short_patience_is_possible() -> None:
    voice = ScriptedSynthesizer()
    play(caller(*QUESTION), "q", agent=Agent(latency_s=1.0), voice=voice, patience=Patience(holding_ms=500))
    assert voice.said[0] == "One moment."


def test_the_answer_lies_on_the_timeline_where_the_engines_milliseconds_put_it() -> None:
    slow = ScriptedTranscriber("how long", latency_s=0.4)
    played = play(caller(*QUESTION), transcriber=slow, voice=ScriptedSynthesizer(latency_s=0.2))
    assert played.turns[0].mouth_to_ear_ms == pytest.approx(96 + 400 + 200, abs=60)


def test_a_question_that_is_understood_is_answered_sooner_than_one_that_is_not() -> None:
    silences = []
    for words in ("how long do I have?", "when is it raining?", "and how long do I have to return my"):
        said = says(("waits", 500), ("speaks", 1200, words), ("waits", 7000))
        silences.append(play(said, understand=only("how long do I have?")).turns[0].mouth_to_ear_ms or 0)
    assert silences == sorted(silences)
    assert silences[0] < 400 < silences[1] < 1_400 < silences[2] < 2_000


def test_a_thinking_pause_is_waited_for() -> None:
    said = says(("speaks", 1000, "I would like to return my"), ("waits", 1000), ("speaks", 800, "old sofa please."),
                ("waits", 6000))  # fmt: skip
    (done,) = play(said).turns
    assert done.turn.question == "I would like to return my old sofa please."


def test_a_number_that_is_being_dictated_is_waited_for() -> None:
    said = says(("speaks", 1000, "it is one zero zero"), ("waits", 900), ("speaks", 700, "four four"), ("waits", 6000))
    (done,) = play(said).turns
    assert done.turn.question == "it is one zero zero four four"


def test_whoever_pauses_long_is_given_more_time() -> None:
    def slow_speaker(pause_ms: int) -> list[str]:
        said = says(
            ("speaks", 900, "I bought the"), ("waits", pause_ms), ("speaks", 900, "grey sofa."), ("waits", 7000),
            ("speaks", 900, "It is far too big."), ("waits", pause_ms), ("speaks", 900, "Can it go back?"),
            ("waits", 7000),
        )  # fmt: skip
        return [done.turn.question for done in play(said, understand=nothing).turns]

    assert slow_speaker(1_400) == ["I bought the grey sofa.", "It is far too big. Can it go back?"]


def test_speech_that_resumes_before_the_answer_begins_is_heard_as_one_turn() -> None:
    said = says(("speaks", 1000, "I want to know"), ("waits", 500), ("speaks", 800, "how it works"), ("waits", 5000))
    played = play(said, voice=ScriptedSynthesizer(latency_s=0.4))
    first, second = played.turns
    assert first.is_withdrawn
    assert second.turn.question == "I want to know how it works"
    assert second.asked_from_ms == 0


class Committing(Agent):
    """Has the turn in the books a while before it releases a word."""

    async def answer(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
        await self.keep(turn)
        await asyncio.sleep(3.0)
        async for event in super().answer(turn):
            yield event


def test_a_turn_withdrawn_between_its_commit_and_its_first_word_is_booked_once_and_as_interrupted() -> None:
    said = says(("speaks", 1000, "I want to know"), ("waits", 800), ("speaks", 800, "all of it"), ("waits", 7000))
    agent = Committing()
    first, second = play(said, agent=agent).turns
    assert first.is_withdrawn
    assert first.turn.interrupted
    assert agent.kept[:2] == [first.turn, first.turn]
    assert second.turn.question == "I want to know all of it"
    ((_, heard),) = [(used.purpose, used.quantity) for used in first.turn.usage if used.meter == "stt"]
    assert ("speculation", heard) not in [(used.purpose, used.quantity) for used in second.turn.usage]


@pytest.mark.parametrize("stalls", [False, True])
def test_an_agent_that_cannot_tell_what_it_understands_costs_a_longer_pause_and_not_the_call(*, stalls: bool) -> None:
    async def understand(_text: str, _lang: str) -> Understood:
        if stalls:
            await asyncio.sleep(3600)
        raise RuntimeError("no index")

    (done,) = play(says(*FIRST, ("waits", 6000)), understand=understand).turns
    assert done.turn.heard_answer is None
    assert done.mouth_to_ear_ms == pytest.approx(1_150, abs=100)


def test_words_in_the_making_do_not_hold_a_call_that_is_over() -> None:
    said = says(*FIRST, ("waits", 300))
    played = play(said, transcriber=Stalling(WordsTranscriber(said), after=0), is_hung_up=True)
    assert played.turns == []
    assert played.ended_at_s == pytest.approx(2.0, abs=0.1)


def test_what_was_said_before_the_caller_went_on_is_not_transcribed_any_more() -> None:
    stretches = [("how long", 130), ("do I", 130), ("have to", 130), ("return a sofa", 9_000)]
    said = says(*[part for words, ms in stretches for part in (("speaks", 400, words), ("waits", ms))])  # type: ignore[arg-type]
    ears = BusyEngine(said, latency_s=1.9)
    (done,) = play(said, transcriber=ears).turns
    assert done.turn.question == "how long do I have to return a sofa"
    assert ears.heard == ["how long", "how long do I have to return a sofa"]


def test_a_turn_that_is_booked_already_is_withdrawn_and_kept_as_interrupted() -> None:
    said = says(("speaks", 1000, "I want to know"), ("waits", 500), ("speaks", 800, "all of it"), ("waits", 5000))
    agent = Agent()
    first, second = play(said, agent=agent, voice=ScriptedSynthesizer(latency_s=0.5)).turns
    assert first.is_withdrawn
    assert first.turn.interrupted
    assert first.turn.heard_answer == ""
    assert not second.is_withdrawn
    assert len(agent.kept) == 2


def test_a_noise_before_the_answer_begins_does_not_undo_the_turn() -> None:
    said = says(("speaks", 1000, "how long do I have"), ("waits", 500), ("speaks", 200), ("waits", 6000))
    agent = Agent()
    (done,) = play(said, agent=agent, voice=ScriptedSynthesizer(latency_s=0.4)).turns
    assert not done.turn.interrupted
    assert done.answered_at_ms is not None
    assert len(agent.committed) == 1


LONG = "One two three four five six seven. Eight nine ten eleven twelve thirteen fourteen."


def test_a_caller_who_speaks_stops_the_answer_and_is_answered() -> None:
    said = says(*FIRST, ("waits", 1500), ("speaks", 1500, "no the other one"), ("waits", 6000))
    agent = Agent(words=LONG)
    played = play(said, agent=agent)
    first, second = played.turns
    assert first.turn.interrupted
    assert first.turn.answer.startswith((first.turn.heard_answer or "?").strip())
    assert 0 < len(first.turn.heard_answer or "") < len(first.turn.answer)
    spoke_at_ms = 500 + 1200 + 1500
    assert played.silent_between(spoke_at_ms + 200, second.answered_at_ms or 0)
    assert second.turn.question == "no the other one"
    assert agent.kept[0] is first.turn


@pytest.mark.parametrize("sound", [("speaks", 180), ("speaks", 400, "mhm"), ("speaks", 300, "嗯"), ("speaks", 1500)])
def test_a_cough_or_a_backchannel_holds_the_answer_which_then_goes_on(sound: tuple[str, int]) -> None:
    said = says(*FIRST, ("waits", 1200), sound, ("waits", 9000))
    played = play(said, agent=Agent(words=LONG))
    (done,) = played.turns
    assert not done.turn.interrupted
    assert done.turn.heard_answer is None
    begins_ms = 500 + 1200 + 1200
    assert played.silent_between(begins_ms + 200, begins_ms + 220)


def test_a_short_word_that_means_it_stops_the_answer() -> None:
    said = says(*FIRST, ("waits", 1500), ("speaks", 350, "stop"), ("waits", 6000))
    first, second = play(said, agent=Agent(words=LONG)).turns
    assert first.turn.interrupted
    assert second.turn.question == "stop"


def test_a_stalled_recogniser_lets_the_length_decide_whether_an_answer_is_stopped() -> None:
    for ms, stopped in ((1_900, True), (300, False)):
        said = says(*FIRST, ("waits", 1500), ("speaks", ms, "no the other one"), ("waits", 9000))
        transcriber = Stalling(WordsTranscriber(said), after=1)
        first, *_ = play(said, agent=Agent(words=LONG), transcriber=transcriber).turns
        assert first.turn.interrupted is stopped


def test_a_failing_recogniser_asks_again_and_then_hands_over() -> None:
    said = caller(*QUESTION, ("speaks", 1000), ("waits", 5000))
    agent = Agent()
    played = play(said, *[TranscriptionFailed("broken")] * 4, agent=agent)
    assert [(done.turn.action, done.turn.reason) for done in played.turns] == [
        ("clarify", "not_heard"),
        ("handoff", "technical"),
    ]
    assert all(done.mouth_to_ear_ms for done in played.turns)


def test_a_caller_who_was_waited_for_gets_the_answer_and_no_holding_phrase_before_it() -> None:
    voice = ScriptedSynthesizer()
    (done,) = play(
        caller(*QUESTION), "and I would like to ask you about my", voice=voice, understand=understand_nothing
    ).turns
    assert done.turn.budget.spent_ms["end_of_turn"] > Patience().holding_ms
    assert "One moment." not in voice.said
    assert done.mouth_to_ear_ms is not None
    assert done.mouth_to_ear_ms < 2_000


def test_an_engine_that_fails_as_nobody_thought_of_is_a_failed_engine_and_the_call_goes_on() -> None:
    class Odd(ScriptedSynthesizer):
        async def speak(self, text: str, **wishes: Any) -> Utterance:
            if text.startswith("Then"):
                raise LookupError(text)
            return await super().speak(text, **wishes)

    said = caller(*QUESTION, ("speaks", 1000), ("waits", 5000))
    first, second = play(said, *[AttributeError("text")] * 2, "how long", voice=Odd()).turns
    assert (first.turn.action, first.turn.reason) == ("clarify", "not_heard")
    assert second.turn.heard_answer == "You have thirty days. "


def test_a_stalled_recogniser_is_covered_by_a_holding_phrase_and_an_apology() -> None:
    stalled = ScriptedTranscriber("too late", latency_s=60)
    voice = ScriptedSynthesizer()
    played = play(caller(*QUESTION), transcriber=stalled, voice=voice)
    assert voice.said == ["One moment.", " Say it again?"]
    assert not played.silent_between(500 + 1200, 500 + 1200 + 1500)
    assert played.turns[0].mouth_to_ear_ms == pytest.approx(1_100 + 4000, abs=100)


def test_a_long_answer_is_not_rendered_far_ahead_of_the_ear() -> None:
    voice = ScriptedSynthesizer(ms_per_character=100)
    words = " ".join(f"This is sentence number {n}." for n in range(40))
    said = says(*FIRST, ("waits", 1500), ("speaks", 1000, "that is enough"), ("waits", 500))
    played = play(said, agent=Agent(words=words), voice=voice)
    assert played.turns[0].turn.interrupted
    assert voice.said.index("This is sentence number 0. ", 1) < 10


def test_a_caller_who_speaks_over_an_announcement_has_heard_it_but_not_the_answer() -> None:
    said = says(*FIRST, ("waits", 2200), ("speaks", 1500, "no the other one"), ("waits", 6000))
    agent = Agent(announces="Our website is down. We are working on it as fast as we can.")
    first, *_ = (done.turn for done in play(said, agent=agent).turns)
    assert first.interrupted
    assert first.heard_answer == ""
    assert [told.text for told in first.announced] == [agent.announces]


def test_an_announcement_cut_short_in_its_first_words_is_said_with_the_next_answer() -> None:
    said = says(*FIRST, ("waits", 800), ("speaks", 1500, "no the other one"), ("waits", 9000))
    agent = Agent(announces="Our website is down. We are on it.")
    first, second = (done.turn for done in play(said, agent=agent).turns)
    assert (first.announced, first.heard_answer) == ([], "")
    assert [told.text for told in second.announced] == [agent.announces]


def test_a_live_line_greets_asks_who_says_nothing_and_hangs_up() -> None:
    voice = ScriptedSynthesizer()
    played = play(caller(("waits", 40_000)), voice=voice, is_live=True)
    assert voice.said == ["Hello.", "Are you there?", "Are you there?", "Bye."]
    assert played.ending == "silence"
    assert played.duration_ms < 40_000


def test_keys_ask_without_a_word() -> None:
    keys = {2_000: "1", 2_300: "0", 2_600: "0", 2_900: "#"}
    (done,) = play(caller(("waits", 9_000)), keys=keys).turns
    assert done.turn.question == "100"
    assert done.turn.heard_answer is None


def test_a_key_stops_the_answer_at_once() -> None:
    said = says(*FIRST, ("waits", 9000))
    first, second = play(said, agent=Agent(words=LONG), keys={3_000: "7", 3_100: "#"}).turns
    assert first.turn.interrupted
    assert second.turn.question == "7"


def test_a_goodbye_ends_a_live_call() -> None:
    said = says(("waits", 1500), ("speaks", 900, "goodbye then"), ("waits", 20_000))
    played = play(said, agent=Agent(words="Goodbye.", reason="goodbye"), is_live=True)
    assert played.ending == "goodbye"
    assert played.duration_ms < 6_000
