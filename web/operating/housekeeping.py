"""What a server does beside answering: closes silent conversations, keeps figures fresh, watches for trouble."""

import asyncio
from collections.abc import Callable, Coroutine
from datetime import timedelta
from typing import Any

import structlog

from web.operating.metrics import ALERTS, ALERTS_GOING_ON
from web.services import Services

log = structlog.get_logger()
HOUSEKEEPING_SECONDS = 15


async def housekeep(services: Services) -> None:
    """Closes silent conversations and watches for trouble, for as long as the server runs."""
    while True:
        await once(services)
        await asyncio.sleep(HOUSEKEEPING_SECONDS)


async def once(services: Services) -> None:
    """Each chore by itself: one that fails keeps no other from being done."""
    silence = timedelta(minutes=services.settings.conversation_timeout_minutes)
    close_silent, sweep = services.conversations.close_silent, services.recordings.sweep
    chores: dict[str, Callable[[], Coroutine[Any, Any, object]]] = {
        "close_silent": lambda: asyncio.to_thread(close_silent, older_than=silence, now=services.now()),
        "spending": services.books.refresh_spending,
        "recordings": lambda: asyncio.to_thread(sweep, days=services.settings.recording_days),
        "published": lambda: asyncio.to_thread(services.published.refresh),
        "track_record": lambda: asyncio.to_thread(services.track_record.refresh),
        "trouble": lambda: watch(services),
    }
    for name, chore in chores.items():
        try:
            await chore()
        except Exception:
            log.exception("housekeeping_failed", chore=name)


async def watch(services: Services) -> None:
    """Looks for trouble once: many questions about one new thing within the hour."""
    if not services.index.is_ready:
        return
    raised, grown = await asyncio.to_thread(services.trouble.look, services.now())
    for alert in raised:
        ALERTS.inc()
        log.warning("trouble_alert", alert=str(alert.id), count=alert.count, entry=alert.entry, lang=alert.lang)
    for alert in (*raised, *grown):
        services.hub.tell_desks(alert.id)
    ALERTS_GOING_ON.set(await asyncio.to_thread(services.alerts.open_and_shown, services.now()))
