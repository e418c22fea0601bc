"""A clarifying question and the reply to it, by chat and by ear, in a conversation with the agent."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from agent.agent import Agent
from agent.costs import ASKED_BY_EAR, ASKED_BY_EYE, Costs
from agent.earlier import Earlier
from agent.telling.left_open import left_open_of
from agent.telling.script import is_traditional
from agent.turn import Channel, Turn, Who
from tests.doubles import ScriptedSearcher, entry

SOFA = entry("You have 30 days.", slug="sofa", question="How long can I return a sofa?")
MATTRESS = entry("Only sealed.", slug="mattress", question="Can I return a mattress?")
BOTH = f"{SOFA.answer}\n\n{MATTRESS.answer}"


@dataclass
class Talk:
    channel: Channel = "chat"
    found: tuple[tuple[object, float], ...] = ((SOFA, 0.4), (MATTRESS, 0.35))
    earlier: list[Earlier] = field(default_factory=list)

    def says(self, text: str) -> Turn:
        searcher = ScriptedSearcher(*self.found)  # type: ignore[arg-type]
        asking = ASKED_BY_EYE if self.channel == "chat" else ASKED_BY_EAR
        costs = Costs(wrong_answer=12, handoff=5, asking=asking)
        agent = Agent(searcher=lambda: searcher, costs=lambda _: costs)
        turn = Turn(text, uuid4(), Who(self.channel), at=datetime(2026, 3, 1, tzinfo=UTC))

        async def run() -> None:
            async for _ in agent.answer(turn, earlier=self.earlier):
                pass

        asyncio.run(run())
        kept = left_open_of(turn.left_open.as_json())
        self.earlier = [*self.earlier, Earlier(turn.question, turn.answer, turn.reason, turn.lang, kept)]
        return turn


def test_close_entries_are_named_and_nothing_is_told_yet() -> None:
    turn = Talk().says("how do I return what I bought from you?")
    assert (turn.action, turn.reason, turn.source) == ("clarify", "close", None)
    assert turn.left_open.choices == (SOFA.question, MATTRESS.question, "Something else")


def test_caller_hears_the_choices() -> None:
    turn = Talk("phone").says("how do I return what I bought from you?")
    assert SOFA.question in turn.answer
    assert "Something else" in turn.answer


@pytest.mark.parametrize(
    ("reply", "answer"),
    [
        (SOFA.question, SOFA.answer),
        ("the second one", MATTRESS.answer),
        ("2", MATTRESS.answer),
        ("the mattress", MATTRESS.answer),
        ("both", BOTH),
    ],
)
def test_choice_is_understood_however_it_is_put(reply: str, answer: str) -> None:
    talk = Talk()
    talk.says("how do I return what I bought from you?")
    turn = talk.says(reply)
    assert (turn.action, turn.reason, turn.answer) == ("answer", "clarified", answer)


CLAIM = entry("Send photos.", slug="claim", question="How do I make a warranty claim?")
LAMPS = entry("Two years.", slug="lamps", question="How long is the warranty on lamps?")


@pytest.mark.parametrize(
    ("reply", "answer"),
    [("the warranty claim one please", CLAIM.answer), ("the lamp one", LAMPS.answer), ("claims", CLAIM.answer)],
)
def test_choice_is_understood_by_the_words_that_only_it_has(reply: str, answer: str) -> None:
    talk = Talk(found=((LAMPS, 0.4), (CLAIM, 0.35)))
    talk.says("what about the warranty?")
    assert talk.says(reply).answer == answer


def test_state_in_place_of_a_choice_chooses_the_entry_that_hangs_on_it() -> None:
    days = entry("[state: Idaho] Tuesdays.\n[state: Oregon] Daily.", slug="days", question="Which days in my state?")
    talk = Talk(found=((SOFA, 0.4), (days, 0.35)))
    talk.says("what days do you drive out with the big stuff?")
    assert talk.says("im in idaho").answer == "Tuesdays."


@pytest.mark.parametrize(
    "reply",
    [
        "Something else", "none of these", "no", "都不是", "none of those are right", "no, none of these fit",
        "these are all wrong", "that's not what i meant", "这些都不对", "不是我想问的", "没有一个对的",
    ],
)  # fmt: skip
def test_none_of_them_is_an_honest_unknown_with_a_person_offered(reply: str) -> None:
    talk = Talk()
    talk.says("how do I return what I bought from you?")
    turn = talk.says(reply)
    assert (turn.action, turn.reason) == ("unknown", "none_meant")
    assert talk.says("yes please").action == "handoff"


@pytest.mark.parametrize(("reply", "action"), [("yes", "answer"), ("是的", "answer"), ("no", "unknown")])
def test_single_entry_is_asked_about_by_yes_or_no(reply: str, action: str) -> None:
    talk = Talk(found=((SOFA, 0.5), (MATTRESS, 0.001)))
    assert talk.says("how do I return what I bought from you?").left_open.choices == (SOFA.question, "Something else")
    assert talk.says(reply).action == action


def test_other_question_in_place_of_a_choice_is_answered() -> None:
    talk = Talk()
    talk.says("how do I return what I bought from you?")
    talk.found = ((entry("From 9 to 6.", slug="hours", question="When are you open?"), 0.95),)
    turn = talk.says("When do you open on Sundays in the winter months, and is there parking?")
    assert turn.answer == "From 9 to 6."
    assert turn.left_open.offered == ()


def test_traditional_characters_are_answered_in_traditional_characters() -> None:
    chinese = entry("沙发送达后30天内可以退货。", slug="sofa", question="沙发多久可以退货?")
    turn = Talk(found=((chinese, 0.95),)).says("請問沙發多久可以退貨?")
    assert turn.answer == "沙發送達後30天內可以退貨。"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("床墊可以退嗎", True),
        ("請問台北送貨要幾天", True),
        ("沙發裡面是什麼", True),
        ("床垫可以退吗？", False),
        ("可以？", False),
        ("sofa?", False),
    ],
)
def test_script_is_told_by_the_characters_that_only_one_has(text: str, *, expected: bool) -> None:
    assert is_traditional(text) is expected


def test_choice_shown_in_traditional_characters_is_understood_when_it_comes_back() -> None:
    chinese = [
        (entry("30天内可以退货。", slug="sofa", question="沙发多久可以退货?"), 0.4),
        (entry("未拆封才可以退。", slug="mattress", question="床垫可以退货吗?"), 0.35),
    ]
    talk = Talk(found=tuple(chinese))
    asked = talk.says("請問買回來的東西還可以退貨嗎?")
    assert asked.left_open.choices == ("沙發多久可以退貨?", "床墊可以退貨嗎?", "都不是")
    assert talk.says("床墊可以退貨嗎?").answer == "未拆封才可以退。"


def test_reply_in_either_script_names_a_value_that_the_knowledge_writes_in_the_other() -> None:
    days = entry("", slug="days", question="配送要幾天?")
    days = replace(days, answer="[國家: 德國] 三天。\n[國家: 奧地利] 五天。", lang="zh")
    talk = Talk(found=((days, 0.95),))
    assert talk.says("配送要幾天?").action == "clarify"
    assert talk.says("德国").answer == "三天。"


RENTING = entry("We rent nothing.", slug="renting", question="Can I rent a sofa?")
FABRIC = entry("Wash it at 30 degrees.", slug="fabric", question="How do I clean the fabric of a sofa?")
CARE = entry("Oil it once a year.", slug="care", question="How do I care for wood?")
MANY = ((SOFA, 0.3), (MATTRESS, 0.15), (LAMPS, 0.1), (CLAIM, 0.08), (CARE, 0.08), (RENTING, 0.1), (FABRIC, 0.06))


def test_who_means_none_of_them_is_suggested_what_comes_next_beside_a_person() -> None:
    talk = Talk(found=MANY)
    first = talk.says("what about that thing with the sofa?")
    named = first.left_open.choices[:-1]
    turn = talk.says("Something else")
    assert (turn.action, turn.reason) == ("unknown", "none_meant")
    assert "person" in turn.answer
    assert turn.left_open.choices
    assert not set(turn.left_open.choices) & set(named)
    turn = talk.says(turn.left_open.choices[0])
    assert (turn.action, turn.reason) == ("answer", "clarified")
    assert turn.source is not None


@pytest.mark.parametrize(("reply", "reason"), [("yes", "accepted_offer"), ("no", "no"), ("no thanks", "no")])
def test_yes_and_no_are_said_to_the_offer_of_a_person(reply: str, reason: str) -> None:
    talk = Talk(found=MANY)
    talk.says("what about that thing with the sofa?")
    assert talk.says("none of these").left_open.suggested
    assert talk.says(reply).reason == reason


@pytest.mark.parametrize("reply", ["none of these", "neither", "something else"])
def test_whoever_means_no_suggestion_either_is_offered_a_person_alone(reply: str) -> None:
    talk = Talk(found=MANY)
    talk.says("what about that thing with the sofa?")
    talk.says("none of these")
    turn = talk.says(reply)
    assert (turn.action, turn.left_open.choices, turn.left_open.suggested) in (("unknown", (), ()), ("handoff", (), ()))


def test_who_declines_is_not_shown_the_suggestions_again() -> None:
    talk = Talk(found=MANY)
    talk.says("what about that thing with the sofa?")
    talk.says("none of these")
    turn = talk.says("no thanks")
    assert (turn.left_open.choices, turn.left_open.suggested) == ((), ())


def test_agreeing_in_other_words_is_no_choice_of_what_begins_like_a_yes() -> None:
    pay = replace(entry("Yes.", slug="pay", question="可以分期付款吗？"), lang="zh")
    talk = Talk(found=((pay, 0.2),))
    turn = talk.says("你们那个东西到底怎么弄的呀")
    assert turn.left_open.suggested
    talk.found = ((SOFA, 0.01),)
    assert talk.says("行,那你帮我转一下").reason != "clarified"


def test_caller_is_suggested_nothing_that_only_the_eye_can_choose_from() -> None:
    talk = Talk("phone", found=MANY)
    talk.says("what about that thing with the sofa?")
    turn = talk.says("none of these")
    assert (turn.reason, turn.left_open.suggested, turn.left_open.choices) == ("none_meant", (), ())


def test_what_is_hardly_probable_is_not_suggested() -> None:
    turn = Talk(found=((SOFA, 0.02), (MATTRESS, 0.01))).says("what is the capital of France?")
    assert (turn.action, turn.reason, turn.left_open.choices) == ("unknown", "unknown", ())


def test_question_of_another_sort_is_not_taken_for_a_suggestion() -> None:
    talk = Talk(found=MANY)
    talk.says("what about that thing with the sofa?")
    talk.says("none of these")
    talk.found = ((CARE, 0.99),)
    assert talk.says("How do I look after an oak table, then?").source.id == "care"  # type: ignore[union-attr]


def test_choice_that_speaks_of_a_person_is_no_wish_for_one() -> None:
    person = entry("By phone, from nine to five.", slug="contact", question="Can I talk to a person?")
    talk = Talk(found=((SOFA, 0.4), (person, 0.35)))
    talk.says("how do I return what I bought from you?")
    assert talk.says(person.question).source.id == "contact"  # type: ignore[union-attr]
    talk = Talk()
    talk.says("how do I return what I bought from you?")
    assert talk.says(person.question).reason == "asked_for_person"
    reach = replace(entry("打电话。", slug="reach", question="怎么联系人工客服？"), lang="zh")
    talk = Talk(found=((reach, 0.3), (replace(SOFA, lang="zh"), 0.28)))
    talk.says("这个怎么弄")
    assert talk.says(reach.question).source.id == "reach"  # type: ignore[union-attr]
    talk = Talk(found=((person, 0.2),))
    assert talk.says("what about that thing?").left_open.suggested
    assert talk.says(person.question).source.id == "contact"  # type: ignore[union-attr]


def test_yes_to_several_asks_which() -> None:
    talk = Talk()
    talk.says("how do I return what I bought from you?")
    turn = talk.says("yes")
    assert (turn.action, turn.reason) == ("clarify", "close")
    assert turn.left_open.choices == (SOFA.question, MATTRESS.question, "Something else")
    assert talk.says("the last one").answer == MATTRESS.answer


@pytest.mark.parametrize("reply", ["I don't know", "not sure which one", "不知道"])
def test_who_cannot_tell_which_is_offered_a_person(reply: str) -> None:
    talk = Talk()
    talk.says("how do I return what I bought from you?")
    assert talk.says(reply).reason == "none_meant"


@pytest.mark.parametrize("complaint", ["none of these", "that's not what I asked", "not what I meant", "这些都不是"])
def test_complaint_about_an_answer_is_neither_goodbye_nor_a_question(complaint: str) -> None:
    talk = Talk(found=((SOFA, 0.99),))
    assert talk.says("How long can I return a sofa?").action == "answer"
    turn = talk.says(complaint)
    assert (turn.action, turn.reason) == ("unknown", "none_meant")
    assert talk.says("yes please").reason == "accepted_offer"


@pytest.mark.parametrize("number", ["1", "9", "99", " 7. "])
def test_number_that_chooses_nothing_is_no_question(number: str) -> None:
    talk = Talk(found=((SOFA, 0.99),))
    assert talk.says(number).reason == "empty"
    assert Talk("phone", found=((SOFA, 0.99),)).says(number).reason == "empty"


def test_another_question_is_no_complaint() -> None:
    talk = Talk(found=((SOFA, 0.99),))
    assert talk.says("I have another question").reason != "none_meant"


def test_where_more_likely_none_is_meant_than_any_that_is_said() -> None:
    turn = Talk().says("how do I return what I bought from you?")
    assert turn.answer == "I want to be sure: which of these do you mean?"
    turn = Talk(found=((SOFA, 0.25), (MATTRESS, 0.2))).says("how do I return what I bought from you?")
    assert (turn.action, turn.answer) == ("clarify", "I may not know the answer to that. Is it one of these?")


@pytest.mark.parametrize("said", ["something else", "I have another question", "别的问题", "其他"])
def test_another_question_is_waited_for(said: str) -> None:
    turn = Talk(found=((SOFA, 0.1),)).says(said)
    assert (turn.action, turn.reason, turn.source) == ("answer", "yes", None)


def test_who_chooses_nothing_twice_is_offered_a_person() -> None:
    talk = Talk()
    said = [talk.says(text) for text in ("what may go back to you?", "what else may go back?", "and who pays for it?")]
    assert [turn.reason for turn in said] == ["close", "close", "unknown"]
    assert said[-1].left_open.suggested
    assert talk.says("what goes back, then, from here?").reason == "close"


LIKELY = ((SOFA, 0.8), (MATTRESS, 0.12), (CLAIM, 0.001))


def test_beside_an_answer_stands_for_the_eye_what_else_may_be_meant() -> None:
    talk = Talk(found=LIKELY)
    turn = talk.says("how do I return what I bought from you?")
    assert (turn.action, turn.reason, turn.answer) == ("answer", "confident", SOFA.answer)
    assert turn.left_open.choices == (MATTRESS.question,)
    turn = talk.says(MATTRESS.question)
    assert (turn.action, turn.reason, turn.answer) == ("answer", "clarified", MATTRESS.answer)


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("thanks", "thanks"),
        ("something else", "yes"),
        ("其他问题", "yes"),
        ("no", "no"),
        ("none of these", "none_meant"),
        ("1", "clarified"),
        ("the mattress", "clarified"),
    ],
)
def test_what_stands_beside_an_answer_may_be_passed_over(reply: str, reason: str) -> None:
    talk = Talk(found=LIKELY)
    talk.says("how do I return what I bought from you?")
    turn = talk.says(reply)
    assert (turn.reason, turn.left_open.choices) == (reason, ())


@pytest.mark.parametrize("question", ["Can I return a lamp?", "can I return it in a store?", "is a mattress taxed?"])
def test_new_question_is_not_taken_for_what_stands_beside_an_answer(question: str) -> None:
    talk = Talk(found=LIKELY)
    talk.says("how do I return what I bought from you?")
    assert talk.says(question).reason != "clarified"


def test_caller_is_asked_where_the_eye_is_shown() -> None:
    turn = Talk("phone", found=LIKELY).says("how do I return what I bought from you?")
    assert (turn.action, turn.left_open.suggested) == ("clarify", ())
    turn = Talk("phone", found=((SOFA, 0.9), (MATTRESS, 0.02))).says("how do I return what I bought from you?")
    assert (turn.action, turn.left_open.choices) == ("answer", ())


def test_answer_with_choices_of_its_own_has_nothing_beside_it() -> None:
    guide = entry("1. Is it new?\n   - yes -> done\n   - no -> human", slug="guide", question="How do I repair it?")
    turn = Talk(found=((guide, 0.8), (SOFA, 0.12))).says("it is broken, what now?")
    assert turn.left_open.walk
    assert turn.left_open.suggested == ()
