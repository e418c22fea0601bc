"""PDF pages as lines and tables; knowledge/reading/layout.py makes blocks of them."""

import logging
import re
import struct
import zlib
from collections.abc import Iterator, Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any

from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.columns import Columns, Letter, find_columns
from knowledge.reading.composing import Reading, compose
from knowledge.reading.layout import Grid, Line, Page, blocks_of

_LARGEST_STREAM_BYTES = 50_000_000
_STREAM = re.compile(rb"stream\r?\n")
_DICTIONARY_BYTES = 500
_CHUNK = 65_536
_MOST_PAGES = 5_000
_BOLD = re.compile(r"bold|black|heavy|semib|demi", re.IGNORECASE)
_TABLE_SETTINGS = {"snap_tolerance": 4}
_FEWEST_CHARACTERS = 3
_BROKEN = (
    ArithmeticError, AssertionError, AttributeError, EOFError, LookupError, MemoryError, NotImplementedError, OSError,
    RecursionError, TypeError, ValueError, struct.error, zlib.error,
)  # fmt: skip
"""What the library raises on a damaged page, since a PDF can break anywhere in it."""


def read_pdf(content: bytes, *, name: str, base_url: str | None = None) -> Reading:
    _refuse_bomb(content, name)
    pages: list[Page] = []
    problems: list[Problem] = []
    pictures, broken = [], []
    for number, page in _pages(content, name):
        if page is None:
            broken.append(number)
        elif page.is_picture:
            pictures.append(number)
        else:
            pages.append(page)
    if broken:
        problems.append(Problem(None, f"{_numbered(broken)} broken and could not be read"))
    if pictures:
        message = f"{_numbered(pictures)} pictures without text (a scan?) and were not read"
        problems.append(Problem(None, message, hides_entry=False))
    if not any(page.lines or page.grids for page in pages):
        reason = f": {_numbered(pictures)} pictures (a scan?)" if pictures else ""
        reason = f": {_numbered(broken)} broken" if broken else reason
        raise UnreadableDocument(f"{name} is a PDF without text that can be read{reason}.")
    entries, more = compose(blocks_of(pages), name=name, base_url=base_url)
    return entries, [*problems, *more]


def _pages(content: bytes, name: str) -> Iterator[tuple[int, Page | None]]:
    """Each page by its number, from 1; None for one that is broken."""
    import pdfplumber
    from pdfminer.pdfdocument import PDFPasswordIncorrect
    from pdfplumber.utils.exceptions import PdfminerException

    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)  # it remarks on every oddity of every font
    try:
        document = pdfplumber.open(BytesIO(content))
        pages = document.pages[:_MOST_PAGES]
    except PdfminerException as error:
        if any(isinstance(cause, PDFPasswordIncorrect) for cause in error.args):
            raise UnreadableDocument(f"{name} is protected by a password; save it without one.") from error
        raise UnreadableDocument(f"{name} is a PDF that is broken or incomplete.") from error
    except _BROKEN as error:
        raise UnreadableDocument(f"{name} is a PDF that is broken or incomplete.") from error
    if not pages:
        raise UnreadableDocument(f"{name} is a PDF without pages, or one that is broken or incomplete.")
    for number, page in enumerate(pages, 1):
        try:
            yield number, _page(page, number)
        except (*_BROKEN, PdfminerException):
            yield number, None
        page.close()


def _page(page: Any, number: int) -> Page:
    if len(page.chars) < _FEWEST_CHARACTERS:
        return Page(number, page.height, is_picture=bool(page.images))
    grids = list(_grids(page))
    boxes = [grid.box for grid in grids]
    rest = page.filter(lambda thing: not _is_inside(thing, boxes)) if boxes else page
    letters = [
        Letter(character["x0"], character["x1"], character["top"])
        for character in rest.chars
        if character["text"].strip()
    ]
    columns = find_columns(letters, page.width)
    if columns is None:
        return Page(number, page.height, tuple(_lines(rest, page.hyperlinks)), tuple(grids))
    grids = [replace(grid, part=columns.part(grid.box[0], grid.box[2], grid.top)) for grid in grids]
    return Page(number, page.height, tuple(_lines_in(rest, columns)), tuple(grids))


def _lines_in(page: Any, columns: Columns) -> Iterator[Line]:
    """Each part of the page by itself."""

    def part_of(thing: dict[str, Any]) -> int:
        return columns.part(thing["x0"], thing["x1"], thing["top"])

    for part in sorted({part_of(character) for character in page.chars}):
        alone = page.filter(lambda thing, part=part: part_of(thing) == part)
        yield from (replace(line, part=part) for line in _lines(alone, page.hyperlinks))


def _grids(page: Any) -> Iterator[Grid]:
    """Ruled tables. A frame around text is none."""
    if not (page.lines or page.rects or page.curves):
        return
    for table in page.find_tables(_TABLE_SETTINGS):
        rows = [[" ".join((cell or "").split()) for cell in row] for row in table.extract()]
        filled = sum(bool(cell) for row in rows for cell in row)
        if len(rows) > 1 and max(map(len, rows)) > 1 and filled > len(rows):
            yield Grid(table.bbox, tuple(map(tuple, rows)))


def _lines(page: Any, links: Sequence[dict[str, Any]]) -> Iterator[Line]:
    for line in page.extract_text_lines(strip=True, return_chars=True, x_tolerance_ratio=0.15, use_text_flow=False):
        characters = [character for character in line["chars"] if character["text"].strip()]
        if characters:
            sizes = sorted(round(character["size"] * 2) / 2 for character in characters)
            bold = sum(bool(_BOLD.search(character["fontname"])) for character in characters)
            yield Line(
                text=_linked(line, links),
                top=line["top"],
                bottom=line["bottom"],
                left=line["x0"],
                right=line["x1"],
                size=sizes[len(sizes) // 2],
                is_bold=bold > 0.9 * len(characters),
            )


def _linked(line: dict[str, Any], links: Sequence[dict[str, Any]]) -> str:
    """The line's text with Markdown links where the page has addresses under the words."""
    text = str(line["text"])
    for link in links:
        address = link.get("uri")
        if not address or not str(address).lower().startswith(("http://", "https://", "mailto:", "tel:")):
            continue
        under = [
            character["text"]
            for character in line["chars"]
            if link["x0"] - 1 <= (character["x0"] + character["x1"]) / 2 <= link["x1"] + 1
            and link["top"] - 1 <= (character["top"] + character["bottom"]) / 2 <= link["bottom"] + 1
        ]
        words = "".join(under).split()
        pattern = r"\s*".join(re.escape(letter) for letter in "".join(words))
        if words and "".join(words) != address:
            safe = re.sub(r"[\s()]", lambda found: f"%{ord(found[0]):02X}", str(address))
            text = re.sub(pattern, lambda found, safe=safe: f"[{found[0]}]({safe})", text, count=1)  # type: ignore[misc]
    return text


def _is_inside(thing: dict[str, Any], boxes: Sequence[tuple[float, float, float, float]]) -> bool:
    across, down = (thing["x0"] + thing["x1"]) / 2, (thing["top"] + thing["bottom"]) / 2
    return any(x0 <= across <= x1 and top <= down <= bottom for x0, top, x1, bottom in boxes)


def _refuse_bomb(content: bytes, name: str) -> None:
    """The library unpacks whole streams, so one that unpacks to gigabytes is found first. Pictures stay packed."""
    for found in _STREAM.finditer(content):
        dictionary = content[max(0, found.start() - _DICTIONARY_BYTES) : found.start()].rpartition(b" obj")[2]
        if b"FlateDecode" not in dictionary or re.search(rb"/Subtype\s*/Image", dictionary):
            continue
        unpacking, at, size = zlib.decompressobj(), found.end(), 0
        try:
            while (
                size <= _LARGEST_STREAM_BYTES and (unpacking.unconsumed_tail or at < len(content)) and not unpacking.eof
            ):
                packed = unpacking.unconsumed_tail
                if not packed:
                    packed, at = content[at : at + _CHUNK], at + _CHUNK
                size += len(unpacking.decompress(packed, 1_000_000))
        except zlib.error:
            continue
        if size > _LARGEST_STREAM_BYTES:
            raise UnreadableDocument(f"{name} holds a part that unpacks to more than 50 MB and was not opened.")


def _numbered(pages: Sequence[int]) -> str:
    """ "pages 3, 5-7 are", "page 3 is": the words before what is wrong with them."""
    spans: list[list[int]] = []
    for page in pages:
        if spans and page == spans[-1][-1] + 1:
            spans[-1].append(page)
        else:
            spans.append([page])
    listed = ", ".join(str(span[0]) if len(span) == 1 else f"{span[0]}-{span[-1]}" for span in spans)
    return f"page {listed} is" if len(pages) == 1 else f"pages {listed} are"
