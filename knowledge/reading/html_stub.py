"""The least of an HTML reader: a heading asks, the text below it answers."""

from html.parser import HTMLParser

from knowledge.entry import Entry
from knowledge.problem import Problem
from knowledge.reading.faq import guess_lang, stable_id


def read_html(text: str, *, name: str) -> tuple[list[Entry], list[Problem]]:
    page = _Page()
    page.feed(text)
    asked = ((" ".join(heading.split()), " ".join(answer.split())) for heading, answer in page.found)
    return [
        Entry(id=stable_id(heading), question=heading, answer=answer, lang=guess_lang(heading + answer), source=name)
        for heading, answer in asked
        if heading and answer
    ], []


class _Page(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.found: list[tuple[str, str]] = []
        self._is_heading = False

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:  # noqa: ARG002
        if tag in ("h1", "h2", "h3"):
            self._is_heading = True
            self.found.append(("", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in ("h1", "h2", "h3"):
            self._is_heading = False

    def handle_data(self, data: str) -> None:
        if self.found:
            heading, answer = self.found[-1]
            self.found[-1] = (heading + data, answer) if self._is_heading else (heading, answer + data)
