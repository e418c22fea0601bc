"""Word documents as blocks. Words are taken from the XML itself, since the library's paragraphs leave out what was
inserted under tracked changes and what stands in content controls."""

from collections.abc import Iterator
from contextlib import suppress
from typing import Any

from knowledge.reading.blocks import Block, Heading, Prose, Table
from knowledge.reading.composing import Reading, compose, markdown_of
from knowledge.reading.office import damage_named, open_office

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_NOT_READ = {f"{_W}{tag}" for tag in ("del", "moveFrom", "instrText", "rPr", "pPr", "txbxContent", "footnoteReference")}
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_BREAKS = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_LOWEST = 9
_LONGEST_BOLD_HEADING = 100


def read_docx(content: bytes, *, name: str, base_url: str | None = None) -> Reading:
    from docx import Document
    from docx.opc.exceptions import OpcError

    file = open_office(content, name=name)
    with damage_named(name, OpcError):
        document = Document(file)
        blocks = list(_Reader(document).blocks(document.element.body))
    return compose(_with_lists_joined(blocks), name=name, title=_title(document), base_url=base_url)


def _title(document: Any) -> str:
    with suppress(KeyError, ValueError, AttributeError):
        return str(document.core_properties.title or "")
    return ""


class _Reader:
    def __init__(self, document: Any) -> None:
        self._links = {key: relation.target_ref for key, relation in document.part.rels.items() if relation.is_external}
        self._styles = {style.style_id: style for style in document.styles}
        self._levels = {key: _style_level(style) for key, style in self._styles.items()}

    def blocks(self, parent: Any) -> Iterator[Block]:
        for element in parent:
            tag = element.tag
            if tag == f"{_W}p":
                yield from self._paragraph(element)
            elif tag == f"{_W}tbl":
                if rows := self._rows(element):
                    yield from _table(rows)
            elif tag in (f"{_W}sdt", f"{_W}sdtContent", f"{_W}customXml", f"{_W}ins", f"{_W}moveTo"):
                yield from self.blocks(element)

    def _paragraph(self, paragraph: Any) -> Iterator[Block]:
        text = "\n".join(" ".join(line.split()) for line in self._text(paragraph).split("\n")).strip()
        key = _value(paragraph, "pPr/pStyle")
        style = self._styles.get(key)
        style_name = (style.name if style is not None else None) or ""
        if text and not style_name.lower().startswith(("toc ", "toc heading")):
            level = self._level(paragraph, key)
            if level is None and self._is_bold_line(paragraph, text):
                level = _LOWEST
            if level is not None:
                yield Heading(text.replace("\n", " "), level)
            elif self._is_listed(paragraph, style_name):
                depth = int(_value(paragraph, "pPr/numPr/ilvl") or 0)
                yield Prose("  " * min(depth, 8) + "- " + text)
            else:
                yield Prose(text)
        for box in paragraph.iter(f"{_W}txbxContent"):
            if not any(above.tag == _FALLBACK for above in box.iterancestors()):
                yield from self.blocks(box)

    def _level(self, paragraph: Any, style: str | None) -> int | None:
        own = _value(paragraph, "pPr/outlineLvl")
        if own is not None and own.isdigit() and int(own) < _LOWEST:
            return int(own) + 1
        return self._levels.get(style) if style else None

    def _is_listed(self, paragraph: Any, style_name: str) -> bool:
        number = _value(paragraph, "pPr/numPr/numId")
        return number not in (None, "0") or (number is None and style_name.startswith("List "))

    def _is_bold_line(self, paragraph: Any, text: str) -> bool:
        """Where no style says heading, writers make a line bold."""
        if len(text) > _LONGEST_BOLD_HEADING or "\n" in text or text.endswith((".", ":", ",", "。", "：", "；")):
            return False
        if any(above.tag == f"{_W}tbl" for above in paragraph.iterancestors()):
            return False
        runs = [run for run in paragraph.iter(f"{_W}r") if "".join(run.itertext()).strip()]
        return bool(runs) and all(_is_bold(run) for run in runs)

    def _text(self, element: Any) -> str:
        """Words with links as Markdown; what was deleted and what belongs to a text box is left out."""
        parts = []
        for child in element:
            if child.tag in _NOT_READ or child.tag == _FALLBACK:
                continue
            if child.tag == f"{_W}t":
                parts.append(child.text or "")
            elif child.tag in _BREAKS:
                parts.append(_BREAKS[child.tag])
            elif child.tag == f"{_W}hyperlink":
                words, address = self._text(child), self._links.get(child.get(_RELATION), "")
                is_link = words.strip() and address.lower().startswith(("http://", "https://", "mailto:", "tel:"))
                parts.append(f"[{words.strip()}]({_safe(address)})" if is_link else words)
            else:
                parts.append(self._text(child))
        return "".join(parts)

    def _rows(self, table: Any) -> list[tuple[str, ...]]:
        rows: list[list[str]] = []
        for row in table.iter(f"{_W}tr"):
            if next(row.iterancestors(f"{_W}tbl")) is not table:
                continue
            cells: list[str] = []
            for cell in row.iter(f"{_W}tc"):
                if next(cell.iterancestors(f"{_W}tr")) is not row:
                    continue
                text = markdown_of(_with_lists_joined(list(self.blocks(cell)))).replace("\n\n", "\n")
                merge = cell.find(f"{_W}tcPr/{_W}vMerge")
                if merge is not None and merge.get(f"{_W}val") != "restart" and rows and len(cells) < len(rows[-1]):
                    text = rows[-1][len(cells)]
                span = _value(cell, "tcPr/gridSpan") or "1"
                cells += [text] * (min(int(span), 100) if span.isdigit() else 1)
            rows.append(cells)
        width = max(map(len, rows), default=0)
        return [tuple(cells + [""] * (width - len(cells))) for cells in rows if any(cells)]


def _table(rows: list[tuple[str, ...]]) -> Iterator[Block]:
    """A table of one column is a box around text."""
    if len(rows[0]) == 1:
        yield from (Prose(row[0]) for row in rows)
    else:
        yield Table(tuple(rows))


def _with_lists_joined(blocks: list[Block]) -> list[Block]:
    """Neighbouring points of a list as one block."""
    joined: list[Block] = []
    for block in blocks:
        last = joined[-1] if joined else None
        if isinstance(block, Prose) and isinstance(last, Prose) and _is_point(block) and _is_point(last):
            joined[-1] = Prose(f"{last.text}\n{block.text}")
        else:
            joined.append(block)
    return joined


def _is_point(prose: Prose) -> bool:
    return prose.text.lstrip().startswith("- ")


def _style_level(style: Any) -> int | None:
    """By name, or by the outline level that it or a style it is based on sets."""
    name = (style.name or "").lower()
    if name == "title":
        return 0
    if name.startswith("heading ") and name[8:].isdigit():
        return min(int(name[8:]), _LOWEST)
    for _ in range(10):
        level = _value(style.element, "pPr/outlineLvl")
        if level is not None and level.isdigit():
            return int(level) + 1 if int(level) < _LOWEST else None
        base = getattr(style, "base_style", None)
        if base is None:
            return None
        style = base
    return None


def _is_bold(run: Any) -> bool:
    bold = run.find(f"{_W}rPr/{_W}b")
    return bold is not None and bold.get(f"{_W}val") not in ("0", "false")


def _value(element: Any, path: str) -> str | None:
    found = element.find("/".join(f"{_W}{step}" for step in path.split("/")))
    return None if found is None else found.get(f"{_W}val")


def _safe(address: str) -> str:
    return address.replace(" ", "%20").replace("(", "%28").replace(")", "%29")
