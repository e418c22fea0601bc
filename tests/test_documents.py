"""Reading what a company already has: the good rows are kept, the bad ones named, nothing is guessed in silence."""

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.entry import Entry
from knowledge.problem import UnreadableDocument
from knowledge.reading.documents import Document, parse_document, read_document
from knowledge.reading.faq import write_faq


def csv_document(text: str, encoding: str = "utf-8") -> Document:
    return parse_document(text.encode(encoding), name="faq.csv")


def lines(document: Document) -> list[int | None]:
    return [problem.line for problem in document.problems]


def test_every_column_of_the_format_is_read() -> None:
    document = csv_document(
        "id,question,answer,variants,intent,lang,tags,url,valid_until\n"
        'r1,Return a sofa?,"30 days, unused",send it back|take it back,returns,en-GB,shop;sofa,/r,2027-12-31\n'
    )
    assert document.entries == (
        Entry(
            id="r1",
            question="Return a sofa?",
            answer="30 days, unused",
            variants=("send it back", "take it back"),
            intent="returns",
            lang="en",
            tags=("shop", "sofa"),
            url="/r",
            valid_until=date(2027, 12, 31),
            source="faq.csv",
            line=2,
        ),
    )


def test_question_alone_is_an_entry_with_a_stable_id_and_a_guessed_language() -> None:
    first = csv_document("question\nWhere is my order?\n我的订单在哪里？\n").entries
    again = csv_document("question,answer\n我的订单在哪里？,\nWhere is my order?,soon\n").entries
    assert [entry.lang for entry in first] == ["en", "zh"]
    assert {entry.id for entry in first} == {entry.id for entry in again}


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_any_delimiter_is_recognised_by_the_header(delimiter: str) -> None:
    document = csv_document(f'question{delimiter}answer\nOpen?{delimiter}"Yes, daily; from 9"\n')
    assert document.entries[0].answer == "Yes, daily; from 9"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_chinese_is_read_in_any_encoding(encoding: str) -> None:
    document = csv_document("question,answer\n沙发可以退货吗？,三十天内可以退货。\n", encoding)
    assert document.entries[0].answer == "三十天内可以退货。"


def test_latin_1_is_not_taken_for_chinese() -> None:
    text = "question,answer\nOù est le café?,À côté du musée\nWo ist die Tür?,Über den Hof, Größe 5\n"
    document = csv_document(text.replace("Hof,", "Hof"), "latin-1")
    assert [entry.question for entry in document.entries] == ["Où est le café?", "Wo ist die Tür?"]


def test_broken_rows_are_named_and_the_others_kept() -> None:
    document = csv_document(
        "question,answer,valid_until\n"
        "One?,first,\n"
        ",an answer to nothing,\n"
        '"Two?,a quote that never closes,\n'
        "Three?,third,\n"
        "Four?,with, a comma too many, here\n"
        "Five?,fifth,someday\n"
        "Six?,sixth,2030-01-01\n"
    )
    assert [entry.question for entry in document.entries] == ["One?", "Three?", "Six?"]
    assert lines(document) == [3, 4, 6, 7]
    assert not document.is_whole


def test_row_with_an_unquoted_delimiter_is_named_even_when_the_surplus_is_empty() -> None:
    document = csv_document("question,answer,url\nOne?,first,/1\nTwo?,Yes, daily,\nThree?,third,/3\n")
    assert [entry.question for entry in document.entries] == ["One?", "Three?"]
    assert lines(document) == [3]


def test_rows_that_all_end_in_a_delimiter_are_whole() -> None:
    document = csv_document("question,answer\nOne?,first,\nTwo?,second,\n")
    assert [entry.answer for entry in document.entries] == ["first", "second"]
    assert not document.problems


def test_language_that_is_none_betrays_an_unquoted_comma() -> None:
    document = csv_document("question,answer,lang\nOne?,Yes, daily\nTwo?,second,Chinese\n")
    assert [(entry.question, entry.lang) for entry in document.entries] == [("Two?", "zh")]
    assert lines(document) == [2]


def test_missing_answers_ignored_columns_and_expired_rows_are_told_once_and_hide_nothing() -> None:
    document = csv_document(
        "question,answer,when,valid_until\nOne?,,noon,\nTwo?,second,,2001-01-01\nThree?,,,\nFour?,fourth,,2999-01-01\n"
    )
    assert len(document.entries) == 4 and document.is_whole
    told = "\n".join(map(str, document.problems))
    assert "when" in told
    assert "2 questions (lines 2, 4) without an answer" in told
    assert "1 entry (line 3) whose valid_until has passed" in told
    assert len(document.problems) == 3


def test_column_names_are_known_in_chinese() -> None:
    document = csv_document("问题,答案,分类\n可以退货吗？,可以。,退货\n")
    assert [(entry.question, entry.answer, entry.tags) for entry in document.entries] == [
        ("可以退货吗？", "可以。", ("退货",))
    ]


def test_row_over_several_lines_keeps_later_line_numbers_true() -> None:
    document = csv_document('question,answer\nOne?,"a\nb\nc"\n,missing\n')
    assert document.entries[0].answer == "a\nb\nc"
    assert lines(document) == [5]


def test_single_line_in_another_encoding_is_named_and_the_rest_stays_utf_8() -> None:
    good = "".join(f"Straße {number}?,schön\n" for number in range(8)).encode()
    document = parse_document(b"question,answer\n" + good + "Café?,bad\n".encode("latin-1"), name="f.csv")
    assert len(document.entries) == 8
    assert lines(document) == [10]


def test_second_use_of_an_id_is_named_and_hides_nothing() -> None:
    document = csv_document("id,question,answer\na,One?,first\na,Two?,second\n")
    assert [entry.question for entry in document.entries] == ["One?"]
    assert "line 3" in str(document.problems[0])
    assert document.is_whole


def test_same_id_in_two_languages_is_two_entries() -> None:
    assert len(csv_document("id,question,lang\na,One?,en\na,一？,zh\n").entries) == 2


@pytest.mark.parametrize(
    ("content", "name", "said"),
    [
        (b"", "faq.csv", "is empty"),
        (b" \n\n", "faq.csv", "is empty"),
        (b"\xff\xfe", "faq.csv", "is empty"),
        (b"%PDF-1.7 ...", "faq.csv", "is a PDF"),
        (bytes(range(256)) * 20, "faq.csv", "binary"),
        (b"name,price\nSofa,3\n", "faq.csv", "no column named question"),
        (b"question,answer\n", "faq.csv", "no question"),
        (b"hello", "faq.exe", "not a kind of file"),
        (b"just words", "faq.md", "no question and no passage"),
        (b"%PDF-1.7 ...", "faq.pdf", "broken"),
        (b"PK\x03\x04 cut off", "faq.docx", "broken"),
        (b"PK\x03\x04 cut off", "faq.txt", "broken"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 old", "faq.xlsx", "password-protected"),
        (b"hello", "faq.pdf", "is not a PDF"),
        (b"hello", "faq.xlsx", "is not an Excel workbook"),
        (bytes(range(256)) * 20, "faq.txt", "binary"),
        (bytes(range(256)) * 20, "faq.html", "binary"),
        (b"\xff\xfea", "faq.csv", "UTF-16"),
    ],
)
def test_unusable_file_is_refused_in_one_sentence(content: bytes, name: str, said: str) -> None:
    with pytest.raises(UnreadableDocument, match=said) as refusal:
        parse_document(content, name=name)
    assert str(refusal.value).startswith(name)
    assert str(refusal.value).endswith(".")


def test_missing_file_and_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableDocument, match="does not exist"):
        read_document(tmp_path / "none.csv")
    with pytest.raises(UnreadableDocument, match="is a folder"):
        read_document(tmp_path)


def test_markdown_headings_ask_and_the_text_below_answers() -> None:
    document = parse_document(
        b"---\nowner: shop\n---\n# Help\n## Returns\n### Sofas\nWithin **30** days.\n\n```\n# not a heading\n```\n"
        b"### Can I return a bed?\nYes.\n## Empty\n",
        name="help.md",
    )
    sofas, bed = document.entries
    assert (sofas.question, sofas.tags, sofas.line) == ("Returns › Sofas", ("Returns",), 6)
    assert sofas.answer.startswith("Within **30** days.") and "# not a heading" in sofas.answer
    assert bed.question == "Can I return a bed?"
    assert not document.problems


_cells = st.text(st.characters(exclude_categories=("C", "Z"), exclude_characters="|,;"), min_size=1, max_size=20)
_prose = st.text(st.characters(exclude_categories=("Cs", "Cc", "Co", "Cn"))).map(str.strip)


@st.composite
def entries(draw: st.DrawFn) -> list[Entry]:
    made = {}
    for _ in range(draw(st.integers(1, 5))):
        question = draw(_cells)
        variants = tuple(dict.fromkeys(text for text in draw(st.lists(_cells, max_size=3)) if text != question))
        intent, url = draw(st.none() | _cells), draw(st.none() | _cells)
        day = draw(st.none() | st.dates())
        tags = tuple(draw(st.lists(_cells, max_size=2)))
        one = Entry(
            draw(_cells), question, draw(_prose), variants, intent, draw(st.sampled_from(["en", "zh"])), tags, url, day
        )
        made[one.id, one.lang] = one
    return list(made.values())


@given(entries())
@settings(max_examples=50, deadline=None)
def test_what_is_written_is_read_back_equal(written: list[Entry]) -> None:
    document = csv_document(write_faq(written))
    read = [Entry(**{**vars(entry), "source": "", "line": None}) for entry in document.entries]
    assert read == written
    assert document.is_whole


@given(st.binary(max_size=300))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused_and_never_crash(content: bytes) -> None:
    for name, begins in (("a.csv", b"question,answer\n"), ("a.md", b""), ("a.txt", b""), ("a.html", b"<p>")):
        try:
            document = parse_document(begins + content, name=name)
        except UnreadableDocument:
            continue
        assert all(entry.question for entry in document.entries)
