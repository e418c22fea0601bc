"""What a message is about, on a knowledge that finds what it is scripted to find."""

import pytest

from agent.finding import Found, find
from agent.telling.left_open import Topic
from knowledge.entry import Entry
from knowledge.matching.retriever import Match
from tests.doubles import OneByOne, entry

SOFA = entry("Five years.", slug="sofa", question="How long is the warranty on a sofa?")
LAMP = entry("Two years.", slug="lamp", question="How long is the warranty on a lamp?")
CLAIM = entry("Send us photos.", slug="claim", question="How do I claim?")
TOPIC = Topic("how long is the warranty on a sofa?", SOFA.question, SOFA.id)


class Knowing(OneByOne):
    """Finds entries by a word of the question, each as surely as told; the first that is named comes first."""

    def __init__(self, **sure: tuple[Entry, float]) -> None:
        self.sure = sure
        self.asked: list[str] = []

    def search(self, question: str) -> list[Match]:
        self.asked.append(question)
        words = question.lower()
        found = [(each, p) for word, (each, p) in self.sure.items() if word in words]
        return [Match(each, p, p, {}) for each, p in found]

    def entry(self, id: str, lang: str) -> Entry | None:  # noqa: A002, ARG002
        return None


def found(message: str, searcher: Knowing, *, topic: Topic | None = TOPIC) -> Found:
    return find(message, topic=topic, searcher=searcher, lang="en", is_sure=lambda p: p >= 0.5)


def test_question_that_stands_alone_is_asked_as_it_is() -> None:
    searcher = Knowing(lamp=(LAMP, 0.9))
    question = "Which bulbs fit the tall reading lamp from your spring collection in the Seattle store?"
    assert found(question, searcher).matches[0].entry == LAMP
    assert searcher.asked == [question]


def test_swapped_thing_is_asked_in_the_place_of_the_old_one() -> None:
    told = found("and on a lamp?", Knowing(lamp=(LAMP, 0.9)))
    assert told.matches[0].entry == LAMP
    assert "lamp" in told.meant


def test_what_the_question_before_speaks_for_as_surely_is_named_beside_what_the_words_alone_say() -> None:
    searcher = Knowing(sofa=(CLAIM, 0.9), hour=(LAMP, 0.6))
    assert [match.entry for match in found("any idea what hour", searcher).matches] == [CLAIM, LAMP]
    assert [match.entry for match in found("any idea what hour", searcher, topic=None).matches] == [LAMP]
    assert found("any idea what hour", Knowing(sofa=(CLAIM, 0.5), hour=(LAMP, 0.6))).matches[0].entry == LAMP


def test_without_a_question_before_nothing_leans() -> None:
    searcher = Knowing(lamp=(LAMP, 0.9))
    found("and on a lamp?", searcher, topic=None)
    assert searcher.asked
    assert all("warranty" not in asked for asked in searcher.asked)


def test_entry_told_before_gives_way_to_another_that_the_question_alone_speaks_for() -> None:
    told = found("and how do I claim it?", Knowing(warranty=(SOFA, 0.6), claim=(CLAIM, 0.4)))
    assert told.matches[0].entry == CLAIM


def test_thing_that_the_entry_does_not_know_makes_it_less_sure() -> None:
    assert found("and to Canada?", Knowing(warranty=(SOFA, 0.95))).likelihood < 0.5


def test_two_questions_of_one_message_have_two_answers() -> None:
    told = found("how long is the sofa covered and how do I claim?", Knowing(sofa=(SOFA, 0.9), claim=(CLAIM, 0.8)))
    assert [match.entry for match in (told.matches[0], *told.also)] == [SOFA, CLAIM]


ORDER = Entry("tool:order", "where is my order", kind="tool")


def test_errand_and_question_of_one_message_are_both_found() -> None:
    told = found(
        "where is my order 10044 and how do I claim?", Knowing(order=(ORDER, 0.9), claim=(CLAIM, 0.8)), topic=None
    )
    assert (told.ranked[0].entry, [match.entry for match in told.also]) == (ORDER, [CLAIM])
    assert told.topic.entry == ORDER.id


def test_question_beside_an_errand_that_has_no_answer_is_admitted() -> None:
    told = found("where is my order and do you sell rugs?", Knowing(order=(ORDER, 0.9)), topic=None)
    assert (told.ranked[0].entry, told.unsure) == (ORDER, "do you sell rugs?")


@pytest.mark.parametrize(
    ("message", "unsure"),
    [
        ("how do I claim for a lamp and do you sell rugs?", "do you sell rugs?"),
        ("how do I claim for a lamp, and is that ok?", ""),
        ("how do I claim for a lamp and do I send photos?", ""),
        ("my rug is torn. how do I claim for a lamp?", ""),
        ("how do I claim for a lamp? 你们卖地毯吗？", "你们卖地毯吗？"),
    ],
)
def test_further_question_without_an_answer_is_admitted_if_it_is_one_of_its_own(message: str, unsure: str) -> None:
    class Whole(Knowing):
        def search(self, question: str) -> list[Match]:
            return [Match(CLAIM, 0.8, 0.8, {})] if "claim" in question else [Match(SOFA, 0.1, 0.1, {})]

    assert found(message, Whole(), topic=None).unsure == unsure


def test_who_comes_back_to_an_earlier_question_is_followed() -> None:
    before = [Topic("q", CLAIM.question, CLAIM.id)]
    searcher = Knowing(claim=(CLAIM, 0.9))
    told = find(
        "what was it again?", topic=TOPIC, searcher=searcher, lang="en", is_sure=lambda p: p >= 0.5, before=before
    )
    assert told.ranked[0].entry == CLAIM


def test_unsure_readings_are_put_together_for_a_clarifying_question() -> None:
    told = found("and the lamp?", Knowing(lamp=(LAMP, 0.3), warranty=(SOFA, 0.4)))
    assert {match.entry.id for match in told.matches} >= {"lamp", "sofa"}
    assert sum(told.confidences) <= 1.0


def test_part_of_a_message_that_finds_something_else_than_the_whole_is_weighed_against_it() -> None:
    class Parted(Knowing):
        """The whole message finds the sofa, its second sentence the lamp."""

        def search(self, question: str) -> list[Match]:
            whole = [Match(SOFA, 0.4, 0.4, {}), Match(CLAIM, 0.1, 0.1, {})]
            return whole if "sofa" in question else [Match(LAMP, 0.6, 0.6, {})]

    told = found("My sofa broke last week. How long is the warranty?", Parted(), topic=None)
    assert [match.entry for match in told.matches][:2] == [LAMP, SOFA]
    alone = found("How long is the warranty on this one?", Parted(), topic=None)
    assert [match.entry for match in alone.matches] == [LAMP]


def test_entries_that_are_found_without_any_probability_are_no_trouble() -> None:
    told = found("Hello there. How long is the warranty?", Knowing(warranty=(SOFA, 0.0)), topic=None)
    assert [match.confidence for match in told.matches] == [0.0]
