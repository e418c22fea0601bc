"""Web pages: what the page says once is read, what every page repeats is not."""

import json

import pytest

from knowledge.entry import Entry
from knowledge.problem import UnreadableDocument
from knowledge.reading.documents import Document, parse_document

pytestmark = pytest.mark.slow

URL = "https://shop.example/help/returns.html"


def page(body: str, head: str = "") -> Document:
    text = f"<!doctype html><html><head><title>Help</title>{head}</head><body>{body}</body></html>"
    return parse_document(text.encode(), name=URL, kind="html", base_url=URL)


def questions(document: Document) -> dict[str, str]:
    return {entry.question: entry.answer for entry in document.entries if entry.kind == "question"}


def one(document: Document) -> Entry:
    (entry,) = document.entries
    return entry


def test_menus_footers_banners_and_scripts_are_left_out() -> None:
    entry = one(
        page(
            "<header><nav>Home</nav><h1>Returns</h1></header><div class='cookie-banner'>We use cookies</div>"
            "<script>var x = 1</script><style>p {}</style><noscript>Turn it on</noscript>"
            "<main><p>Within thirty days &amp; unused.</p></main><aside>Offers</aside><footer>Imprint</footer>"
        )
    )
    assert (entry.question, entry.answer, entry.kind) == ("Returns", "Within thirty days & unused.", "passage")


@pytest.mark.parametrize(
    "body",
    [
        "<details><summary>May I?</summary><p>You may.</p></details>",
        "<h3><button aria-expanded=false aria-controls=p1>May I?</button></h3><div id=p1 hidden><p>You may.</p></div>",
        "<button class=collapsed data-bs-target='#p1'>May I?</button><div class=collapse id=p1>You may.</div>",
        "<dl><dt>May I?</dt><dd>You may.</dd></dl>",
        "<dl><div><dt>May I?</dt><dd>You may.</dd></div></dl>",
        "<h2>May I?</h2><p>You may.</p>",
        "<p><strong>May I?</strong></p><p>You may.</p>",
        "<p>Q: May I?<br>A: You may.</p>",
        "<table><tr><th>Question<th>Answer<tr><td>May I?<td>You may.</table>",
        "<table><tr><td>May I?<td>You may.</table>",
        "<div itemscope itemtype='https://schema.org/Question'><span itemprop=name>May I?</span>"
        "<div itemprop=acceptedAnswer><p itemprop=text>You may.</p></div></div>",
    ],
)
def test_questions_are_recognised_in_every_common_pattern(body: str) -> None:
    assert questions(page(body)) == {"May I?": "You may."}


@pytest.mark.parametrize("where", ["page", "graph", "list"])
def test_faq_told_to_search_engines_is_read_and_not_doubled(where: str) -> None:
    def question(name: str, text: str) -> dict[str, object]:
        return {"@type": "Question", "name": name, "acceptedAnswer": {"@type": "Answer", "text": text}}

    faq = {
        "@type": "FAQPage",
        "mainEntity": [question("May I?", "No"), question("Who pays?", "<p>You &amp; <b>I</b></p>")],
    }
    told = {"page": faq, "graph": {"@graph": [{"@type": "WebPage"}, faq]}, "list": [[faq]]}[where]
    found = page(
        "<details><summary>May I?</summary>You may.</details>",
        f'<script type="application/ld+json">{json.dumps(told)}</script>',
    )
    assert questions(found) == {"May I?": "You may.", "Who pays?": "You & I"}


def test_address_leads_to_the_heading() -> None:
    first, second = page("<h2 id=fees>Fees</h2><p>None.</p><h2>Other</h2><p>Much.</p>").entries
    assert (first.url, second.url) == (f"{URL}#fees", URL)


def test_links_and_pictures_become_markdown_with_whole_addresses() -> None:
    entry = one(
        page(
            "<h2>Label</h2><p>Print <a href='/l (1).pdf'>the label</a>, <img src=box.png alt='a box'> "
            "<a href='javascript:alert(1)'>here</a><img src=pixel.gif> <a href='//evil.example/'>there</a>.</p>"
        )
    )
    assert entry.answer == (
        "Print [the label](https://shop.example/l%20%281%29.pdf), ![a box](https://shop.example/help/box.png) here "
        "[there](https://evil.example/)."
    )


def test_lists_and_tables_are_readable_lines() -> None:
    entry = one(
        page(
            "<h2>Fees</h2><ul><li>Clean<ul><li>no hair</li></ul></li><li>Unused</li></ul>"
            "<ol><li>One</li><li>Two</li></ol>"
            "<table><tr><th>Zone<th>Fee<th>Days<tr><td rowspan=2>A<td>$5<td>2<tr><td>$9<td>1</table>"
        )
    )
    assert entry.answer == (
        "- Clean\n  - no hair\n- Unused\n\n1. One\n2. Two\n\n- Zone: A; Fee: $5; Days: 2\n- Zone: A; Fee: $9; Days: 1"
    )


def test_accordion_of_categories_is_a_path() -> None:
    entry = one(page("<details><summary>Sofas</summary><details><summary>May I?</summary>Yes.</details></details>"))
    assert (entry.question, entry.tags) == ("May I?", ("Sofas",))


def test_body_with_a_cookie_class_and_a_page_about_cookies_are_read() -> None:
    article = f"<article class=cookie-policy><h1>Cookies</h1><p>{'We set two. ' * 9}</p></article>"
    text = f"<html><body class=cookie-open>{article}"
    assert parse_document(text.encode(), name="c.html").entries[0].question == "Cookies"


def test_page_that_only_a_browser_can_show_is_said_to_be_one() -> None:
    with pytest.raises(UnreadableDocument, match="only a browser can show"):
        page("<noscript>You need to enable JavaScript.</noscript><div id=root></div><script src=app.js></script>")


def test_declared_encoding_is_believed() -> None:
    text = "<html><meta charset=big5><body><h2>運費</h2><p>我們支付運費。</p>"
    assert parse_document(text.encode("big5"), name="a.html").entries[0].answer == "我們支付運費。"


def test_deep_nesting_and_broken_data_end_in_words_or_a_sentence() -> None:
    deep = "<div>" * 20_000 + "At the very bottom there are words." + "</div>" * 20_000
    head = '<script type="application/ld+json">{"@type": "FAQPage", </script>'
    head += f'<script type="application/ld+json">{"[" * 100_000}</script>'
    assert "very bottom" in one(page(deep, head)).answer


def test_html_in_a_file_named_txt_is_read_as_html_and_said_so() -> None:
    document = parse_document(b"<!DOCTYPE html><body><h2>May I?</h2><p>Yes.", name="a.txt")
    assert document.kind == "html" and questions(document) == {"May I?": "Yes."}
    assert "web page" in str(document.problems[0]) and document.is_whole
