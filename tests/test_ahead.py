"""A question is looked up before the caller has finished: used when the words stay, else thrown away and counted."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from threading import Event
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.agent import Agent
from agent.ahead import MOST_CALLERS, Ahead, Asked, Fate
from agent.costs import Costs
from agent.finding import Found
from agent.turn import Turn, Who
from knowledge.matching.retriever import Match
from roi.books.ledger import lines_for, total
from roi.pricing.prices import price_book
from tests.doubles import OneByOne, ScriptedSearcher, entry

AT = datetime(2026, 3, 1, tzinfo=UTC)
SOFA = entry("You have 30 days from delivery to return a sofa.")
MATTRESS = entry("Only sealed.", slug="mattress", question="Can I return a mattress?")
CALLER = UUID(int=7)


class Shop(OneByOne):
    """Knows the sofa and the mattress by their names, and what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def search(self, question: str) -> list[Match]:
        self.asked.append(question)
        known = MATTRESS if "mattress" in question else SOFA
        return [Match(entry=known, score=0.99, confidence=0.99, signals={})]

    def entry(self, id: str, lang: str) -> None:  # noqa: A002, ARG002
        return None


class Line:
    """A caller's: what seems to be said, then what was said."""

    def __init__(self) -> None:
        self.shop = Shop()
        self.fates: list[Fate] = []
        ahead = Ahead(lambda fate, _: self.fates.append(fate))
        costs = Costs(wrong_answer=25, handoff=5, asking=None)
        self.agent = Agent(searcher=lambda: self.shop, costs=lambda _: costs, ahead=ahead)

    def seems_to_say(self, *partials: str) -> None:
        for words in partials:
            self.agent.prepare(self._turn(words), earlier=[])
            self.agent.ahead._thread.submit(lambda: None).result()  # the one thread is done with it

    def says(self, words: str) -> Turn:
        turn = self._turn(words)

        async def hear() -> None:
            async for _ in self.agent.answer(turn, earlier=[]):
                pass

        asyncio.run(hear())
        return turn

    def _turn(self, words: str) -> Turn:
        return Turn(words, CALLER, Who("phone"), at=AT)


def test_same_words_are_looked_up_once() -> None:
    line = Line()
    line.seems_to_say("how long can I return a sofa")
    turn = line.says("How long can I return  a sofa?")
    assert turn.answer.strip() == SOFA.answer
    assert line.shop.asked == ["how long can I return a sofa"]
    assert (line.fates, turn.usage) == (["used"], [])


def test_changed_words_are_answered_by_what_was_said_and_the_waste_is_on_the_bill() -> None:
    line = Line()
    line.seems_to_say("can I return a", "can I return a sofa")
    turn = line.says("Can I return a sofa bed or a mattress?")
    assert turn.source is not None
    assert turn.source.id == "mattress"
    assert line.fates == ["wasted", "wasted"]
    (wasted,) = turn.usage
    assert (wasted.purpose, wasted.meter, wasted.unit, wasted.quantity) == ("speculation", "embed", "call", Decimal(2))
    assert float(wasted.raw["cpu_seconds"]) > 0
    booked = lines_for(
        turn.usage, turn.who, conversation=CALLER, turn=turn.id, prices=price_book(listed=False), currency="USD"
    )
    assert (booked[0].covered, total(booked)) == (True, 0)


def test_waste_is_counted_once() -> None:
    line = Line()
    line.seems_to_say("can I return a")
    assert len(line.says("Can I return a mattress?").usage) == 1
    assert line.says("Can I return a sofa?").usage == []


def test_changed_knowledge_is_asked_again() -> None:
    line = Line()
    line.seems_to_say("how long can I return a sofa")
    line.shop = Shop()
    line.says("how long can I return a sofa")
    assert line.shop.asked == ["how long can I return a sofa"]
    assert line.fates == ["wasted"]


@pytest.mark.parametrize("noise", ["", "…", "?!", "早晨 asdf".encode("utf-16").decode("latin-1"), "你好" * 9_000])
def test_partial_transcripts_of_any_kind_do_no_harm(noise: str) -> None:
    line = Line()
    line.seems_to_say(noise)
    assert line.says("how long can I return a sofa").answer.strip() == SOFA.answer


def test_guess_that_has_not_begun_is_overtaken_and_cost_nothing() -> None:
    ahead, free = Ahead(), Event()
    ahead._thread.submit(free.wait, 10)
    turn = Turn("sofa", CALLER, Who("phone"), at=AT)
    asked = Asked("sofa", None, (), "en", 0.5, ScriptedSearcher())
    ahead.begin(CALLER, asked, lambda: Found("guessed"))
    try:
        assert asyncio.run(ahead.found(turn, asked, lambda: Found("said"))).meant == "said"
        assert turn.usage == []
    finally:
        free.set()


def test_callers_who_never_finish_are_forgotten() -> None:
    ahead, asked = Ahead(), Asked("sofa", None, (), "en", 0.5, ScriptedSearcher())
    for _ in range(3 * MOST_CALLERS):
        ahead.begin(uuid4(), asked, lambda: Found("guessed"))
    assert len(ahead._callers) == MOST_CALLERS


def test_caller_who_has_hung_up_is_forgotten() -> None:
    line = Line()
    line.seems_to_say("can I return a")
    line.agent.ahead.forget(CALLER)
    line.agent.ahead.forget(uuid4())
    assert line.fates == ["wasted"]
    assert not line.agent.ahead._callers


def test_guess_that_other_words_replace_ends_the_waiting_for_it_and_nothing_else() -> None:
    ahead, free, searcher = Ahead(), Event(), ScriptedSearcher()

    async def story() -> Found | None:
        ahead._thread.submit(free.wait, 10)
        ahead.begin(CALLER, Asked("so", None, (), "en", 0.5, searcher), lambda: Found("so"))
        peeking = asyncio.create_task(ahead.peek(CALLER))
        await asyncio.sleep(0)
        ahead.begin(CALLER, Asked("sofa", None, (), "en", 0.5, searcher), lambda: Found("sofa"))
        free.set()
        assert await peeking is None
        return await ahead.peek(CALLER)

    found = asyncio.run(story())
    assert found is not None
    assert found.meant == "sofa"


def test_courtesy_is_understood_without_looking_anything_up() -> None:
    line = Line()
    assert asyncio.run(line.agent.grasp(line._turn("thank you, goodbye"), earlier=[])) == (1.0, True)
    assert line.shop.asked == []
    assert not line.agent.ahead._callers


WORDS = st.sampled_from(["sofa", "Sofa", " sofa", "sofa?", "bed", "sofa bed", ""])


@given(st.lists(WORDS, max_size=5), WORDS)
def test_whatever_was_guessed_the_answer_is_to_the_words_that_were_said(guesses: list[str], said: str) -> None:
    ahead, searcher = Ahead(), ScriptedSearcher()

    def looked_up(words: str) -> tuple[Asked, Callable[[], Found]]:
        return Asked(words, None, (), "en", 0.5, searcher), lambda: Found(words)

    for words in guesses:
        ahead.begin(CALLER, *looked_up(words))
    turn = Turn(said, CALLER, Who("phone"), at=AT)
    found = asyncio.run(ahead.found(turn, *looked_up(said)))
    assert found.meant.casefold().strip(" ?") == said.casefold().strip(" ?")
    assert sum(used.quantity for used in turn.usage) <= len(guesses)
    ahead._thread.shutdown()
