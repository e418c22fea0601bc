"""Questions a page tells to search engines: schema.org's FAQPage and Question, as JSON-LD or in the elements."""

import html
import json
import re
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from knowledge.reading.blocks import Pair

if TYPE_CHECKING:
    from selectolax.lexbor import LexborHTMLParser


def structured_pairs(tree: "LexborHTMLParser", *, text_of: Callable[[str], str]) -> list[Pair]:
    """`text_of` makes the HTML of an answer readable."""
    return [*_told_as_json(tree, text_of), *_told_by_elements(tree, text_of)]


def _told_as_json(tree: "LexborHTMLParser", text_of: Callable[[str], str]) -> Iterator[Pair]:
    for script in tree.css('script[type="application/ld+json" i]'):
        source = re.sub(r"^\s*(<!--|/\*.*?\*/|//<!\[CDATA\[)|(-->|//\]\]>)\s*$", "", script.text())
        try:
            told = json.loads(source, strict=False)
        except (ValueError, RecursionError):
            continue
        for thing in _questions(told):
            answer = thing.get("acceptedAnswer") or thing.get("suggestedAnswer")
            answers = [one.get("text") for one in _as_list(answer) if isinstance(one, dict)]
            text = next((text_of(one).strip() for one in answers if isinstance(one, str) and one.strip()), "")
            question = thing.get("name") or thing.get("text")
            if isinstance(question, str) and question.strip() and text:
                yield Pair(" ".join(html.unescape(question).split()), text)


def _questions(told: Any) -> Iterator[dict[str, Any]]:
    """Wherever they stand: in a list, in @graph, below mainEntity; in the order they are told."""
    waiting = [told]
    while waiting:
        thing = waiting.pop()
        if isinstance(thing, dict):
            if any(str(kind).rsplit("/", 1)[-1] == "Question" for kind in _as_list(thing.get("@type"))):
                yield thing
            waiting += reversed(thing.values())
        elif isinstance(thing, list):
            waiting += reversed(thing)


def _told_by_elements(tree: "LexborHTMLParser", text_of: Callable[[str], str]) -> Iterator[Pair]:
    for node in tree.css('[itemtype$="schema.org/Question"]'):
        name, answer = node.css_first("[itemprop=name]"), node.css_first("[itemprop=acceptedAnswer]")
        if name and answer:
            text = answer.css_first("[itemprop=text]") or answer
            question, readable = " ".join(name.text().split()), text_of(text.inner_html or "").strip()
            if question and readable:
                yield Pair(question, readable)


def _as_list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else [value]
