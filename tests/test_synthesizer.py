"""From words to speech: what is said is understood, even, and never silence when an engine fails."""

import asyncio
import os
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.real_engines import kokoro, piper, whisper, word_errors
from tests.virtual_time import in_virtual_time
from voice.audio import PER_MS, Speech, first_audible
from voice.floor import Pyttsx3Synthesizer
from voice.loudness import TARGET_LUFS, loudness_lufs, true_peak
from voice.rendered import RenderedVoice
from voice.synthesizer import ScriptedSynthesizer, SynthesisFailed, Synthesizer, Utterance, Voices, pause_after

TEXTS = {"en": "Yes, we do.", "zh": "您可以在三十天内退货。", "de": "Guten Tag, wie geht es Ihnen?"}
ANSWERS = [
    "You have thirty days to return a sofa, counted from delivery.",
    "Standard delivery costs $49.",
    "We are open from 9:00 to 18:00.",
]


@pytest.mark.real
def test_the_english_voice_is_understood_word_for_word() -> None:
    """The voice never says a thing twice the same, and the recogniser is no perfect ear: two times of three."""

    async def story() -> list[list[str]]:
        voice = Voices({"en": piper()}, floor=ScriptedSynthesizer(), patience_s=20)
        await piper().warm()

        async def heard(answer: str) -> str:
            utterance = await voice.speak(answer, lang="en")
            return (await whisper().transcribe(Speech(utterance.samples), lang="en")).text.lower()

        return [[await heard(answer) for _ in range(3)] for answer in ANSWERS]

    returns, pickup, hours = asyncio.run(story())
    returned = ANSWERS[0].replace("thirty", "30")
    assert sum(word_errors(returned, told.replace("thirty", "30")) <= 1 for told in returns) >= 2, returns
    assert sum(any(said in told for said in ("$49", "49 dollars", "forty")) for told in pickup) >= 2, pickup
    assert sum("9" in told or "nine" in told for told in hours) >= 2, hours


@pytest.mark.real
def test_every_voice_is_as_loud_begins_at_once_and_does_not_click() -> None:
    async def story() -> None:
        floor = Pyttsx3Synthesizer()
        voice = Voices({"en": piper(), "zh": kokoro()}, floor=floor, patience_s=30)
        try:
            for lang, text in TEXTS.items():
                samples = (await voice.speak(text, lang=lang)).samples
                assert loudness_lufs(samples) == pytest.approx(TARGET_LUFS, abs=1.5), lang
                assert (first_audible(samples) or 0) / PER_MS < 15, lang
                assert true_peak(samples) < 10 ** (-1 / 20)
                assert abs(float(samples[0])) < 0.01
                assert abs(float(samples[-1])) < 0.01
        finally:
            await floor.close()

    asyncio.run(story())


@pytest.mark.real
def test_mandarin_is_understood() -> None:
    async def story() -> str:
        utterance = await kokoro().speak("您可以在三十天内退货。", lang="zh")
        return (await whisper().transcribe(Speech(utterance.samples), lang="zh")).text

    heard = asyncio.run(story())
    assert sum(character in heard for character in "您可以在天内退货") >= 5, heard


@pytest.mark.real
def test_a_hung_floor_is_killed_and_speaks_again() -> None:
    async def story() -> None:
        floor = Pyttsx3Synthesizer(patience_s=3)
        try:
            await floor.speak("hello", lang="en")
            assert floor._child is not None
            floor._child.send_signal(19)  # SIGSTOP
            floor._patience_s = 0.3
            with pytest.raises(SynthesisFailed):
                await floor.speak("are you there", lang="en")
            floor._patience_s = 3
            assert len((await floor.speak("hello again", lang="en")).samples) > 8000
        finally:
            await floor.close()

    asyncio.run(story())


@pytest.mark.real
def test_a_voice_that_is_not_there_fails_as_a_voice(tmp_path: Path) -> None:
    from voice.piper import PiperSynthesizer

    with pytest.raises(SynthesisFailed):
        asyncio.run(PiperSynthesizer(tmp_path / "none.onnx").speak("hello", lang="en"))


def test_the_floor_speaks_when_the_engine_fails_or_is_late() -> None:
    async def story() -> None:
        floor = ScriptedSynthesizer()
        for engine in (ScriptedSynthesizer(fails_on=("hello",)), ScriptedSynthesizer(latency_s=60)):
            utterance = await Voices({"en": engine}, floor=floor).speak("hello", lang="en")
            assert utterance.is_makeshift
            assert len(utterance.samples)
        assert floor.said == ["hello", "hello"]

    in_virtual_time(story())


def test_an_engine_that_stalls_is_left_alone_after_two_clauses_and_then_tried_again() -> None:
    async def story() -> list[tuple[int, bool]]:
        engine, clock = ScriptedSynthesizer(latency_s=60), asyncio.get_running_loop().time
        voices, told = Voices({"en": engine}, floor=ScriptedSynthesizer()), []
        for pause_s in (0, 0, 0, 0, 20):
            await asyncio.sleep(pause_s)
            engine._latency_s = 0 if pause_s else 60
            began_s = clock()
            utterance = await voices.speak("hello", lang="en")
            told.append((round(clock() - began_s), utterance.is_makeshift))
        return told

    assert in_virtual_time(story()) == [(2, True), (2, True), (0, True), (0, True), (0, False)]


def test_an_engine_that_gives_no_sound_has_failed() -> None:
    voices = Voices({"en": ScriptedSynthesizer(ms_per_character=0)}, floor=ScriptedSynthesizer())
    assert asyncio.run(voices.speak("hello", lang="en")).is_makeshift
    assert not asyncio.run(voices.speak(" …", lang="en")).is_makeshift


def test_who_cannot_wait_hears_the_floor_and_the_engine_is_not_to_blame() -> None:
    async def story() -> None:
        voices = Voices({"en": ScriptedSynthesizer(latency_s=1)}, floor=ScriptedSynthesizer())
        for _ in range(3):
            began_s = asyncio.get_running_loop().time()
            assert (await voices.speak("one moment", lang="en", within_s=0.15)).is_makeshift
            assert asyncio.get_running_loop().time() - began_s == pytest.approx(0.15)
        assert not (await voices.speak("one moment", lang="en")).is_makeshift

    in_virtual_time(story())


@given(st.lists(st.sampled_from(["well", "fails", "stalls", "is interrupted"]), max_size=12))
def test_whatever_an_engine_does_a_clause_is_spoken_in_time(deeds: list[str]) -> None:
    async def story() -> None:
        for deed in deeds:
            engine._latency_s = 60 if deed in ("stalls", "is interrupted") else 0
            engine._fails_on = ("hello",) if deed == "fails" else ()
            clause = asyncio.ensure_future(voices.speak("hello", lang="en"))
            if deed == "is interrupted":
                await asyncio.sleep(0.1)
                clause.cancel()
                await asyncio.wait([clause])
            else:
                async with asyncio.timeout(3):
                    assert len((await clause).samples)

    engine = ScriptedSynthesizer()
    voices = Voices({"en": engine}, floor=ScriptedSynthesizer())
    in_virtual_time(story())


def test_a_language_without_a_voice_is_the_floors() -> None:
    utterance = asyncio.run(Voices({}, floor=ScriptedSynthesizer()).speak("hallo", lang="de"))
    assert not utterance.is_makeshift


def test_a_clause_in_latin_letters_is_not_left_to_the_mandarin_voice() -> None:
    mandarin, english = ScriptedSynthesizer(), ScriptedSynthesizer()
    voice = Voices({"zh": mandarin, "en": english}, floor=ScriptedSynthesizer())
    asyncio.run(voice.speak("Alder & Finch.", lang="zh"))
    asyncio.run(voice.speak("您好。", lang="zh"))
    assert (english.said, mandarin.said) == (["Alder and Finch."], ["您好。"])


def test_numbers_are_written_out_before_they_are_spoken() -> None:
    engine = ScriptedSynthesizer()
    asyncio.run(Voices({"en": engine}, floor=engine).speak("$99", lang="en"))
    assert engine.said == ["ninety-nine dollars"]


@pytest.mark.parametrize(
    ("clause", "pause_ms"),
    [
        ("Yes, we do.", 240),
        ("If so, ", 90),
        ("好的。", 240),
        ("好的，", 90),
        ('He said "yes." ', 240),
        ("cut off", 30),
        ("", 30),
    ],
)
def test_a_sentence_is_followed_by_a_longer_pause_than_a_clause(clause: str, pause_ms: int) -> None:
    assert pause_after(clause) == pause_ms


def test_what_is_rendered_is_kept_within_bounds_and_the_latest_spoken_stays(tmp_path: Path) -> None:
    async def story() -> None:
        voice = RenderedVoice(ScriptedSynthesizer(), tmp_path)
        for at, text in enumerate(("one", "two", "three")):
            await voice.speak(text, lang="en", is_fixed=True)
            os.utime(voice._path(text, "en"), (at, at))
        await voice.speak("one", lang="en")
        size = voice._path("one", "en").stat().st_size
        assert voice.prune(most_bytes=size) == 2
        assert [voice.is_rendered(text, lang="en") for text in ("one", "two", "three")] == [True, False, False]
        assert voice.prune() == 0

    asyncio.run(story())


def test_a_new_rule_of_reading_renders_only_what_is_read_otherwise(tmp_path: Path) -> None:
    voice = RenderedVoice(ScriptedSynthesizer(), tmp_path)
    assert voice._path("It costs $9.", "en") == voice._path("It costs nine dollars.", "en")
    assert voice._path("It costs $9.", "en") != voice._path("It costs $8.", "en")


def test_fixed_text_is_spoken_once_and_then_read_from_disk_without_cost(tmp_path: Path) -> None:
    async def story() -> None:
        engine = ScriptedSynthesizer()
        first = await RenderedVoice(engine, tmp_path).speak("You have 30 days.", lang="en", is_fixed=True)
        again = await RenderedVoice(engine, tmp_path).speak("You have 30  days. ", lang="en", is_fixed=True)
        assert engine.said == ["You have 30 days."]
        assert np.allclose(first.samples, again.samples, atol=1e-4)
        assert first.usage
        assert not again.usage

    asyncio.run(story())


def test_what_a_model_composed_is_not_kept(tmp_path: Path) -> None:
    asyncio.run(RenderedVoice(ScriptedSynthesizer(), tmp_path).speak("Dear Ms Smith", lang="en"))
    assert list(tmp_path.rglob("*.flac")) == []


def test_makeshift_speech_is_not_kept(tmp_path: Path) -> None:
    voice = Voices({"en": ScriptedSynthesizer(fails_on=("a",))}, floor=ScriptedSynthesizer())
    asyncio.run(RenderedVoice(voice, tmp_path).speak("a", lang="en", is_fixed=True))
    assert list(tmp_path.rglob("*.flac")) == []


def test_another_voice_renders_anew(tmp_path: Path) -> None:
    async def story() -> None:
        for ms in (10, 20):
            engine: Synthesizer = ScriptedSynthesizer(ms_per_character=ms)
            said: Utterance = await RenderedVoice(engine, tmp_path).speak("hello", lang="en", is_fixed=True)
            assert len(said.samples) == 5 * ms * PER_MS

    asyncio.run(story())


def test_an_answer_is_rendered_ahead_clause_by_clause(tmp_path: Path) -> None:
    engine = ScriptedSynthesizer()
    voice = RenderedVoice(engine, tmp_path)
    assert asyncio.run(voice.render("Yes. It costs nine dollars.", lang="en")) == 2
    assert asyncio.run(voice.render("Yes. It costs nine dollars.", lang="en")) == 0


def torn(folder: Path) -> None:
    (path,) = folder.rglob("*.flac")
    path.write_bytes(b"torn")


def test_a_disk_that_keeps_nothing_swallows_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr("voice.rendered.soundfile.write", full)
    said = asyncio.run(RenderedVoice(ScriptedSynthesizer(), tmp_path).speak("We are open.", lang="en", is_fixed=True))
    assert len(said.samples)
    assert [file for file in tmp_path.rglob("*") if file.is_file()] == []


def test_a_broken_file_on_disk_is_rendered_anew(tmp_path: Path) -> None:
    async def story() -> None:
        voice = RenderedVoice(ScriptedSynthesizer(), tmp_path)
        await voice.speak("hello", lang="en", is_fixed=True)
        torn(tmp_path)
        assert len((await voice.speak("hello", lang="en", is_fixed=True)).samples)

    asyncio.run(story())
