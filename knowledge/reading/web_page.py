"""One page of the web as a document; what is on it carries its address, so that a customer can be sent there."""

import asyncio
from dataclasses import replace

from knowledge.problem import UnreadableDocument
from knowledge.reading.documents import Document, parse_document
from knowledge.reading.fetching import Fetcher, Page


async def read_page(url: str, fetcher: Fetcher) -> Document:
    """Raises Gone when there is no such page, UnreadableDocument when it cannot be used. Somebody named this very page,
    so robots.txt, which is for those who follow links, is not asked."""
    url = fetcher.address(url)
    return await asyncio.to_thread(page_document, await fetcher.follow(url), name=url)


def page_document(page: Page, *, name: str) -> Document:
    """Blocking."""
    if page.kind is None:
        raise UnreadableDocument(f"{page.url} is no page of text: HTML, PDF, DOCX, text and CSV can be read.")
    document = parse_document(page.content, name=page.url, kind=page.kind, base_url=page.url)
    entries = tuple(replace(entry, source=name, url=entry.url or page.url) for entry in document.entries)
    return replace(document, name=name, entries=entries)
