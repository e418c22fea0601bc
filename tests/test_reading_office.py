"""Workbooks and Word documents, whole, damaged and malicious."""

import zipfile
from io import BytesIO

import docx
import openpyxl
import pytest

from knowledge.problem import UnreadableDocument
from knowledge.reading.documents import Document, parse_document

pytestmark = pytest.mark.slow

LAUGHS = (
    b"""<?xml version="1.0"?><!DOCTYPE l [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]><l>&b;</l>"""
)


def workbook(*rows: list[object], merged: tuple[str, ...] = (), formats: dict[str, str] | None = None) -> bytes:
    book = openpyxl.Workbook()
    book.active.title = "FAQ"
    for row in rows:
        book.active.append(row)
    for cells in merged:
        book.active.merge_cells(cells)
    for cell, shown in (formats or {}).items():
        book.active[cell].number_format = shown
    return saved(book)


def saved(file: openpyxl.Workbook | docx.document.Document) -> bytes:
    content = BytesIO()
    file.save(content)
    return content.getvalue()


def read_xlsx(content: bytes) -> Document:
    return parse_document(content, name="faq.xlsx")


def read_docx(file: docx.document.Document) -> Document:
    return parse_document(saved(file), name="faq.docx")


def with_part(content: bytes, part: str, replaced: bytes) -> bytes:
    changed = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for name in dict.fromkeys([*old.namelist(), part]):
            new.writestr(name, replaced if name == part else old.read(name))
    return changed.getvalue()


def test_sheet_with_the_faqs_columns_is_read_like_a_csv_file() -> None:
    document = read_xlsx(
        workbook(
            ["Our FAQ, as of May"],
            [],
            ["ID", "Question", "Answer", "Variants", "Valid until"],
            ["a", "May I?", "You may.", "could I|can I", "2999-01-01"],
            ["b", None, "an answer to nothing"],
        )
    )
    (entry,) = document.entries
    assert (entry.id, entry.question, entry.variants, entry.line) == ("a", "May I?", ("could I", "can I"), 4)
    assert [(problem.line, problem.message) for problem in document.problems] == [(5, 'sheet "FAQ": has no question')]


def test_merged_cells_are_filled_and_a_band_across_is_no_row() -> None:
    document = read_xlsx(
        workbook(
            ["Question", "Answer", "Tags"],
            ["Sofas", None, None],
            ["May I?", "Yes.", "returns"],
            ["When?", "Soon.", None],
            merged=("A2:C2", "C3:C4"),
        )
    )
    assert [(entry.question, entry.tags) for entry in document.entries] == [
        ("May I?", ("returns",)),
        ("When?", ("returns",)),
    ]
    assert document.is_whole


def test_figures_are_read_as_they_are_shown() -> None:
    rows = ["Question", "Answer"], ["Discount?", 0.2], ["Price?", 1299], ["How many?", 3.0]
    document = read_xlsx(workbook(*rows, formats={"B2": "0%", "B3": '"$"#,##0.00'}))
    assert [entry.answer for entry in document.entries] == ["20%", "$1,299", "3"]


def test_formula_is_read_as_its_result_and_named_where_it_has_none() -> None:
    content = workbook(["Question", "Answer"], ["Sum?", "=1+1"], ["May I?", "Yes."])
    document = read_xlsx(content)
    assert [entry.question for entry in document.entries] == ["May I?"]
    assert not document.is_whole
    assert 'sheet "FAQ": the formula in B2 has no result yet' in str(document.problems[0])
    with zipfile.ZipFile(BytesIO(content)) as archive:
        sheet = archive.read("xl/worksheets/sheet1.xml")
    calculated = sheet.replace(b"<v></v>", b"<v>2</v>").replace(b"<v />", b"<v>2</v>").replace(b"<v/>", b"<v>2</v>")
    answers = read_xlsx(with_part(content, "xl/worksheets/sheet1.xml", calculated)).entries
    assert [entry.answer for entry in answers] == ["2", "Yes."]


def test_every_visible_sheet_is_read_and_one_without_questions_as_passages() -> None:
    book = openpyxl.load_workbook(BytesIO(workbook(["Question", "Answer"], ["May I?", "Yes."])))
    for name in ("Delivery fees", "Secret"):
        sheet = book.create_sheet(name)
        for row in (["Zone", "Fee", "Days"], ["A", 5, 2], ["B", 9, 1]):
            sheet.append(row)
    book["Secret"].sheet_state = "hidden"
    first, second = read_xlsx(saved(book)).entries
    assert first.question == "May I?"
    assert (second.kind, second.question) == ("passage", "Delivery fees")
    assert second.answer == "- Zone: A; Fee: 5; Days: 2\n- Zone: B; Fee: 9; Days: 1"


@pytest.mark.real
def test_cell_in_the_last_corner_of_a_sheet_takes_no_room() -> None:
    book = openpyxl.Workbook()
    book.active.append(["Question", "Answer"])
    book.active.append(["May I?", "Yes."])
    book.active["XFD1048576"] = "far"
    assert len(read_xlsx(saved(book)).entries) == 1


def test_word_document_keeps_headings_lists_tables_and_links() -> None:
    file = docx.Document()
    file.add_heading("Handbook", 0)
    file.add_heading("Returns", 1)
    file.add_paragraph("Within thirty days.")
    file.add_paragraph("clean", style="List Bullet")
    file.add_paragraph("unused", style="List Bullet")
    file.add_heading("May I return a bed?", 2)
    file.add_paragraph("You may.")
    file.add_paragraph().add_run("Fees").bold = True
    fill(file.add_table(3, 3), [["Zone", "Fee", "Days"], ["A", "$5", "2"], ["B", "$9", "1"]])
    file.add_paragraph("Q: Who pays?")
    file.add_paragraph("A: We do.")
    found = {entry.question: (entry.kind, entry.answer) for entry in read_docx(file).entries}
    assert found == {
        "Returns": ("passage", "Within thirty days.\n\n- clean\n- unused"),
        "May I return a bed?": ("question", "You may."),
        "Returns › May I return a bed? › Fees": ("passage", "- Zone: A; Fee: $5; Days: 2\n- Zone: B; Fee: $9; Days: 1"),
        "Who pays?": ("question", "We do."),
    }


def test_word_table_with_questions_is_pairs_and_merged_cells_are_filled() -> None:
    file = docx.Document()
    fill(file.add_table(3, 2), [["Question", "Answer"], ["May I?", "Yes."], ["When?", "Soon."]])
    table = file.add_table(3, 3)
    fill(table, [["Zone", "Fee", "Days"], ["A", "$5", "2"], ["", "$9", "1"]])
    table.cell(1, 0).merge(table.cell(2, 0))
    found = [(entry.question, entry.answer) for entry in read_docx(file).entries]
    assert found[:2] == [("May I?", "Yes."), ("When?", "Soon.")]
    assert found[2][1] == "- Zone: A; Fee: $5; Days: 2\n- Zone: A; Fee: $9; Days: 1"


def test_inserted_words_are_read_and_deleted_ones_are_not() -> None:
    file = docx.Document()
    file.add_heading("Fees", 1)
    paragraph = file.add_paragraph("The fee is nothing.")
    content = saved(file)
    with zipfile.ZipFile(BytesIO(content)) as archive:
        xml = archive.read("word/document.xml")
    run = b"<w:r><w:t>The fee is nothing.</w:t></w:r>"
    assert paragraph.text and run in xml
    tracked = (
        b"<w:ins><w:r><w:t>The fee is $5.</w:t></w:r></w:ins><w:del><w:r><w:delText>none</w:delText></w:r></w:del>"
    )
    document = parse_document(with_part(content, "word/document.xml", xml.replace(run, tracked)), name="a.docx")
    assert document.entries[0].answer == "The fee is $5."


def fill(table: docx.table.Table, rows: list[list[str]]) -> None:
    for row, cells in zip(table.rows, rows, strict=True):
        for cell, text in zip(row.cells, cells, strict=True):
            cell.text = text


def samples() -> dict[str, bytes]:
    file = docx.Document()
    file.add_heading("May I?", 1)
    file.add_paragraph("You may, in every one of our shops.")
    return {"a.xlsx": workbook(["Question", "Answer"], ["May I?", "Yes."]), "a.docx": saved(file)}


@pytest.mark.parametrize("name", ["a.xlsx", "a.docx"])
def test_damage_anywhere_ends_in_one_sentence_or_in_entries(name: str) -> None:
    content = samples()[name]
    for at in range(100, len(content), len(content) // 40):
        for damaged in (content[:at], content[:at] + bytes(20) + content[at + 20 :], content[:at] + content[at + 7 :]):
            try:
                document = parse_document(damaged, name=name)
            except UnreadableDocument as refusal:
                assert str(refusal).startswith(name) and str(refusal).endswith(".")
            else:
                assert document.entries[0].question == "May I?"


@pytest.mark.parametrize(("name", "part"), [("a.xlsx", "xl/worksheets/sheet1.xml"), ("a.docx", "word/document.xml")])
def test_archive_that_unpacks_to_gigabytes_is_not_opened(name: str, part: str) -> None:
    bomb = with_part(samples()[name], part, b"<w>" + bytes(60_000_000))
    assert len(bomb) < 200_000
    with pytest.raises(UnreadableDocument, match="would unpack to 60 MB"):
        parse_document(bomb, name=name)


@pytest.mark.parametrize(
    ("name", "part"),
    [("a.xlsx", "xl/worksheets/sheet1.xml"), ("a.xlsx", "xl/sharedStrings.xml"), ("a.docx", "word/document.xml")],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_billion_laughs_are_not_told(name: str, part: str, encoding: str) -> None:
    laughs = LAUGHS.decode().encode(encoding)
    with pytest.raises(UnreadableDocument, match="declares XML entities"):
        parse_document(with_part(samples()[name], part, laughs), name=name)


@pytest.mark.parametrize(("inside", "name"), [("a.xlsx", "faq.csv"), ("a.docx", "faq.txt"), ("a.xlsx", "faq.docx")])
def test_wrong_ending_is_said_and_the_content_decides(inside: str, name: str) -> None:
    document = parse_document(samples()[inside], name=name)
    assert document.kind == inside[2:]
    assert document.entries[0].question == "May I?"
    assert "was read as such" in str(document.problems[0])


def test_zip_of_something_else_is_named() -> None:
    other = BytesIO()
    with zipfile.ZipFile(other, "w") as archive:
        archive.writestr("faq.csv", "question,answer\n")
    with pytest.raises(UnreadableDocument, match="is a ZIP file, not a Word document"):
        parse_document(other.getvalue(), name="faq.docx")
