"""Conversations in virtual time: who hears what when, and what stands in the books afterwards."""

import pytest

from tests.scripted_call import Agent, caller, play
from voice.in_hand import Patience
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber, TranscriptionFailed

QUESTION = (("waits", 500), ("speaks", 1200), ("waits", 6000))


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


def test_the_answer_lies_on_the_timeline_where_the_engines_milliseconds_put_it() -> None:
    slow = ScriptedTranscriber("how long", latency_s=0.4)
    played = play(caller(*QUESTION), transcriber=slow, voice=ScriptedSynthesizer(latency_s=0.2))
    assert played.turns[0].mouth_to_ear_ms == pytest.approx(350 + 600, abs=60)


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


def test_speech_that_resumes_before_the_answer_begins_is_heard_as_one_turn() -> None:
    said = caller(("speaks", 1000), ("waits", 500), ("speaks", 800), ("waits", 5000))
    transcriber = ScriptedTranscriber("I would like", "I would like to return a sofa", latency_s=0.3)
    played = play(said, transcriber=transcriber)
    (done,) = played.turns
    assert done.turn.question == "I would like to return a sofa"
    assert done.asked_from_ms == 0
    assert transcriber.speeches[1].duration_ms > 2300


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


def test_a_turn_that_is_booked_already_is_withdrawn_and_kept_as_interrupted() -> None:
    said = caller(("speaks", 1000), ("waits", 500), ("speaks", 800), ("waits", 5000))
    agent = Agent()
    played = play(said, "I would like", "all of it", agent=agent, voice=ScriptedSynthesizer(latency_s=0.5))
    first, second = played.turns
    assert first.is_withdrawn
    assert first.turn.interrupted
    assert first.turn.heard_answer == ""
    assert not second.is_withdrawn
    assert len(agent.kept) == 2


def test_a_caller_who_speaks_stops_the_answer_and_is_answered() -> None:
    said = caller(*QUESTION[:2], ("waits", 1500), ("speaks", 1500), ("waits", 6000))
    agent = Agent(words="One two three four five six seven. Eight nine ten eleven twelve thirteen fourteen.")
    played = play(said, "first", "second", agent=agent)
    first, second = played.turns
    assert first.turn.interrupted
    assert first.turn.answer.startswith((first.turn.heard_answer or "?").strip())
    assert 0 < len(first.turn.heard_answer or "") < len(first.turn.answer)
    spoke_at_ms = 500 + 1200 + 1500
    assert played.silent_between(spoke_at_ms + 350, second.answered_at_ms or 0)
    assert second.turn.question == "second"
    assert agent.kept[0] is first.turn


def test_a_short_sound_does_not_stop_the_answer() -> None:
    said = caller(*QUESTION[:2], ("waits", 1000), ("speaks", 180), ("waits", 6000))
    (done,) = play(said, "first").turns
    assert not done.turn.interrupted


def test_the_turn_is_kept_again_with_what_speaking_it_cost() -> None:
    agent = Agent()
    played = play(caller(*QUESTION), "how long", agent=agent)
    turn = played.turns[0].turn
    assert agent.kept == [turn]
    spoken = [used for used in turn.usage if used.meter == "tts"]
    assert sum(int(used.quantity) for used in spoken) == len(turn.answer)
    assert agent.usage_kept[0] == len(turn.usage)


def test_a_failing_recogniser_asks_again_and_then_hands_over() -> None:
    said = caller(*QUESTION, ("speaks", 1000), ("waits", 5000))
    agent = Agent()
    played = play(said, TranscriptionFailed("broken"), TranscriptionFailed("broken"), agent=agent)
    assert [(done.turn.action, done.turn.reason) for done in played.turns] == [
        ("clarify", "not_heard"),
        ("handoff", "technical"),
    ]
    assert all(done.mouth_to_ear_ms for done in played.turns)


def test_a_stalled_recogniser_is_covered_by_a_holding_phrase_and_an_apology() -> None:
    stalled = ScriptedTranscriber("too late", latency_s=60)
    voice = ScriptedSynthesizer()
    played = play(caller(*QUESTION), transcriber=stalled, voice=voice)
    assert voice.said == ["One moment.", " Say it again?"]
    assert not played.silent_between(500 + 1200, 500 + 1200 + 1600)
    assert played.turns[0].mouth_to_ear_ms == pytest.approx(6000 + 350, abs=100)


def test_a_late_answer_is_announced_and_still_comes() -> None:
    voice = ScriptedSynthesizer()
    played = play(caller(*QUESTION), "how long", agent=Agent(latency_s=3), voice=voice)
    assert voice.said[0] == "One moment."
    assert played.turns[0].turn.heard_answer is None
    assert played.turns[0].mouth_to_ear_ms == pytest.approx(3350, abs=100)


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


def test_a_long_answer_is_not_rendered_far_ahead_of_the_ear() -> None:
    voice = ScriptedSynthesizer(ms_per_character=100)
    words = " ".join(f"This is sentence number {n}." for n in range(40))
    said = caller(*QUESTION[:2], ("waits", 1500), ("speaks", 1000), ("waits", 500))
    played = play(said, "first", "", agent=Agent(words=words), voice=voice)
    assert played.turns[0].turn.interrupted
    assert len(voice.said) < 10


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


def test_a_caller_who_speaks_over_an_announcement_has_heard_it_but_not_the_answer() -> None:
    said = caller(*QUESTION[:2], ("waits", 2200), ("speaks", 1500), ("waits", 6000))
    agent = Agent(announces="Our website is down. We are working on it as fast as we can.")
    first, second = (done.turn for done in play(said, "first", "second", agent=agent).turns)
    assert first.interrupted
    assert first.heard_answer == ""
    assert [told.text for told in first.announced] == [agent.announces]
    assert second.announced == []


def test_an_announcement_cut_short_in_its_first_words_is_said_with_the_next_answer() -> None:
    said = caller(*QUESTION[:2], ("waits", 800), ("speaks", 1500), ("waits", 8000))
    agent = Agent(announces="Our website is down. We are on it.")
    first, second = (done.turn for done in play(said, "first", "second", agent=agent).turns)
    assert (first.announced, first.heard_answer) == ([], "")
    assert [told.text for told in second.announced] == [agent.announces]


def test_an_announcement_that_no_voice_can_say_was_not_heard() -> None:
    voice = ScriptedSynthesizer(fails_on=("website",))
    (done,) = play(caller(*QUESTION), "how long", agent=Agent(announces="Our website is down."), voice=voice).turns
    assert done.turn.announced == []
    assert done.turn.heard_answer is None


def test_a_short_patience_is_possible() -> None:
    voice = ScriptedSynthesizer()
    play(caller(*QUESTION), "q", agent=Agent(latency_s=1.0), voice=voice, patience=Patience(holding_ms=500))
    assert voice.said[0] == "One moment."
