"""What the measures of a bad engine and of a long-lived server make of what they heard and read."""

import asyncio
import io
from collections import Counter
from pathlib import Path

import httpx
import numpy as np
import pytest
import soundfile
from hypothesis import given
from hypothesis import strategies as st

from tests.bad_engines import FAULTS, Fault, misbehaving
from tests.bad_model_server import BadModelServer, dies, stalls
from tests.bad_speech import Turning, hears, speaks
from tests.measure.lasting import family, field_kb, growth_percent, read
from tests.measure.overtaken import HEADINGS, Overtaken, heard_as, judged
from voice.audio import RATE_HZ, Samples, Speech
from voice.openai_audio import OpenAISynthesizer, OpenAITranscriber
from voice.synthesizer import ScriptedSynthesizer, SynthesisFailed
from voice.transcriber import ScriptedTranscriber, TranscriptionFailed
from web.bench.caller import Asked
from web.bench.ear import Sounded


def noise(seed: int, seconds: float = 1.0) -> Samples:
    return np.random.default_rng(seed).standard_normal(round(seconds * RATE_HZ)).astype(np.float32) * np.float32(0.1)


KNOWN = {"holding": [noise(1, 0.4), noise(2)], "still_there": [noise(3)]}


def test_a_phrase_of_ours_is_told_from_an_answer() -> None:
    assert heard_as(noise(2), KNOWN) == "holding"
    assert heard_as(noise(3), KNOWN) == "still_there"
    assert heard_as(noise(4), KNOWN) == "answer"


def test_silence_and_phrases_that_help_nobody_count_as_never_heard() -> None:
    asked = [
        Asked("a", 900.0, sounded=Sounded(1.0, noise(4))),
        Asked("b", 1_400.0, sounded=Sounded(1.0, noise(2))),
        Asked("c", 9_000.0, sounded=Sounded(1.0, noise(3))),
        Asked("d", None),
        Asked("e", None, was_early=True),
    ]
    kept, first = judged(asked, KNOWN)
    assert first == Counter(answer=1, holding=1, still_there=1, nothing=1)
    row = dict(zip(HEADINGS[2:], Overtaken(kept, first, met=4, failed=0).row(), strict=True))
    assert (row["turns"], row["never"], row["spoken into"], row["met"]) == ("5", "2", "1", "4")
    assert (row["p50 ms"], row["p99 ms"], row["longest"]) == ("1150", "(1395)", "1400")


def test_a_run_in_which_nobody_heard_anything_has_no_times() -> None:
    kept, first = judged([Asked("a", None)], KNOWN)
    assert Overtaken(kept, first, met=1, failed=1).row()[1:6] == ("-", "-", "-", "-", "1")


@pytest.mark.parametrize("fault", FAULTS)
def test_an_engine_is_well_until_it_is_bad(fault: Fault) -> None:
    now_s, met, bad = [0.0], [0], [False]

    def work(words: str) -> str:
        now_s[0] += 0.2
        return words

    def sleep(seconds: float) -> None:
        now_s[0] += seconds
        bad[0] = now_s[0] < 60

    def meet() -> None:
        met[0] += 1

    asked = misbehaving(work, fault, is_bad=lambda: bad[0], met=meet, sleep=sleep, clock=lambda: now_s[0])
    assert (asked("hello"), met) == ("hello", [0])
    bad[0] = True
    if fault == "slow":
        assert asked("hello") == "hello"
        assert now_s[0] == pytest.approx(0.2 + 2.0)
    else:
        with pytest.raises(RuntimeError, match=fault):
            asked("hello")
        assert now_s[0] == pytest.approx(60 if fault == "stalled" else 0.2, abs=0.2)
    assert met == [1]


def test_a_speech_server_hears_and_speaks_by_the_engines_until_it_turns_bad() -> None:
    async def story() -> None:
        ear = Turning(hears(ScriptedTranscriber("how long")), dies("{"))
        mouth = Turning(speaks(ScriptedSynthesizer()), dies("{"))
        async with BadModelServer(ear) as hearing, BadModelServer(mouth) as speaking:
            transcriber = OpenAITranscriber(base_url=hearing.url, api_key="none", model="m")
            voice = OpenAISynthesizer(base_url=speaking.url, api_key="none", model="m", voice="v")
            assert (await transcriber.transcribe(Speech(noise(1)))).text == "how long"
            assert len((await voice.speak("hello", lang="en")).samples) == pytest.approx(5 * 50 * 16, abs=50)
            ear.is_bad = mouth.is_bad = True
            with pytest.raises(TranscriptionFailed):
                await transcriber.transcribe(Speech(noise(1)))
            with pytest.raises(SynthesisFailed):
                await voice.speak("hello", lang="en")
            assert (ear.met, mouth.met) == (1, 1)
            await asyncio.gather(transcriber.close(), voice.close())

    asyncio.run(story())


def test_a_stalled_server_lets_go_of_who_hangs_up() -> None:
    async def story() -> None:
        recording = io.BytesIO()
        soundfile.write(recording, noise(1), RATE_HZ, format="WAV")
        async with BadModelServer(stalls()) as server, httpx.AsyncClient(timeout=0.2) as client:
            with pytest.raises(httpx.ReadTimeout):
                await client.post(f"{server.url}/audio/transcriptions", content=recording.getvalue())
            await server.closed()

    asyncio.run(story())


@given(st.lists(st.floats(100, 1_000), min_size=4, max_size=20), st.floats(0.5, 2))
def test_growth_knows_no_unit(readings: list[float], unit: float) -> None:
    assert growth_percent([one * unit for one in readings]) == pytest.approx(growth_percent(readings), abs=1e-6)


def test_growth_is_from_the_first_two_readings_to_the_last_two() -> None:
    assert growth_percent([100, 102, 500, 103, 103]) == pytest.approx(1.98, abs=0.01)
    assert growth_percent([100, 101, 102]) is None


def test_a_server_is_read_with_its_children(tmp_path: Path) -> None:
    for process, children in ((7, "8 9"), (8, ""), (9, "10"), (10, "")):
        here = tmp_path / str(process)
        (here / "task" / str(process)).mkdir(parents=True)
        (here / "task" / str(process) / "children").write_text(children)
        (here / "status").write_text("VmRSS:\t  204800 kB\nThreads:\t12\n")
        (here / "smaps_rollup").write_text("Pss:   1024 kB\nPss_Anon: 5 kB\n")
        (here / "fd").mkdir()
        (here / "fd" / "0").touch()
    reading = read(7, calls=100, proc=tmp_path)
    assert family(7, proc=tmp_path) == [7, 8, 9, 10]
    assert (reading.resident_mb, reading.share_mb, reading.files, reading.threads) == (200, 4, 1, 12)
    assert field_kb("", "VmRSS") == 0
