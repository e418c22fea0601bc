"""Where a page may be fetched from. Whoever may add an address over HTTP must not reach through Dime into the network
behind it, so addresses are judged after they were resolved: a name says nothing about where it leads.
"""

import asyncio
import re
import socket
from collections.abc import Awaitable, Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

import httpx

from knowledge.problem import UnreadableDocument

IpAddress = IPv4Address | IPv6Address
Resolve = Callable[[str, int], Awaitable[list[IpAddress]]]
PUBLIC_PORTS = (80, 443)
_LONGEST_URL = 2_000
_METADATA_OF_AZURE = IPv4Address("168.63.129.16")
"""The one metadata address that lies in public space."""
_UNICAST = IPv6Network("2000::/3")
_NAT64 = IPv6Network("64:ff9b::/96")
_NUMBER = re.compile(r"(0x[0-9a-f]*|[0-9]+)\.?$", re.IGNORECASE)
_HOST = re.compile(r"[a-z0-9._:-]+$")
_NO_LINE_BREAKS = str.maketrans("", "", "\t\r\n")
_TRACKING = re.compile(r"(utm_\w+|gclid|dclid|fbclid|msclkid|yclid|twclid|mc_[ce]id|_ga|_gl|igshid|phpsessid)$", re.I)


async def resolve(host: str, port: int) -> list[IpAddress]:
    found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    return list(dict.fromkeys(ip_address(str(address[0]).partition("%")[0]) for *_, address in found))


def is_public(address: IpAddress) -> bool:
    """Neither loopback, private, link-local, multicast, reserved, unspecified nor metadata, however it is wrapped."""
    if isinstance(address, IPv6Address):
        if wrapped := _wrapped(address):
            return is_public(wrapped)
        return address in _UNICAST and address.is_global
    return address.is_global and not address.is_multicast and address != _METADATA_OF_AZURE


def address_of(text: str, *, base: str | None = None, public_only: bool = False) -> str:
    """The one way of writing the address of this page: no fragment, no tracking. Raises UnreadableDocument."""
    text = text.strip().translate(_NO_LINE_BREAKS)
    try:
        url = httpx.URL(base).join(text) if base else httpx.URL(text)
        url = httpx.URL(str(url))  # Once more, since only a scheme in lower case loses its usual port.
    except (httpx.InvalidURL, ValueError) as error:
        raise UnreadableDocument(f"{text[:200]} is not an address of a page ({error}).") from error
    if url.scheme not in ("http", "https") or not _HOST.match(url.raw_host.decode("ascii")):
        raise UnreadableDocument(f"{text[:200]} is not an address of a page: that begins with http:// or https://.")
    if len(str(url)) > _LONGEST_URL:
        raise UnreadableDocument(f"{text[:60]}… is too long for an address of a page.")
    if url.userinfo:
        raise UnreadableDocument(f"The address at {url.host} holds a name or password, which customers would see.")
    if public_only:
        _require_public(url)
    path, _, query = url.raw_path.decode("ascii").partition("?")
    asked = "&".join(part for part in query.split("&") if not _TRACKING.match(part.partition("=")[0]))
    return str(url.copy_with(raw_path=(f"{path}?{asked}" if asked else path).encode(), fragment=None))


def host_of(address: str) -> str:
    """Host and port: pages of one host make up a site."""
    return httpx.URL(address).netloc.decode("ascii")


def _require_public(url: httpx.URL) -> None:
    """What can be told from the address alone; where its name leads is judged when it is fetched."""
    if url.port not in (None, *PUBLIC_PORTS):
        raise UnreadableDocument(f"{url} is not on port 80 or 443; others are read from the command line only.")
    try:
        literal = ip_address(url.host)
    except ValueError:
        literal = None
    is_disguised = literal is None and _NUMBER.match(url.host.rstrip(".").rpartition(".")[2])
    if is_disguised or (literal and not is_public(literal)):
        raise UnreadableDocument(not_public(url.host))


def not_public(host: str) -> str:
    return f"{host} is not on the public internet; such pages are read from the command line only."


def _wrapped(address: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that an IPv6 one leads to."""
    if address in _NAT64:
        return IPv4Address(address.packed[-4:])
    return address.ipv4_mapped or address.sixtofour
