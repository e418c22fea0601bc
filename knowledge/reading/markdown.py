"""Markdown as an FAQ: a heading asks, the text below it answers, and the headings above say what it is about."""

import re
from itertools import pairwise

from markdown_it import MarkdownIt

from knowledge.entry import Entry
from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.faq import guess_lang, stable_id

_FRONT_MATTER = re.compile(r"\A---\n.*?\n---\n", re.DOTALL)


def read_markdown(text: str, *, name: str) -> tuple[list[Entry], list[Problem]]:
    """One entry for each heading with text below it. "Sofas" under "Returns" becomes "Returns › Sofas"."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _FRONT_MATTER.sub(lambda matter: "\n" * matter.group().count("\n"), text)
    lines = text.split("\n")
    headings = _headings(text)
    if not headings:
        raise UnreadableDocument(f"{name} has no headings, so nothing in it asks a question.")
    problems = []
    if any(line.strip() for line in lines[: headings[0][1]]):
        problems.append(Problem(1, "text above the first heading belongs to no question", hides_entry=False))
    title = headings[0][2] if [level for level, *_ in headings].count(1) == 1 and headings[0][0] == 1 else None
    entries: list[Entry] = []
    path: list[tuple[int, str]] = []
    ends = [start for _, start, _, _ in headings[1:]] + [len(lines)]
    for (level, start, heading, body), end in zip(headings, ends, strict=True):
        path = [above for above in path if above[0] < level]
        above = tuple(text for _, text in path if text != title)
        path.append((level, heading))
        answer = "\n".join(lines[body:end]).strip()
        if answer and heading:
            entries.append(_entry(heading, answer, above=above, source=name, line=start + 1))
        elif answer:
            problems.append(Problem(start + 1, "a heading without words"))
    return entries, problems


def _headings(text: str) -> list[tuple[int, int, str, int]]:
    """Level, first line (from 0), words, and the line after; headings inside code blocks and quotes do not count."""
    tokens = MarkdownIt().parse(text)
    return [
        (int(token.tag[1]), token.map[0], _words(inline.content), token.map[1])
        for token, inline in pairwise(tokens)
        if token.type == "heading_open" and token.level == 0 and token.map
    ]


def _words(heading: str) -> str:
    heading = re.sub(r"!?\[([^\]]*)\]\([^)]*\)", r"\1", heading)
    return re.sub(r"[*_`]{1,3}(\S.*?)[*_`]{1,3}", r"\1", heading).strip()


def _entry(heading: str, answer: str, *, above: tuple[str, ...], source: str, line: int) -> Entry:
    asks = heading.endswith(("?", "？"))
    question = heading if asks else " › ".join((*above, heading))
    return Entry(
        id=stable_id(" › ".join((*above, heading))),
        question=question,
        answer=answer,
        lang=guess_lang(heading + answer),
        tags=above,
        source=source,
        line=line,
    )
