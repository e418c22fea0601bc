"""Who bills for what: the vendor's id in the price book, from the address that is asked."""

from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit

OWN = (".local", ".localhost", ".internal", ".lan", ".home.arpa")
"""Endings of names inside one's own network; a container's name has none."""


def vendor_of(base_url: str) -> str:
    """The name before the host's ending; `local` on a machine of one's own, which nobody bills by use."""
    host = urlsplit(base_url).hostname or "unknown"
    if ("." not in host and ":" not in host) or host.endswith(OWN):
        return "local"
    with suppress(ValueError):
        address = ip_address(host)
        return "local" if address.is_private else str(address)
    return host.split(".")[-2]
