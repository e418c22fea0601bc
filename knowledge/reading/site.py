"""A whole site as one document: the pages that its links and its sitemap name, as far as its robots.txt allows.

What is not known to be gone is not taken for gone: while a page did not come, or was not asked for, nothing is retired.
"""

import asyncio
import hashlib
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, replace
from urllib.parse import urljoin

from protego import Protego

from knowledge.entry import Entry
from knowledge.problem import Problem, UnreadableDocument
from knowledge.reading.addresses import host_of
from knowledge.reading.bounds import Bounds, Progress
from knowledge.reading.documents import Document
from knowledge.reading.fetching import MOST_REDIRECTS, USER_AGENT, Fetcher, Gone, Moved, Page, Unfetchable
from knowledge.reading.links import links_of
from knowledge.reading.sitemap import is_sitemap, read_sitemap
from knowledge.reading.web_page import page_document

_MOST_SITEMAPS = 50
_MOST_FAILURES_IN_A_ROW = 5
_REQUESTS_A_PAGE = 4
"""Redirects, pictures and dead links may not go on for ever either."""
_ROBOTS_BYTES = 500_000
"""Of a robots.txt no more need be read (RFC 9309, 2.5)."""


@dataclass(frozen=True)
class _Stop:
    """A page to call at."""

    url: str
    depth: int
    via: tuple[str, ...] = ()
    """The addresses that redirected here."""


async def read_site(
    url: str,
    fetcher: Fetcher,
    *,
    bounds: Bounds = Bounds(),  # noqa: B008
    told: Callable[[Progress], None] = lambda _: None,
    clock: Callable[[], float] = time.monotonic,
) -> Document:
    """`url` is where to begin, or a sitemap. Raises UnreadableDocument when no page could be read."""
    url = fetcher.address(url)
    crawl = _Crawl(url, fetcher, bounds=bounds, until=clock() + fetcher.patience.site_s, clock=clock)
    await crawl.begin()
    while stop := crawl.next():
        await crawl.call_at(stop)
        told(Progress(crawl.read, crawl.waiting))
    return crawl.document()


class _Crawl:
    """One site on its way: what is to be read, what was, and what came of it."""

    def __init__(self, url: str, fetcher: Fetcher, *, bounds: Bounds, until: float, clock: Callable[[], float]) -> None:
        self._url = url
        self._host = host_of(url)
        self._fetcher = fetcher
        self._bounds = bounds
        self._until, self._clock = until, clock
        self._robots = Protego.parse("")
        self._stops: deque[_Stop] = deque()
        self._seen: set[str] = set()
        self._entries: dict[tuple[str, str], Entry] = {}
        self._problems: list[Problem] = []
        self._empty: list[str] = []
        self._digest = hashlib.sha256()
        self._failures = self._asked = 0
        self.read = 0

    @property
    def waiting(self) -> int:
        return len(self._stops)

    async def begin(self) -> None:
        """robots.txt, the first page and the sitemaps; the first page may redirect to the site's real host."""
        await self._ask_robots()
        if is_sitemap(self._url):
            await self._use_sitemaps([self._url], is_needed=True)
            return
        self._require_allowed(self._url)
        first = await self._fetcher.follow(self._url)
        if host_of(first.url) != self._host:
            self._host = host_of(first.url)
            await self._ask_robots()
        self._require_allowed(first.url)
        self._seen |= {self._url, first.url}
        await self._take(first, _Stop(first.url, 0))
        named = [place for place in self._robots.sitemaps if self._is_here(place)]
        await self._use_sitemaps(named or [urljoin(first.url, "/sitemap.xml")], is_needed=bool(named))

    def next(self) -> _Stop | None:
        if not self._stops:
            return None
        if self.read >= self._bounds.pages:
            self._give_up(f"only the first {self._bounds.pages} pages were read, there are more")
        elif self._asked >= self._bounds.pages * _REQUESTS_A_PAGE:
            self._give_up(f"{self._asked} addresses were asked and {self.read} of them were pages")
        elif self._failures >= _MOST_FAILURES_IN_A_ROW:
            self._give_up(f"{_MOST_FAILURES_IN_A_ROW} pages in a row did not come, so the rest was not asked for")
        elif self._clock() > self._until:
            self._give_up(f"the site took longer than {self._fetcher.patience.site_s / 60:.0f} minutes")
        return self._stops.popleft() if self._stops else None

    async def call_at(self, stop: _Stop) -> None:
        self._asked += 1
        try:
            found = await self._fetcher.ask(stop.url)
        except Gone:
            self._failures = 0
        except Unfetchable as error:
            self._failures += 1
            self._problems.append(Problem(None, str(error)))
        except UnreadableDocument as error:
            self._problems.append(Problem(None, str(error), hides_entry=False))
        else:
            self._failures = 0
            if isinstance(found, Moved):
                self._move(stop, found.url)
            else:
                await self._take(found, stop)

    def document(self) -> Document:
        if not self._entries:
            reason = f" ({self._problems[0]})" if self._problems else ""
            raise UnreadableDocument(f"{self._url}: no page of this site holds a question that can be read{reason}.")
        problems = list(self._problems)
        if self._empty:
            number, first = len(self._empty), self._empty[0]
            problems.append(Problem(None, f"pages without a question: {number}, first {first}", hides_entry=False))
        entries = tuple(self._entries.values())
        return Document(self._url, "site", self._digest.hexdigest(), entries, tuple(problems))

    async def _ask_robots(self) -> None:
        """A robots.txt that is refused or absent allows all; one whose server fails, nothing (RFC 9309, 2.3.1)."""
        url = self._fetcher.address("/robots.txt", base=self._here(self._url))
        try:
            page = await self._fetcher.follow(url, any_kind=True)
            self._robots = Protego.parse(page.content[:_ROBOTS_BYTES].decode("utf-8-sig", errors="replace"))
        except Gone:
            self._robots = Protego.parse("")
        except Unfetchable as error:
            if error.status is None or error.status == 429 or error.status >= 500:
                raise UnreadableDocument(f"{error} Without it nobody knows which pages may be read.") from error
            self._robots = Protego.parse("")
        asked_s = self._robots.crawl_delay(USER_AGENT) or 0
        patience = self._fetcher.patience
        self._fetcher.pause_s = max(patience.pause_s, min(asked_s, patience.longest_pause_s))

    def _here(self, url: str) -> str:
        scheme = url.partition("://")[0]
        return f"{scheme}://{self._host}/"

    def _require_allowed(self, url: str) -> None:
        if not self._robots.can_fetch(url, USER_AGENT):
            raise UnreadableDocument(f"{url} may not be read: the site's robots.txt asks crawlers not to.")

    def _is_here(self, url: str) -> bool:
        try:
            return host_of(self._fetcher.address(url)) == self._host
        except UnreadableDocument:
            return False

    async def _use_sitemaps(self, urls: list[str], *, is_needed: bool) -> None:
        """The pages a sitemap names are called at as if the first page linked them."""
        waiting, done = deque(urls), set[str]()
        while waiting and len(done) < _MOST_SITEMAPS and self.waiting <= self._bounds.pages:
            url = waiting.popleft()
            if url in done or not self._is_here(url) or not self._robots.can_fetch(url, USER_AGENT):
                continue
            done.add(url)
            try:
                page = await self._fetcher.follow(url, any_kind=True)
                most_bytes = self._fetcher.patience.page_bytes
                found = await asyncio.to_thread(read_sitemap, page.content, url=url, most_bytes=most_bytes)
            except Gone:
                continue
            except UnreadableDocument as error:
                if url == self._url:
                    raise
                self._problems.append(Problem(None, str(error), hides_entry=is_needed))
                continue
            waiting.extend(found.sitemaps)
            for place in found.pages:
                self._add(place, depth=1)

    def _add(self, url: str, *, depth: int, via: tuple[str, ...] = ()) -> None:
        """Each page of this host once."""
        try:
            url = self._fetcher.address(url)
        except UnreadableDocument:
            return
        if url in self._seen or host_of(url) != self._host or not self._robots.can_fetch(url, USER_AGENT):
            return
        self._seen.add(url)
        self._stops.append(_Stop(url, depth, via))

    def _move(self, stop: _Stop, url: str) -> None:
        if url in (*stop.via, stop.url) or len(stop.via) >= MOST_REDIRECTS:
            self._problems.append(Problem(None, f"{(*stop.via, stop.url)[0]} redirects without end"))
        else:
            self._add(url, depth=stop.depth, via=(*stop.via, stop.url))

    async def _take(self, page: Page, stop: _Stop) -> None:
        if page.kind == "html":
            links = await asyncio.to_thread(links_of, page.content, url=page.url)
            if stop.depth < self._bounds.depth:
                for link in links.to:
                    self._add(link, depth=stop.depth + 1)
            if not links.may_be_read:
                return
            if links.canonical and self._is_here(links.canonical) and links.canonical != page.url:
                if links.canonical in self._seen:
                    return
                self._seen.add(links.canonical)
                page = replace(page, url=links.canonical)
        if page.kind is not None:
            await self._keep(page)

    async def _keep(self, page: Page) -> None:
        self.read += 1
        self._digest.update(page.content)
        try:
            document = await asyncio.to_thread(page_document, page, name=self._url)
        except UnreadableDocument as error:
            if page.kind == "html":
                self._empty.append(page.url)
            else:
                self._problems.append(Problem(None, str(error)))
            return
        self._problems += (
            replace(problem, line=None, message=f"{page.url}, {problem}") for problem in document.problems
        )
        for entry in document.entries:
            first = self._entries.setdefault((entry.id, entry.lang), entry)
            if first.answer != entry.answer:
                message = f"{page.url}: the id {entry.id!r} was used before, on {first.url}"
                self._problems.append(Problem(None, message, hides_entry=False))

    def _give_up(self, reason: str) -> None:
        self._stops.clear()
        self._problems.append(Problem(None, f"{reason}; nothing is retired"))
