"""What a page of HTML says to a crawler: where it leads, which address it prefers, and whether it wants to be read."""

from dataclasses import dataclass
from html.parser import HTMLParser
from mimetypes import guess_type

from knowledge.problem import UnreadableDocument
from knowledge.reading.addresses import address_of

_MOST_CHARACTERS = 5_000_000
_MOST_LINKS = 5_000
_NO_PAGES = ("image/", "audio/", "video/", "font/", "text/css", "text/javascript", "application/zip")


@dataclass(frozen=True)
class Links:
    to: tuple[str, ...]
    """Addresses, each once, in the page's order."""
    canonical: str | None
    may_be_read: bool


def links_of(content: bytes, *, url: str) -> Links:
    found = _Reader()
    found.feed(content.decode("utf-8", errors="replace")[:_MOST_CHARACTERS])
    base = _address(found.base, url) or url if found.base else url
    addresses = (_address(link, base) for link in found.hrefs)
    return Links(
        to=() if "nofollow" in found.robots else tuple(dict.fromkeys(address for address in addresses if address)),
        canonical=_address(found.canonical, base) if found.canonical else None,
        may_be_read="noindex" not in found.robots,
    )


def _address(link: str, base: str) -> str | None:
    """None for what is no page: mailto, javascript, pictures, rubbish."""
    try:
        address = address_of(link, base=base)
    except UnreadableDocument:
        return None
    kind = guess_type(address.partition("?")[0])[0] or ""
    return None if kind.startswith(_NO_PAGES) else address


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hrefs: list[str] = []
        self.base: str | None = None
        self.canonical: str | None = None
        self.robots = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        has = {name: value or "" for name, value in attrs}
        relation, href = has.get("rel", "").lower().split(), has.get("href", "")
        if tag in ("a", "area") and href and "nofollow" not in relation and len(self.hrefs) < _MOST_LINKS:
            self.hrefs.append(href)
        elif tag == "base" and href and self.base is None:
            self.base = href
        elif tag == "link" and href and "canonical" in relation and self.canonical is None:
            self.canonical = href
        elif tag == "meta" and has.get("name", "").lower() == "robots":
            self.robots += has.get("content", "").lower().replace("none", "noindex nofollow")
