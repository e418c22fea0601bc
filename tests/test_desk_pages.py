"""What the desk's list and the widget show around a hand-over, in a real browser on a real server."""

import os
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from tests.test_pages import Customer, browser, new_page, sit_down  # noqa: F401 - fixtures

pytestmark = pytest.mark.real
SHOTS = os.environ.get("SCREENSHOTS")
SAID = {
    "en": ("standing desk stuck", "I want to talk to a person", "are you there?"),
    "zh": ("升降桌卡住了", "转人工", "有人在吗?"),
}


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("lang", ["en", "zh"])
def test_desk_lists_the_matter_and_the_widget_offers_no_choice_of_before(
    new_page: Callable[[], Page],  # noqa: F811
    server_url: str,
    lang: str,
    theme: str,
) -> None:
    page, desk = new_page(), new_page()
    for each in (page, desk):
        each.emulate_media(color_scheme=theme)  # type: ignore[arg-type]
    sit_down(desk, server_url, name="Ana")
    customer = Customer(page, f"{server_url}/?lang={lang}")
    matter, person, later = SAID[lang]
    customer.says(matter)
    choices = customer.log.locator(".choices button")
    expect(choices.first).to_be_visible()
    customer.says(person)
    expect(page.locator("dime-chat .panel header p[role=status]")).to_contain_text(
        {"en": "Waiting", "zh": "正在等待"}[lang]
    )
    expect(choices).to_have_count(0)
    customer.says(later)
    desk.goto(f"{server_url}/desk?lang={lang}")
    row = desk.locator("#waiting li").last
    expect(row.locator(".last")).to_have_text(matter)
    row.locator("button").first.click()
    expect(desk.locator("#transcript")).to_contain_text(later)
    page.reload()
    customer.open()
    expect(customer.log).to_contain_text(later)
    expect(choices).to_have_count(0)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"widget-{lang}-{theme}.png")
        desk.screenshot(path=Path(SHOTS) / f"desk-{lang}-{theme}.png")
    desk.locator("#take").click()
    desk.locator("#close button[value=solved]").click()
    expect(desk.locator("#waiting li")).to_have_count(0)
    rating = customer.log.get_by_role(
        "group", name={"en": "How well did this help you?", "zh": "本次服务对您有帮助吗？"}[lang]
    )
    expect(rating.get_by_role("button")).to_have_count(6)
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"rating-{lang}-{theme}.png")
    rating.get_by_role("button", name="4").click()
    expect(customer.log).to_contain_text({"en": "Thank you for your rating.", "zh": "感谢您的评价。"}[lang])
    expect(rating).to_have_count(0)
    grades_what_is_drawn(desk, lang=lang, shot=f"audit-{lang}-{theme}.png")


def grades_what_is_drawn(desk: Page, *, lang: str, shot: str) -> None:
    """The answers given so far on this server, by keyboard or mouse, to the end."""
    right, done = {"en": ("Right", "Nothing is left"), "zh": ("正确", "暂无需要您评定")}[lang]
    desk.get_by_role("button", name={"en": "Audit", "zh": "抽检"}[lang], exact=True).click()
    panel = desk.locator("#auditing")
    expect(panel.get_by_role("button", name=right)).to_be_visible()
    if SHOTS:
        desk.screenshot(path=Path(SHOTS) / shot)
    for _ in range(200):
        if panel.locator("#audit-none").is_visible():
            break
        with desk.expect_response("**/audits/next*"):
            if panel.get_by_role("button", name=right).count():
                panel.get_by_role("button", name=right).click()
            else:
                desk.keyboard.press("2")
        expect(panel.locator("#grades button:disabled")).to_have_count(0)
    expect(panel).to_contain_text(done)
    panel.locator(".shut").click()
    expect(panel).to_be_hidden()
