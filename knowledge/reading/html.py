"""Web pages as blocks. What every page repeats (menus, footers, banners) is left out; links and pictures become
Markdown; accordions, definition lists and what a page tells search engines about its questions become pairs."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from knowledge.problem import UnreadableDocument
from knowledge.reading.blocks import Block, Heading, Pair, Place, Prose, Table
from knowledge.reading.composing import Reading, compose, markdown_of
from knowledge.reading.decoding import decode
from knowledge.reading.faq import normalise
from knowledge.reading.structured import structured_pairs

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser, LexborNode

_NEVER = "script, style, noscript, template, svg, iframe, canvas, object, select, textarea, input, head"
_BOILERPLATE = (
    "nav, dialog, [role=navigation], [role=banner], [role=contentinfo], [role=search], [role=dialog], "
    "[role=alertdialog], [class*=cookie i], [id*=cookie i], [class*=consent i], [id*=consent i], "
    "[class*=breadcrumb i], [aria-label*=breadcrumb i], [class*=skip-link i]"
)
_TRIGGERS = "[aria-expanded][aria-controls], [data-bs-target], [data-target]"
_BLOCKS = frozenset(
    "address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr html li main ol p pre section summary table ul".split()
)
_HOLDS_BLOCKS = "p, div, h1, h2, h3, h4, h5, h6, ul, ol, table, dl, details, section, article, blockquote, pre"
_STRUCTURE = "h1, h2, h3, h4, h5, h6, details, table, dl"
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_NOT_A_QUESTION = frozenset("menu more filter search open close toggle 更多 展开 菜单".split())
_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
_PERMALINKS = frozenset("# ¶ § 🔗".split())
_DEEPEST = 200
"""Elements nested deeper are read as their bare words."""
_DEEPEST_LIST = 10
_FEWEST_WORDS_OF_MAIN = 20


def read_html(content: bytes, *, name: str, base_url: str | None = None) -> Reading:
    from selectolax.lexbor import LexborHTMLParser

    page, problems = decode(content, name=name, declared=_declared_encoding(content))
    tree = LexborHTMLParser(page)
    title = tree.css_first("title")
    blocks = html_blocks(page, base_url=base_url)
    if not blocks and tree.css_first("script"):
        raise UnreadableDocument(f"{name} is a page that only a browser can show: it holds scripts but no text.")
    entries, more = compose(blocks, name=name, title=" ".join(title.text().split()) if title else "", base_url=base_url)
    return entries, [*problems, *more]


def html_blocks(page: str, *, base_url: str | None = None) -> list[Block]:
    """A page or a part of one."""
    from selectolax.lexbor import LexborHTMLParser

    tree = LexborHTMLParser(page)
    told = structured_pairs(tree, text_of=lambda html: markdown_of(_fragment(html, base_url)))
    base = tree.css_first("base[href]")
    if base:
        base_url = urljoin(base_url or "", base.attributes.get("href") or "") or None
    body = tree.body
    if body is None:
        return list(told)
    title = tree.css_first("h1")
    title_text = " ".join(title.text().split()) if title else ""
    _drop_boilerplate(tree)
    reader = _PageReader(base_url, tree)
    for root in _roots(tree, body):
        reader.walk(root)
    reader.end_paragraph()
    blocks = reader.blocks
    if title_text and blocks and not tree.css_first("h1"):
        blocks.insert(0, Heading(title_text, 1))
    seen = {normalise(block.question) for block in blocks if isinstance(block, Pair)}
    seen |= {normalise(block.text) for block in blocks if isinstance(block, Heading)}
    return [*(pair for pair in told if normalise(pair.question) not in seen), *blocks]


def _fragment(html: str, base_url: str | None) -> list[Block]:
    if "<" not in html and "&" not in html:
        return [Prose(html)]
    return html_blocks(html, base_url=base_url)


def _declared_encoding(content: bytes) -> str | None:
    found = re.search(rb"""<meta[^>]{0,200}charset=["']?\s*([\w-]{2,40})""", content[:4096], re.IGNORECASE)
    return found[1].decode("ascii") if found else None


def _drop_boilerplate(tree: "LexborHTMLParser") -> None:
    for node in tree.css(_NEVER):
        if node.tag != "head":
            node.decompose()
    for node in tree.css(_BOILERPLATE):
        if node.tag not in ("html", "body", "main", "article") and not node.css_first("main, article, h1"):
            node.decompose()
    for node in tree.css("header, footer, aside"):
        if not any(above.tag in ("main", "article") for above in _above(node)) and not node.css_first("main, article"):
            node.decompose()


def _roots(tree: "LexborHTMLParser", body: "LexborNode") -> "list[LexborNode]":
    """The page's main part where it names one that holds text."""
    mains = [node for node in tree.css("main, [role=main]") if node.tag != "body"]
    known = {node.mem_id for node in mains}
    mains = [node for node in mains if not any(above.mem_id in known for above in _above(node))]
    words = sum(len(node.text().split()) for node in mains)
    return mains if words >= _FEWEST_WORDS_OF_MAIN or words > len(body.text().split()) / 2 else [body]


def _above(node: "LexborNode") -> "Iterator[LexborNode]":
    above = node.parent
    while above is not None:
        yield above
        above = above.parent


def _children(node: "LexborNode") -> "Iterator[LexborNode]":
    return node.iter(include_text=True)


@dataclass
class _PageReader:
    """Walks a page once, in reading order."""

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
                or any(above.mem_id == panel.mem_id for above in _above(trigger))
            ):
                continue
            holder = trigger
            for above in _above(trigger):
                if above.tag not in (*_HEADINGS, "dt") or above.text(strip=True) != trigger.text(strip=True):
                    break
                holder = above
            self._panels[holder.mem_id] = panel

    def walk(self, node: "LexborNode", depth: int = 0) -> None:
        for child in _children(node):
            self._read(child, depth)

    def _read(self, node: "LexborNode", depth: int) -> None:
        tag = node.tag or ""
        if node.is_text_node:
            self._words.append(re.sub(r"\s+", " ", node.text_content or ""))
        elif depth > _DEEPEST:
            self._words.append(node.text(separator=" "))
        elif node.mem_id in self._shown:
            return
        elif panel := self._panels.get(node.mem_id):
            self.end_paragraph()
            self._shown.add(panel.mem_id)
            self._answered(node, [panel], depth, anchor=_anchor(node) or _anchor(panel))
        elif tag not in _BLOCKS and not (node.first_child and node.css_first(_HOLDS_BLOCKS)):
            self._words.append(self._inline(node))
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
            rest = [child for child in _children(node) if summary is None or child.mem_id != summary.mem_id]
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
        question = self._line(asking)
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
        part = _PageReader.__new__(_PageReader)
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
        if text := self._line(node, plain=True):
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
        for child in _children(node):
            if child.is_text_node or child.tag != "li":
                continue
            inner = [part for part in child.css("ul, ol") if (_nearest(part, "li") or part).mem_id == child.mem_id]
            words = " ".join(
                self._inline(part) if not part.is_text_node else part.text_content or ""
                for part in _children(child)
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
            given = [cell for cell in _children(row) if cell.tag in ("td", "th")]
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
                text = self._apart(list(_children(cell)), 0).replace("\n\n", "\n")
                down = _span(cell, "rowspan")
                for offset in range(_span(cell, "colspan")):
                    cells.append(text)
                    if down > 1:
                        open_cells[at + offset] = (down - 1, text)
            rows.append(cells)
        width = max(map(len, rows), default=0)
        return tuple(tuple(cells + [""] * (width - len(cells))) for cells in rows), has_header

    def _line(self, node: "LexborNode", *, plain: bool = False) -> str:
        return " ".join(self._inline(node, plain=plain).split())

    def _inline(self, node: "LexborNode", *, plain: bool = False, depth: int = 0) -> str:
        """An element's words, with its links and pictures as Markdown unless they are to be `plain`."""
        tag = node.tag or ""
        if node.is_text_node:
            return re.sub(r"\s+", " ", node.text_content or "")
        if node.is_comment_node or (tag == "button" and node.mem_id not in self._panels and depth == 0):
            return ""
        if tag == "br":
            return "\n"
        if tag == "img":
            return "" if plain else self._picture(node)
        if depth > _DEEPEST:
            return node.text(separator=" ")
        inner = "".join(self._inline(child, plain=plain, depth=depth + 1) for child in _children(node))
        if tag == "a":
            return inner if plain and inner.strip() not in _PERMALINKS else self._link(node, inner, plain=plain)
        return f" {inner} " if tag in _BLOCKS else inner

    def _link(self, node: "LexborNode", inner: str, *, plain: bool) -> str:
        words = inner.strip()
        if words in _PERMALINKS:
            return ""
        address = self._address(node.attributes.get("href"))
        if plain or not words or not address or "](" in words:
            return inner
        before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        return f"{before}[{' '.join(words.split())}]({address}){after}"

    def _picture(self, node: "LexborNode") -> str:
        alt, address = (node.attributes.get("alt") or "").strip(), self._address(node.attributes.get("src"))
        return f"![{' '.join(alt.split())}]({address})" if alt and address else ""

    def _address(self, given: str | None) -> str | None:
        """Absolute where the page's own address is known; None for what leads nowhere or runs a script."""
        given = (given or "").strip()
        if not given or (given.startswith("#") and not self.base_url):
            return None
        try:
            address = urljoin(self.base_url or "", given)
        except ValueError:
            return None
        if re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE) and not _LINK.match(address):
            return None
        return re.sub(r"[\s()<>]", lambda found: f"%{ord(found[0]):02X}", address)

    def _prose(self, text: str, anchor: str | None = None) -> None:
        if text.strip():
            self.blocks.append(Prose(text.strip("\n"), Place(anchor=anchor)))

    def end_paragraph(self) -> None:
        """What was gathered since the last block is a paragraph."""
        lines = [" ".join(line.split()) for line in "".join(self._words).split("\n")]
        self._words.clear()
        self._prose("\n".join(line for line in lines if line))


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
    return next((above for above in _above(node) if above.tag == tag), None)


def _span(cell: "LexborNode", name: str) -> int:
    span = cell.attributes.get(name) or "1"
    return min(max(int(span), 1), 100) if span.isascii() and span.isdigit() else 1
