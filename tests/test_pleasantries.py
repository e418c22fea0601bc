"""Courtesies in words that no list holds, told apart from short questions by what both mean."""

from pathlib import Path

import numpy as np
import pytest

from agent.finding import find
from agent.understanding.courtesy import courtesy
from agent.understanding.language import language_of
from agent.understanding.pleasantries import LONGEST, pleasantry
from knowledge.matching.embeddings import Floats
from tests.conftest import CACHE
from tests.doubles import ScriptedSearcher, entry
from tests.test_agent import agent_with, ask
from web.assembly import assemble, seed_demo
from web.settings import Settings

UNLISTED = (
    "alright that clears it all up, thanks", "super helpful thank you dime", "awesome, have a lovely evening",
    "you've been great, thank u", "ok that makes sense, thx for explaining", "oh how very nice to hear",
    "了解,多谢您解答", "原来是这么回事啊", "哎呀那真是谢谢你咯",
)  # fmt: skip
QUESTIONS = (
    "any extra for saturday?", "can I give it back", "how long does it take?", "and if nobody's home?",
    "my sofa is broken", "the box was empty", "is it ok if my son is in", "皮的多少钱",
    "坏了找谁弄", "可以自己去拉吗",
)  # fmt: skip


def says(*kinds: str, near: float) -> "Sayings":
    return Sayings(dict.fromkeys(kinds, near))


class Sayings:
    """As near to every phrase of a kind as it is told."""

    def __init__(self, near: dict[str, float]) -> None:
        self._near = near

    def __call__(self, message: str, phrases: tuple[str, ...]) -> Floats:  # noqa: ARG002
        return np.array([self._near.get(courtesy(phrase) or "", 0.0) for phrase in phrases], dtype=np.float32)


def test_message_near_a_courtesy_and_far_from_every_entry_is_one() -> None:
    assert pleasantry("that has cleared it up", nearest_entry=0.2, closest=says("thanks", near=0.7)) == "thanks"


@pytest.mark.parametrize(
    ("said", "is_one"), [("so what do I do?", False), ("so how do you do?", True), ("你好吗呀", True)]
)
def test_whoever_asks_how_we_are_speaks_of_us(said: str, is_one: bool) -> None:
    assert (pleasantry(said, nearest_entry=0.1, closest=says("how_are_you", near=0.9)) is not None) == is_one


@pytest.mark.parametrize(("near", "nearest_entry"), [(0.5, 0.0), (0.8, 0.6), (0.0, 0.0)])
def test_message_that_is_not_near_or_as_near_to_an_entry_is_none(near: float, nearest_entry: float) -> None:
    assert pleasantry("that thing", nearest_entry=nearest_entry, closest=says("thanks", near=near)) is None


@pytest.mark.parametrize(
    ("kind", "understood"),
    [("yes", "fine"), ("no", "fine"), ("goodbye", "goodbye"), ("what_can_you_do", None), ("languages", None)],
)
def test_agreeing_answers_no_offer_and_a_question_about_us_is_no_pleasantry(kind: str, understood: str | None) -> None:
    assert pleasantry("well indeed", nearest_entry=0.1, closest=says(kind, near=0.9)) == understood


def test_long_message_says_more_than_thanks() -> None:
    assert pleasantry("thank you " * LONGEST, nearest_entry=0.1, closest=says("thanks", near=0.9)) is None


class Thankful(ScriptedSearcher):
    """Takes every message for thanks."""

    def closeness(self, question: str, phrases: tuple[str, ...]) -> Floats:
        return says("thanks", near=0.9)(question, phrases)


@pytest.mark.parametrize(("sure", "reason"), [(0.3, "thanks"), (0.95, "confident")])
def test_thanks_are_replied_to_unless_an_entry_surely_answers(sure: float, reason: str) -> None:
    turn, _ = ask(agent_with(Thankful((entry("Within 30 days."), sure))), "that has cleared it up")
    assert (turn.action, turn.reason) == ("answer", reason)


@pytest.mark.real
def test_demo_companys_customers_are_thanked_and_their_questions_are_looked_up(tmp_path: Path) -> None:
    services = assemble(Settings(home=tmp_path, cache=CACHE))
    seed_demo(services)
    services.index.build()

    def taken_for(message: str) -> str | None:
        lang = language_of(message)
        return find(
            message, topic=None, searcher=services.index.current(), lang=lang, is_sure=lambda p: p >= 0.7
        ).polite

    assert [said for said in UNLISTED if courtesy(said) is not None] == []
    assert [said for said in UNLISTED if taken_for(said) is None] == []
    assert [asked for asked in QUESTIONS if taken_for(asked)] == []
    services.engine.dispose()
