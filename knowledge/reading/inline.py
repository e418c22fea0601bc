"""The words inside one element of a page, with its links and pictures as Markdown."""

import re
from collections.abc import Container, Iterator
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from selectolax.lexbor import LexborNode

BLOCKS = frozenset(
    "address article aside blockquote body dd details dialog div dl dt fieldset figcaption figure footer form h1 h2 h3 "
    "h4 h5 h6 header hr html li main ol p pre section summary table ul".split()
)
DEEPEST = 200
"""Elements nested deeper are read as their bare words."""
_LINK = re.compile(r"(https?|mailto|tel):", re.IGNORECASE)
_PERMALINKS = frozenset("# ¶ § 🔗".split())


class Inline:
    def __init__(self, base_url: str | None, *, asking: Container[int]) -> None:
        """`asking`: the identities of buttons that are questions; any other button is none of the page's words."""
        self._base_url = base_url
        self._asking = asking

    def line(self, node: "LexborNode", *, plain: bool = False) -> str:
        return " ".join(self.words(node, plain=plain).split())

    def words(self, node: "LexborNode", *, plain: bool = False, depth: int = 0) -> str:
        """An element's words, with its links and pictures as Markdown unless they are to be `plain`."""
        tag = node.tag or ""
        if node.is_text_node:
            return re.sub(r"\s+", " ", node.text_content or "")
        if node.is_comment_node or (tag == "button" and node.mem_id not in self._asking and depth == 0):
            return ""
        if tag == "br":
            return "\n"
        if tag == "img":
            return "" if plain else self._picture(node)
        if depth > DEEPEST:
            return node.text(separator=" ")
        inner = "".join(self.words(child, plain=plain, depth=depth + 1) for child in children(node))
        if tag == "a":
            return inner if plain and inner.strip() not in _PERMALINKS else self._link(node, inner, plain=plain)
        return f" {inner} " if tag in BLOCKS else inner

    def _link(self, node: "LexborNode", inner: str, *, plain: bool) -> str:
        words = inner.strip()
        if words in _PERMALINKS:
            return ""
        address = self._address(node.attributes.get("href"))
        if plain or not words or not address or "](" in words:
            return inner
        before, after = inner[: len(inner) - len(inner.lstrip())], inner[len(inner.rstrip()) :]
        return f"{before}[{' '.join(words.split())}]({address}){after}"

    def _picture(self, node: "LexborNode") -> str:
        alt, address = (node.attributes.get("alt") or "").strip(), self._address(node.attributes.get("src"))
        return f"![{' '.join(alt.split())}]({address})" if alt and address else ""

    def _address(self, given: str | None) -> str | None:
        """Absolute where the page's own address is known; None for what leads nowhere or runs a script."""
        given = (given or "").strip()
        if not given or (given.startswith("#") and not self._base_url):
            return None
        try:
            address = urljoin(self._base_url or "", given)
        except ValueError:
            return None
        if re.match(r"[a-z][a-z0-9+.-]*:", address, re.IGNORECASE) and not _LINK.match(address):
            return None
        return re.sub(r"[\s()<>]", lambda found: f"%{ord(found[0]):02X}", address)


def children(node: "LexborNode") -> "Iterator[LexborNode]":
    return node.iter(include_text=True)
