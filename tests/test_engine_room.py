"""The speech engines of a server: waited for once, and closed whatever became of them."""

import asyncio
import threading
from pathlib import Path
from types import SimpleNamespace
from typing import cast

import pytest

from tests.test_people_chat import open_shop
from voice.engines import Engines
from voice.wire import Wire
from web.answering.index import LiveIndex
from web.telephony.arrivals import Arrival
from web.telephony.engine_room import EngineRoom, EnginesMissing
from web.telephony.switchboard import Switchboard


class Opened:
    """Engines that say whether they were closed."""

    def __init__(self, *, is_deaf: bool = False) -> None:
        self.is_deaf = is_deaf
        self.is_closed = False
        self.missing: list[str] = ["No speech can be heard."] if is_deaf else []
        self.voice = self

    async def warm(self, lang: str) -> None:
        """Nothing to load."""

    async def render(self, text: str, *, lang: str) -> None:
        """Nothing to say."""

    async def close(self) -> None:
        self.is_closed = True


def read() -> LiveIndex:
    """A knowledge that is there."""
    built = asyncio.Event()
    built.set()
    return cast(LiveIndex, SimpleNamespace(built=built))


def room_of(engines: Opened) -> EngineRoom:
    return EngineRoom(lambda: cast(Engines, engines))


def test_what_was_opened_serves_and_is_closed_at_the_end() -> None:
    async def story() -> None:
        engines = Opened()
        room = room_of(engines)
        await room.run(after=read())
        assert room.state == "ready"
        assert await room.engines() is cast(Engines, engines)
        assert not engines.is_closed
        await room.close()
        assert engines.is_closed

    asyncio.run(story())


def test_engines_that_are_deaf_are_closed_and_say_why() -> None:
    async def story() -> None:
        engines = Opened(is_deaf=True)
        room = room_of(engines)
        await room.run(after=read())
        assert (room.state, room.trouble) == ("failed", ["No speech can be heard."])
        assert engines.is_closed
        with pytest.raises(EnginesMissing):
            await room.engines()

    asyncio.run(story())


def test_engines_that_open_while_the_server_stops_are_closed_too() -> None:
    async def story() -> None:
        begun, may_open, engines = threading.Event(), threading.Event(), Opened()

        def open_slowly() -> Engines:
            begun.set()
            may_open.wait(10)
            return cast(Engines, engines)

        room = EngineRoom(open_slowly)
        running = asyncio.create_task(room.run(after=read()))
        await asyncio.to_thread(begun.wait, 10)
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)
        closing = asyncio.create_task(room.close())
        await asyncio.sleep(0)
        assert not engines.is_closed
        may_open.set()
        await closing
        assert engines.is_closed

    asyncio.run(story())


def test_a_call_without_engines_waits_for_them_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    class Counted(EngineRoom):
        asked = 0

        async def engines(self) -> Engines:
            self.asked += 1
            return await super().engines()

    monkeypatch.setattr("web.telephony.engine_room.OPENING_S", 0.01)
    switchboard = Switchboard(open_shop(tmp_path))
    switchboard.room = room = Counted(lambda: cast(Engines, Opened()))
    assert asyncio.run(switchboard.answer(Arrival("twilio"), cast(Wire, None))) == "busy"
    assert room.asked == 1
