"""Journeys in a real browser: a customer at the widget, a colleague at the desk, one server between them."""

import re
import shutil
import threading
from collections.abc import Callable, Iterator
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect, sync_playwright

from tests.conftest import Server

pytestmark = pytest.mark.real
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"]
QUIET = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
PATIENCE_MS = 30_000
"""The first question after start-up may wait for the index."""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """Of this module alone: while Playwright's sync API runs, no other test in this thread could run an event loop."""
    chromium = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if chromium is None:
        pytest.fail("These journeys need Chromium: run `make install`, or `apt-get install chromium`.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *QUIET])
        yield browser
        browser.close()


class Customer:
    """At the shop, with the widget open."""

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        page.goto(url)
        self.open()

    def open(self) -> None:
        self.page.locator("dime-chat .launcher").click()
        self.log = self.page.locator("dime-chat .log")
        expect(self.log.locator(".line").first).to_be_visible()

    def says(self, text: str) -> None:
        self.page.locator("dime-chat textarea").fill(text)
        self.page.keyboard.press("Enter")

    def hears(self, text: str | re.Pattern[str]) -> None:
        expect(self.log).to_contain_text(text)

    def press(self, name: str) -> None:
        self.page.locator("dime-chat").get_by_role("button", name=name).first.click()


@pytest.fixture
def new_page(browser: Browser) -> Iterator[Callable[[], Page]]:
    """Pages of strangers: each has storage of its own."""
    contexts = []

    def make() -> Page:
        contexts.append(browser.new_context())
        return contexts[-1].new_page()

    yield make
    for context in contexts:
        context.close()


@pytest.fixture
def arrive(new_page: Callable[[], Page], server_url: str) -> Callable[..., Customer]:
    return lambda lang="en": Customer(new_page(), f"{server_url}/?lang={lang}")


def sit_down(page: Page, url: str, *, name: str) -> Page:
    page.goto(f"{url}/desk")
    page.get_by_label("Your name").fill(name)
    page.keyboard.press("Enter")
    expect(page.get_by_text("At the desk")).to_be_visible()
    return page


def test_answer_names_the_entry_it_comes_from(arrive: Callable[..., Customer]) -> None:
    customer = arrive()
    customer.says("how long do I have to return a sofa?")
    customer.hears("30 days")
    source = customer.log.get_by_role("link", name="How long do I have to return a sofa?")
    with customer.page.expect_popup() as opened:
        source.click()
    expect(opened.value.get_by_role("heading", level=1)).to_have_text("How long do I have to return a sofa?")


def test_chinese_question_is_answered_in_chinese(arrive: Callable[..., Customer]) -> None:
    customer = arrive(lang="zh")
    customer.says("沙发多久可以退？")
    customer.hears("30天")
    expect(customer.log.get_by_role("link", name="沙发多久之内可以退货")).to_be_visible()


def test_suggested_question_opens_the_widget_with_it(new_page: Callable[[], Page], server_url: str) -> None:
    page = new_page()
    page.goto(server_url)
    page.get_by_role("link", name="What does assembly cost?").click()
    log = page.locator("dime-chat .log")
    expect(log.locator(".customer")).to_contain_text("What does assembly cost?")
    expect(log).to_contain_text("$89")
    box = page.locator("dime-chat textarea").bounding_box()
    assert box is not None
    assert box["height"] > 30


@pytest.fixture
def foreign_url(tmp_path: Path, server_url: str) -> Iterator[str]:
    """A shop of another origin, with styles that would spoil a widget without walls. It is really served, since
    Chromium keeps made-up pages away from a server on this machine."""
    styles = "* { color: red !important; font-size: 50px; display: block }"
    tag = f'<script src="{server_url}/widget.js" data-lang="en" data-color="#ffd54a" data-theme="dark" defer></script>'
    (tmp_path / "index.html").write_text(f"<!doctype html><style>{styles}</style>{tag}")
    handler = partial(SimpleHTTPRequestHandler, directory=str(tmp_path))
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as site:
        threading.Thread(target=site.serve_forever, args=(0.01,), name="foreign-site").start()
        yield f"http://127.0.0.1:{site.server_port}/"
        site.shutdown()


def test_one_script_tag_on_a_page_of_another_origin_is_enough(new_page: Callable[[], Page], foreign_url: str) -> None:
    page = new_page()
    customer = Customer(page, foreign_url)
    customer.says("What does assembly cost?")
    customer.hears("$89")
    assert page.evaluate("Object.getOwnPropertyNames(window).filter((name) => /dime|widget/.test(name))") == []
    bubble = page.locator("dime-chat .dime .bubble").first
    expect(bubble).to_have_css("color", "rgb(236, 238, 234)")
    expect(bubble).to_have_css("font-size", "15px")
    expect(page.locator("dime-chat .launcher")).to_have_css("color", "rgb(31, 36, 33)")  # dark on the light colour


def test_widget_is_used_by_keyboard_alone(new_page: Callable[[], Page], server_url: str) -> None:
    page = new_page()
    page.goto(server_url)
    launcher = page.locator("dime-chat").get_by_role("button", name="Open the chat")
    launcher.focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("dialog")).to_be_visible()
    expect(page.get_by_label("Your message")).to_be_focused()
    page.keyboard.type("What does assembly cost?")
    page.keyboard.press("Enter")
    expect(page.locator("dime-chat .log")).to_contain_text("$89")
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_be_hidden()
    expect(launcher).to_be_focused()


def test_conversation_survives_a_reload(arrive: Callable[..., Customer]) -> None:
    customer = arrive()
    customer.says("how long do I have to return a sofa?")
    customer.hears("30 days")
    customer.page.reload()
    customer.open()
    customer.hears("how long do I have to return a sofa?")
    customer.hears("30 days")


def test_question_asked_while_the_server_is_down_is_answered_after_it_is_back(
    new_page: Callable[[], Page], make_server: Callable[..., Server]
) -> None:
    server = make_server()
    customer = Customer(new_page(), server.url)
    customer.says("how long do I have to return a sofa?")
    customer.hears("30 days")
    server.kill()
    expect(customer.page.get_by_text("Connecting")).to_be_visible()
    customer.says("What does assembly cost?")
    server.start()
    customer.hears("$89")
    expect(customer.log.locator(".customer")).to_have_count(2)


def test_what_a_customer_writes_is_text_and_never_markup(arrive: Callable[..., Customer]) -> None:
    customer = arrive()
    customer.page.on("dialog", lambda dialog: pytest.fail(f"the page ran a customer's words: {dialog.message}"))
    markup = "<img src=x onerror=alert(1)>"
    customer.says(markup)
    expect(customer.log.locator(".customer")).to_contain_text(markup)
    expect(customer.log.locator(".dime:visible")).to_have_count(2)
    customer.page.reload()
    customer.open()
    expect(customer.log.locator(".customer")).to_contain_text(markup)
    expect(customer.log.locator("img")).to_have_count(0)


def test_too_long_message_cannot_be_sent(arrive: Callable[..., Customer]) -> None:
    customer = arrive()
    customer.says("x" * 4_001)
    expect(customer.page.get_by_text("4001 characters of 4000")).to_be_visible()
    expect(customer.page.locator("dime-chat").get_by_role("button", name="Send")).to_be_disabled()
    expect(customer.log.locator(".customer")).to_have_count(0)


def test_nobody_at_the_desk_means_a_call_back_that_the_desk_sees(
    arrive: Callable[..., Customer], new_page: Callable[[], Page], server_url: str
) -> None:
    customer = arrive()
    customer.press("Talk to a person")
    customer.hears("nobody is at the desk")
    customer.page.get_by_label("Phone or e-mail").fill("+1 503 555 0188")
    customer.page.get_by_label("What is it about?").fill("The wardrobe on the 14th")
    customer.press("Ask for a call-back")
    customer.hears("We will get back to you")
    expect(customer.page.locator("dime-chat .callback")).to_be_hidden()

    desk = sit_down(new_page(), server_url, name="Anna")
    promised = desk.locator("#callbacks li", has_text="+1 503 555 0188")
    expect(promised).to_contain_text("The wardrobe on the 14th")
    promised.get_by_role("button", name="Reached", exact=True).click()
    expect(promised).to_have_count(0)


def test_colleague_takes_a_conversation_over_and_closes_it(
    arrive: Callable[..., Customer], new_page: Callable[[], Page], server_url: str
) -> None:
    desk = sit_down(new_page(), server_url, name="Anna")
    customer = arrive()
    customer.says("how long do I have to return a sofa?")
    customer.hears("30 days")
    customer.press("Talk to a person")
    customer.hears("in the queue")
    customer.says("It is about order AF-20417.")

    desk.locator("#waiting button", has_text="return a sofa").last.click()
    expect(desk.locator("#transcript")).to_contain_text("AF-20417")
    desk.get_by_role("button", name="Take this conversation").click()
    customer.hears("A colleague has joined")
    desk.get_by_label("Your reply").fill("Hello, this is Anna. I have your order here.")
    desk.keyboard.press("Enter")
    customer.hears("I have your order here.")
    expect(customer.page.get_by_text("You are talking to Anna")).to_be_visible()
    customer.says("Can it still be changed?")
    expect(desk.locator("#transcript")).to_contain_text("Can it still be changed?")

    customer.page.reload()
    customer.open()
    customer.hears("I have your order here.")
    desk.get_by_role("button", name="Solved", exact=True).click()
    expect(desk.get_by_text(re.compile(r"Closed: solved\. Handled in \d+ s\."))).to_be_visible()
    expect(desk.locator("#mine button")).to_have_count(0)
    customer.hears("The conversation was closed")
    customer.says("What does assembly cost?")
    customer.hears("$89")


def test_desk_says_who_was_quicker(
    arrive: Callable[..., Customer], new_page: Callable[[], Page], server_url: str
) -> None:
    anna = sit_down(new_page(), server_url, name="Anna")
    customer = arrive()
    customer.press("Talk to a person")
    customer.hears("in the queue")
    customer.says("It is about order AF-30518.")
    anna.locator("#waiting button", has_text="AF-30518").click()
    take = anna.get_by_role("button", name="Take this conversation")
    expect(take).to_be_visible()

    list_path = "**/api/v1/desk/conversations"
    anna.route(list_path, lambda route: route.abort())  # Anna's page has not heard yet that ...
    conversation = anna.locator("#waiting [aria-current=true]").get_attribute("data-id")
    path = f"{server_url}/api/v1/desk/conversations/{conversation}"
    expect(customer.page.request.post(f"{path}/take", data={"colleague": "Ben"})).to_be_ok()
    expect(anna.get_by_role("alert")).to_have_text("The server cannot be reached.")
    anna.unroute(list_path)
    take.click()
    expect(anna.get_by_role("alert")).to_have_text("Ben has this conversation")
    expect(take).to_be_hidden()
    expect(customer.page.request.post(f"{path}/close", data={"colleague": "Ben", "outcome": "spam"})).to_be_ok()
