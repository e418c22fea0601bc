"""An angry customer and a colleague, in a real browser on a real server."""

import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.test_pages import Customer, browser, new_page, sit_down  # noqa: F401 - fixtures

pytestmark = pytest.mark.real
SHOTS = os.environ.get("SCREENSHOTS")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_colleague_reads_who_comes_and_why_above_the_conversation(
    new_page: Callable[[], Page],  # noqa: F811
    server_url: str,
    lang: str,
) -> None:
    desk = sit_down(new_page(), server_url, name="Ana")
    customer = Customer(new_page(), f"{server_url}/?lang={lang}")
    first, second = {
        "en": ("This is ridiculous!! How long can I return a sofa?", "You are useless. Do you rent out boats?"),
        "zh": ("太差了!沙发多久可以退货?", "你们就是骗子,租船吗?我的电话是13800138000"),
    }[lang]
    customer.says(first)
    customer.hears(re.compile("I can see that this has made you angry|我理解您很生气"))
    customer.hears(re.compile("30"))
    customer.says(second)
    customer.hears(re.compile("queue for a colleague|已进入人工客服队列"))

    desk.goto(f"{server_url}/desk?lang={lang}")
    row = desk.locator("#waiting li", has_text=second.partition("我的电话")[0])
    expect(row.locator(".mark.angry")).to_be_visible()
    row.locator("button").first.click()
    summary = desk.locator("#summary")
    expect(summary).to_contain_text({"en": "Not solved", "zh": "未解决"}[lang])
    expect(summary).not_to_contain_text("13800138000")
    expect(desk.locator(".line.customer .mark.angry").first).to_be_visible()
    if SHOTS:
        desk.screenshot(path=Path(SHOTS) / f"desk-{lang}.png")
    desk.locator("#take").click()
    desk.locator("#close button[value=solved]").click()


def test_call_back_of_the_widget_is_closed_with_what_came_of_it(
    new_page: Callable[[], Page],  # noqa: F811
    server_url: str,
) -> None:
    customer = Customer(new_page(), f"{server_url}/?lang=en")
    customer.press("Talk to a person")
    form = customer.page.locator("dime-chat .callback")
    form.get_by_label("Phone or e-mail").fill("+1 503 555 0177")
    form.get_by_label("When suits you?").fill("Friday at noon")
    form.get_by_role("button").click()
    customer.hears("get back to you")
    desk = sit_down(new_page(), server_url, name="Ana")
    open_call = desk.locator("#callbacks li", has_text="+1 503 555 0177")
    expect(open_call).to_contain_text("when: Friday at noon")
    if SHOTS:
        desk.screenshot(path=Path(SHOTS) / "desk-callbacks.png")
        customer.page.screenshot(path=Path(SHOTS) / "widget.png")
    open_call.get_by_role("button", name="Not reached").click()
    expect(open_call).to_have_count(0)
