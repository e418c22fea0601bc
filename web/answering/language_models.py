"""Makes the cascade from the settings: the small model, the large one, and what their tokens cost."""

import os
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from pydantic import SecretStr

from agent.models.cascade import Cascade, Rates, Tier
from agent.models.chat_model import openai_compatible
from agent.usage import Unit, Usage
from agent.vendors import vendor_of
from roi.pricing.prices import PriceBook
from web.naming import SettingError
from web.settings import Settings

OPENAI_MODEL = "gpt-5-mini"


def cascade(settings: Settings, *, prices: PriceBook, now: Callable[[], datetime]) -> Cascade:
    """Of none, one or two models. Raises SettingError where the large one is named by half."""
    has_small = settings.llm_base_url is not None or settings.openai_api_key is not None
    if settings.llm_large_model is None and settings.llm_large_base_url is not None:
        raise SettingError("DIME_LLM_LARGE_BASE_URL needs DIME_LLM_LARGE_MODEL, the name of a model there")
    if settings.llm_large_model is not None and not has_small and settings.llm_large_base_url is None:
        raise SettingError("DIME_LLM_LARGE_MODEL needs DIME_LLM_LARGE_BASE_URL, or a key or server it shares")
    if not settings.tracing:
        os.environ["LANGSMITH_TRACING"] = os.environ["LANGCHAIN_TRACING_V2"] = "false"
    tiers = []
    key = settings.llm_api_key or settings.openai_api_key
    if has_small:
        tiers.append(
            _tier(
                settings.llm_base_url,
                model=settings.llm_model or OPENAI_MODEL,
                key=key,
                vendor=settings.llm_vendor,
                timeout_s=settings.llm_timeout_s,
                quality=settings.llm_quality,
            )
        )
    if settings.llm_large_model is not None:
        is_shared = settings.llm_large_base_url is None
        tiers.append(
            _tier(
                settings.llm_base_url if is_shared else settings.llm_large_base_url,
                model=settings.llm_large_model,
                key=settings.llm_large_api_key or (key if is_shared else None),
                vendor=settings.llm_large_vendor or (settings.llm_vendor if is_shared else None),
                timeout_s=settings.llm_large_timeout_s,
                quality=settings.llm_large_quality,
            )
        )
    if len(tiers) == 2 and tiers[0].name == tiers[1].name:
        raise SettingError(f"DIME_LLM_MODEL and DIME_LLM_LARGE_MODEL are both {tiers[0].name}: name two, or one")
    for tier in tiers:
        tier.rates = _rates_of(tier, prices=prices, currency=settings.currency, now=now)
        tier.rates()  # reads the price lists now, rather than during the first question
    return Cascade(tuple(tiers))


def _tier(
    base_url: str | None, *, model: str, key: SecretStr | None, vendor: str | None, timeout_s: float, quality: float
) -> Tier:
    chat = openai_compatible(
        base_url=base_url,
        model=model,
        api_key=key.get_secret_value() if key else "none",
        vendor=vendor or (vendor_of(base_url) if base_url else "openai"),
        timeout_s=timeout_s,
    )
    return Tier(chat, quality=quality)


def _rates_of(
    tier: Tier, *, prices: PriceBook, currency: str, now: Callable[[], datetime]
) -> Callable[[], Rates | None]:
    """Asked for each turn, so the answer is kept for a day: prices are dated."""

    @lru_cache(maxsize=2)
    def on(_day: int) -> Rates | None:
        asked, answered = (
            rate(tier.model.vendor, tier.name, unit, prices=prices, currency=currency, at=now())
            for unit in ("input_token", "output_token")
        )
        return None if asked is None or answered is None else Rates(asked, answered)

    return lambda: on(now().toordinal())


def rate(vendor: str, model: str, unit: Unit, *, prices: PriceBook, currency: str, at: datetime) -> float | None:
    """One unit's price in the company's currency; None where the price or the rate of exchange is unknown."""
    price = prices.price(Usage("llm", vendor, model, unit, Decimal(1), at))
    if price is None or price.covered:
        return None if price is None else 0.0
    exchange = prices.rate(price.currency, currency, at.date())
    return None if exchange is None else float(Fraction(price.amount) * Fraction(exchange.rate) / price.per)
