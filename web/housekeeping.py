"""What a server does beside answering: closes silent conversations, keeps figures fresh, watches for trouble."""

import asyncio
from datetime import timedelta

import structlog

from web.metrics import ALERTS, ALERTS_GOING_ON
from web.services import Services

log = structlog.get_logger()
HOUSEKEEPING_SECONDS = 15


async def housekeep(services: Services) -> None:
    """Closes silent conversations and watches for trouble, for as long as the server runs."""
    silence = timedelta(minutes=services.settings.conversation_timeout_minutes)
    while True:
        try:
            await asyncio.to_thread(services.conversations.close_silent, older_than=silence, now=services.now())
            await services.books.refresh_spending()
            await asyncio.to_thread(services.recordings.sweep, days=services.settings.recording_days)
            await asyncio.to_thread(services.published.refresh)
            await asyncio.to_thread(services.track_record.refresh)
            await watch(services)
        except Exception:
            log.exception("housekeeping_failed")
        await asyncio.sleep(HOUSEKEEPING_SECONDS)


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
