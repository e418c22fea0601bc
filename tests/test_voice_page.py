"""A customer calls by voice from the widget: a real browser with a recorded voice for a microphone, a real server."""

import asyncio
import json
import os
import re
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
import websockets
from playwright.sync_api import Browser, Page, WebSocket, expect, sync_playwright

from tests.conftest import Server
from tests.real_engines import kokoro, piper
from tests.test_pages import FLAGS, PATIENCE_MS, QUIET, Customer, sit_down
from voice.audio import RATE_HZ, level_dbfs, silence
from voice.codecs import decode

pytestmark = [pytest.mark.real, pytest.mark.soak]
SHOTS = os.environ.get("SCREENSHOTS")
QUESTIONS = {"en": "How long do I have to return a sofa?", "zh": "怎么取消订单?"}
CALLS = {"en": "Call by voice", "zh": "语音通话"}


@pytest.fixture(scope="module")
def chromium() -> str:
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    return found or pytest.fail("These journeys need Chromium: run `make install`, or `apt-get install chromium`.")


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """A microphone's sound for each language: a breath, the question, and after a while the question again, for a call
    that was not taken up yet."""
    folder = tmp_path_factory.mktemp("voices")
    paths = {}
    for lang, engine in (("en", piper()), ("zh", kokoro())):
        said = asyncio.run(engine.speak(QUESTIONS[lang], lang=lang)).samples
        paths[lang] = folder / f"{lang}.wav"
        once = np.concatenate([silence(2_500), said, silence(20_000)])
        soundfile.write(paths[lang], np.concatenate([once, once, silence(60_000)]), RATE_HZ, subtype="PCM_16")
    return paths


@pytest.fixture(scope="module")
def speaking(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that records calls, with its engines loaded by a first call that says nothing."""
    running = Server(
        tmp_path_factory.mktemp("home"), DIME_RECORD_CALLS="on", DIME_CALLS_MOST="4", DIME_AUDIOSOCKET_PORT="0"
    )
    running.start()
    asyncio.run(_warm(running.url))
    yield running
    running.stop()


async def _warm(url: str) -> None:
    async with websockets.connect(f"{url.replace('http', 'ws')}/chat") as socket:
        await socket.send('{"type": "hello"}')
        await socket.send('{"type": "call_start"}')
        async with asyncio.timeout(300):
            while json.loads(await socket.recv())["type"] != "call_started":
                pass


class Wiretap:
    """What goes over the widget's socket."""

    def __init__(self, page: Page) -> None:
        self.down: list[bytes] = []
        self.up: list[bytes] = []
        self.played: list[float] = []
        page.on("websocket", self._on)

    def _on(self, socket: WebSocket) -> None:
        socket.on("framereceived", lambda frame: self.down.append(frame) if isinstance(frame, bytes) else None)
        socket.on("framesent", self._sent)

    def _sent(self, frame: str | bytes) -> None:
        if isinstance(frame, bytes):
            self.up.append(frame)
        elif (event := json.loads(frame))["type"] == "played":
            self.played.append(event["ms"])


@pytest.fixture
def browse(chromium: str) -> Iterator[Callable[..., Browser]]:
    expect.set_options(timeout=PATIENCE_MS)
    opened = []
    with sync_playwright() as playwright:

        def launch(*flags: str) -> Browser:
            opened.append(playwright.chromium.launch(executable_path=chromium, args=[*FLAGS, *QUIET, *flags]))
            return opened[-1]

        yield launch
        for browser in opened:
            browser.close()


def microphone(voice: Path) -> tuple[str, ...]:
    return (
        "--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream",
        f"--use-file-for-fake-audio-capture={voice}%noloop", "--autoplay-policy=no-user-gesture-required",
    )  # fmt: skip


def shoot(page: Page, name: str) -> None:
    if SHOTS:
        page.screenshot(path=Path(SHOTS) / f"{name}.png")


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_a_spoken_question_is_answered_in_sound_and_in_writing(
    browse: Callable[..., Browser], speaking: Server, voices: dict[str, Path], lang: str
) -> None:
    page = browse(*microphone(voices[lang])).new_context().new_page()
    tap = Wiretap(page)
    customer = Customer(page, f"{speaking.url}/?lang={lang}")
    customer.press(CALLS[lang])
    call = page.locator("dime-chat section.call")
    expect(customer.log.locator(".customer")).to_have_count(1, timeout=2 * PATIENCE_MS)
    expect(customer.log.locator(".dime:visible")).to_have_count(2)
    expect(call).to_have_attribute("data-state", "speaking")
    shoot(page, f"call-speaking-{lang}")
    if lang == "en":
        customer.hears("30 days")
        expect(call.locator(".recording")).to_be_visible()
    expect(call).to_have_attribute("data-state", "listening")
    shoot(page, f"call-listening-{lang}")
    page.emulate_media(color_scheme="dark")
    shoot(page, f"call-dark-{lang}")
    said = decode(b"".join(tap.down), "s16le")
    assert level_dbfs(said) > -40
    assert tap.played[-1] == pytest.approx(len(said) / 16, abs=1)
    assert {len(frame) for frame in tap.up} == {640}
    call.get_by_role("button", name=re.compile("Hang up|挂断")).click()
    expect(call).to_be_hidden()
    customer.hears(re.compile("The call is over|通话已结束"))
    customer.says(QUESTIONS[lang])
    expect(customer.log.locator(".dime:visible")).to_have_count(3)
    shoot(page, f"call-over-{lang}")
    page.reload()
    customer.open()
    expect(customer.log.locator(".customer")).to_have_count(2)


def test_a_recorded_call_is_played_and_deleted_at_the_desk(
    browse: Callable[..., Browser], speaking: Server, voices: dict[str, Path]
) -> None:
    browser = browse(*microphone(voices["en"]))
    desk = sit_down(browser.new_context().new_page(), speaking.url, name="Ana")
    customer = Customer(browser.new_context().new_page(), speaking.url)
    customer.press("Call by voice")
    customer.hears("30 days")
    expect(customer.page.locator("dime-chat section.call")).to_have_attribute("data-state", "listening")
    customer.press("Hang up")
    customer.press("Talk to a person")
    customer.hears("in the queue")
    desk.locator("#waiting button").first.click()
    expect(desk.locator("#recordings audio")).to_have_count(1)
    loaded = "audio => new Promise(done => { audio.onloadedmetadata = () => done(audio.duration); audio.load(); })"
    desk.evaluate("document.querySelector('#recordings audio').preload = 'auto'")
    assert desk.locator("#recordings audio").evaluate(loaded) > 1
    shoot(desk, "desk-recording")
    desk.on("dialog", lambda dialog: dialog.accept())
    desk.locator("#recordings").get_by_role("button", name="Delete").click()
    expect(desk.locator("#recordings")).to_be_hidden()


def test_a_blocked_microphone_is_explained_and_the_chat_goes_on(
    browse: Callable[..., Browser], server_url: str
) -> None:
    page = browse("--use-fake-device-for-media-stream", "--deny-permission-prompts").new_context().new_page()
    customer = Customer(page, server_url)
    customer.press("Call by voice")
    customer.hears("The microphone is blocked")
    shoot(page, "call-denied")
    expect(page.locator("dime-chat section.call")).to_be_hidden()
    expect(page.get_by_label("Your message")).to_be_focused()


def test_without_a_microphone_and_without_https_it_says_which(browse: Callable[..., Browser], server_url: str) -> None:
    port = server_url.rpartition(":")[2]
    browser = browse("--use-fake-ui-for-media-stream", "--host-resolver-rules=MAP shop.example 127.0.0.1")
    customer = Customer(browser.new_context().new_page(), server_url)
    customer.press("Call by voice")
    customer.hears("No microphone was found")
    plain = Customer(browser.new_context().new_page(), f"http://shop.example:{port}")
    plain.press("Call by voice")
    plain.hears("Calls need a secure page")


def test_a_server_without_ears_says_so(browse: Callable[..., Browser], make_server: Callable[..., Server]) -> None:
    deaf = make_server(DIME_WHISPER="/nowhere/at-all", DIME_CALLS_MOST="4", DIME_AUDIOSOCKET_PORT="0")
    page = browse("--use-fake-device-for-media-stream", "--use-fake-ui-for-media-stream").new_context().new_page()
    customer = Customer(page, deaf.url)
    customer.press("Call by voice")
    customer.hears("Calls cannot be taken at the moment")
    customer.says("What does assembly cost?")
    customer.hears("$89")
