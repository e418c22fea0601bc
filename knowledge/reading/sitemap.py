"""The list of its pages that a site keeps for crawlers: XML, gzipped or not, an index of others, or plain lines."""

import zlib
from dataclasses import dataclass
from xml.etree import ElementTree

from knowledge.problem import UnreadableDocument

_GZIP = b"\x1f\x8b"


@dataclass(frozen=True)
class Sitemap:
    pages: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    """Others, where this one is an index."""


def is_sitemap(url: str) -> bool:
    return url.partition("?")[0].lower().endswith((".xml", ".xml.gz"))


def read_sitemap(content: bytes, *, url: str, most_bytes: int) -> Sitemap:
    """Raises UnreadableDocument."""
    if content.startswith(_GZIP):
        content = _unpacked(content, url=url, most_bytes=most_bytes)
    if not content.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<"):
        lines = content.decode("utf-8", errors="replace").split()
        return Sitemap(pages=tuple(line for line in lines if line.startswith(("http://", "https://"))))
    try:
        root = ElementTree.fromstring(content, ElementTree.XMLParser(target=_Plain()))
    except (ElementTree.ParseError, ValueError, LookupError) as error:
        raise UnreadableDocument(f"{url} is not a sitemap ({error}).") from error
    kind = root.tag.rpartition("}")[2]
    named = tuple(place.text.strip() for entry in root for place in entry if _is_place(place) and place.text)
    match kind:
        case "urlset":
            return Sitemap(pages=named)
        case "sitemapindex":
            return Sitemap(sitemaps=named)
        case _:
            raise UnreadableDocument(f"{url} is not a sitemap: its root is <{kind[:40]}>.")


class _Plain(ElementTree.TreeBuilder):
    """Refuses a document type: a sitemap needs none, and the entities in one can be a bomb."""

    def doctype(self, *_: str | None) -> None:
        raise ValueError("it declares a document type")


def _is_place(element: ElementTree.Element) -> bool:
    return element.tag.rpartition("}")[2] == "loc"


def _unpacked(content: bytes, *, url: str, most_bytes: int) -> bytes:
    try:
        inflated = zlib.decompressobj(wbits=31).decompress(content, most_bytes + 1)
    except zlib.error as error:
        raise UnreadableDocument(f"{url} is not packed as it says.") from error
    if len(inflated) > most_bytes:
        raise UnreadableDocument(f"{url} is larger than {most_bytes / 1_000_000:g} MB.")
    return inflated
