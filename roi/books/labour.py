"""Human handling as cost lines: what a colleague's time on a handed-over conversation cost."""

from datetime import UTC, datetime
from decimal import Decimal
from uuid import UUID

from agent.turn import Who
from roi.books.ledger import CostLine, amount, identities
from roi.people.baseline import Baseline
from roi.pricing.prices import PriceBook


def escalation(
    handling_seconds: Decimal | int,
    who: Who,
    *,
    conversation: UUID,
    at: datetime,
    baseline: Baseline,
    prices: PriceBook,
    currency: str,
) -> CostLine:
    """Seconds at the desk times the loaded rate of a handling hour; chats are shared out over those handled at once.

    Seconds are measured, the rate is as good as the baseline's grade. The AI's own spend stays on lines of its own.
    """
    seconds = Decimal(handling_seconds)
    if seconds < 0:
        raise ValueError(f"handling took {seconds} seconds, which cannot be")
    day = at.astimezone(UTC).date()
    hour = baseline.cost_of(Decimal(3600), who.channel)
    rate = prices.rate(baseline.currency, currency, day)
    return CostLine(
        **identities(who),
        at=at,
        conversation_id=conversation,
        kind="escalation",
        meter="handling",
        vendor="desk",
        model=baseline.id,
        unit="handling_second",
        quantity=seconds,
        price_id=f"baseline/{baseline.id}/{who.channel}@{day}={hour}",
        unit_price=hour,
        per=3600,
        price_currency=baseline.currency,
        amount=None if rate is None else amount(seconds, unit_price=hour, per=3600, fx_rate=rate.rate),
        currency=currency,
        fx_rate=rate.rate if rate else None,
        fx_date=rate.date if rate else None,
        grade=baseline.rate_grade(who.channel),
    )
