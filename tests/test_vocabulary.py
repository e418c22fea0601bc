"""Names a recogniser would not guess are told to it beforehand, from the knowledge as it is."""

import asyncio
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest

from agent.turn import Who
from knowledge.entry import Entry
from tests.scripted_call import LoudnessVad, caller
from tests.test_people_chat import open_shop
from tests.unhurried import hold_unhurried
from voice.audio import Speech
from voice.engines import Engines
from voice.hearing import Hearing
from voice.openai_audio import OpenAITranscriber
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber, Transcript
from web.calling.calls import PhoneCall
from web.calling.vocabulary import MOST_CHARACTERS, vocabulary_of


def told(*answers: str, lang: str = "en") -> str:
    return vocabulary_of([Entry(str(n), "?", answer, lang=lang) for n, answer in enumerate(answers)], lang=lang)


@pytest.mark.parametrize(
    ("answer", "names"),
    [
        ("You can pay with Klarna or Apple Pay.", "Apple Pay, Klarna"),
        ("The sofa is soft. The lamp is not.", ""),
        ("We open on Monday in May.", ""),
        ("Collect Finch Points with an iPhone.", "Finch Points, iPhone"),
        ("Ask for every size (Every one fits).", ""),
        ("Bulbs need an E27 socket and LED.", "E27, LED"),
    ],
)
def test_names_stand_out_by_how_they_are_written(answer: str, names: str) -> None:
    assert told(answer) == names


def test_chinese_names_are_latin_words_and_what_stands_in_quotes() -> None:
    assert told("可以用PayPal付款,也可以用「芬奇卡」。", lang="zh") == "PayPal、芬奇卡"


def test_what_stands_in_most_entries_comes_first_and_once() -> None:
    assert told("Ask for Oslo.", "Ask for Bergen.", "Ask for Bergen or Bergen Lounge.") == "Bergen, Bergen Lounge, Oslo"


def test_it_is_bounded_and_other_languages_have_none() -> None:
    many = [f"Ask for Name{n}x in the shop." for n in range(500)]
    assert 100 < len(told(*many)) <= MOST_CHARACTERS["en"]
    assert told("Fragen Sie nach Oslo.", lang="de") == ""


class TaughtEars(OpenAITranscriber):
    """Hears its lines; `on_line` is told that one was said."""

    def __init__(self, *lines: str, on_line: Callable[[], None]) -> None:
        super().__init__(base_url="http://127.0.0.1:9/v1", api_key="none", model="none")
        self._scripted = ScriptedTranscriber(*lines)
        self._on_line = on_line

    async def transcribe(self, speech: Speech, **how: Any) -> Transcript:
        self._on_line()
        return await self._scripted.transcribe(speech, **how)


def test_names_that_the_knowledge_gains_during_a_call_are_listened_for_from_the_next_turn_on(tmp_path: Path) -> None:
    services = open_shop(tmp_path)
    taught: list[str] = []

    def on_line() -> None:
        taught.append(ears.vocabulary.get("en", ""))
        if len(taught) == 1:
            services.library.write(Entry("care", "What is covered?", "Ask for the Finch Care Plan.", lang="en"))

    ears = TaughtEars("How long can I return a sofa?", "And a sofa bed?", on_line=on_line)
    speech = caller(*[("waits", 400), ("speaks", 900), ("waits", 4_500)] * 2)
    engines = SimpleNamespace(
        hearing=lambda: Hearing(vad=LoudnessVad()), transcriber=ears, voice=ScriptedSynthesizer(ms_per_character=2.0)
    )

    async def story() -> None:
        async with PhoneCall(services, cast(Engines, engines), who=Who("phone"), lang="en") as phone:
            await hold_unhurried(phone.call, speech)

    asyncio.run(story())
    assert taught == ["", "Finch Care Plan"]
