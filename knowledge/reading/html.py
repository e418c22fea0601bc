"""Web pages as blocks. What every page repeats (menus, footers, banners) is left out; links and pictures become
Markdown; accordions, definition lists and what a page tells search engines about its questions become pairs."""

import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from knowledge.problem import UnreadableDocument
from knowledge.reading.blocks import Block, Heading, Pair, Prose
from knowledge.reading.composing import Reading, compose, markdown_of
from knowledge.reading.decoding import decode
from knowledge.reading.elements import PageReader, ancestors
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
    reader = PageReader(base_url, tree)
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
        if not any(outer.tag in ("main", "article") for outer in ancestors(node)) and not node.css_first(
            "main, article"
        ):
            node.decompose()


def _roots(tree: "LexborHTMLParser", body: "LexborNode") -> "list[LexborNode]":
    """The page's main part where it names one that holds text."""
    mains = [node for node in tree.css("main, [role=main]") if node.tag != "body"]
    known = {node.mem_id for node in mains}
    mains = [node for node in mains if not any(outer.mem_id in known for outer in ancestors(node))]
    words = sum(len(node.text().split()) for node in mains)
    return mains if words >= _FEWEST_WORDS_OF_MAIN or words > len(body.text().split()) / 2 else [body]
