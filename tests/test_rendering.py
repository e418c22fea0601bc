"""What a company will say is spoken before anyone asks: in order, while nobody calls, and only what is new."""

import asyncio
import sys
from collections.abc import Awaitable, Callable
from pathlib import Path
from uuid import uuid4

import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from agent.history import Conversation, TurnRow
from agent.telling.phrases import phrase
from knowledge.reading.documents import read_document
from tests.real_engines import CACHE
from voice.engines import Choices
from voice.rendered import RenderedVoice
from voice.rendering import Progress, Rendering
from voice.synthesizer import ScriptedSynthesizer
from web.app import create_app
from web.assembly import assemble
from web.calling.rendering import FIRST, LONGEST_PAUSE_SECONDS, RenderingAhead, fixed_phrases
from web.settings import Settings

CHILD = (sys.executable, "-m", "tests.rendering_child")


async def quiet(_: Progress) -> None:
    pass


def rendering(
    folder: Path, until_quiet: Callable[[Progress], Awaitable[None]] = quiet
) -> tuple[Rendering, RenderedVoice]:
    voice = RenderedVoice(ScriptedSynthesizer(), folder / "rendered")
    return Rendering(Choices(folder), voice, until_quiet=until_quiet, command=CHILD), voice


def test_texts_are_rendered_in_order_and_the_second_time_nothing_is_left_to_do(tmp_path: Path) -> None:
    async def story() -> None:
        ahead, voice = rendering(tmp_path)
        texts = [("Yes. It costs $9.", "en"), ("好的。", "zh"), ("Yes.", "en")]
        await ahead.render(texts)
        assert ahead.progress.as_json() == {"clauses": 3, "rendered": 3, "paused": False, "trouble": None}
        assert voice.is_rendered("It costs nine dollars.", lang="en")
        ahead._command = ("nothing to start",)
        await ahead.render(texts)
        assert ahead.progress.rendered == 3

    asyncio.run(story())


def test_nothing_is_rendered_while_a_call_is_live(tmp_path: Path) -> None:
    async def story() -> None:
        seen: list[int] = []
        is_quiet = asyncio.Event()

        async def until_quiet(progress: Progress) -> None:
            seen.append(progress.rendered)
            if len(seen) == 2:
                is_quiet.set()
                await asyncio.Event().wait()

        ahead, voice = rendering(tmp_path, until_quiet)
        task = asyncio.ensure_future(ahead.render([("One.", "en"), ("Two.", "en")]))
        await is_quiet.wait()
        assert voice.is_rendered("One.", lang="en")
        assert not voice.is_rendered("Two.", lang="en")
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)

    asyncio.run(story())


def test_a_clause_that_fails_is_left_out_and_a_child_that_dies_is_told(tmp_path: Path) -> None:
    async def story() -> None:
        ahead, _ = rendering(tmp_path)
        await ahead.render([("It is unsayable.", "en"), ("Two.", "en")])
        assert (ahead.progress.rendered, ahead.progress.trouble) == (1, None)
        await ahead.render([("The end.", "en"), ("Four.", "en"), ("Five.", "en"), ("Six.", "en")])
        assert ahead.progress.rendered == 0
        assert ahead.progress.trouble

    asyncio.run(story())


def test_a_late_reply_to_a_clause_before_is_not_taken_for_the_next_ones(tmp_path: Path) -> None:
    async def story() -> None:
        ahead, voice = rendering(tmp_path)
        await ahead.render([("It is unsayable.", "en"), ("Late.", "en"), ("It is unsayable, too.", "en")])
        assert ahead.progress.rendered == 1
        assert voice.is_rendered("Late.", lang="en")

    asyncio.run(story())


def test_rendering_that_fails_is_tried_again_ever_more_seldom(tmp_path: Path) -> None:
    class Broken(RenderingAhead):
        def _open(self) -> Rendering:
            raise OSError("the voice's file is damaged")

    pauses: list[float] = []

    async def sleep(seconds: float) -> None:
        pauses.append(seconds)
        if len(pauses) == 12:
            raise TimeoutError

    services = assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None))
    services.index.built.set()
    with pytest.raises(TimeoutError):
        asyncio.run(Broken(services, sleep=sleep).run())
    assert pauses[:3] == [4, 8, 16]
    assert pauses[-1] == LONGEST_PAUSE_SECONDS


def test_what_bridges_a_stalled_engine_comes_first_and_nothing_holds_a_blank() -> None:
    texts = list(fixed_phrases())
    assert texts[0] == (phrase("holding", lang="en"), "en")
    assert [text for text, _ in texts[: 2 * len(FIRST)]] == [
        phrase(name, lang=lang) for name in FIRST for lang in ("en", "zh")
    ]
    assert not [text for text, _ in texts if "{" in text or not text.strip()]


def test_the_most_asked_answers_are_rendered_before_the_others(tmp_path: Path) -> None:
    services = assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None))
    table = tmp_path / "faq.csv"
    table.write_text("id,question,answer\na,How long?,Ten days.\nb,How much?,It costs $9.\n")
    services.library.add(read_document(table))
    with Session(services.engine) as session:
        session.add(Conversation(id=(talk := uuid4()), last_at=services.now()))
        session.flush()
        session.add(TurnRow(id=uuid4(), conversation_id=talk, number=1, question="how much", source_entry="b"))
        session.commit()
    texts = [text for text, _ in RenderingAhead(services)._texts()]
    assert texts[-2:] == ["It costs $9.", "Ten days."]
    assert texts[0] == phrase("holding", lang="en")


def test_a_speech_server_is_asked_ahead_only_for_what_bridges_a_stall(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "home", cache=tmp_path / "cache", piper_en="http://127.0.0.1:9/v1", _env_file=None
    )
    texts = [text for text, _ in RenderingAhead(assemble(settings))._texts()]
    assert texts == [phrase(name, lang=lang) for name in FIRST for lang in ("en", "zh")]


def test_readiness_tells_of_rendering_and_does_not_wait_for_it(tmp_path: Path) -> None:
    services = assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None))
    services.rendering = RenderingAhead(services)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        assert client.get("/readyz").json()["rendering"] is None


@pytest.mark.real
def test_the_real_child_renders_what_a_call_will_find(tmp_path: Path) -> None:
    async def story() -> None:
        for name in ("weights",):
            (tmp_path / name).symlink_to(CACHE / name)
        from voice.engines import open_voice

        voice = open_voice(Choices(tmp_path))
        ahead = Rendering(Choices(tmp_path), voice, until_quiet=quiet)
        await ahead.render([("It costs $9.", "en"), ("请稍等。", "zh")])
        assert ahead.progress.rendered == 2
        assert not (await voice.speak("It costs $9.", lang="en", is_fixed=True)).usage

    asyncio.run(story())
