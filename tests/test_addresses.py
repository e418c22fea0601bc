"""What may be fetched on behalf of somebody on the network: the public internet and nothing behind it."""

import asyncio
from ipaddress import IPv4Address, ip_address

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.problem import UnreadableDocument
from knowledge.reading.addresses import IpAddress, address_of, is_public
from knowledge.reading.fetching import Fetcher
from knowledge.reading.transport import ForbiddenAddress, JudgedTransport
from tests.web_site import Pauses

PUBLIC = "93.184.215.14"


class ScriptedResolver:
    """Leads where it is told to, another way each time; strict about being asked too often."""

    def __init__(self, *answers: list[str]) -> None:
        self.answers = list(answers)

    async def __call__(self, host: str, port: int) -> list[IpAddress]:  # noqa: ARG002
        return [ip_address(address) for address in self.answers.pop(0)]


class RecordedConnections(httpx.AsyncBaseTransport):
    """Notes where a connection went; those to `unreachable` fail, and what is there may have moved."""

    def __init__(self, *unreachable: str, moved_to: str | None = None) -> None:
        self.unreachable = unreachable
        self.moved_to = moved_to
        self.requests: list[httpx.Request] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.requests.append(request)
        if request.url.host in self.unreachable:
            raise httpx.ConnectError("unreachable")
        if self.moved_to:
            return httpx.Response(302, headers={"Location": self.moved_to})
        return httpx.Response(200, text="hello")


def get(url: str, resolver: ScriptedResolver, connections: RecordedConnections, *, public_only: bool = True) -> None:
    async def ask() -> None:
        transport = JudgedTransport(resolver, public_only=public_only, connections=connections)
        async with httpx.AsyncClient(transport=transport) as client:
            await client.get(url)

    asyncio.run(ask())


@pytest.mark.parametrize(
    "address",
    [
        "127.0.0.1", "127.255.255.254", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1",
        "100.100.100.200", "168.63.129.16", "0.0.0.0", "0.1.2.3", "224.0.0.1", "239.1.2.3", "240.0.0.1",
        "255.255.255.255", "192.0.2.1", "198.18.0.1", "::", "::1", "::ffff:127.0.0.1", "::ffff:10.0.0.1",
        "::ffff:169.254.169.254", "::127.0.0.1", "64:ff9b::a00:1", "64:ff9b:1::1", "2002:7f00:1::", "2002:a00:1::1",
        "2001::1", "2001:db8::1", "fc00::1", "fd00:ec2::254", "fe80::1", "fec0::1", "ff02::1", "ff0e::1",
    ],
)  # fmt: skip
def test_what_is_not_public_is_refused_however_it_is_written(address: str) -> None:
    assert not is_public(ip_address(address))
    with pytest.raises(ForbiddenAddress):
        get("http://shop.example/", ScriptedResolver([address]), RecordedConnections())
    literal = f"[{address}]" if ":" in address else address
    with pytest.raises(UnreadableDocument, match="not on the public internet"):
        address_of(f"http://{literal}/", public_only=True)


@pytest.mark.parametrize("address", [PUBLIC, "2606:2800:21f:cb07::1", "::ffff:93.184.215.14", "64:ff9b::5db8:d70e"])
def test_what_is_public_is_reached(address: str) -> None:
    connections = RecordedConnections()
    get("http://shop.example/", ScriptedResolver([address]), connections)
    assert len(connections.requests) == 1


@given(st.ip_addresses(v=4))
def test_wrapping_an_address_changes_nothing(address: IPv4Address) -> None:
    for wrapped in (f"::ffff:{address}", f"64:ff9b::{address}"):
        assert is_public(ip_address(wrapped)) == is_public(address)


@pytest.mark.parametrize(
    "host", ["2130706433", "0x7f000001", "0x7f.1", "017700000001", "127.1", "0177.0.0.1", "127.0.0.1.", "1.2.3.0x4"]
)
def test_number_that_is_no_plain_address_is_refused(host: str) -> None:
    with pytest.raises(UnreadableDocument):
        address_of(f"http://{host}/", public_only=True)


@pytest.mark.parametrize(
    "url",
    [
        "http://shop.example:8080/", "https://shop.example:22/", "ftp://shop.example/", "file:///etc/passwd",
        "javascript:alert(1)", "http://user:secret@shop.example/", "http:///x", "shop.example", "", "http://a b/",
        "http://[::1", "http://shop.example/" + "x" * 2_000, "http://１２７.0.0.1/",
    ],
)  # fmt: skip
def test_what_is_no_public_page_is_refused_in_a_sentence(url: str) -> None:
    with pytest.raises(UnreadableDocument):
        address_of(url, public_only=True)


def test_one_private_address_among_public_ones_is_enough_to_refuse() -> None:
    connections = RecordedConnections()
    with pytest.raises(ForbiddenAddress, match=r"shop\.example is not on the public internet"):
        get("http://shop.example/", ScriptedResolver([PUBLIC, "10.0.0.1"]), connections)
    assert connections.requests == []


def test_name_that_leads_elsewhere_a_moment_later_gains_nothing() -> None:
    """Resolved once, and the connection goes to the address that was judged, under the name that was asked for."""
    resolver, connections = ScriptedResolver([PUBLIC], ["127.0.0.1"]), RecordedConnections()
    get("https://shop.example/help", resolver, connections)
    (request,) = connections.requests
    assert request.url.host == PUBLIC
    assert request.headers["host"] == "shop.example"
    assert request.extensions["sni_hostname"] == "shop.example"
    assert resolver.answers == [["127.0.0.1"]]
    with pytest.raises(ForbiddenAddress):
        get("https://shop.example/help", resolver, connections)
    assert len(connections.requests) == 1


@pytest.mark.parametrize(
    "moved_to",
    [
        "http://inside.example/", "https://inside.example/", "http://127.0.0.1/", "http://[::ffff:7f00:1]/",
        "http://2130706433/", "http://shop.example:22/", "gopher://shop.example/", "http://me:secret@shop.example/",
    ],
)  # fmt: skip
def test_redirect_into_our_own_network_is_refused_at_that_hop(moved_to: str) -> None:
    connections = RecordedConnections(moved_to=moved_to)

    async def follow() -> None:
        resolver = ScriptedResolver([PUBLIC], ["10.0.0.1"])
        async with Fetcher(public_only=True, resolve=resolver, sleep=Pauses(), connections=connections) as ours:
            await ours.follow("https://shop.example/help")

    with pytest.raises(UnreadableDocument):
        asyncio.run(follow())
    assert [request.url.host for request in connections.requests] == [PUBLIC]


def test_unreachable_address_gives_way_to_the_next() -> None:
    connections = RecordedConnections("2606:2800:21f:cb07::1")
    get("http://shop.example/", ScriptedResolver(["2606:2800:21f:cb07::1", PUBLIC]), connections)
    assert [request.url.host for request in connections.requests] == ["2606:2800:21f:cb07::1", PUBLIC]


def test_command_line_may_read_its_own_network() -> None:
    connections = RecordedConnections()
    get("http://wiki.intranet:8080/", ScriptedResolver(["10.0.0.1"]), connections, public_only=False)
    assert str(connections.requests[0].url) == "http://10.0.0.1:8080/"


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("HTTP://Shop.Example:80", "http://shop.example/"),
        ("https://shop.example:443/a#part", "https://shop.example/a"),
        ("http://shop.example/a?utm_source=x&b=1&gclid=y", "http://shop.example/a?b=1"),
        ("http://shop.example/a/../b?fbclid=1", "http://shop.example/b"),
        ("http://shop.example/a%2Fb?x", "http://shop.example/a%2Fb?x"),
        (" http://münchen.example/ü\n", "http://xn--mnchen-3ya.example/%C3%BC"),
    ],
)
def test_one_page_has_one_address(written: str, kept: str) -> None:
    assert address_of(written) == kept
    assert address_of(kept) == kept
