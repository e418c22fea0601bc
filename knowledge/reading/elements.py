"""Walks the elements of a page once, in reading order, and makes blocks of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from knowledge.reading.blocks import Block, Heading, Pair, Place, Prose, Table
from knowledge.reading.composing import markdown_of
from knowledge.reading.inline import BLOCKS, DEEPEST, Inline, children

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_TRIGGERS = "[aria-expanded][aria-controls], [data-bs-target], [data-target]"
_HOLDS_BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, dl, details, section, article, blockquote, pre"
_STRUCTURE = "h1, h2, h3, h4, h5, h6, details, table, dl"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOT_A_QUESTION = frozenset("menu more filter search open close toggle 更多 展开 菜单".split())
_DEEPEST_LIST = 10


@dataclass
class PageReader:
    base_url: str | None
    tree: "LexborHTMLParser"
    blocks: list[Block] = field(default_factory=list)
    _words: list[str] = field(default_factory=list)
    _level: int = 1
    _panels: "dict[int, LexborNode]" = field(default_factory=dict)
    """By a trigger's identity, what it opens."""
    _shown: set[int] = field(default_factory=set)
    """Panels read with their trigger."""

    def __post_init__(self) -> None:
        self._inline = Inline(self.base_url, asking=self._panels)
        for trigger in self.tree.css(_TRIGGERS):
            named = trigger.attributes
            target = named.get("aria-controls") or named.get("data-bs-target") or named.get("data-target") or ""
            target = target.split(" ")[0].removeprefix("#")
            if not re.fullmatch(r"[^\s\"\\\]]+", target) or trigger.text(strip=True).casefold() in _NOT_A_QUESTION:
                continue
            panel = self.tree.css_first(f'[id="{target}"]')
            if (
                panel is None
                or not panel.text(strip=True)
                or any(outer.mem_id == panel.mem_id for outer in ancestors(trigger))
            ):
                continue
            holder = trigger
            for outer in ancestors(trigger):
                if outer.tag not in (*_HEADINGS, "dt") or outer.text(strip=True) != trigger.text(strip=True):
                    break
                holder = outer
            self._panels[holder.mem_id] = panel

    def walk(self, node: "LexborNode", depth: int = 0) -> None:
        for child in children(node):
            self._read(child, depth)

    def _read(self, node: "LexborNode", depth: int) -> None:
        tag = node.tag or ""
        if node.is_text_node:
            self._words.append(re.sub(r"\s+", " ", node.text_content or ""))
        elif depth > DEEPEST:
            self._words.append(node.text(separator=" "))
        elif node.mem_id in self._shown:
            return
        elif panel := self._panels.get(node.mem_id):
            self.end_paragraph()
            self._shown.add(panel.mem_id)
            self._answered(node, [panel], depth, anchor=_anchor(node) or _anchor(panel))
        elif tag not in BLOCKS and not (node.first_child and node.css_first(_HOLDS_BLOCKS)):
            self._words.append(self._inline.words(node))
        else:
            self.end_paragraph()
            self._block(node, tag, depth)
            self.end_paragraph()

    def _block(self, node: "LexborNode", tag: str, depth: int) -> None:
        if tag in _HEADINGS:
            self._heading(node, int(tag[1]))
        elif tag in ("ul", "ol") and not node.css_first(_STRUCTURE) and not self._holds_panels(node):
            self._prose("\n".join(self._list(node, 0)))
        elif tag == "table" and not _holds(node, "table, h1, h2, h3, details"):
            rows, has_header = self._rows(node)
            if any(map(any, rows)):
                self.blocks.append(Table(rows, has_header, Place(anchor=_anchor(node))))
        elif tag == "dl":
            self._definitions(node, depth)
        elif tag == "details":
            summary = node.css_first("summary")
            rest = [child for child in children(node) if summary is None or child.mem_id != summary.mem_id]
            if summary is None:
                self.walk(node, depth + 1)
            else:
                self._answered(summary, rest, depth, anchor=_anchor(node))
        elif tag == "pre":
            self._prose(f"```\n{node.text().strip()}\n```")
        elif tag != "hr":
            self.walk(node, depth + 1)

    def _answered(
        self, asking: "LexborNode", answers: "list[LexborNode]", depth: int, anchor: str | None = None
    ) -> None:
        """A question that opens its answer, or a heading that opens more of them."""
        question = self._inline.line(asking)
        if any(self._opens_more(answer) for answer in answers):
            self.blocks.append(Heading(question, min(self._level + 1, 9), Place(anchor=anchor or _anchor(asking))))
            self._level += 1
            for answer in answers:
                self._read(answer, depth + 1)
            self.end_paragraph()
            self._level -= 1
            return
        text = self._apart(answers, depth)
        if question and text:
            self.blocks.append(Pair(question, text, Place(anchor=anchor or _anchor(asking))))
        elif text:
            self._prose(text)

    def _apart(self, nodes: "list[LexborNode]", depth: int) -> str:
        """The nodes as Markdown, without leaving them on the page."""
        part = PageReader.__new__(PageReader)
        part.__dict__ |= {**self.__dict__, "blocks": [], "_words": []}
        for node in nodes:
            part._shown.discard(node.mem_id)
            part._read(node, depth + 1)
            part._shown.add(node.mem_id)
        part.end_paragraph()
        return markdown_of(part.blocks).strip()

    def _opens_more(self, node: "LexborNode") -> bool:
        return not node.is_text_node and (node.css_first("details") is not None or self._holds_panels(node))

    def _holds_panels(self, node: "LexborNode") -> bool:
        return bool(self._panels) and any(inner.mem_id in self._panels for inner in node.css("*"))

    def _heading(self, node: "LexborNode", level: int) -> None:
        if text := self._inline.line(node, plain=True):
            self._level = level
            self.blocks.append(Heading(text, level, Place(anchor=_anchor(node))))

    def _definitions(self, node: "LexborNode", depth: int) -> None:
        terms: list[LexborNode] = []
        answers: list[LexborNode] = []
        for child in node.css("dt, dd"):
            if child.tag == "dt":
                if answers:
                    self._answered(terms[-1], answers, depth)
                    terms, answers = [], []
                terms.append(child)
            elif terms:
                answers.append(child)
        if answers:
            self._answered(terms[-1], answers, depth)

    def _list(self, node: "LexborNode", indent: int) -> Iterator[str]:
        number = int(node.attributes.get("start") or 1) if (node.attributes.get("start") or "1").isdigit() else 1
        for child in children(node):
            if child.is_text_node or child.tag != "li":
                continue
            inner = [part for part in child.css("ul, ol") if (_nearest(part, "li") or part).mem_id == child.mem_id]
            words = " ".join(
                self._inline.words(part) if not part.is_text_node else part.text_content or ""
                for part in children(child)
                if part.is_text_node or part.tag not in ("ul", "ol")
            )
            mark = f"{number}." if node.tag == "ol" else "-"
            if text := " ".join(words.split()):
                yield f"{'  ' * indent}{mark} {text}"
                number += 1
            for part in inner:
                if indent < _DEEPEST_LIST:
                    yield from self._list(part, indent + 1)
                else:
                    yield f"{'  ' * indent}- {' '.join(part.text(separator=' ').split())}"

    def _rows(self, table: "LexborNode") -> tuple[tuple[tuple[str, ...], ...], bool]:
        """Cells that span several rows or columns are filled; also whether the first row is of headers only."""
        rows: list[list[str]] = []
        open_cells: dict[int, tuple[int, str]] = {}
        has_header = False
        for row in table.css("tr"):
            cells: list[str] = []
            given = [cell for cell in children(row) if cell.tag in ("td", "th")]
            if not rows:
                has_header = bool(given) and all(cell.tag == "th" for cell in given)
            while given or len(cells) in open_cells:
                at = len(cells)
                if at in open_cells:
                    left, text = open_cells.pop(at)
                    cells.append(text)
                    if left > 1:
                        open_cells[at] = (left - 1, text)
                    continue
                cell = given.pop(0)
                text = self._apart(list(children(cell)), 0).replace("\n\n", "\n")
                down = _span(cell, "rowspan")
                for offset in range(_span(cell, "colspan")):
                    cells.append(text)
                    if down > 1:
                        open_cells[at + offset] = (down - 1, text)
            rows.append(cells)
        width = max(map(len, rows), default=0)
        return tuple(tuple(cells + [""] * (width - len(cells))) for cells in rows), has_header

    def _prose(self, text: str, anchor: str | None = None) -> None:
        if text.strip():
            self.blocks.append(Prose(text.strip("\n"), Place(anchor=anchor)))

    def end_paragraph(self) -> None:
        """What was gathered since the last block is a paragraph."""
        lines = [" ".join(line.split()) for line in "".join(self._words).split("\n")]
        self._words.clear()
        self._prose("\n".join(line for line in lines if line))


def ancestors(node: "LexborNode") -> "Iterator[LexborNode]":
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _anchor(node: "LexborNode") -> str | None:
    """The nearest id a link can lead to: its own, one inside it, or that of the section it opens."""
    if own := node.attributes.get("id"):
        return own
    for inner in node.css("[id], a[name]"):
        if inner.tag != "svg" and (found := inner.attributes.get("id") or inner.attributes.get("name")):
            return found
    above = node.parent
    return above.attributes.get("id") if above is not None and above.tag == "section" else None


def _holds(node: "LexborNode", selector: str) -> bool:
    return any(inner.mem_id != node.mem_id for inner in node.css(selector))


def _nearest(node: "LexborNode", tag: str) -> "LexborNode | None":
    return next((outer for outer in ancestors(node) if outer.tag == tag), None)


def _span(cell: "LexborNode", name: str) -> int:
    span = cell.attributes.get(name) or "1"
    return min(max(int(span), 1), 100) if span.isascii() and span.isdigit() else 1
