"""Who may do what. The widget's own door is open to all; everything else to this machine alone, or with the token.

Without a token the first minute needs no password: a request counts as this machine's own when it comes from a loopback
address, its Host is loopback, its Origin absent or Dime's own, and no proxy forwarded it. A stranger may write our Host
but has another address; a web page elsewhere has this address, but another Origin or (rebound) Host.
"""

import hmac
from ipaddress import ip_address
from typing import Annotated
from urllib.parse import urlsplit

from fastapi import Depends, HTTPException
from starlette.requests import HTTPConnection

from web.services import Services

COOKIE = "dime_token"
FORWARDED = ("forwarded", "x-forwarded", "x-real-ip")
"""Beginnings of the headers by which a proxy shows itself."""


def services_of(connection: HTTPConnection) -> Services:
    services: Services = connection.app.state.services
    return services


def may_enter(connection: HTTPConnection) -> bool:
    token = services_of(connection).settings.admin_token
    if token is not None:
        wanted = token.get_secret_value().encode()
        return any(hmac.compare_digest(shown.encode(), wanted) for shown in _shown(connection))
    return _is_local(connection)


def require_colleague(connection: HTTPConnection) -> None:
    if not may_enter(connection):
        raise HTTPException(
            401,
            "This page is open on the server's own machine only. From elsewhere, set DIME_ADMIN_TOKEN and send it as "
            "a bearer token, or open the page once with ?token=.",
        )


def _shown(connection: HTTPConnection) -> list[str]:
    scheme, _, bearer = connection.headers.get("authorization", "").partition(" ")
    shown = [bearer if scheme.lower() == "bearer" else "", connection.cookies.get(COOKIE, "")]
    return [*shown, connection.query_params.get("token", "")]


def _is_local(connection: HTTPConnection) -> bool:
    headers = connection.headers
    if connection.client is None or not _is_loopback(connection.client.host):
        return False
    if any(name.startswith(FORWARDED) for name in headers):
        return False
    host = headers.get("host", "")
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return False
    return _is_loopback(urlsplit(f"//{host}").hostname or "")


def _is_loopback(host: str) -> bool:
    if host == "localhost":
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False


Wired = Annotated[Services, Depends(services_of)]
Colleague = Depends(require_colleague)
