"""Fetching one page from a real server that behaves badly: it is told in one sentence, in bounded time and memory."""

import asyncio
import tracemalloc
from collections.abc import Iterator
from dataclasses import replace
from http.server import BaseHTTPRequestHandler

import pytest

from knowledge.problem import UnreadableDocument
from knowledge.reading.documents import Document
from knowledge.reading.fetching import Gone, Page, Patience, Unfetchable, kind_of
from knowledge.reading.web_page import read_page
from tests.web_site import (
    QUICK,
    Pauses,
    WebSite,
    bomb,
    fails,
    fails_once,
    fetcher,
    hangs,
    never_ends,
    page,
    redirects,
    sends,
)


@pytest.fixture
def site() -> Iterator[WebSite]:
    with WebSite() as running:
        yield running


def fetched(url: str, *, patience: Patience = QUICK, pauses: Pauses | None = None) -> Page:
    async def fetch() -> Page:
        async with fetcher(patience=patience, pauses=pauses) as ours:
            return await ours.follow(ours.address(url))

    return asyncio.run(fetch())


def read(url: str) -> Document:
    async def fetch() -> Document:
        async with fetcher() as ours:
            return await read_page(url, ours)

    return asyncio.run(fetch())


def test_page_becomes_entries_that_carry_its_address(site: WebSite) -> None:
    site["/help?topic=sofa"] = page("Do you deliver sofas?")
    document = read(f"{site.url}/help?topic=sofa&utm_source=mail#top")
    assert document.name == f"{site.url}/help?topic=sofa"
    assert [(entry.question, entry.answer, entry.url, entry.source) for entry in document.entries] == [
        ("Do you deliver sofas?", "Yes, we do.", document.name, document.name)
    ]
    assert site.agents == {"Dime"}


def test_redirects_are_followed_and_the_last_address_is_kept(site: WebSite) -> None:
    site["/old"] = redirects("/new?a=1#part")
    site["/new?a=1"] = page("Open on Sunday?")
    document = read(f"{site.url}/old")
    assert document.name == f"{site.url}/old"
    assert document.entries[0].url == f"{site.url}/new?a=1"


def test_endless_redirects_end(site: WebSite) -> None:
    site["/a"], site["/b"] = redirects("/b"), redirects("/a")
    with pytest.raises(Unfetchable, match="redirects more than 5 times"):
        fetched(f"{site.url}/a")
    assert len(site.asked) == 6


@pytest.mark.parametrize("to", ["ftp://127.0.0.1/x", "file:///etc/passwd", "http://user:secret@127.0.0.1/"])
def test_redirect_to_what_is_no_page_is_refused(site: WebSite, to: str) -> None:
    site["/"] = redirects(to)
    with pytest.raises(UnreadableDocument):
        fetched(site.url)
    assert site.asked == ["/"]


@pytest.mark.parametrize("status", [404, 410])
def test_page_that_is_not_there_is_gone(site: WebSite, status: int) -> None:
    site["/"] = fails(status)
    with pytest.raises(Gone):
        fetched(site.url)


def test_failing_server_is_asked_once_more(site: WebSite) -> None:
    site["/"] = fails_once(500, sends(page("Open?")))
    pauses = Pauses()
    assert fetched(site.url, pauses=pauses).kind == "html"
    assert pauses.seconds[0] == QUICK.retry_s
    site["/"] = fails(500)
    with pytest.raises(Unfetchable, match="status 500"):
        fetched(site.url)
    assert len(site.asked) == 4


def test_refusal_is_not_asked_again(site: WebSite) -> None:
    site["/"] = fails(403)
    with pytest.raises(Unfetchable, match="status 403"):
        fetched(site.url)
    assert len(site.asked) == 1


def test_retry_after_is_honoured_up_to_a_limit(site: WebSite) -> None:
    site["/"] = fails_once(429, sends(page("Open?")), Retry_After="7")
    pauses = Pauses()
    fetched(site.url, pauses=pauses)
    assert pauses.seconds[0] == 7
    site["/"] = fails(503, Retry_After="86400")
    with pytest.raises(Unfetchable, match="status 503"):
        fetched(site.url, pauses=pauses)
    assert len(site.asked) == 3
    site["/"] = fails_once(503, sends(page("Open?")), Retry_After="Wed, 21 Oct 2015 07:28:00 GMT")
    fetched(site.url, pauses=pauses)
    assert 0 in pauses.seconds


def test_requests_to_one_host_are_apart(site: WebSite) -> None:
    site["/a"], site["/b"] = redirects("/b"), page("Open?")
    pauses = Pauses()
    fetched(f"{site.url}/a", pauses=pauses)
    assert pauses.seconds == [QUICK.pause_s]


def test_silent_server_is_given_up_after_a_second_try(site: WebSite) -> None:
    site["/"] = hangs(site)
    with pytest.raises(Unfetchable, match="did not answer in time"):
        fetched(site.url, patience=replace(QUICK, read_s=0.1))
    assert len(site.asked) == 2


def test_server_that_drips_is_given_up(site: WebSite) -> None:
    """Every piece comes in time, the page does not."""

    def drip(request: BaseHTTPRequestHandler) -> None:
        request.send_response(200)
        while not site.closing.wait(0.02):
            request.send_header("X-Drip", "drop")
            request.flush_headers()

    site["/"] = drip
    with pytest.raises(Unfetchable, match="did not answer in time"):
        fetched(site.url, patience=replace(QUICK, page_s=0.3))


def test_huge_page_is_stopped_whether_it_says_its_size_or_not(site: WebSite) -> None:
    megabyte = b" " * 1_000_000
    site["/unsaid"] = never_ends(megabyte, pieces=200)
    site["/said"] = sends(megabyte * 3)
    for path in ("/unsaid", "/said"):
        with pytest.raises(UnreadableDocument, match=r"larger than 2 MB"):
            fetched(site.url + path, patience=replace(QUICK, page_bytes=2_000_000))
    assert len(site.asked) == 2


def test_gzip_is_unpacked_and_a_bomb_is_stopped_while_it_goes_off(site: WebSite) -> None:
    site["/bomb"] = bomb(megabytes=50)
    tracemalloc.start()
    with pytest.raises(UnreadableDocument, match=r"larger than 2 MB"):
        fetched(f"{site.url}/bomb", patience=replace(QUICK, page_bytes=2_000_000))
    assert tracemalloc.get_traced_memory()[1] < 20_000_000
    tracemalloc.stop()


@pytest.mark.parametrize("packing", ["br", "gzip, gzip", "gzip"])
def test_page_packed_in_a_way_not_asked_for_or_not_as_it_says_is_refused(site: WebSite, packing: str) -> None:
    site["/"] = sends(b"\x01\x02\x03 no gzip", Content_Encoding=packing)
    with pytest.raises(Unfetchable, match="packed"):
        fetched(site.url)


def test_encoding_that_the_server_names_is_believed(site: WebSite) -> None:
    site["/"] = sends(
        page("Où est ma commande, déjà?", "À l'entrepôt.").encode("cp1252"), kind="text/html; charset=windows-1252"
    )
    assert read(site.url).entries[0].question == "Où est ma commande, déjà?"


def test_picture_is_no_page(site: WebSite) -> None:
    site["/"] = sends(b"\x89PNG", kind="image/png")
    with pytest.raises(UnreadableDocument, match="is no page of text"):
        read(site.url)


@pytest.mark.parametrize(
    ("content_type", "path", "kind"),
    [
        ("text/html; charset=utf-8", "/a.pdf", "html"),
        ("application/pdf", "/a", "pdf"),
        ("application/octet-stream", "/a.docx", "docx"),
        ("text/plain", "/faq.md", "md"),
        ("text/plain", "/notes", "txt"),
        ("", "/faq.csv", "csv"),
        ("", "/", None),
        ("image/png", "/a.html", None),
        ("rubbish", "/a", None),
    ],
)
def test_kind_is_told_by_the_server_and_where_it_does_not_know_by_the_ending(
    content_type: str, path: str, kind: str | None
) -> None:
    assert kind_of(content_type, f"http://shop.example{path}")[0] == kind


def test_unknown_host_and_closed_port_are_one_sentence() -> None:
    with pytest.raises(Unfetchable, match=r"nowhere\.invalid"):
        fetched("http://nowhere.invalid/")
    with pytest.raises(Unfetchable, match="cannot be reached"):
        fetched("http://127.0.0.1:1/")
