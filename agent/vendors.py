"""Who bills for what: the vendor's id in the price book, from the address that is asked."""

from contextlib import suppress
from ipaddress import ip_address
from urllib.parse import urlsplit


def vendor_of(base_url: str) -> str:
    """The name before the host's ending; `local` on a machine of one's own network, whose CPU is counted instead."""
    host = urlsplit(base_url).hostname or "unknown"
    if host == "localhost":
        return "local"
    with suppress(ValueError):
        address = ip_address(host)
        return "local" if address.is_private else str(address)
    parts = host.split(".")
    return parts[-2] if len(parts) > 1 else parts[0]
