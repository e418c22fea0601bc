"""PDF: headings by their size, tables by their lines, pages by their number; what cannot be read is named by page."""

import zlib
from io import BytesIO
from typing import Any

import pytest
from reportlab.lib.pdfencrypt import StandardEncryption
from reportlab.lib.styles import getSampleStyleSheet
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import Flowable, PageBreak, Paragraph, SimpleDocTemplate, Table

from knowledge.entry import Entry
from knowledge.problem import UnreadableDocument
from knowledge.reading.blocks import Heading, Prose
from knowledge.reading.documents import Document, parse_document
from knowledge.reading.layout import Line, Page, blocks_of

pytestmark = pytest.mark.slow

STYLES = getSampleStyleSheet()
RULED = [("GRID", (0, 0), (-1, -1), 1, "black")]


def set_in(style: str, text: str) -> Paragraph:
    return Paragraph(text, STYLES[style])


def book(*parts: Flowable, **options: Any) -> bytes:
    def edge(canvas: Canvas, document: SimpleDocTemplate) -> None:
        canvas.drawString(72, 30, "The shop's handbook")
        canvas.drawString(480, 30, f"Page {document.page}")

    content = BytesIO()
    SimpleDocTemplate(content, **options).build(list(parts), onFirstPage=edge, onLaterPages=edge)
    return content.getvalue()


def chapter(name: str) -> list[Flowable]:
    return [
        set_in("Heading1", name),
        set_in("Heading2", "In general"),
        set_in("Normal", f"Whoever asks about {name.lower()} is answered within nine days, weekends included. " * 3),
        set_in("Heading2", "Fees"),
        Table([["Zone", "Fee", "Days"], ["A", "$5", "2"], ["B", "$9", "1"]], style=RULED),
        set_in("Heading2", "Questions"),
        set_in("Normal", f"Q: Who decides about {name.lower()}?"),
        set_in("Normal", "A: The <a href='https://shop.example/desk'>service desk</a> does."),
        Table([["Question", "Answer"], [f"Is {name.lower()} free?", "Mostly."]], style=RULED),
        PageBreak(),
    ]


def read(content: bytes) -> Document:
    return parse_document(content, name="book.pdf")


HANDBOOK = book(*[part for name in ("Returns", "Delivery", "Repairs", "Care") for part in chapter(name)])


def test_handbook_becomes_questions_and_passages_with_their_pages() -> None:
    document = read(HANDBOOK)
    assert not document.problems

    def told(entry: Entry) -> tuple[str, str, int | None, tuple[str, ...]]:
        return (entry.kind, entry.question, entry.page, entry.tags)

    assert sorted(map(told, document.entries[4:8])) == [
        ("passage", "Delivery › Fees", 2, ("Delivery",)),
        ("passage", "Delivery › In general", 2, ("Delivery",)),
        ("question", "Is delivery free?", 2, ("Delivery", "Questions")),
        ("question", "Who decides about delivery?", 2, ("Delivery", "Questions")),
    ]
    answers = {entry.question: entry.answer for entry in document.entries}
    assert answers["Delivery › Fees"] == "- Zone: A; Fee: $5; Days: 2\n- Zone: B; Fee: $9; Days: 1"
    assert answers["Who decides about care?"] == "The [service desk](https://shop.example/desk) does."
    assert "handbook" not in "".join(answers.values())


def test_same_file_gives_the_same_ids() -> None:
    assert read(HANDBOOK).entries == read(HANDBOOK).entries


def test_question_as_a_heading_is_answered_by_the_text_below() -> None:
    (entry,) = read(book(set_in("Heading2", "May I return a bed?"), set_in("Normal", "You may."))).entries
    assert (entry.question, entry.answer, entry.page) == ("May I return a bed?", "You may.", 1)


def test_table_over_two_pages_is_one() -> None:
    rows = [["Question", "Answer"], *[[f"Is model {number} in stock?", f"It is, {number}."] for number in range(60)]]
    document = read(book(Table(rows, style=RULED, repeatRows=1)))
    assert [entry.answer for entry in document.entries] == [f"It is, {number}." for number in range(60)]


def test_two_columns_are_read_down_and_not_across() -> None:
    content = BytesIO()
    canvas = Canvas(content, pagesize=(600, 800))
    canvas.setFont("Helvetica", 16)
    canvas.drawCentredString(300, 740, "Everything about returning what you bought here")
    canvas.setFont("Helvetica", 9)
    for number in range(20):
        canvas.drawString(60, 700 - 12 * number, f"Left {number} is a line of words of about the width")
        canvas.drawString(320, 700 - 12 * number, f"and right {number} is a line of words as wide as that")
    canvas.save()
    answer = " ".join(entry.answer for entry in read(content.getvalue()).entries)
    assert answer.index("Left 19") < answer.index("right 0")


def test_labels_beside_figures_are_read_across() -> None:
    content = BytesIO()
    canvas = Canvas(content, pagesize=(600, 800))
    for number in range(20):
        canvas.drawString(60, 700 - 12 * number, f"Model {number}")
        canvas.drawString(320, 700 - 12 * number, f"${number}.50")
    canvas.save()
    answer = " ".join(entry.answer for entry in read(content.getvalue()).entries)
    assert "Model 7 $7.50" in answer


def test_page_that_is_a_picture_is_named_and_the_others_are_read() -> None:
    content = BytesIO()
    canvas = Canvas(content)
    for page in range(1, 6):
        if page in (2, 3, 5):
            canvas.drawInlineImage(picture(), 0, 0, 500, 700)
        else:
            canvas.setFont("Helvetica", 18)
            canvas.drawString(72, 720, f"Rule {page}")
            canvas.setFont("Helvetica", 10)
            canvas.drawString(72, 700, f"Colleagues answer within {page} working days.")
        canvas.showPage()
    canvas.save()
    document = read(content.getvalue())
    assert [entry.page for entry in document.entries] == [1, 4]
    assert str(document.problems[0]).startswith("pages 2-3, 5 are pictures without text")


def test_scan_is_refused_in_one_sentence() -> None:
    content = BytesIO()
    canvas = Canvas(content)
    canvas.drawInlineImage(picture(), 0, 0, 500, 700)
    canvas.save()
    with pytest.raises(UnreadableDocument, match="without text that can be read: page 1 is pictures"):
        read(content.getvalue())


def picture() -> Any:
    from PIL import Image

    return Image.new("L", (50, 70), 200)


def test_password_is_asked_for_in_one_sentence_and_an_empty_one_is_none() -> None:
    parts = [set_in("Heading1", "May I?"), set_in("Normal", "You may.")]
    with pytest.raises(UnreadableDocument, match="protected by a password"):
        read(book(*parts, encrypt=StandardEncryption("secret", strength=128)))
    parts = [set_in("Heading1", "May I?"), set_in("Normal", "You may.")]
    assert read(book(*parts, encrypt=StandardEncryption("", "owner", strength=128))).entries[0].question == "May I?"


def test_damage_anywhere_ends_in_one_sentence_or_in_entries() -> None:
    content = book(set_in("Heading1", "May I?"), set_in("Normal", "You may, in every shop."))
    for at in range(20, len(content), len(content) // 40):
        for damaged in (content[:at], content[:at] + bytes(20) + content[at + 20 :], content[:at] + content[at + 9 :]):
            try:
                document = read(damaged)
            except UnreadableDocument as refusal:
                assert str(refusal).startswith("book.pdf") and str(refusal).endswith(".")
            else:
                assert document.entries


def test_stream_that_unpacks_to_gigabytes_is_not_opened() -> None:
    bomb = zlib.compress(bytes(60_000_000), 9)
    stream = b"\n9 0 obj\n<</Filter/FlateDecode/Length %d>>\nstream\n%b\nendstream endobj\n" % (len(bomb), bomb)
    with pytest.raises(UnreadableDocument, match="unpacks to more than 50 MB"):
        read(HANDBOOK + stream)


def test_pdf_named_csv_is_read_as_what_it_is() -> None:
    document = parse_document(HANDBOOK, name="faq.csv")
    assert document.kind == "pdf"
    assert "is a PDF, not CSV" in str(document.problems[0])


def line(text: str, top: float, *, size: float = 10, bold: bool = False) -> Line:
    return Line(text, top, top + size, 72, 72 + 5 * len(text), size, bold)


def test_lines_join_to_paragraphs_without_hyphens_and_over_pages() -> None:
    first = Page(1, 800, (line("A sofa is col-", 100), line("lected and", 112), line("then", 600)))
    second = Page(2, 800, (line("replaced.", 100), line("沙发可以", 130), line("退货。", 142)))
    assert [block.text for block in blocks_of([first, second]) if isinstance(block, Prose)] == [
        "A sofa is collected and",
        "then replaced.",
        "沙发可以退货。",
    ]


def test_bold_line_is_a_heading_and_dotted_contents_are_nothing() -> None:
    page = Page(1, 800, (line("Fees ........ 3", 100), line("Fees", 120, bold=True), line("None at all.", 132)))
    assert [(type(block), block.text) for block in blocks_of([page]) if isinstance(block, Heading | Prose)] == [
        (Heading, "Fees"),
        (Prose, "None at all."),
    ]
