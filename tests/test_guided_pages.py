"""A guide, a condition and a picture in a real browser, in both languages, light and dark."""

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.test_pages import Customer, arrive, browser, new_page, sit_down  # noqa: F401 - fixtures

pytestmark = pytest.mark.real


def test_guide_is_pressed_through_by_keyboard_and_survives_a_reload(arrive: Callable[..., Customer]) -> None:  # noqa: F811
    customer = arrive()
    customer.says("my standing desk does not move")
    customer.hears("Is the display on the control panel lit?")
    choices = customer.log.get_by_role("group", name="Choose a reply").get_by_role("button")
    expect(choices).to_have_text(["yes", "no"])
    choices.nth(1).focus()
    customer.page.keyboard.press("Enter")
    customer.hears("Plug the desk straight into a wall socket")
    expect(customer.page.get_by_label("Your message")).to_be_focused()
    expect(choices).to_have_count(2)

    customer.page.reload()
    customer.open()
    expect(choices).to_have_text(["yes", "no"])
    customer.says("yes")
    customer.hears("Take everything off the desk")


def test_condition_is_chosen_with_a_button(arrive: Callable[..., Customer]) -> None:  # noqa: F811
    customer = arrive(lang="zh")
    customer.says("你们星期几往我们州送家具？")
    customer.hears("请问送到哪个州")
    customer.press("爱达荷州")
    customer.hears("周二和周五")
    expect(customer.log.locator(".choices")).to_have_count(0)


def test_picture_link_and_list_are_shown_and_a_customers_own_marks_are_not(arrive: Callable[..., Customer]) -> None:  # noqa: F811
    customer = arrive()
    marks = "![x](https://127.0.0.1/x.png) [here](javascript:alert(1)) **bold**"
    customer.says(marks)
    expect(customer.log.locator(".customer .bubble")).to_have_text(marks)
    expect(customer.log.locator(".line.dime .bubble:not(.typing)")).to_have_count(2)
    customer.says("my table wobbles, how do I level it?")
    picture = customer.log.get_by_role("img", name="A hand turns the adjustable foot below a table leg")
    expect(picture).to_be_visible()
    assert picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 320
    expect(customer.log.locator(".dime li")).to_have_count(2)
    expect(customer.log.locator(".dime strong")).to_have_text("adjustable feet")
    link = customer.log.get_by_role("link", name="assembly instructions")
    expect(link).to_have_attribute("href", re.compile(r"^http://127.0.0.1:\d+/help/assembly-instructions$"))
    assert "[spoken]" not in (customer.log.text_content() or "")


def test_answer_with_dangerous_addresses_is_text(new_page: Callable[[], Page], server_url: str) -> None:  # noqa: F811
    page = new_page()
    page.goto(f"{server_url}/desk")
    page.get_by_label("Your name").fill("Anna")
    answer = (
        "[a](javascript:alert(1)) ![b](data:image/png;base64,AA) <img src=x onerror=alert(1)> [c](http://x.example/d)"
    )
    drawn = page.evaluate(
        """text => {
            const box = document.createElement("div");
            box.append(...rendered(text, { base: location.href, newTab: "new" }));
            const links = [...box.querySelectorAll("a")].map(a => a.href);
            return [box.querySelectorAll("img").length, links, box.textContent];
        }""",
        answer,
    )
    assert drawn[0] == 0
    assert drawn[1] == ["http://x.example/d"]
    assert "<img src=x onerror=alert(1)>" in drawn[2]


def test_desk_shows_the_answer_and_the_way_through_the_guide(
    arrive: Callable[..., Customer],  # noqa: F811
    new_page: Callable[[], Page],  # noqa: F811
    server_url: str,
) -> None:
    desk = sit_down(new_page(), server_url, name="Anna")
    customer = arrive()
    customer.says("my table wobbles, how do I level it?")
    customer.hears("Clockwise")
    customer.says("my standing desk does not move")
    no = customer.log.get_by_role("group", name="Choose a reply").get_by_role("button", name="no")
    no.click()
    customer.hears("Plug the desk")
    no.click()
    customer.hears("in the queue")
    desk.locator("#waiting button", has_text="my standing desk does not move").first.click()
    expect(desk.locator("#trodden")).to_contain_text("Is the display on the control panel lit? — no")
    expect(desk.locator("#transcript img")).to_be_visible()
    desk.get_by_role("button", name="Take this conversation").click()
    desk.get_by_role("button", name="Spam", exact=True).click()
    expect(desk.get_by_text("Closed: spam.")).to_be_visible()
