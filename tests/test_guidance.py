"""Answers that are more than one: a condition asked for, a guide led through, and gone on with where it stopped."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.agent import Agent
from agent.costs import Costs
from agent.earlier import Earlier
from agent.events import HandedOver
from agent.telling.aloud import aloud, said_aloud
from agent.telling.entry_telling import begin, go_on
from agent.telling.guidance import Ended, Moved, choices_at, move, told
from agent.telling.left_open import LeftOpen, Walk, left_open_of
from agent.turn import Channel, Turn, Who
from agent.understanding.replies import choice_of, wish
from knowledge.answers.guide import Guide
from knowledge.entry import Entry
from knowledge.matching.retriever import Match
from knowledge.reading.documents import read_document
from tests.conftest import ROOT
from tests.doubles import OneByOne, entry
from tests.test_answers import guides

LAMP = entry(
    """1. Is the green light on?
   - yes -> 3
   - no -> 2
2. Hold the button for five seconds. Did it start?
   - yes -> done
   - no -> colleague
3. Pull the plug.
4. Put it back after a minute.""",
    slug="lamp",
    question="My lamp does not start",
)
DELIVERY = entry(
    "Two weeks.\n[country?] Which country do you live in?\n[country: Germany = DE, Austria] Three days.\n"
    "[country: Spain] Five days.",
    slug="delivery",
    question="How long is delivery?",
)
COST = entry("[country: Germany] Free.\n[country: Austria] $9.", slug="cost", question="What is the delivery cost?")
RETURNS = entry("30 days.", slug="returns", question="How long can I return it?")
LAMP_ZH = replace(LAMP, lang="zh", answer="1. 绿灯亮吗？\n - 亮 -> 完成\n - 不亮 -> 2\n2. 按住按钮。\n3. 拔掉插头。")
DELIVERY_ZH = replace(DELIVERY, lang="zh", answer="[国家?] 请问在哪个国家？\n[国家: 德国, 奥地利] 三天。")
TOPICS = {"lamp": LAMP, "灯": LAMP_ZH, "送": DELIVERY_ZH, "cost": COST, "delivery": DELIVERY, "return": RETURNS}


class TopicSearcher(OneByOne):
    """Finds the entry whose word is in the question, surely; nothing otherwise."""

    def search(self, question: str) -> list[Match]:
        found = [topic for word, topic in TOPICS.items() if word in question.lower()]
        return [Match(topic, 0.95, 0.95, {}) for topic in found[:1]]

    def entry(self, id: str, lang: str) -> Entry | None:  # noqa: A002
        return next((topic for topic in TOPICS.values() if (topic.id, topic.lang) == (id, lang)), None)


@dataclass
class Talk:
    """One conversation; what a turn leaves open goes through its stored form."""

    channel: Channel = "chat"
    searcher: TopicSearcher = field(default_factory=TopicSearcher)
    earlier: list[Earlier] = field(default_factory=list)

    def says(self, text: str) -> str:
        """What the agent answers."""
        agent = Agent(searcher=lambda: self.searcher, costs=lambda _: Costs(wrong_answer=25, handoff=5, asking=None))
        self.turn = Turn(text, uuid4(), Who(self.channel), at=datetime(2026, 3, 1, tzinfo=UTC))

        async def collect() -> None:
            self.events = [event async for event in agent.answer(self.turn, earlier=self.earlier)]

        asyncio.run(collect())
        turn = self.turn
        stored = left_open_of(turn.left_open.as_json())
        assert stored == turn.left_open
        self.earlier.append(Earlier(turn.question, turn.answer, turn.reason, turn.lang, stored))
        return turn.answer

    @property
    def choices(self) -> tuple[str, ...]:
        return self.turn.left_open.choices


def test_condition_is_asked_for_and_the_right_part_answered() -> None:
    talk = Talk()
    assert talk.says("how long is delivery?") == "Which country do you live in?"
    assert (talk.turn.action, talk.turn.source) == ("clarify", None)
    assert talk.choices == ("Germany", "Austria", "Spain", "Other")
    assert talk.says("I live in Austria") == "Three days."
    assert talk.turn.action == "answer"
    assert talk.turn.source is not None
    assert talk.turn.source.id == "delivery"
    assert talk.choices == ()


@pytest.mark.parametrize(
    "reply", ["Spain", "spain!", "In Spain.", "the third one", "3", "It's Spain, sorry", "Spian", "not Austria, Spain",
              "I moved from Germany to Spain", "I'm living in Spain near the coast"],
)  # fmt: skip
def test_value_is_understood_however_it_is_put(reply: str) -> None:
    talk = Talk()
    talk.says("how long is delivery?")
    assert talk.says(reply) == "Five days."


def test_condition_in_the_question_is_answered_at_once() -> None:
    assert Talk().says("how long is delivery to Austria?") == "Three days."
    assert Talk().says("how long is delivery to DE?") == "Three days."


def test_condition_once_named_is_not_asked_again() -> None:
    talk = Talk()
    talk.says("how long is delivery?")
    talk.says("austria")
    assert talk.says("thanks")
    assert talk.says("and what does it cost?") == "$9."


def test_correction_answers_the_same_entry_anew() -> None:
    talk = Talk()
    talk.says("how long is delivery to Austria?")
    assert talk.says("actually in Spain") == "Five days."
    assert talk.says("and to Germany?") == "Three days."
    assert talk.says("what does it cost?") == "Free."


@pytest.mark.parametrize("reply", ["France", "I live in France", "Other", "none of these", "I don't know"])
def test_value_of_no_part_gets_the_general_text(reply: str) -> None:
    talk = Talk()
    talk.says("how long is delivery?")
    assert talk.says(reply) == "Two weeks."


def test_without_a_general_text_another_value_is_an_honest_unknown_with_a_person_offered() -> None:
    talk = Talk()
    assert talk.says("what does it cost?") == "That depends on the country. Which one is it?"
    assert "do not know" in talk.says("Other")
    assert (talk.turn.action, talk.turn.nearest) == ("unknown", "cost")
    talk.says("yes please")
    assert talk.turn.action == "handoff"


def test_another_question_instead_of_a_reply_is_answered() -> None:
    talk = Talk()
    talk.says("how long is delivery?")
    assert talk.says("can I return it in Spain?") == "30 days."
    assert talk.says("how long is delivery?") == "Which country do you live in?"


def test_reply_that_says_nothing_is_asked_again_once() -> None:
    talk = Talk()
    talk.says("how long is delivery?")
    assert talk.says("why on earth would you want to know that?").endswith("Which country do you live in?")
    assert (talk.turn.action, talk.choices[0]) == ("clarify", "Germany")
    assert "do not know" in talk.says("why on earth would you want to know that?")


def test_chinese_condition_is_asked_and_understood_in_chinese() -> None:
    talk = Talk()
    assert talk.says("多久送到?") == "请问在哪个国家？"
    assert talk.choices == ("德国", "奥地利", "其他")
    assert talk.says("我住在奥地利") == "三天。"
    assert talk.says("其实是德国") == "三天。"


def test_guide_leads_step_by_step_to_its_end() -> None:
    talk = Talk()
    assert talk.says("my lamp does not start") == "Is the green light on?"
    assert (talk.turn.action, talk.choices) == ("answer", ("yes", "no"))
    assert talk.says("no it isn't").startswith("Hold the button")
    assert talk.turn.source is not None
    assert talk.turn.source.id == "lamp"
    assert "glad" in talk.says("yes, it's running")
    assert replace(talk.turn.left_open, topic=None) == LeftOpen()


def test_steps_without_branches_follow_each_other() -> None:
    talk = Talk()
    talk.says("my lamp does not start")
    assert talk.says("yep") == "Pull the plug."
    assert talk.choices == ("Next", "All done")
    assert talk.says("done") == "Put it back after a minute."
    assert talk.choices == ("All done", "It didn't help")
    talk.says("it didn't help")
    assert talk.turn.action == "handoff"


def test_guide_that_did_not_help_hands_over_with_the_way_so_far() -> None:
    talk = Talk()
    talk.says("my lamp does not start")
    talk.says("no")
    talk.says("nope, still dark")
    assert talk.turn.action == "handoff"
    assert HandedOver("guide") in talk.events
    walk = talk.turn.left_open.walk
    assert walk is not None
    assert told(walk) == "Is the green light on? — no\nHold the button for five seconds. Did it start? — no"


def test_wish_for_a_person_in_a_guide_hands_over_with_the_way_so_far() -> None:
    talk = Talk()
    talk.says("my lamp does not start")
    talk.says("no")
    talk.says("can I talk to a person")
    assert talk.turn.reason == "asked_for_person"
    assert talk.turn.left_open.walk is not None
    assert len(talk.turn.left_open.walk.trail) == 1


def test_back_and_repeat_are_understood() -> None:
    talk = Talk()
    first = talk.says("my lamp does not start")
    second = talk.says("no")
    assert talk.says("sorry, can you repeat that?") == second
    assert talk.says("go back") == first
    assert talk.says("back") == first


def test_other_question_in_the_middle_is_answered_and_the_guide_goes_on() -> None:
    talk = Talk()
    talk.says("my lamp does not start")
    talk.says("no")
    assert talk.says("how long can I return it?") == "30 days.\n\nShall we go on where we stopped?"
    assert talk.choices == ("Continue", "Stop")
    assert talk.says("yes").startswith("Hold the button")
    talk.says("how long can I return it?")
    assert talk.says("how long can I return it?") == "30 days."
    assert talk.says("continue").startswith("Hold the button")


def test_complaint_told_again_in_the_middle_does_not_begin_anew() -> None:
    talk = Talk()
    talk.says("my lamp does not start")
    second = talk.says("no")
    assert talk.says("but I tell you that my lamp is dead") == second


def test_stopped_guide_is_still_there_when_the_customer_comes_back_to_it() -> None:
    talk = Talk()
    talk.says("my lamp does not start")
    talk.says("yes")
    assert "stop here" in talk.says("stop")
    assert talk.says("thanks") == "You are welcome. Is there anything else?"
    assert talk.says("continue") == "Pull the plug."


def test_reply_not_understood_is_asked_again_once_with_the_choices() -> None:
    talk = Talk()
    talk.says("my lamp does not start")
    talk.says("purple elephants")
    assert (talk.turn.action, talk.choices) == ("clarify", ("yes", "no"))
    assert "do not know" in talk.says("purple elephants")
    talk.says("yes")
    assert talk.turn.action == "handoff", "after an offer of a person, yes means a person"


def test_guide_whose_entry_is_gone_ends_quietly() -> None:
    class Emptied(TopicSearcher):
        def entry(self, id: str, lang: str) -> Entry | None:  # noqa: A002, ARG002
            return None

    talk = Talk()
    talk.says("my lamp does not start")
    talk.searcher = Emptied()
    talk.says("no")
    assert talk.turn.action == "answer"
    assert talk.turn.source is None


def test_chinese_guide_is_led_in_chinese() -> None:
    talk = Talk()
    assert talk.says("灯不亮") == "绿灯亮吗？"
    assert talk.says("没亮") == "按住按钮。"
    assert talk.choices == ("下一步", "全部完成")
    assert talk.says("ok") == "拔掉插头。"
    assert talk.says("上一步") == "按住按钮。"
    assert "继续" in talk.says("算了")
    assert talk.says("继续") == "按住按钮。"


def test_ear_hears_the_choices_and_no_marks() -> None:
    talk = Talk("phone")
    assert talk.says("how long is delivery?") == (
        "Which country do you live in? You can say: Germany, Austria, Spain or Other."
    )
    assert talk.says("Spain") == "Five days."
    assert talk.says("my lamp does not start") == "Is the green light on? You can say: yes or no."


@given(guides(), st.lists(st.integers(0, 5), max_size=12))
def test_every_way_through_a_guide_goes_on_or_ends(guide: Guide, replies: list[int]) -> None:
    """Each choice leads where it is written to lead, and from wherever a customer stands there is a way out."""
    walk = Walk("lamp", "en", guide.steps[0].number)
    for at in replies:
        step = guide.step(walk.step)
        assert step is not None
        choices = choices_at(guide, step, lang="en")
        label = choices[at % len(choices)]
        moved = move(label, guide, walk)
        if isinstance(moved, Ended):
            assert moved.how in ("done", "colleague")
            return
        assert isinstance(moved, Moved)
        walk = moved.walk
        assert guide.step(walk.step) is not None
    assert isinstance(_out_of(guide, walk), Ended)


def _out_of(guide: Guide, walk: Walk) -> Ended | None:
    """The nearest end, every choice tried."""
    waiting, seen = [walk], set[int]()
    while waiting:
        here = waiting.pop(0)
        seen.add(here.step)
        step = guide.step(here.step)
        assert step is not None
        for label in choices_at(guide, step, lang="en"):
            moved = move(label, guide, here)
            if isinstance(moved, Ended):
                return moved
            assert isinstance(moved, Moved)
            if moved.walk.step not in seen:
                waiting.append(moved.walk)
    return None


@pytest.mark.parametrize(
    ("reply", "choices", "meant"),
    [
        ("the light is red", ("red", "green"), 0),
        ("it is not red", ("red", "green"), None),
        ("green", ("The red light", "The green light"), 1),
        ("option 2", ("a lamp", "a table"), 1),
        ("第二个", ("灯", "桌子"), 1),
        ("红灯亮着", ("红", "绿"), 0),
        ("is there a warranty?", ("yes", "no"), None),
        ("no, where do I send it?", ("yes", "no"), None),
        ("it isn't", ("yes", "no"), 1),
        ("Yes, it does.", ("yes", "no"), 0),
        ("no, nothing happens when I press it", ("yes", "no"), 1),
        ("no where do I send it", ("yes", "no"), None),
        ("", ("yes", "no"), None),
        ("yes", ("yes, red", "yes, green"), None),
        ("seven", ("yes", "no"), None),
    ],
)
def test_choice_is_found_in_a_reply(reply: str, choices: tuple[str, ...], meant: int | None) -> None:
    assert choice_of(reply, choices) == meant


@pytest.mark.parametrize(
    ("reply", "meant"),
    [("next please", "next"), ("OK, next step", "next"), ("Still nothing.", "not_helped"), ("That worked!", "done"),
     ("没用", "not_helped"), ("解决了", "done"), ("再说一遍", "repeat"), ("never mind", "stop"),
     ("the next delivery is late", None), ("how do I go back to the shop", None)],
)  # fmt: skip
def test_wish_is_a_whole_reply(reply: str, meant: str | None) -> None:
    assert wish(reply) == meant


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_what_a_call_says_of_an_entry_is_among_what_is_rendered_ahead(lang: str) -> None:
    entries = read_document(ROOT / "knowledge" / "demo" / f"{lang}.csv").entries
    for told_of in (*entries, LAMP, DELIVERY, LAMP_ZH):
        begun = begin(told_of, "", before=LeftOpen(), confidence=0.9)
        choices = begun.left_open.choices
        assert said_aloud(begun.text, choices=choices, lang=told_of.lang) in aloud(told_of)
        for choice in choices:
            after = go_on(choice, begun.left_open, find=lambda *_, found=told_of: found)  # type: ignore[misc]
            assert after is not None
            if after.reason in ("guide", "condition_named"):
                said = said_aloud(after.text, choices=after.left_open.choices, lang=told_of.lang)
                assert said in aloud(told_of)


@given(st.text(max_size=60))
def test_any_reply_leaves_a_guide_where_it_can_go_on(text: str) -> None:
    talk = Talk()
    talk.says("my lamp does not start")
    talk.says(text)
    assert talk.turn.action is not None
    assert talk.turn.answer


@pytest.mark.parametrize("stored", [None, {}, {"walk": {"entry": 1}}, {"known": 3}, "x", {"of": "a later version"}])
def test_what_cannot_be_read_leaves_nothing_open(stored: object) -> None:
    assert left_open_of(stored) == LeftOpen()
