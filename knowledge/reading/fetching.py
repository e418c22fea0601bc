"""Fetches a page politely: one request at a time, few redirects, little patience, and a size it must not pass."""

import asyncio
import codecs
import zlib
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from email.message import Message
from email.utils import parsedate_to_datetime
from pathlib import PurePosixPath
from types import TracebackType
from typing import Self

import httpx

from knowledge.problem import UnreadableDocument
from knowledge.reading.addresses import Resolve, address_of, host_of, resolve
from knowledge.reading.transport import ForbiddenAddress, JudgedTransport

USER_AGENT = "Dime"
MOST_REDIRECTS = 5
_KINDS = {
    "text/html": "html",
    "application/xhtml+xml": "html",
    "application/pdf": "pdf",
    "application/vnd.openxmlformats-officedocument.wordprocessingml.document": "docx",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet": "xlsx",
    "text/csv": "csv",
    "text/markdown": "md",
    "text/plain": "txt",
}
_ENDINGS = {"htm": "html", "markdown": "md", **{kind: kind for kind in _KINDS.values()}}
_VAGUE = ("", "text/plain", "application/octet-stream")
"""Types that servers give to what they do not know; the address's ending knows better."""
_TEXT = ("html", "csv", "md", "txt")


@dataclass(frozen=True)
class Patience:
    """What one page, or one site, may take."""

    connect_s: float = 10
    read_s: float = 20
    """Between two pieces of an answer."""
    page_s: float = 60
    page_bytes: int = 20_000_000
    """After unpacking, too."""
    pause_s: float = 0.5
    """Between two requests to a host, where robots.txt asks for no longer one."""
    longest_pause_s: float = 60
    """The most that a Crawl-delay or a Retry-After is waited for."""
    retry_s: float = 2
    site_s: float = 3_600


@dataclass(frozen=True)
class Page:
    url: str
    kind: str | None
    """html, pdf, docx, xlsx, csv, md, txt; None: something else, which was not fetched unless it was asked for."""
    content: bytes


@dataclass(frozen=True)
class Moved:
    """The page is elsewhere."""

    url: str


class Unfetchable(UnreadableDocument):
    """The page may be there, but did not come."""

    def __init__(self, sentence: str, *, status: int | None = None, again_in_s: float | None = None) -> None:
        super().__init__(sentence)
        self.status = status
        self.again_in_s = again_in_s
        """None: asking again would not help."""


class Gone(UnreadableDocument):
    """The server says that there is no such page."""


class Fetcher:
    """For one document at a time: requests follow each other, with a pause where they go to the same host."""

    def __init__(
        self,
        *,
        public_only: bool,
        patience: Patience | None = None,
        resolve: Resolve = resolve,
        sleep: Callable[[float], Awaitable[object]] = asyncio.sleep,
        connections: httpx.AsyncBaseTransport | None = None,
    ) -> None:
        """`public_only` for addresses that came over HTTP; the operator's command line may read its own network."""
        self.patience = patience or Patience()
        self.pause_s = self.patience.pause_s
        self._public_only = public_only
        self._sleep = sleep
        self._asked: set[str] = set()
        self._client = httpx.AsyncClient(
            transport=JudgedTransport(resolve, public_only=public_only, connections=connections),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            timeout=httpx.Timeout(self.patience.read_s, connect=self.patience.connect_s),
            trust_env=False,
        )

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._client.aclose()

    def address(self, text: str, *, base: str | None = None) -> str:
        return address_of(text, base=base, public_only=self._public_only)

    async def follow(self, url: str, *, any_kind: bool = False) -> Page:
        """The page, wherever it has moved. Raises Gone, Unfetchable or UnreadableDocument."""
        asked = url
        for _ in range(MOST_REDIRECTS + 1):
            found = await self.ask(url, any_kind=any_kind)
            if isinstance(found, Page):
                return found
            url = found.url
        raise Unfetchable(f"{asked} redirects more than {MOST_REDIRECTS} times.")

    async def ask(self, url: str, *, any_kind: bool = False) -> Page | Moved:
        """One hop, asked a second time where the first failure may pass."""
        try:
            return await self._ask(url, any_kind=any_kind)
        except Unfetchable as error:
            if error.again_in_s is None or error.again_in_s > self.patience.longest_pause_s:
                raise
            await self._sleep(error.again_in_s)
        return await self._ask(url, any_kind=any_kind)

    async def _ask(self, url: str, *, any_kind: bool) -> Page | Moved:
        if host_of(url) in self._asked:
            await self._sleep(self.pause_s)
        self._asked.add(host_of(url))
        again_in_s = self.patience.retry_s
        try:
            async with asyncio.timeout(self.patience.page_s), self._client.stream("GET", url) as response:
                return await self._read(response, url, any_kind=any_kind)
        except ForbiddenAddress as error:
            raise UnreadableDocument(str(error)) from error
        except (TimeoutError, httpx.TimeoutException) as error:
            raise Unfetchable(f"{url} did not answer in time.", again_in_s=again_in_s) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise Unfetchable(f"{url} cannot be reached ({error}).", again_in_s=again_in_s) from error

    async def _read(self, response: httpx.Response, url: str, *, any_kind: bool) -> Page | Moved:
        if response.has_redirect_location:
            return Moved(self.address(response.headers["location"], base=url))
        self._require_success(response, url)
        kind, charset = kind_of(response.headers.get("content-type", ""), url)
        if kind is None and not any_kind:
            return Page(url, None, b"")
        content = await unpacked(response, url, most_bytes=self.patience.page_bytes)
        return Page(url, kind, _as_utf8(content, charset) if kind in _TEXT else content)

    def _require_success(self, response: httpx.Response, url: str) -> None:
        status = response.status_code
        if status in (404, 410):
            raise Gone(f"{url} is not there any more (status {status}).")
        if status in (408, 429) or status >= 500:
            wait_s = _retry_after_s(response.headers.get("retry-after", ""), default=self.patience.retry_s)
            raise Unfetchable(f"{url} answered with status {status}.", status=status, again_in_s=wait_s)
        if not response.is_success:
            raise Unfetchable(f"{url} answered with status {status}.", status=status)


def kind_of(content_type: str, url: str) -> tuple[str | None, str | None]:
    """What a page is, and the encoding its server names."""
    header = Message()
    header["content-type"] = content_type
    named = header.get_content_type() if "/" in content_type else ""
    ending = PurePosixPath(httpx.URL(url).path).suffix.lower()[1:]
    by_ending = _ENDINGS.get(ending) if named in _VAGUE else None
    return by_ending or _KINDS.get(named), header.get_content_charset()


async def unpacked(response: httpx.Response, url: str, *, most_bytes: int) -> bytes:
    """The body, gunzipped here rather than by the client, so that a bomb is stopped while it goes off."""
    too_large = UnreadableDocument(f"{url} is larger than {most_bytes / 1_000_000:g} MB.")
    if (
        response.headers.get("content-length", "0").isdigit()
        and int(response.headers.get("content-length", 0)) > most_bytes
    ):
        raise too_large
    packing = response.headers.get("content-encoding", "identity").strip().lower()
    if packing not in ("", "identity", "gzip", "x-gzip"):
        raise Unfetchable(f"{url} is packed as {packing[:40]}, which was not asked for.")
    inflating = zlib.decompressobj(wbits=31) if "gzip" in packing else None
    body = bytearray()
    try:
        async for piece in response.aiter_raw():
            body += inflating.decompress(piece, most_bytes + 1) if inflating else piece
            if len(body) > most_bytes:
                raise too_large
    except zlib.error as error:
        raise Unfetchable(f"{url} is not packed as it says.") from error
    return bytes(body)


def _as_utf8(content: bytes, charset: str | None) -> bytes:
    """The server's word about the encoding, kept by a byte order mark where it is true."""
    if charset is None or content.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_BE, codecs.BOM_UTF16_LE)):
        return content
    try:
        return codecs.BOM_UTF8 + content.decode(charset).encode()
    except (LookupError, UnicodeError):
        return content


def _retry_after_s(header: str, *, default: float) -> float:
    """Seconds, or a date (RFC 9110, 10.2.3)."""
    if header.isascii() and header.isdigit():
        return float(header)
    try:
        at = parsedate_to_datetime(header)
    except ValueError:
        return default
    return max(0.0, (at.astimezone(UTC) - datetime.now(UTC)).total_seconds())
