"""Running text in Markdown and plain files: what asks becomes a question, the rest passages that keep their ids."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.entry import Entry
from knowledge.reading.blocks import Prose
from knowledge.reading.documents import parse_document
from knowledge.reading.passages import FEWEST_WORDS, MOST_WORDS, count_words, cut


def sentences(first: int, end: int) -> str:
    return " ".join(
        f"Sofa {number} that came damaged is collected and replaced within nine days." for number in range(first, end)
    )


def read(text: str, name: str = "help.txt") -> tuple[Entry, ...]:
    return parse_document(text.encode(), name=name).entries


def questions(text: str, name: str = "help.txt") -> dict[str, str]:
    return {entry.question: entry.answer for entry in read(text, name) if entry.kind == "question"}


@pytest.mark.parametrize(
    "text",
    [
        "Q: May I return a bed?\nA: Yes, you may.\n\nQ: When?\nA: Within 30 days.\n",
        "Question 1: May I return a bed?\nAnswer 1: Yes, you may.\n\nQuestion 2: When?\nAnswer 2: Within 30 days.\n",
        "Q1. May I return a bed?\n\nA1. Yes, you may.\n\nQ2. When?\n\nA2. Within 30 days.\n",
        "1. May I return a bed?\nYes, you may.\n\n2. When?\nWithin 30 days.\n",
        "**May I return a bed?**\n\nYes, you may.\n\n**When?**\n\nWithin 30 days.\n",
        "May I return\na bed?\n\nYes, you may.\n\nWhen?\nWithin 30 days.\n",
        "# Q: May I return a bed?\nA: Yes, you may.\n# Q: When?\nA: Within 30 days.\n",
        "| Question | Answer |\n|---|---|\n| May I return a bed? | Yes, you may. |\n| When? | Within 30 days. |\n",
        "|  | |\n|---|---|\n| May I return a bed? | Yes, you may. |\n| When? | Within 30 days. |\n",
        "<details><summary>May I return a bed?</summary>\n\nYes, you may.\n\n</details>\n\n## When?\nWithin 30 days.\n",
    ],
)
def test_questions_are_recognised_however_they_are_marked(text: str) -> None:
    assert questions(text, "help.md") == {"May I return a bed?": "Yes, you may.", "When?": "Within 30 days."}


def test_chinese_questions_are_recognised() -> None:
    found = read("问：可以退货吗？\n答：三十天内可以。\n\n问题2：谁付运费？\n答案2：我们付。\n")
    assert [(entry.question, entry.answer, entry.lang) for entry in found] == [
        ("可以退货吗？", "三十天内可以。", "zh"),
        ("谁付运费？", "我们付。", "zh"),
    ]


def test_rhetorical_question_under_a_question_stays_in_its_answer() -> None:
    found = questions("# Help\n## How do returns work?\nChanged your mind?\nSend it back.\n", "help.md")
    assert found == {"How do returns work?": "Changed your mind?\nSend it back."}


def test_list_of_questions_without_answers_is_no_pair() -> None:
    assert not questions("See also:\n\nWho pays?\n\nWho delivers?\n\nThank you for reading all of this.\n").get(
        "Who pays?"
    )


def test_plain_text_shows_its_headings_by_capitals_numbers_and_underlines() -> None:
    found = read("Handbook\n========\n\nRETURNS\n\n1.1 Sofas\n\nWithin 30 days.\n\nFees\n----\nNone at all.\n")
    assert [(entry.question, entry.tags) for entry in found] == [("RETURNS › Sofas", ("RETURNS",)), ("Fees", ())]
    assert all(entry.kind == "passage" for entry in found)


def test_first_line_alone_is_the_title_of_a_plain_text() -> None:
    (entry,) = read("退货政策\n\n一、范围\n\n本政策适用于所有沙发和床垫。\n")
    assert (entry.question, entry.answer, entry.tags) == ("范围", "本政策适用于所有沙发和床垫。", ())
    (entry,) = read("Our returns policy\n\nWhoever bought a sofa may send it back.\n")
    assert entry.question == "Our returns policy"


def test_text_above_the_first_heading_is_a_passage_named_by_the_title() -> None:
    found = read("We answer within a day, always.\n\n# Help\n\n## Fees\nNone.\n", "help.md")
    assert [entry.question for entry in found] == ["Help", "Fees"]


def test_links_and_pictures_stay_and_relative_ones_are_resolved() -> None:
    text = "# Label\nPrint [the label](label.pdf) and ![a box](box.png), or [write](mailto:a@b.example)."
    document = parse_document(text.encode(), name="x", kind="md", base_url="https://shop.example/help/")
    assert document.entries[0].answer == (
        "Print [the label](https://shop.example/help/label.pdf) and ![a box](https://shop.example/help/box.png), "
        "or [write](mailto:a@b.example)."
    )


def test_table_of_figures_becomes_lines_that_can_be_read_out() -> None:
    found = read("## Fees\n| Zone | Fee | Days |\n|---|---|---|\n| A | $5 | 2 |\n| B | $9 | |\n", "help.md")
    assert found[0].answer == "- Zone: A; Fee: $5; Days: 2\n- Zone: B; Fee: $9"


def test_long_section_is_cut_into_passages_at_paragraphs_and_sentences() -> None:
    text = "## Damage\n" + "\n\n".join([sentences(0, 8), sentences(8, 48), sentences(48, 51)])
    found = read(text, "help.md")
    assert len(found) == 3
    assert all(FEWEST_WORDS <= count_words(entry.answer) <= 1.3 * MOST_WORDS for entry in found)
    assert all(entry.answer.startswith("Sofa") and entry.answer.endswith("days.") for entry in found)
    assert {entry.question for entry in found} == {"Damage"}


def test_passages_that_begin_alike_are_all_kept_and_doubles_are_one() -> None:
    note = (
        "## Note\nPlease be so kind as to observe that in every single one of our branches all of the following holds: "
    )
    assert len(read(f"{note}A.\n{note}B.\n{note}A.\n", "help.md")) == 2


def test_passage_keeps_its_id_when_the_document_changes_elsewhere() -> None:
    def ids(text: str) -> dict[str, str]:
        return {entry.answer[:20]: entry.id for entry in read(text, "help.md")}

    before = ids("# Help\n## 1. Returns\nWithin thirty days.\n## 2. Fees\nNone for pickup.\n")
    after = ids(
        "# Help\n## 1. News\nWe have moved.\n## 2. Returns\nWithin thirty days.\n## 3. Fees\nSome for pickup.\n"
    )
    assert after["Within thirty days."] == before["Within thirty days."]
    assert after["Some for pickup."] != before["None for pickup."]


def test_reading_twice_gives_the_same_entries() -> None:
    text = "## Returns\n" + sentences(0, 30) + "\n\nQ: When?\nA: Soon.\n"
    assert read(text, "help.md") == read(text, "help.md")


_words = st.text(st.characters(exclude_categories=("C", "Z")), min_size=1, max_size=12)
_paragraphs = st.lists(st.sampled_from(["sofa", "returned.", "费用。", "Why?"]) | _words, min_size=1, max_size=500)


@given(st.lists(_paragraphs.map(" ".join), min_size=1, max_size=4))
def test_cutting_loses_no_word_and_makes_no_giant(paragraphs: list[str]) -> None:
    pieces = cut([Prose(text) for text in paragraphs])
    assert "".join("".join(piece.text.split()) for piece in pieces) == "".join("".join(paragraphs).split())
    assert all(count_words(piece.text) <= 2.3 * MOST_WORDS for piece in pieces)
