"""The tools that are offered now: the demo shop's for as long as the demo company's knowledge is on the shelf, or
those of the company's own file."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from time import monotonic
from typing import TYPE_CHECKING
from uuid import UUID
from zoneinfo import ZoneInfo

import structlog
from sqlalchemy import Engine
from sqlmodel import Session

from agent.acting.choosing import beside
from agent.acting.errand import Errand
from agent.history import Conversation
from agent.turn import Who
from knowledge.entry import Entry
from knowledge.library import Library
from web.desk.desk import Desk
from web.settings import Settings
from web.shop.errands import shop_errands
from web.shop.store import Shop
from web.shop.tools import ShopTools
from web.tools.mcp_servers import McpServers
from web.tools.toolfile import read_toolfile

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

log = structlog.get_logger()
OPENING_S = 20.0


class Errands:
    def __init__(self, settings: Settings, library: Library) -> None:
        """Raises SettingError where the company's file cannot be used."""
        self._is_demo = settings.tools == "demo"
        self._library = library
        self._home = settings.home
        self._zone = ZoneInfo(settings.time_zone)
        self._all: list[Errand] = []
        self._servers = McpServers()
        self.unusable: dict[str, str] = {}
        """The company's tools that could not be opened when they were last tried, by name, and why."""
        if settings.tools not in ("demo", "none"):
            self._all = [self._noted(errand) for errand in read_toolfile(Path(settings.tools), self._servers)]
        self._offered: Mapping[str, Errand] = {} if self._is_demo else _by_id(self._all)

    def open_shop(self, note_callback: Callable[[str, str, str], None], *, now: Callable[[], datetime]) -> None:
        """The demo's own tools, once there is a desk to note call-backs at."""
        if self._is_demo:
            shop = Shop(self._home / "shop.sqlite", today=lambda: now().astimezone(self._zone).date())
            self._all = shop_errands(ShopTools(shop, note_callback))

    def warm(self) -> None:
        """Loads what tools are made of, before a customer waits for it: less than a second, once."""
        import langchain_core.tools  # noqa: F401
        import phonenumbers  # noqa: F401

        if self._is_demo:
            for errand in self._all:
                errand.open_tool()

    def open_in_background(self) -> None:
        """At the start, so that no customer waits for it; a dead one delays nobody and is told in the log."""
        if not self._is_demo and self._all:
            threading.Thread(target=self.open_all, name="open-tools", daemon=True).start()

    def open_all(self, *, patience_s: float = OPENING_S) -> Mapping[str, str | None]:
        """Blocks, for so long at most. The company's own tools by name, with what is wrong with them or None."""
        if self._is_demo:
            return {}
        opening = [(errand.name, _Opening(errand)) for errand in self._all]
        until = monotonic() + patience_s
        found = {name: each.trouble(max(0.0, until - monotonic())) for name, each in opening}
        for name, trouble in found.items():
            if trouble:
                self.unusable.setdefault(name, trouble)  # late, that is: what it raised is there already
                log.warning("tool_unusable", tool=name, trouble=trouble)
        return found

    def _noted(self, errand: Errand) -> Errand:
        """It is tried again each time a customer needs it: that it opens then is as good to know as that it did not."""

        def open_tool() -> "BaseTool":
            try:
                tool = errand.open_tool()
            except Exception as error:  # a tool is somebody else's, and raises what it likes
                self.unusable[errand.name] = str(error) or type(error).__name__
                raise
            self.unusable.pop(errand.name, None)
            return tool

        return replace(errand, open_tool=open_tool)

    def close(self) -> None:
        """Ends the servers that were started for tools. Blocks."""
        self._servers.close()

    def offered(self) -> Mapping[str, Errand]:
        return self._offered

    def beside(self, entries: Sequence[Entry]) -> list[Entry]:
        """The knowledge with what tools are asked for, as the retriever learns it. Blocks."""
        if self._is_demo:
            self._offered = _by_id(self._all) if self._library.is_demo() else {}
        return beside(entries, list(self._offered.values()))


class _Opening:
    """One tool being opened, in a thread that nobody waits for longer than they want to."""

    def __init__(self, errand: Errand) -> None:
        self._errand = errand
        self._trouble: str | None = None
        self._thread = threading.Thread(target=self._open, name=f"open-{errand.name}", daemon=True)
        self._thread.start()

    def trouble(self, patience_s: float) -> str | None:
        self._thread.join(patience_s)
        return "it did not open in time" if self._thread.is_alive() else self._trouble

    def _open(self) -> None:
        try:
            self._errand.open_tool()
        except Exception as error:  # noqa: BLE001 - a tool is somebody else's, and raises what it likes
            self._trouble = str(error) or type(error).__name__


def callback_noter(
    engine: Engine,
    desk: Desk,
    *,
    now: Callable[[], datetime],
    mask: Callable[[str, UUID], str],
    tell: Callable[[UUID], None],
) -> Callable[[str, str, str], None]:
    """Notes a call-back for a conversation, whose identities it takes over, and tells the desks. Runs in a thread."""

    def note(conversation: str, phone: str, topic: str) -> None:
        with Session(engine) as session:
            row = session.get_one(Conversation, UUID(conversation))
            who = Who("phone" if row.channel == "phone" else "chat", lang=row.lang or "en", customer=row.customer)
        id_ = UUID(conversation)
        desk.note_callback(who, conversation=id_, contact=phone, note=mask(topic, id_), at=now())
        tell(id_)

    return note


def _by_id(errands: Sequence[Errand]) -> dict[str, Errand]:
    return {errand.id: errand for errand in errands}
