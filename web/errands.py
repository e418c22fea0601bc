"""The tools that are offered now: the demo shop's for as long as the demo company's knowledge is on the shelf, or
those of the company's own file."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

from sqlalchemy import Engine
from sqlmodel import Session

from agent.acting.choosing import beside
from agent.acting.errand import Errand
from agent.history import Conversation
from agent.turn import Who
from knowledge.entry import Entry
from knowledge.library import Library
from web.desk import Desk
from web.settings import Settings
from web.shop.errands import shop_errands
from web.shop.store import Shop
from web.shop.tools import ShopTools
from web.tools.toolfile import read_toolfile


class Errands:
    def __init__(self, settings: Settings, library: Library) -> None:
        """Raises SettingError where the company's file cannot be used."""
        self._is_demo = settings.tools == "demo"
        self._library = library
        self._home = settings.home
        self._zone = ZoneInfo(settings.time_zone)
        self._all: list[Errand] = []
        if settings.tools not in ("demo", "none"):
            self._all = read_toolfile(Path(settings.tools))
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

    def offered(self) -> Mapping[str, Errand]:
        return self._offered

    def beside(self, entries: Sequence[Entry]) -> list[Entry]:
        """The knowledge with what tools are asked for, as the retriever learns it. Blocks."""
        if self._is_demo:
            self._offered = _by_id(self._all) if self._library.is_demo() else {}
        return beside(entries, list(self._offered.values()))


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
