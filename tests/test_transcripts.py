"""A pasted conversation is read however the chat program wrote it, and each question finds its answer."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.curating.transcripts import Exchange, exchanges, read_transcript
from knowledge.problem import UnreadableDocument

MEXICO = Exchange("Do you ship to Mexico?", "Yes, for $199.")


@pytest.mark.parametrize(
    "text",
    [
        "Customer: Do you ship to Mexico?\nAgent: Yes, for $199.",
        "[10:01] customer: Do you ship to Mexico?\r\n[10:02 PM] AGENT: Yes, for $199.",
        "2026-05-01 10:01:22 Client: Do you ship to Mexico?\n2026-05-01 10:02:00 Support (Bob): Yes, for $199.",
        "客户 2026-05-01 10:01:22\nDo you ship to Mexico?\n客服小李 10:02:10\nYes, for $199.",
        "顾客：Do you ship\nto Mexico?\n\n人工客服：您好\n人工客服：Yes, for $199.",
        "Customer 10:01: Do you ship to Mexico?\nAgent Bob 10:02: One moment.\nCustomer: ok\nAgent: Yes, for $199.",
    ],
)  # fmt: skip
def test_every_chat_programs_lines_are_read(text: str) -> None:
    (conversation,) = read_transcript(text)
    assert exchanges(conversation) == [MEXICO]


def test_each_question_gets_its_own_answer_and_each_conversation_its_own_questions() -> None:
    text = (
        "Customer: Hi\nAgent: Hello, how can I help?\nCustomer: Do you ship to Mexico?\nAgent: Yes, for $199.\n"
        "Customer: And the warranty?\nAgent: Two years.\nCustomer: thanks\nAgent: You're welcome!\n"
        "-----\nCustomer: Nobody there?\n"
    )
    first, second = read_transcript(text)
    assert exchanges(first) == [MEXICO, Exchange("And the warranty?", "Two years.")]
    assert exchanges(second) == []


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "no line that begins"),
        ("Dear team,\nplease answer.", "no line that begins"),
        ("Customer: hi\nCustomer: hello?", "Agent:"),
        ("客服：您好", "Customer:"),
    ],
)
def test_what_is_no_conversation_is_said_in_one_sentence(text: str, sentence: str) -> None:
    with pytest.raises(UnreadableDocument, match=sentence):
        read_transcript(text, name="chat.txt")


@given(
    st.lists(st.sampled_from(["Customer:", "Agent:", "客户：", "---", "10:01", "Hi?", "\n", " ", "[", "Yes, 3 days."]))
)
def test_any_paste_is_read_or_refused(pieces: list[str]) -> None:
    try:
        conversations = read_transcript("".join(pieces))
    except UnreadableDocument:
        return
    assert all(found.question and found.answer for spoken in conversations for found in exchanges(spoken))
