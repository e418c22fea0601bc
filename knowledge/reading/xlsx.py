"""Workbooks: a sheet with the FAQ's columns is read like a CSV file, any other as tables.

Sheets are streamed, since a workbook held as a whole takes fifty times its size. A first pass over the sheet's XML
finds what the stream leaves out: merged cells, and formulas whose result the file does not hold.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time
from typing import IO, Any
from xml.etree import ElementTree

from knowledge.entry import Entry
from knowledge.problem import Problem
from knowledge.reading.blocks import Block, Heading, Place, Table
from knowledge.reading.composing import Reading, compose
from knowledge.reading.delimited import Row
from knowledge.reading.faq import column, faq_entries
from knowledge.reading.office import damage_named, open_office

_HEADER_WITHIN_ROWS = 20
_MOST_COLUMNS = 200
_SPREADSHEET = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RANGE = re.compile(r"([A-Z]{1,3})(\d{1,7}):([A-Z]{1,3})(\d{1,7})")
_CURRENCY = re.compile(r'(?:\[\$|")?(US\$|[$€£¥])')


@dataclass
class _Merge:
    first_row: int
    last_row: int
    first_column: int
    last_column: int
    text: str = ""


@dataclass
class _Cells:
    """A row as far as it holds something; merged cells are filled."""

    number: int
    texts: list[str]
    is_band: bool = False
    """One merged cell spans it: a heading between the rows."""


@dataclass
class _Sheet:
    name: str
    rows: list[_Cells] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    def problem(self, row: int, message: str, *, hides_entry: bool = True) -> None:
        self.problems.append(Problem(row, f'sheet "{self.name}": {message}', hides_entry))


def read_xlsx(content: bytes, *, name: str, base_url: str | None = None) -> Reading:
    entries: list[Entry] = []
    problems: list[Problem] = []
    others: list[Block] = []
    for sheet in _sheets(content, name):
        header = _header(sheet)
        if header is None:
            others += _tables(sheet)
        else:
            found, remarks = _faq(sheet, header, source=name)
            entries += found
            problems += remarks
        problems += sheet.problems
    passages, more = compose(others, name=name, base_url=base_url)
    return [*entries, *passages], [*problems, *more]


def _faq(sheet: _Sheet, header: int, *, source: str) -> Reading:
    names = [text.strip().lower() for text in sheet.rows[header].texts]
    incomplete = {problem.line for problem in sheet.problems if problem.hides_entry}
    rows = []
    for cells in sheet.rows[header + 1 :]:
        if any(cells.texts) and not cells.is_band and cells.number not in incomplete:
            rows.append(Row(cells.number, dict(zip(names, cells.texts, strict=False))))
    entries, problems = faq_entries(names, rows, source=source)
    return entries, [Problem(one.line, f'sheet "{sheet.name}": {one.message}', one.hides_entry) for one in problems]


def _header(sheet: _Sheet) -> int | None:
    """The row that names a question column, near the top."""
    for at, cells in enumerate(sheet.rows[:_HEADER_WITHIN_ROWS]):
        names = [column(text) for text in cells.texts]
        if "question" in names and ("answer" in names or len([name for name in names if name]) == len(names)):
            return at
    return None


def _tables(sheet: _Sheet) -> Iterator[Block]:
    """Rows between empty rows belong together."""
    yield Heading(sheet.name, 1)
    table: list[_Cells] = []
    for cells in [*sheet.rows, _Cells(0, [])]:
        if any(cells.texts) and not cells.is_band:
            table.append(cells)
            continue
        if table:
            width = max(len(row.texts) for row in table)
            rows = tuple(tuple(row.texts + [""] * (width - len(row.texts))) for row in table)
            yield Table(rows, place=Place(table[0].number))
            table = []
        if cells.is_band:
            yield Heading(cells.texts[0], 2, Place(cells.number))


def _sheets(content: bytes, name: str) -> list[_Sheet]:
    """The visible ones."""
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    file = open_office(content, name=name)
    with damage_named(name, InvalidFileException), zipfile.ZipFile(file) as archive, warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about drawings and validations, which say nothing here
        book = load_workbook(file, read_only=True, data_only=True)
        return [_read_sheet(sheet, archive) for sheet in book.worksheets if sheet.sheet_state == "visible"]


def _read_sheet(worksheet: Any, archive: zipfile.ZipFile) -> _Sheet:
    sheet = _Sheet(worksheet.title)
    with archive.open(worksheet._worksheet_path.lstrip("/")) as part:
        merges, formulas = _look_ahead(part)
    worksheet.reset_dimensions()
    for number, row in enumerate(worksheet.iter_rows(), 1):
        cells = row[:_MOST_COLUMNS]
        texts = [_text(cell) for cell in cells]
        is_band = _fill(texts, number, merges)
        while texts and not texts[-1]:
            texts.pop()
        for cell in cells:
            if cell.data_type == "e":
                sheet.problem(number, f"cell {cell.coordinate} holds the error {cell.value}")
        for reference in formulas.get(number, ()):
            sheet.problem(number, f"the formula in {reference} has no result yet; open and save the file in Excel")
        sheet.rows.append(_Cells(number, texts, is_band))
    return sheet


def _look_ahead(part: IO[bytes]) -> tuple[list[_Merge], dict[int, list[str]]]:
    """Merged ranges, and by row the cells whose formula has no result."""
    merges: list[_Merge] = []
    formulas: dict[int, list[str]] = {}
    number = 0
    for _, element in ElementTree.iterparse(part):
        tag = element.tag.removeprefix(_SPREADSHEET)
        if tag == "mergeCell" and (found := _RANGE.fullmatch(element.get("ref", ""))):
            merges.append(_Merge(int(found[2]), int(found[4]), _column_number(found[1]), _column_number(found[3])))
        elif tag == "row":
            number = int(element.get("r", number + 1))
            for cell in element:
                has_formula = cell.find(f"{_SPREADSHEET}f") is not None
                if has_formula and not cell.findtext(f"{_SPREADSHEET}v") and cell.get("t") != "str":
                    formulas.setdefault(number, []).append(cell.get("r", "a cell"))
            element.clear()
    return merges, formulas


def _column_number(letters: str) -> int:
    number = 0
    for letter in letters:
        number = 26 * number + ord(letter) - ord("A") + 1
    return number


def _fill(texts: list[str], number: int, merges: list[_Merge]) -> bool:
    """Writes each merged cell's text wherever it covers the row. True when one of several columns is all there is."""
    spans = 0
    for merge in merges:
        if not merge.first_row <= number <= merge.last_row:
            continue
        last = min(merge.last_column, _MOST_COLUMNS)
        texts += [""] * (last - len(texts))
        if number == merge.first_row:
            merge.text = texts[merge.first_column - 1] if merge.first_column <= _MOST_COLUMNS else ""
        texts[merge.first_column - 1 : last] = [merge.text] * (last - merge.first_column + 1)
        spans = max(spans, last - merge.first_column + 1 if merge.text else 0)
    return spans > 1 and len(set(filter(None, texts))) == 1


def _text(cell: Any) -> str:
    """As a reader of the sheet sees it: 0.2 shown as a percentage is 20%, 99 shown in dollars is $99."""
    value = cell.value
    if value is None or cell.data_type == "e":
        return ""
    if isinstance(value, bool):
        return str(value).upper()
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, int | float):
        return _figure(value, cell.number_format or "")
    return str(value).strip()


def _figure(value: int | float, shown: str) -> str:
    if shown.rstrip().endswith("%"):
        return f"{value * 100:.10g}%"
    if currency := _CURRENCY.match(shown):
        return f"{currency[1]}{value:,.{2 if value % 1 else 0}f}"
    return f"{value:.15g}"
