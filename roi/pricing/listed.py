"""List prices of models, speech and embeddings from genai-prices' bundled data; it is never asked to fetch anything.

Imported on first use: the report must stay quick to import, and its data take half a second.
"""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from importlib.metadata import version
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from genai_prices.types import ModelInfo

MILLION = 1_000_000
HOUR_MS = 3_600_000
PRICE_KEYS: dict[str, tuple[tuple[str, ...], int]] = {
    "input_token": (("input_mtok",), MILLION),
    "cached_token": (("cache_read_mtok", "input_mtok"), MILLION),
    "output_token": (("output_mtok",), MILLION),
    "input_audio_token": (("input_audio_mtok",), MILLION),
    "output_audio_token": (("output_audio_mtok",), MILLION),
    "heard_ms": (("input_audio_hours", "audio_hours"), HOUR_MS),
    "spoken_character": (("input_mchars",), MILLION),
}
"""Cached tokens without a price of their own cost what fresh ones do: nobody published a discount."""


@dataclass(frozen=True)
class Listed:
    vendor: str
    model: str
    amount: Decimal
    per: int
    since: date | None
    url: str | None
    version: str


def price(vendor: str, model: str, unit: str, *, at: datetime, tokens: int) -> Listed | None:
    """USD for `per` units at that moment; None for an unknown vendor, model or unit. `tokens`: input of the request."""
    if not vendor or not model or unit not in PRICE_KEYS:
        return None
    from genai_prices.data_snapshot import get_snapshot

    try:
        provider, found = get_snapshot().find_provider_model(model, None, vendor, None)
    except LookupError:
        return None
    keys, per = PRICE_KEYS[unit]
    prices = found.get_prices(at)
    value = next((v for v in (getattr(prices, key) for key in keys) if v is not None), None)
    if value is None:
        return None
    amount = (
        value if isinstance(value, Decimal) else tiered(value.base, [(t.start, t.price) for t in value.tiers], tokens)
    )
    url = provider.pricing_urls[0] if provider.pricing_urls else None
    return Listed(provider.id, found.id, amount, per, since(found, at), url, edition())


@cache
def edition() -> str:
    """Read once: the package's metadata lie on disk."""
    return version("genai-prices")


def tiered(base: Decimal, tiers: list[tuple[int, Decimal]], tokens: int) -> Decimal:
    """The vendors' cliff: beyond a tier's start, all tokens of the request cost its price."""
    return next((amount for start, amount in sorted(tiers, reverse=True) if tokens > start), base)


def since(model: "ModelInfo", at: datetime) -> date | None:
    if not isinstance(model.prices, list):
        return None
    starts = [getattr(p.constraint, "start_date", None) for p in model.prices]
    return max((start for start in starts if start is not None and start <= at.date()), default=None)
