"""A site as one source: what its links, sitemap and robots.txt say, and how it ends where a site would not."""

import asyncio
import gzip
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from sqlmodel import SQLModel, create_engine

from knowledge.library import Library
from knowledge.problem import UnreadableDocument
from knowledge.reading.bounds import Bounds, Progress
from knowledge.reading.documents import Document
from knowledge.reading.fetching import Patience
from knowledge.reading.links import links_of
from knowledge.reading.site import read_site
from knowledge.reading.sitemap import read_sitemap
from tests.web_site import QUICK, Pauses, WebSite, bomb, fails, fetcher, page, redirects, sends


@pytest.fixture
def site() -> Iterator[WebSite]:
    with WebSite() as running:
        yield running


@pytest.fixture
def library(tmp_path: Path) -> Library:
    engine = create_engine(f"sqlite:///{tmp_path}/dime.db")
    SQLModel.metadata.create_all(engine)
    return Library(engine)


def read(
    site: WebSite,
    path: str = "/",
    *,
    depth: int = 3,
    pages: int = 200,
    patience: Patience = QUICK,
    pauses: Pauses | None = None,
    told: list[Progress] | None = None,
) -> Document:
    async def crawl() -> Document:
        async with fetcher(patience=patience, pauses=pauses) as ours:
            heard = [] if told is None else told
            return await read_site(site.url + path, ours, bounds=Bounds(depth, pages), told=heard.append)

    return asyncio.run(crawl())


def questions(document: Document) -> list[str]:
    return [entry.question for entry in document.entries]


def told(document: Document) -> str:
    return "\n".join(map(str, document.problems))


def urlset(*urls: str, kind: str = "urlset") -> str:
    places = "".join(f"<url><loc> {url} </loc></url>" for url in urls)
    return f'<?xml version="1.0"?><{kind} xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{places}</{kind}>'


def test_pages_that_are_linked_are_one_source_and_each_is_read_once(site: WebSite) -> None:
    site["/"] = page("Start?", links=("help", "help#top", "/help?utm_source=x", "//" + site.host + "/deep/er"))
    site["/help"] = page("Help?", links=("/", "./help", "deep/er"))
    site["/deep/er"] = page("Deeper?", links=("../help", "/"))
    progress: list[Progress] = []
    document = read(site, told=progress)
    assert questions(document) == ["Start?", "Help?", "Deeper?"]
    assert (document.name, document.kind, document.problems) == (f"{site.url}/", "site", ())
    assert [entry.url for entry in document.entries] == [f"{site.url}{path}" for path in ("/", "/help", "/deep/er")]
    assert {entry.source for entry in document.entries} == {document.name}
    assert sorted(site.asked) == ["/", "/deep/er", "/help", "/robots.txt", "/sitemap.xml"]
    assert [step.read for step in progress] == [2, 3]


def test_other_hosts_mail_and_pictures_are_left_alone(site: WebSite) -> None:
    elsewhere = ("http://127.0.0.2/x", "https://shop.example/", "mailto:a@shop.example", "javascript:go()", "/cat.png")
    site["/"] = page("Start?", links=(*elsewhere, "/out", "http://[bad", "/thing"))
    site["/out"] = redirects("http://shop.example/away")
    site["/thing"] = sends(b"\x00\x01", kind="application/x-thing")
    document = read(site)
    assert questions(document) == ["Start?"]
    assert document.is_whole
    assert "/cat.png" not in site.asked


def test_robots_txt_is_honoured(site: WebSite) -> None:
    site["/robots.txt"] = sends(
        "User-agent: *\nDisallow: /\nUser-agent: Dime\nDisallow: /private\nAllow: /private/faq\nCrawl-delay: 3\n"
    )
    site["/"] = page("Start?", links=("/private", "/private/faq", "/go"))
    site["/private"], site["/private/faq"] = page("Secret?"), page("Open?")
    site["/go"] = redirects("/private")
    pauses = Pauses()
    assert questions(read(site, pauses=pauses)) == ["Start?", "Open?"]
    assert "/private" not in site.asked
    assert set(pauses.seconds[1:]) == {3}
    with pytest.raises(UnreadableDocument, match=r"robots\.txt asks crawlers not to"):
        read(site, "/private")


def test_robots_txt_that_fails_forbids_everything_and_one_that_is_refused_nothing(site: WebSite) -> None:
    site["/"], site["/robots.txt"] = page("Start?"), fails(500)
    with pytest.raises(UnreadableDocument, match="nobody knows which pages may be read"):
        read(site)
    assert "/" not in site.asked
    site["/robots.txt"] = fails(403)
    assert questions(read(site)) == ["Start?"]


def test_page_may_ask_not_to_be_read_or_followed(site: WebSite) -> None:
    site["/"] = page("Start?", links=("/a", "/b"))
    site["/a"] = page("Hidden?", links=("/c",), head='<meta name="robots" content="NOINDEX">')
    site["/b"] = page("Shown?", links=("/d",), head='<meta name="robots" content="nofollow">')
    site["/c"], site["/d"] = page("Behind a?"), page("Behind b?")
    assert questions(read(site)) == ["Start?", "Shown?", "Behind a?"]


def test_sitemap_names_pages_that_nothing_links(site: WebSite) -> None:
    site["/"] = page("Start?")
    site["/sitemap.xml"] = urlset(f"{site.url}/lonely", f"{site.url}/lonely#again", "http://shop.example/other")
    site["/lonely"] = page("Lonely?")
    assert questions(read(site)) == ["Start?", "Lonely?"]


def test_index_of_packed_sitemaps_in_robots_txt_is_used(site: WebSite) -> None:
    site["/robots.txt"] = f"Sitemap: {site.url}/index.xml\n"
    site["/index.xml"] = urlset(f"{site.url}/one.xml.gz", f"{site.url}/index.xml", kind="sitemapindex")
    site["/one.xml.gz"] = sends(gzip.compress(urlset(f"{site.url}/packed").encode()), kind="application/gzip")
    site["/"], site["/packed"] = page("Start?"), page("Packed?")
    assert questions(read(site)) == ["Start?", "Packed?"]
    assert "/sitemap.xml" not in site.asked


def test_sitemap_itself_may_be_where_to_begin(site: WebSite) -> None:
    site["/help/sitemap.xml"] = urlset(f"{site.url}/a", f"{site.url}/b")
    site["/a"], site["/b"] = page("A?"), page("B?")
    document = read(site, "/help/sitemap.xml")
    assert (document.name, questions(document)) == (f"{site.url}/help/sitemap.xml", ["A?", "B?"])
    site["/help/sitemap.xml"] = sends("<html><body>no</body></html>")
    with pytest.raises(UnreadableDocument, match="is not a sitemap: its root is <html>"):
        read(site, "/help/sitemap.xml")


@pytest.mark.parametrize(
    "content",
    [
        b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><urlset><url><loc>&b;</loc></url></urlset>',
        b"<urlset><url>",
        b"<?xml version='1.0' encoding='nonsense'?><urlset/>",
        b"\x1f\x8b broken",
        gzip.compress(b" " * 3_000_000),
    ],
)
def test_bad_sitemap_is_refused_in_a_sentence(content: bytes) -> None:
    with pytest.raises(UnreadableDocument, match=r"http://shop\.example/sitemap\.xml"):
        read_sitemap(content, url="http://shop.example/sitemap.xml", most_bytes=2_000_000)


def test_preferred_address_keeps_a_page_from_being_read_twice(site: WebSite) -> None:
    canonical = '<link rel="canonical" href="/sofa">'
    site["/"] = page("Start?", links=("/sofa?print=1", "/sofa", "/sofa?colour=red"))
    for path in ("/sofa?print=1", "/sofa", "/sofa?colour=red"):
        site[path] = page("Sofa?", f"At {path}", head=canonical)
    document = read(site)
    assert questions(document) == ["Start?", "Sofa?"]
    assert document.entries[1].url == f"{site.url}/sofa"
    assert document.is_whole


def test_depth_is_limited(site: WebSite) -> None:
    for number in range(6):
        site["/" if number == 0 else f"/{number}"] = page(f"Page {number}?", links=(f"/{number + 1}",))
    assert questions(read(site)) == ["Page 0?", "Page 1?", "Page 2?", "Page 3?"]
    assert questions(read(site, depth=0)) == ["Page 0?"]


def test_number_of_pages_is_limited_and_then_nothing_is_taken_for_gone(site: WebSite) -> None:
    site["/"] = page("Start?", links=tuple(f"/{number}" for number in range(10)))
    for number in range(10):
        site[f"/{number}"] = page(f"Page {number}?")
    document = read(site, pages=4)
    assert len(document.entries) == 4
    assert "only the first 4 pages were read" in told(document)
    assert not document.is_whole
    assert read(site, pages=11).is_whole


def test_calendar_without_end_ends(site: WebSite) -> None:
    site["/"] = page("Start?", links=tuple(f"/{number}" for number in range(50)))
    for number in range(50):
        site[f"/{number}"] = redirects(f"/{number}/next")
    document = read(site, pages=5)
    assert "20 addresses were asked and 1 of them were pages" in told(document)
    assert len(site.asked) <= 25


def test_redirects_without_end_are_a_problem_of_that_page(site: WebSite) -> None:
    site["/"] = page("Start?", links=("/loop", "/r0", "/fine"))
    site["/loop"] = redirects("/loop")
    for number in range(10):
        site[f"/r{number}"] = redirects(f"/r{number + 1}")
    site["/fine"] = redirects("/end")
    site["/end"] = page("End?")
    document = read(site)
    assert questions(document) == ["Start?", "End?"]
    assert f"{site.url}/loop redirects without end" in told(document)
    assert f"{site.url}/r0 redirects without end" in told(document)
    assert not document.is_whole


def test_start_may_redirect_to_the_sites_real_host(site: WebSite) -> None:
    with WebSite() as real:
        site["/"] = redirects(real.url + "/")
        real["/"] = page("Start?", links=("/more",))
        real["/more"] = page("More?")
        document = read(site)
        assert (document.name, questions(document)) == (f"{site.url}/", ["Start?", "More?"])
        assert "/robots.txt" in real.asked


def test_huge_page_and_gzip_bomb_cost_only_themselves(site: WebSite) -> None:
    site["/"] = page("Start?", links=("/bomb", "/more"))
    site["/bomb"], site["/more"] = bomb(megabytes=30), page("More?")
    document = read(site, patience=replace(QUICK, page_bytes=1_000_000))
    assert questions(document) == ["Start?", "More?"]
    assert f"{site.url}/bomb is larger than 1 MB" in told(document)


def test_server_that_breaks_down_is_left_alone_after_a_while(site: WebSite) -> None:
    site["/"] = page("Start?", links=tuple(f"/{number}" for number in range(30)))
    for number in range(30):
        site[f"/{number}"] = fails(503)
    document = read(site)
    assert "5 pages in a row did not come" in told(document)
    assert len([path for path in site.asked if path[1:].isdigit()]) == 10


def test_site_has_a_time_limit(site: WebSite) -> None:
    site["/"] = page("Start?", links=("/more",))
    assert "the site took longer than 0 minutes" in told(read(site, patience=replace(QUICK, site_s=0)))


def test_same_question_on_two_pages_stays_where_it_was_first(site: WebSite) -> None:
    site["/"] = page("Start?", links=("/a", "/b", "/c"))
    site["/a"], site["/b"], site["/c"] = page("Open?", "Until 6."), page("Open?", "Until 8."), page("Open?", "Until 6.")
    document = read(site)
    assert [entry.answer for entry in document.entries] == ["Yes, we do.", "Until 6."]
    assert told(document).count("was used before") == 1
    assert document.is_whole


def test_site_without_a_question_is_one_sentence(site: WebSite) -> None:
    site["/"] = sends("<p>Under construction</p>")
    with pytest.raises(UnreadableDocument, match="no page of this site holds a question"):
        read(site)
    with pytest.raises(UnreadableDocument, match="is not there any more"):
        read(site, "/nowhere")


def test_pages_without_a_question_are_told_together(site: WebSite) -> None:
    site["/"] = page("Start?", links=("/a", "/b"))
    site["/a"] = site["/b"] = sends("<p>Under construction</p>")
    document = read(site)
    assert told(document) == f"pages without a question: 2, first {site.url}/a"
    assert document.is_whole


def test_site_added_again_updates_only_what_changed_and_retires_what_is_gone(site: WebSite, library: Library) -> None:
    site["/"] = page("Start?", links=("/a", "/b"))
    site["/a"], site["/b"] = page("A?", "Old."), page("B?")
    assert library.add(read(site)).added == 3
    site["/a"], site["/b"] = page("A?", "New."), fails(410)
    added = library.add(read(site))
    assert (added.added, added.updated, added.retired, added.unchanged) == (0, 1, 1, 1)
    version = library.version()
    assert library.add(read(site)).unchanged == 2
    assert library.version() == version


def test_nothing_is_retired_while_a_page_does_not_come(site: WebSite, library: Library) -> None:
    site["/"] = page("Start?", links=("/a", "/b"))
    site["/a"], site["/b"] = page("A?"), page("B?")
    library.add(read(site))
    site["/a"], site["/b"] = fails(500), fails(404)
    added = library.add(read(site))
    assert (added.retired, added.unchanged) == (0, 1)
    assert f"{site.url}/a answered with status 500" in str(added.problems[0])
    assert len(library.entries()) == 3


def test_links_are_relative_to_the_base_a_page_names() -> None:
    html = b'<base href="/shop/"><a href="sofa">1</a><a href=" bed\n">2</a><a rel="nofollow" href="no">3</a><a>4</a>'
    links = links_of(html, url="http://shop.example/help/x")
    assert links.to == ("http://shop.example/shop/sofa", "http://shop.example/shop/bed")
    assert links.canonical is None
