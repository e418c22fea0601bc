"""What does not print goes, what a customer wrote stays, and disguised letters are understood."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from agent.understanding.cleaning import printable, says_something, undisguised


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("how\u200blong", "howlong"),
        ("a\x00b\x07c\x1b[31m", "abc[31m"),
        ("\u202ereturn\u202c", "return"),
        ("hi\U000e0069\U000e0067\U000e006e", "hi"),
        ("one\r\ntwo\u2028three\tfour", "one\ntwo\nthree\tfour"),
        ("half \ud83d", "half ?"),
        ("沙\u200d发", "沙发"),
        ("👨‍👩‍👧 ❤️‍🔥", "👨‍👩‍👧 ❤️‍🔥"),
        ("می\u200cخواهم", "می\u200cخواهم"),
        ("😀\ufe0f\ufe01\ufe02\ufe03", "😀\ufe0f"),
        ("How much is dеlivery?", "How much is dеlivery?"),
    ],
)
def test_only_what_does_not_print_is_taken_out(sent: str, kept: str) -> None:
    assert printable(sent) == kept


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("dеlivеry", "delivery"),
        ("rеturn my ѕofа", "return my sofa"),
        ("ｄｅｌｉｖｅｒｙ", "delivery"),
        ("Привет, β-carotene и A款沙发", "Привет, β-carotene и A款沙发"),
        ("退貨", "退货"),
    ],
)
def test_a_word_of_two_scripts_is_understood_as_the_latin_one_it_looks_like(written: str, meant: str) -> None:
    assert undisguised(written) == meant


@given(st.text(st.characters(codec=None)))
def test_what_is_kept_can_be_stored_and_cleaning_it_again_changes_nothing(text: str) -> None:
    kept = printable(text)
    assert kept.encode().decode() == kept
    assert "\x00" not in kept
    assert printable(kept) == kept
    undisguised(kept).encode()


@given(st.text(st.characters(min_codepoint=32, max_codepoint=126)))
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert printable(text) == text == undisguised(text)


@pytest.mark.parametrize(
    ("text", "does"), [("", False), (" \n", False), ("😀 ?!", False), ("5", False), ("100234", True), ("退", True)]
)
def test_without_a_letter_or_a_digit_nothing_is_asked(text: str, does: bool) -> None:
    assert says_something(text) is does
