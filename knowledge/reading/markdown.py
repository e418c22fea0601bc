"""Markdown as blocks; what is no heading and no table keeps its source, so that links and lists stay as they were."""

import re
from dataclasses import replace
from itertools import islice
from urllib.parse import urljoin

from markdown_it import MarkdownIt
from markdown_it.token import Token

from knowledge.reading.blocks import Block, Heading, Place, Prose, Table
from knowledge.reading.composing import Reading, compose
from knowledge.reading.decoding import decode

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)
_RELATIVE_LINK = re.compile(r"(!?\[[^\]\n]{0,500}\]\()(?![a-z][a-z0-9+.-]*:)([^)\s]+)")


def read_markdown(content: bytes, *, name: str, base_url: str | None = None) -> Reading:
    text, problems = decode(content, name=name)
    entries, more = compose(markdown_blocks(text, base_url=base_url), name=name, base_url=base_url)
    return entries, [*problems, *more]


def markdown_blocks(text: str, *, base_url: str | None = None) -> list[Block]:
    """Headings inside code and quotes do not count. HTML blocks are read as HTML."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _FRONT_MATTER.sub(lambda matter: "\n" * matter.group().count("\n"), text)
    if base_url:
        text = _RELATIVE_LINK.sub(lambda link: link[1] + urljoin(base_url, link[2]), text)
    lines = text.split("\n")
    markdown = MarkdownIt("commonmark").enable("table")
    blocks: list[Block] = []
    html_until = 0
    tokens = markdown.parse(text)
    for at, token in enumerate(tokens):
        if token.level or not token.map or token.map[0] < html_until:
            continue
        start, end = token.map
        if token.type == "heading_open":
            blocks.append(Heading(_words(tokens[at + 1].content), int(token.tag[1]), Place(start + 1)))
        elif token.type == "table_open":
            blocks.append(Table(_rows(tokens, at), has_header=True, place=Place(start + 1)))
        elif token.type == "html_block":
            html_until = _end_of_html(lines, start, end)
            blocks += _html(markdown.render("\n".join(lines[start:html_until])), start + 1, base_url)
        elif token.type != "hr" and (prose := "\n".join(lines[start:end]).strip("\n")).strip():
            blocks.append(Prose(prose, Place(start + 1)))
    return blocks


def _words(heading: str) -> str:
    heading = re.sub(r"!?\[([^\[\]]{0,500})\]\([^)]{0,2000}\)", r"\1", heading)
    return re.sub(r"[*_`]{1,3}(\S.{0,500}?)[*_`]{1,3}", r"\1", heading).strip()


def _rows(tokens: list[Token], at: int) -> tuple[tuple[str, ...], ...]:
    rows: list[list[str]] = []
    for token in islice(tokens, at, None):
        if token.type == "table_close":
            break
        if token.type == "tr_open":
            rows.append([])
        elif token.type == "inline":
            rows[-1].append(token.content.strip())
    return tuple(map(tuple, rows))


def _end_of_html(lines: list[str], start: int, end: int) -> int:
    """A details element goes on over the blank lines inside it, which end an HTML block in Markdown."""
    opened = 0
    for at in range(start, len(lines)):
        opened += lines[at].count("<details") - lines[at].count("</details>")
        if at + 1 >= end and opened <= 0:
            return at + 1
    return end


def _html(page: str, line: int, base_url: str | None) -> list[Block]:
    from knowledge.reading.html import html_blocks

    return [replace(block, place=Place(line)) for block in html_blocks(page, base_url=base_url)]
