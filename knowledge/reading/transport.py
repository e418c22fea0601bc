"""Connects to the address that was judged: a name is resolved once, so that it cannot lead elsewhere a moment later.

The name still goes into the Host header and the TLS handshake, so certificates are checked against it.
"""

import socket
import ssl
from functools import cache

import certifi
import httpx

from knowledge.reading.addresses import PUBLIC_PORTS, IpAddress, Resolve, is_public, not_public

_DEFAULT_PORTS = {"http": 80, "https": 443}


class ForbiddenAddress(httpx.RequestError):
    """The page lies where this caller may not look."""


class JudgedTransport(httpx.AsyncBaseTransport):
    """With `public_only` nothing but the public internet can be reached, at any hop."""

    def __init__(
        self, resolve: Resolve, *, public_only: bool, connections: httpx.AsyncBaseTransport | None = None
    ) -> None:
        self._resolve = resolve
        self._public_only = public_only
        self._connections = connections or _connections()

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        host = request.url.raw_host.decode("ascii")
        port = request.url.port or _DEFAULT_PORTS[request.url.scheme]
        problem: httpx.HTTPError = httpx.ConnectError(f"{host} has no address")
        for address in await self._judged(host, port):
            extensions = {**request.extensions, "sni_hostname": host}
            there = httpx.Request(
                request.method,
                request.url.copy_with(host=str(address)),
                headers=request.headers,
                stream=request.stream,
                extensions=extensions,
            )
            try:
                return await self._connections.handle_async_request(there)
            except (httpx.ConnectError, httpx.ConnectTimeout) as error:
                problem = error
        raise problem

    async def _judged(self, host: str, port: int) -> list[IpAddress]:
        try:
            addresses = await self._resolve(host, port)
        except (socket.gaierror, UnicodeError) as error:
            raise httpx.ConnectError(f"{host} is not known") from error
        if self._public_only and not (port in PUBLIC_PORTS and all(map(is_public, addresses))):
            raise ForbiddenAddress(not_public(host))
        return addresses

    async def aclose(self) -> None:
        await self._connections.aclose()


def _connections() -> httpx.AsyncHTTPTransport:
    """No connection is kept: one that was made for a name must not serve another at the same address."""
    return httpx.AsyncHTTPTransport(
        verify=_trusted(), trust_env=False, limits=httpx.Limits(max_keepalive_connections=0)
    )


@cache
def _trusted() -> ssl.SSLContext:
    """The machine's own authorities, so that an intranet's count, and the public ones where a machine has none."""
    trusted = ssl.create_default_context()
    trusted.load_verify_locations(certifi.where())
    return trusted
