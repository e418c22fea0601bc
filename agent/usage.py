"""What was used to answer, written down by whoever uses it; prices are applied later, by the books."""

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

Meter = Literal["llm", "stt", "tts", "embed", "cpu", "telephony", "tool"]
Purpose = Literal["answer", "retry", "speculation", "evaluation"]
Unit = Literal[
    "input_token", "cached_token", "output_token", "input_audio_token", "output_audio_token",
    "heard_ms", "spoken_character", "cpu_second", "minute", "call",
]  # fmt: skip


@dataclass(frozen=True)
class Usage:
    """One quantity of one thing. Token buckets are exclusive: input excludes cached and audio."""

    meter: Meter
    vendor: str
    """`local` for what runs on our own machine, else the vendor's id as genai-prices spells it."""
    model: str
    unit: Unit
    quantity: Decimal
    at: datetime
    purpose: Purpose = "answer"
    estimated: bool = False
    """True where the quantity was estimated rather than reported or measured."""
    corrects: bool = False
    """Takes back what an estimate before it booked too much; only such a quantity may be negative."""
    raw: dict[str, Any] = field(default_factory=dict)
    """The provider's own usage record, unchanged; never a customer's words."""
