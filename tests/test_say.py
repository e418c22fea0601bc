"""`dime say`: what it speaks is heard again."""

import asyncio
from pathlib import Path

import pytest

from tests.conftest import run_dime
from tests.real_engines import whisper, word_errors
from voice.audio import PER_MS, level_dbfs
from voice.wires.recording import read_recording

pytestmark = pytest.mark.real


def test_what_is_said_can_be_heard_word_for_word(tmp_path: Path) -> None:
    done = run_dime("say", "You have thirty days to return it.", "-o", str(tmp_path / "said.wav"), home=tmp_path)
    assert done.returncode == 0, done.stderr
    speech = read_recording(tmp_path / "said.wav")
    assert level_dbfs(speech.samples[: 400 * PER_MS]) < -80
    heard = asyncio.run(whisper().transcribe(speech, lang="en")).text.replace("30", "thirty")
    assert word_errors("You have thirty days to return it.", heard) == 0


@pytest.mark.parametrize(("text", "word"), [(" ", "nothing to say"), ("Hello.", "no_such_folder")])
def test_what_cannot_be_said_or_written_is_one_sentence(text: str, word: str, tmp_path: Path) -> None:
    done = run_dime("say", text, "-o", str(tmp_path / "no_such_folder" / "said.wav"), home=tmp_path)
    assert done.returncode == 1
    assert word in done.stderr
    assert "Traceback" not in done.stderr
