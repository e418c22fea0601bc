"""Plain text as blocks: blank lines part paragraphs; underlines, capitals and numbers show headings."""

import re

from knowledge.reading.blocks import Block, Heading, Place, Prose
from knowledge.reading.composing import Reading, compose
from knowledge.reading.decoding import decode
from knowledge.reading.markdown import markdown_blocks
from knowledge.reading.questions import asks

_LOOKS_LIKE_MARKDOWN = re.compile(r"^#{1,6} \S", re.MULTILINE)
_UNDERLINE = re.compile(r"([=\-~*])\1{2,}\s*")
_NUMBER = re.compile(r"(\d{1,2}(?:\.\d{1,2})*)[.)]?\s+\S|第[一二三四五六七八九十\d]+[章节条]|[一二三四五六七八九十]+、")
_ENDS_SENTENCE = re.compile(r"[.!:;,。！：；，]$")
_LONGEST_HEADING = 80


def read_text(content: bytes, *, name: str, base_url: str | None = None) -> Reading:
    text, problems = decode(content, name=name)
    blocks = markdown_blocks(text) if _LOOKS_LIKE_MARKDOWN.search(text) else text_blocks(text)
    entries, more = compose(blocks, name=name, base_url=base_url)
    return entries, [*problems, *more]


def text_blocks(text: str) -> list[Block]:
    blocks: list[Block] = []
    for number, paragraph in _paragraphs(text):
        level, taken = _heading(paragraph)
        if level:
            blocks.append(Heading(paragraph[0].strip().strip("*=~- "), level, Place(number)))
        if rest := "\n".join(paragraph[taken:]).strip():
            blocks.append(Prose(rest, Place(number + taken)))
    if len(blocks) > 1 and isinstance(first := blocks[0], Prose) and _is_title(first.text):
        blocks[0] = Heading(first.text, 0, first.place)
    if blocks and not any(isinstance(block, Prose) for block in blocks):
        return [Prose(block.text, block.place) for block in blocks if isinstance(block, Heading)]
    return blocks


def _is_title(text: str) -> bool:
    return "\n" not in text and len(text) <= _LONGEST_HEADING and not _ENDS_SENTENCE.search(text) and not asks(text)


def _paragraphs(text: str) -> list[tuple[int, list[str]]]:
    """Each with the number of its first line."""
    found: list[tuple[int, list[str]]] = []
    goes_on = False
    for number, line in enumerate(re.split(r"\r\n|\r|\n", text.replace("\f", "\n")), 1):
        if line.strip() and goes_on:
            found[-1][1].append(line)
        elif line.strip():
            found.append((number, [line]))
        goes_on = bool(line.strip())
    return found


def _heading(paragraph: list[str]) -> tuple[int, int]:
    """The level (0: none) and how many lines the heading takes."""
    first = paragraph[0].strip()
    if len(first) > _LONGEST_HEADING or not any(map(str.isalpha, first)):
        return 0, 0
    if len(paragraph) > 1 and (underline := _UNDERLINE.fullmatch(paragraph[1].strip())):
        return (1 if underline[1] in "=*" else 2), 2
    if _ENDS_SENTENCE.search(first) or asks(first):
        return 0, 0
    if first.isupper() and len(first) > 3:
        return 3, 1
    if len(paragraph) == 1 and (number := _NUMBER.match(first)):
        return 4 + (number[1].count(".") if number[1] else 0), 1
    return 0, 0
