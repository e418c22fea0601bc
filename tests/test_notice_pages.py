"""Today's trouble in a real browser: customers ask about one new thing, the desk sees it and announces."""

from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Page, expect

from tests.conftest import Server, run_dime
from tests.test_pages import Customer, browser, new_page, sit_down  # noqa: F401

pytestmark = pytest.mark.real
OUTAGE = (
    "is your website down?",
    "your site doesn't load since this morning",
    "the website is not working",
    "why is the webshop offline",
    "网站打不开",
    "你们网站是不是崩了",
)
DOWN = "Our website is down. Orders by phone are not affected."


@pytest.fixture
def shop(make_server: Callable[..., Server]) -> Iterator[Server]:
    yield make_server()


def test_desk_sees_the_trouble_announces_it_and_every_customer_reads_it_once(
    shop: Server,
    new_page: Callable[[], Page],  # noqa: F811
) -> None:
    for question in OUTAGE:
        answered = httpx.post(f"{shop.url}/api/v1/ask", json={"question": question}, timeout=60).json()
        assert answered["action"] in ("unknown", "clarify", "handoff")
    desk = sit_down(new_page(), shop.url, name="Anna")
    banner = desk.locator("#trouble li")
    expect(banner).to_contain_text("customers ask about one thing")
    expect(banner).to_contain_text("网站打不开")

    banner.get_by_role("button", name="Announce").click()
    desk.get_by_role("textbox", name="Announcement").fill(DOWN)
    desk.locator("#saying").get_by_role("button", name="Announce").click()
    expect(desk.locator("#announced")).to_contain_text(DOWN)
    banner.get_by_role("button", name="Dismiss").click()
    expect(banner).to_have_count(0)

    customer = Customer(new_page(), f"{shop.url}/?lang=en")
    notices = customer.log.locator(".notice")
    expect(notices).to_have_text(f"Announcement: {DOWN}")
    customer.says("how long do I have to return a sofa?")
    customer.hears("30 days")
    expect(notices).to_have_count(1)
    customer.page.reload()
    customer.open()
    customer.hears("30 days")
    expect(notices).to_have_count(1)

    shop.kill()
    shop.start()
    stranger = Customer(new_page(), f"{shop.url}/?lang=zh")
    expect(stranger.log.locator(".notice")).to_have_text(f"公告: {DOWN}")
    name = httpx.get(f"{shop.url}/api/v1/announcements").json()[0]["id"]
    assert run_dime("announcements", "withdraw", name[:8], home=shop.home).returncode == 0
    late = Customer(new_page(), f"{shop.url}/?lang=en")
    late.says("how long do I have to return a sofa?")
    late.hears("30 days")
    expect(late.log.locator(".notice")).to_have_count(0)
    assert httpx.get(f"{shop.url}/api/v1/alerts").json() == []


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        (("add", ""), "needs words"),
        (("add", "x" * 501), "501"),
        (("add", DOWN, "--until", "2020-01-01"), "is past"),
        (("add", DOWN, "--until", "soon"), "is no time"),
        (("withdraw", "nothing"), "nothing"),
    ],
)
def test_command_says_what_is_wrong_in_one_sentence(
    arguments: tuple[str, ...], word: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    done = run_dime("announcements", *arguments, home=tmp_path_factory.getbasetemp() / "announcing")
    assert done.returncode == 1
    (sentence,) = done.stderr.splitlines()
    assert word in sentence
