"""When a person takes over and why, what is said first, and what the colleague is told."""

import asyncio
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from uuid import uuid4

import pytest

from agent.agent import Agent
from agent.costs import Costs
from agent.earlier import Earlier
from agent.events import AgentEvent, Cited, HandedOver, Said
from agent.models.chat_model import ChatModel
from agent.people.attending import People
from agent.people.handing_over import Category, category_of, topics_of
from agent.people.summary import Told, matter_of, summarise, text_of
from agent.telling.phrases import phrase
from agent.turn import Channel, Turn, Who
from knowledge.entry import Entry
from tests.doubles import ScriptedModel, ScriptedSearcher, entry

SOFA = entry("You have 30 days from delivery to return a sofa. Pickup costs $99, taken off the refund.")
BACK = "We are here again tomorrow at 9:00."


@dataclass
class Customer:
    """Talks to the agent turn after turn, as one conversation does."""

    found: tuple[tuple[Entry, float], ...] = ((SOFA, 0.95),)
    channel: Channel = "chat"
    is_staffed: bool = True
    topics: str = ""
    caller: str | None = None
    model: ScriptedModel | None = None
    earlier: list[Earlier] = field(default_factory=list)
    call_backs: list[tuple[str, str]] = field(default_factory=list)
    events: list[AgentEvent] = field(default_factory=list)

    def says(self, text: str) -> Turn:
        turn = Turn(text, uuid4(), Who(self.channel), at=datetime(2026, 3, 1, tzinfo=UTC), caller=self.caller)
        searcher = ScriptedSearcher(*self.found)
        agent = Agent(
            searcher=lambda: searcher,
            costs=lambda _: Costs(wrong_answer=25, handoff=5, asking=None),
            model=ChatModel(self.model, vendor="local", name="scripted") if self.model else None,
            people=People(
                is_staffed=lambda _: self.is_staffed,
                back_at=lambda lang: BACK if lang == "en" else "我们明天 9:00 恢复服务。",
                note_call_back=self.note,
                topics=topics_of(self.topics),
            ),
        )

        async def listen() -> list[AgentEvent]:
            return [event async for event in agent.answer(turn, earlier=self.earlier)]

        self.events = asyncio.run(listen())
        assert "".join(event.text for event in self.events if isinstance(event, Said)) == turn.answer
        source = turn.source.id if turn.source else None
        past = Earlier(turn.question, turn.answer, turn.reason, turn.lang, turn.left_open)
        self.earlier = [*self.earlier, replace(past, action=turn.action, source=source, mood=turn.mood)][-3:]
        return turn

    async def note(self, _: Turn, contact: str, wish: str) -> None:
        self.call_backs.append((contact, wish))

    @property
    def handed_over(self) -> str | None:
        return next((event.reason for event in self.events if isinstance(event, HandedOver)), None)


UNKNOWN = ((SOFA, 0.1),)


@pytest.mark.parametrize(
    ("dialogue", "found", "category"),
    [
        (["can I talk to a human?"], ((SOFA, 0.9),), Category.REQUEST),
        (["do you rent sofas?", "yes please"], UNKNOWN, Category.LOW_CONFIDENCE),
        (["do you rent sofas?", "and boats?"], UNKNOWN, Category.REPEATED_MISSES),
        (["你们出租沙发吗?", "那出租船吗?"], UNKNOWN, Category.REPEATED_MISSES),
        (["This is unacceptable!", "a"], UNKNOWN, Category.ANGER),
        (["how long for a sofa, you idiots?", "you are useless, what about a bed?"], ((SOFA, 0.9),), Category.ANGER),
        (["This is the worst shop on the planet. Nobody ever gets back to me."], ((SOFA, 0.9),), Category.ANGER),
        (["how long do I have?"] * 3, ((SOFA, 0.9),), Category.REPEATED_MISSES),
        (["my sofa burnt"], ((replace(SOFA, tags=("person",)), 0.9),), Category.POLICY),
    ],
)
def test_each_way_to_a_person_has_its_category(
    dialogue: list[str], found: tuple[tuple[Entry, float], ...], category: Category
) -> None:
    customer = Customer(found)
    reasons = [customer.says(text) and customer.handed_over for text in dialogue]
    given = [reason for reason in reasons if reason]
    assert [category_of(reason) for reason in given[:1]] == [category]


@pytest.mark.parametrize(
    ("reason", "category"),
    [
        ("technical", Category.TOOL_FAILURE),
        ("tool_timeout", Category.TOOL_FAILURE),
        ("guide", Category.POLICY),
        ("something new", Category.LOW_CONFIDENCE),
    ],
)
def test_reasons_of_other_rooms_are_filed_too(reason: str, category: Category) -> None:
    assert category_of(reason) == category


@pytest.mark.parametrize(
    ("question", "lang"), [("This is the worst shop. How long for a sofa?", "en"), ("太差了!沙发多久可以退?", "zh")]
)
def test_anger_is_acknowledged_before_the_answer_and_never_twice_alike(question: str, lang: str) -> None:
    customer = Customer()
    first = customer.says(question)
    assert (first.mood, first.action, first.lang) == ("angry", "answer", lang)
    lead = first.answer.removesuffix(SOFA.answer)
    assert len(lead) > 5
    assert not first.answer.startswith(SOFA.answer)
    second = customer.says("terrible, and a bed?" if lang == "en" else "很失望,那床呢?")
    assert second.answer.endswith(SOFA.answer)
    assert lead.strip() not in second.answer
    assert second.answer != SOFA.answer


def test_calm_customer_hears_the_answer_alone() -> None:
    turn = Customer().says("How long for a sofa?")
    assert (turn.mood, turn.answer) == ("calm", SOFA.answer)


def test_same_question_again_is_answered_shorter_with_the_offer_of_a_person() -> None:
    customer = Customer()
    customer.says("How long can I return a sofa?")
    again = customer.says("how long can I return the sofa")
    assert (again.action, again.reason) == ("answer", "repeated")
    assert again.answer.startswith("In short: You have 30 days from delivery to return a sofa.")
    assert "$99" not in again.answer
    assert "person" in again.answer
    assert Cited(again.source) in customer.events if again.source else False
    assert customer.says("yes please").action == "handoff"


def test_follow_up_to_the_same_entry_is_no_repetition() -> None:
    customer = Customer()
    customer.says("How long can I return a sofa?")
    assert customer.says("what does the pickup cost me?").answer == SOFA.answer


def test_model_that_composes_the_same_again_offers_a_person_after_it() -> None:
    model = ScriptedModel(pieces=["You have 30 days from delivery to return a sofa."])
    customer = Customer(((SOFA, 0.65), (entry("Sealed only.", slug="mattress"), 0.22)), model=model)
    customer.says("returning a sofa?")
    again = customer.says("returning a sofa?")
    assert (again.action, again.reason) == ("model", "repeated")
    assert again.answer.startswith("You have 30 days")
    assert "person" in again.answer


def test_two_misses_with_an_answer_between_them_are_not_in_a_row() -> None:
    customer = Customer(UNKNOWN)
    customer.says("do you rent sofas?")
    customer.found = ((SOFA, 0.95),)
    customer.says("how long?")
    customer.found = UNKNOWN
    assert customer.says("and boats?").action == "unknown"


def test_entry_for_a_person_is_told_and_then_handed_over_with_its_source() -> None:
    customer = Customer(((entry("Please have the order number at hand."), 0.95),), topics="orders, sofa-returns")
    turn = customer.says("my sofa burnt")
    assert turn.answer == f"Please have the order number at hand. {phrase('handing_over', lang='en')}"
    assert (customer.handed_over, turn.source and turn.source.id) == ("policy", "sofa-returns")


def test_third_language_asked_twice_is_handed_over_in_its_own_words() -> None:
    customer = Customer()
    customer.says("Wie lange kann ich ein Sofa zurückgeben?")
    assert "do not know" not in customer.says("Kann ich bitte eine Antwort auf Deutsch bekommen?").answer
    assert customer.handed_over == "repeated_misses"


@pytest.mark.parametrize(("text", "back"), [("can I talk to a human?", BACK), ("转人工", "我们明天 9:00 恢复服务。")])
def test_nobody_there_says_when_somebody_is(text: str, back: str) -> None:
    chat = Customer(is_staffed=False).says(text)
    assert chat.answer.endswith(back)
    assert chat.left_open.call_back is None


def on_the_phone(caller: str | None = None) -> Customer:
    customer = Customer(channel="phone", is_staffed=False, caller=caller)
    customer.says("can I talk to a human?")
    return customer


def test_call_back_is_arranged_by_ear_and_kept_once_it_is_confirmed() -> None:
    caller = on_the_phone()
    assert "digit by digit" in caller.earlier[-1].answer
    assert "When shall we call?" in caller.says("five oh three, five five five, oh one double eight").answer
    read_back = caller.says("tomorrow morning.").answer
    assert "5 0 3 5 5 5 0 1 8 8, tomorrow morning" in read_back
    assert caller.call_backs == []
    assert caller.says("yes, that's right").reason == "call_back_noted"
    assert caller.call_backs == [("5035550188", "tomorrow morning")]
    assert caller.says("how long can I return a sofa?").answer == SOFA.answer


def test_message_is_left_for_the_colleague_with_the_call_back() -> None:
    caller = on_the_phone("+15035550100")
    for reply in ("yes", "at any time", "yes"):
        caller.says(reply)
    assert "leave a message" in caller.earlier[-1].answer
    assert "go ahead" in caller.says("yes").answer
    turn = caller.says("My wardrobe came without its doors and I am moving on Friday.")
    assert (turn.reason, caller.call_backs[-1]) == ("message_left", ("+15035550100", ""))
    assert caller.says("how long can I return a sofa?").answer == SOFA.answer
    assert len(caller.call_backs) == 2


@pytest.mark.parametrize("reply", ["no thanks", "thank you, bye", "no"])
def test_nobody_need_leave_a_message(reply: str) -> None:
    caller = on_the_phone("+15035550100")
    for said in ("yes", "at any time", "yes", reply):
        turn = caller.says(said)
    assert turn.reason in ("no", "goodbye", "thanks")
    assert len(caller.call_backs) == 1


def test_a_moment_leaves_the_call_back_as_it_stands() -> None:
    caller = on_the_phone()
    assert caller.says("hold on, let me check").answer == phrase("wait", lang="en")
    assert "When shall we call?" in caller.says("503 555 0188").answer


def test_chinese_caller_keeps_the_number_the_call_comes_from() -> None:
    customer = Customer(channel="phone", is_staffed=False, caller="+8613800138000")
    assert "来电号码" in customer.says("转人工").answer
    assert "什么时候" in customer.says("可以").answer
    assert "尽快" in customer.says("随时").answer
    customer.says("对")
    assert customer.call_backs == [("+8613800138000", "")]


def test_guide_that_leads_to_a_person_offers_a_call_back_and_keeps_its_steps_for_the_colleague() -> None:
    guide = entry("1. Is the green light on?\n   - yes -> done\n   - no -> colleague", question="My lamp is dark")
    customer = Customer(((guide, 0.95),), channel="phone", is_staffed=False)
    customer.says("my lamp is dark")
    turn = customer.says("no")
    assert (turn.reason, customer.handed_over) == ("guide", "guide")
    assert turn.left_open.call_back is not None
    assert turn.left_open.walk is not None
    assert turn.answer.endswith("May we call you back? Please tell me the number, digit by digit.")


@pytest.mark.parametrize(
    "replies",
    [
        ["no thanks"],
        ["mumble mumble", "how long can I return a sofa?"],
        ["what are your opening hours?"],
        ["1 2 3", "4"],
    ],
    ids=["declined", "unclear", "a question", "too short"],
)
def test_nothing_is_kept_where_no_number_was_given(replies: list[str]) -> None:
    caller = on_the_phone()
    for reply in replies:
        caller.says(reply)
    assert caller.call_backs == []


def test_wrongly_heard_number_is_corrected_before_it_is_kept() -> None:
    caller = on_the_phone("+15035550100")
    for reply in ("503 555 0188", "at any time", "no, it is 503 555 0199", "yes"):
        caller.says(reply)
    assert caller.call_backs == [("5035550199", "")]


TURNS = [
    Told("hello", "answer", "greeting", mood="calm"),
    Told("How long can I return a sofa?", "answer", "confident", source="Sofa returns", mood="calm"),
    Told("Call me at +1 503 555 0188, my card is 4111 1111 1111 1111!", "unknown", "unknown", mood="upset"),
    Told("this is a scam", "handoff", "angry_miss", mood="angry"),
]


def test_summary_tells_who_wants_what_and_what_was_tried_without_personal_data() -> None:
    made = summarise(
        TURNS, category=Category.ANGER, lang="en", channel="chat", filled={"order": "A-1", "phone": "+1 503 555 0188"}
    )
    assert (made.mood, made.topic, made.answered) == ("angry", "Sofa returns", ("Sofa returns",))
    text = text_of(made, lang="en")
    assert text.splitlines() == [
        "Why: angry",
        "Customer: English · chat · angry",
        "Asked: How long can I return a sofa?; Call me at [phone], my card is [card ••1111]!; this is a scam",
        "Last topic: Sofa returns",
        "Answered from: Sofa returns",
        "Not solved: Call me at [phone], my card is [card ••1111]!; this is a scam",
        "Given so far: order: A-1; phone: [phone]",
    ]
    chinese = text_of(made, lang="zh")
    assert chinese.startswith("原因：客户生气\n客户：英语 · 聊天 · 生气")


def test_summary_of_a_conversation_that_began_with_the_wish_for_a_person_is_short() -> None:
    made = summarise(
        [Told("a person please", "handoff", "asked_for_person")], category=Category.REQUEST, lang="zh", channel="phone"
    )
    assert text_of(made, lang="en") == "Why: asked for a person\nCustomer: Chinese · phone"


def test_matter_is_the_question_that_opened_a_guide_not_the_one_solved_before() -> None:
    turns = [
        Told("my table wobbles", "answer", "confident", source="Level a table"),
        Told("my desk does not move", "answer", "guide", source="The desk is stuck"),
        Told("no", "answer", "guide", source="The desk is stuck"),
        Told("no", "handoff", "guide_handoff", source="The desk is stuck"),
    ]
    assert matter_of(turns[:3]) == "my desk does not move"
    assert matter_of(turns[:1]) == "my table wobbles"
    assert matter_of([*turns[:3], Told("a person", "handoff", "asked_for_person")]) == "my desk does not move"
