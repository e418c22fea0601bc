"""From words to speech: what is said is understood, even, and never silence when an engine fails."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from tests.real_engines import kokoro, piper, whisper, word_errors
from tests.virtual_time import in_virtual_time
from voice.audio import PER_MS, Speech, active_level_dbfs, first_audible
from voice.floor import Pyttsx3Synthesizer
from voice.rendered import RenderedVoice
from voice.synthesizer import ScriptedSynthesizer, SynthesisFailed, Synthesizer, Utterance, Voices

TEXTS = {"en": "Yes, we do.", "zh": "您可以在三十天内退货。", "de": "Guten Tag, wie geht es Ihnen?"}
ANSWERS = [
    "You have thirty days to return a sofa, counted from delivery.",
    "Standard delivery costs $49.",
    "We are open from 9:00 to 18:00.",
]


@pytest.mark.real
def test_the_english_voice_is_understood_word_for_word() -> None:
    async def story() -> list[tuple[str, str]]:
        voice = Voices({"en": piper()}, floor=ScriptedSynthesizer())
        heard = []
        for answer in ANSWERS:
            utterance = await voice.speak(answer, lang="en")
            heard.append((answer, (await whisper().transcribe(Speech(utterance.samples), lang="en")).text))
        return heard

    told = asyncio.run(story())
    assert word_errors(ANSWERS[0].replace("thirty", "30"), told[0][1].replace("thirty", "30")) <= 1
    assert "$49" in told[1][1] or "49 dollars" in told[1][1] or "forty" in told[1][1].lower()
    assert "9" in told[2][1] or "nine" in told[2][1].lower()


@pytest.mark.real
def test_every_voice_is_as_loud_begins_at_once_and_does_not_click() -> None:
    async def story() -> None:
        floor = Pyttsx3Synthesizer()
        voice = Voices({"en": piper(), "zh": kokoro()}, floor=floor, patience_s=30)
        try:
            for lang, text in TEXTS.items():
                samples = (await voice.speak(text, lang=lang)).samples
                assert -23 < active_level_dbfs(samples) < -18, lang
                assert (first_audible(samples) or 0) / PER_MS < 15, lang
                assert np.max(np.abs(samples)) <= 0.91
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


def test_a_broken_file_on_disk_is_rendered_anew(tmp_path: Path) -> None:
    async def story() -> None:
        voice = RenderedVoice(ScriptedSynthesizer(), tmp_path)
        await voice.speak("hello", lang="en", is_fixed=True)
        torn(tmp_path)
        assert len((await voice.speak("hello", lang="en", is_fixed=True)).samples)

    asyncio.run(story())
