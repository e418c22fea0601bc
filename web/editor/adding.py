"""A page or a site becomes knowledge, for the command line as for the API."""

import asyncio
from collections.abc import Callable

from knowledge.library import Added, Library
from knowledge.problem import UnreadableDocument
from knowledge.reading.addresses import address_of
from knowledge.reading.bounds import Bounds, Progress
from knowledge.reading.fetching import Fetcher, Gone
from knowledge.reading.site import read_site
from knowledge.reading.sitemap import is_sitemap
from knowledge.reading.web_page import read_page


async def add_address(
    library: Library,
    url: str,
    fetcher: Fetcher,
    *,
    site: bool = False,
    bounds: Bounds = Bounds(),  # noqa: B008
    told: Callable[[Progress], None] = lambda _: None,
) -> Added:
    """What was added as a site is read again as one. A page that is gone takes its entries with it. Raises
    UnreadableDocument."""
    url = fetcher.address(url)
    if site or is_sitemap(url) or await asyncio.to_thread(_is_site, library, url):
        document = await read_site(url, fetcher, bounds=bounds, told=told)
        return await asyncio.to_thread(library.add, document)
    try:
        document = await read_page(url, fetcher)
    except Gone:
        retired = await asyncio.to_thread(library.remove_source, url)
        if not retired:
            raise
        return Added(retired=retired)
    return await asyncio.to_thread(library.add, document)


def known_as(name: str) -> str:
    """A source's name as it is kept: an address in its one way of writing, any other as it is."""
    try:
        return address_of(name)
    except UnreadableDocument:
        return name


def _is_site(library: Library, url: str) -> bool:
    return any(source.name == url and source.kind == "site" for source in library.sources())
