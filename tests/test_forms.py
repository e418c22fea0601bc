"""Forms as pure machines: the customer says, the form asks on."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.acting.errand import Errand, Slot
from agent.acting.forms import TRIES, Asking, Confirming, Ended, Ready, Step, begin, done, doubted, go_on
from agent.telling.left_open import Form, LeftOpen, left_open_of
from agent.understanding.replies import answers_yes

TODAY = date(2026, 11, 22)


def no_tool() -> None:
    raise AssertionError("a form never opens the tool")


ORDER, PROOF = Slot("order", "order_number", pattern=r"\d{5}"), Slot("proof", "proof")
STATUS = Errand("status", no_tool, (ORDER, PROOF), {}, {})  # type: ignore[arg-type]
VISIT = Errand(
    "visit",
    no_tool,  # type: ignore[arg-type]
    (ORDER, Slot("day", "date"), Slot("half", "choice", options={"am": {"en": "morning"}, "pm": {"en": "afternoon"}})),
    {},
    {},
    confirm={"en": "Shall I?"},
)


def after(errand: Errand, *said: str, lang: str = "en") -> Step | None:
    """Where a conversation stands: its first message begins the form, the rest are replies."""
    step: Step | None = begin(errand, said[0], lang=lang, today=TODAY)
    for text in said[1:]:
        assert isinstance(step, Asking | Confirming), f"{step} before {text!r}"
        step = go_on(text, step.form, errand, today=TODAY)
    return step


def given_of(step: Step | None) -> dict[str, str]:
    assert isinstance(step, Asking | Confirming | Ready)
    return step.form.given


def asked_of(step: Step | None) -> str:
    assert isinstance(step, Asking)
    return step.slot.name


def test_it_asks_for_one_thing_after_the_other() -> None:
    assert asked_of(after(STATUS, "where is my order")) == "order"
    assert asked_of(after(STATUS, "where is my order", "10042")) == "proof"
    assert after(STATUS, "where is my order", "10042", "anna.lee@example.com") == Ready(
        Form("status", "en", {"order": "10042", "proof": "anna.lee@example.com"}, asked="proof")
    )


def test_what_was_said_already_is_not_asked_again() -> None:
    assert asked_of(after(STATUS, "where is my order 10042?")) == "proof"
    assert isinstance(after(STATUS, "order 10042, anna.lee@example.com, where is it?"), Ready)
    assert given_of(after(STATUS, "where is order 10042, zip 97205"))["proof"] == "97205"
    assert isinstance(after(VISIT, "book order 10042 for tomorrow afternoon"), Confirming)
    assert isinstance(after(STATUS, "where is my order", "10042 and the e-mail is anna.lee@example.com"), Ready)


@given(st.permutations(["order 10042", "on November 28"]))
def test_the_order_in_which_things_are_said_does_not_matter(said: list[str]) -> None:
    step = after(VISIT, "book it " + " ".join(said), "morning")
    assert isinstance(step, Confirming)
    assert step.form.given == {"order": "10042", "day": "2026-11-28", "half": "am"}


@pytest.mark.parametrize("said", ["no, 10043", "sorry, 10043", "I mean 10043", "不对,是10043", "actually it's 10043"])
def test_a_value_is_corrected_while_another_is_asked_for(said: str) -> None:
    step = after(STATUS, "where is my order 10042", said)
    assert (asked_of(step), given_of(step)) == ("proof", {"order": "10043"})


def test_a_bare_number_answers_what_was_asked() -> None:
    assert given_of(after(STATUS, "where is my order 10042", "97205")) == {"order": "10042", "proof": "97205"}


def test_a_correction_after_the_answer_asks_the_tool_again() -> None:
    ready = after(STATUS, "where is order 10042, zip 97205")
    assert isinstance(ready, Ready)
    again = go_on("no, order 10043", done(ready.form), STATUS, today=TODAY)
    assert isinstance(again, Ready)
    assert again.form.given == {"order": "10043", "proof": "97205"}
    assert go_on("thanks", done(ready.form), STATUS, today=TODAY) is None


def test_after_three_tries_a_person_goes_on() -> None:
    tries = ["banana", "a cheese", "potato"]
    assert len(tries) == TRIES
    assert asked_of(after(STATUS, "where is my order", *tries[:-1])) == "order"
    assert after(STATUS, "where is my order", *tries) == Ended("given_up")
    assert after(STATUS, "where is my order", "I don't have it") == Ended("given_up")


@pytest.mark.parametrize("said", ["cancel", "never mind", "forget it", "stop", "算了", "取消", "不用了"])
@pytest.mark.parametrize("before", [["where is my order"], ["where is my order", "10042"]])
def test_it_can_be_cancelled_at_any_time(said: str, before: list[str]) -> None:
    assert after(STATUS, *before, said) == Ended("cancelled")


def test_another_question_in_between_is_left_to_the_knowledge_and_the_form_waits() -> None:
    step = after(STATUS, "where is my order 10042")
    assert isinstance(step, Asking)
    assert go_on("how long do I have to return a sofa?", step.form, STATUS, today=TODAY) is None
    waiting = step.form.paused()
    assert waiting is not None
    assert isinstance(go_on("continue", waiting, STATUS, today=TODAY), Asking)
    assert isinstance(go_on("97205", waiting, STATUS, today=TODAY), Ready)
    assert isinstance(go_on("yes", waiting, STATUS, today=TODAY, is_offered=True), Asking)
    assert go_on("yes", waiting, STATUS, today=TODAY) is None
    assert go_on("no", waiting, STATUS, today=TODAY, is_offered=True) == Ended("cancelled")


def confirming() -> Form:
    step = after(VISIT, "book order 10042 tomorrow", "morning")
    assert isinstance(step, Confirming)
    return step.form


@pytest.mark.parametrize("said", ["yes", "Yes", "yes please", "ok", "是的", "好的"])
def test_a_yes_runs_what_was_read_back(said: str) -> None:
    assert go_on(said, confirming(), VISIT, today=TODAY) == Ready(confirming())


@pytest.mark.parametrize(
    ("said", "how"), [("no", "declined"), ("No", "declined"), ("不", "declined"), ("不用了", "cancelled")]
)
def test_a_no_runs_nothing(said: str, how: str) -> None:
    assert go_on(said, confirming(), VISIT, today=TODAY) == Ended(how)  # type: ignore[arg-type]


def test_what_was_declined_may_still_be_changed() -> None:
    waiting = confirming().paused()
    assert waiting is not None
    step = go_on("on Friday then", waiting, VISIT, today=TODAY)
    assert isinstance(step, Confirming)
    assert step.form.given["day"] == "2026-11-27"
    assert isinstance(go_on("actually yes", waiting, VISIT, today=TODAY), Confirming)


@pytest.mark.parametrize(
    ("said", "name", "value"),
    [("no, on Friday", "day", "2026-11-27"), ("yes but in the afternoon", "half", "pm"), ("10043", "order", "10043")],
)
def test_a_change_at_the_confirmation_asks_anew(said: str, name: str, value: str) -> None:
    step = go_on(said, confirming(), VISIT, today=TODAY)
    assert isinstance(step, Confirming)
    assert step.form.given[name] == value


def test_a_yes_to_going_on_confirms_nothing() -> None:
    waiting = confirming().paused()
    assert waiting is not None
    assert isinstance(go_on("yes", waiting, VISIT, today=TODAY, is_offered=True), Confirming)


@given(st.lists(st.text(max_size=40), max_size=6))
def test_whatever_is_said_nothing_changes_without_a_yes(said: list[str]) -> None:
    form = confirming()
    for text in said:
        step = go_on(text, form, VISIT, today=TODAY)
        if isinstance(step, Ready):
            assert answers_yes(text)
            assert step.form.given == form.given
            return
        if not isinstance(step, Asking | Confirming):
            return
        form = step.form


@given(st.lists(st.text(max_size=40), max_size=8))
def test_no_reply_is_asked_for_more_often_than_the_tries(said: list[str]) -> None:
    step: Step | None = begin(STATUS, "where is my order", lang="en", today=TODAY)
    for text in said:
        if not isinstance(step, Asking):
            return
        assert step.form.misses < TRIES
        step = go_on(text, step.form, STATUS, today=TODAY) or step


@given(st.dictionaries(st.text(max_size=9), st.text(max_size=9), max_size=3), st.booleans())
def test_a_form_survives_being_kept_with_the_turn(given_values: dict[str, str], is_paused: bool) -> None:
    left = LeftOpen(form=Form("status", "zh", given_values, asked="order", is_paused=is_paused))
    assert left_open_of(left.as_json()) == left


def test_what_an_older_version_kept_is_read() -> None:
    assert left_open_of({"known": {"country": "DE"}, "asked": None, "walk": None, "choices": []}).form is None


def test_nothing_found_asks_for_the_proof_again_and_keeps_the_rest() -> None:
    ready = after(STATUS, "where is my order 10042", "97206")
    assert isinstance(ready, Ready)
    again = doubted(ready.form, STATUS)
    assert again.slot == PROOF
    assert go_on("continue", replace(again.form, is_paused=True), STATUS, today=TODAY) == replace(again, why="first")
    for said, kept in (
        ("97205", {"order": "10042", "proof": "97205"}),
        ("order 10043", {"order": "10043", "proof": "97206"}),
    ):
        step = go_on(said, again.form, STATUS, today=TODAY)
        assert isinstance(step, Ready)
        assert step.form.given == kept


@pytest.mark.parametrize(
    ("said", "why"),
    [
        (["where is my order", "1004"], "number"),
        (["where is my order 10042", "anna.lee@example"], "address"),
        (["where is my order 10042", "972"], "postcode"),
        (["where is my order", "anna.lee@example.com"], "noted"),
        (["where is my order", "banana"], "unclear"),
    ],
)
def test_it_says_what_is_wrong_with_a_value(said: list[str], why: str) -> None:
    step = after(STATUS, *said)
    assert isinstance(step, Asking)
    assert step.why == why


BACK = Errand(
    "back",
    no_tool,  # type: ignore[arg-type]
    (
        Slot("phone", "phone"),
        Slot("when", "time", without={"en": "any time"}),
        Slot("topic", "text", without={"en": "-"}),
    ),
    {},
    {},
    confirm={"en": "Shall I?"},
)
PHONE = ["call me back", "503 555 0142"]


@pytest.mark.parametrize(
    ("said", "asked", "when"),
    [
        (["tomorrow at 10"], "topic", "tomorrow at 10"),
        (["any time", "yes"], "topic", "any time"),
        (["any time", "tomorrow at 10"], "topic", "tomorrow at 10"),
        (["no"], "topic", "any time"),
        (["yes"], "when", None),
        (["my sofa has a scratch"], "when", None),
    ],
)
def test_a_time_is_no_topic_and_a_yes_is_neither(said: list[str], asked: str, when: str | None) -> None:
    step = after(BACK, *PHONE, *said)
    assert (asked_of(step), given_of(step).get("when")) == (asked, when)


def test_a_no_to_the_topic_declines_that_alone() -> None:
    step = after(BACK, *PHONE, "tomorrow morning", "no")
    assert isinstance(step, Confirming)
    assert (step.form.given["when"], step.form.given["topic"]) == ("tomorrow morning", "-")
