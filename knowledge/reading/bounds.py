"""How far a site is read, and how far that has come; apart from the crawl, so that naming it loads no client."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Bounds:
    depth: int = 3
    """Links away from the first page."""
    pages: int = 200


@dataclass(frozen=True)
class Progress:
    """In pages."""

    read: int
    waiting: int
