"""Consent: nothing is recorded without it, whoever says what when."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.recording.consent import Consent, words

NO = ("No.", "no thanks", "No, thank you.", "nope", "I don't agree", "不同意", "不要。", "不用了,谢谢", "我不同意")
YES = ("Yes.", "Sure!", "okay", "Yes, please.", "Yes, that's fine.", "同意", "好的", "可以。", "我同意")
NO_RECORDING = (
    "Please don't record this call.", "No recording please", "I do not want to be recorded", "stop recording",
    "Can you stop the recording? How long can I return a sofa?", "不要录音", "请停止录音", "我不想被录音",
)  # fmt: skip
QUESTIONS = (
    "How long do I have to return a sofa?", "No, I mean the other sofa.", "Yes or no, do you deliver?",
    "不锈钢桌子有货吗?", "There is no delivery slot on record.", "I have no record player, do you sell one?",
    "one", "nine chairs",
)  # fmt: skip


@pytest.mark.parametrize("said", [*NO, *NO_RECORDING])
@pytest.mark.parametrize("is_asked", [True, False])
def test_who_objects_is_not_recorded(said: str, is_asked: bool) -> None:
    consent = Consent(is_asked=is_asked)
    assert consent.hear(said) == "refused"
    assert not consent.is_given


@pytest.mark.parametrize("said", YES)
def test_who_was_asked_and_agrees_is_recorded(said: str) -> None:
    consent = Consent(is_asked=True)
    assert not consent.is_given
    assert consent.reply_to(said, lang="en") == words("granted", lang="en")
    assert consent.is_given


@pytest.mark.parametrize("said", QUESTIONS)
def test_a_question_decides_nothing(said: str) -> None:
    told, asked = Consent(is_asked=False), Consent(is_asked=True)
    assert told.reply_to(said, lang="en") is None
    assert told.is_given
    if said != "one":
        assert asked.reply_to(said, lang="en") is None
        assert not asked.is_given


def test_a_bare_no_later_in_the_call_is_about_something_else() -> None:
    consent = Consent(is_asked=False)
    consent.hear("Do you deliver on Sundays?")
    assert consent.hear("No.") is None
    assert consent.press("9") is None
    assert consent.is_given
    assert consent.hear("Please stop recording this.") == "refused"


def test_keys_count_in_the_opening() -> None:
    told, asked = Consent(is_asked=False), Consent(is_asked=True)
    assert told.press("5") is None
    assert told.press("1") is None
    assert told.press("9") == "refused"
    assert asked.press("1") == "granted"
    assert asked.press("9") == "refused"


@given(
    st.booleans(),
    st.lists(st.sampled_from([*YES, *QUESTIONS, *(f"key {digit}" for digit in "0123456789*#")]), max_size=8),
    st.sampled_from(NO_RECORDING),
    st.lists(st.sampled_from([*YES, *QUESTIONS, "key 1"]), max_size=8),
)
def test_an_objection_holds_to_the_end(is_asked: bool, before: list[str], objection: str, after: list[str]) -> None:
    consent = Consent(is_asked=is_asked)
    for said in [*before, objection, *after]:
        if said.startswith("key "):
            consent.press(said[-1])
        else:
            consent.hear(said)
    assert not consent.is_given


@given(st.booleans(), st.lists(st.sampled_from([*YES, *NO, *QUESTIONS]), max_size=6))
def test_asked_means_that_nothing_but_a_yes_as_first_words_begins_it(is_asked: bool, said: list[str]) -> None:
    consent = Consent(is_asked=is_asked)
    for one in said:
        consent.hear(one)
    first = said[0] if said else ""
    if is_asked:
        assert consent.is_given == (first in YES or first == "one")
    else:
        assert consent.is_given == (first not in NO)
