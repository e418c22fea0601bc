"""One thing a text commits its author to, with where it stands."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal[
    "money", "percent", "time", "date", "weekday", "duration", "measure", "ordinal", "count", "number", "address",
    "name", "verdict", "negation", "condition", "word", "instruction", "prompt", "rule", "topic",
]  # fmt: skip
"""The figures, what cannot be counted, and what only a guard names: a word of its own, an order, our prompt, a rule, what
was not asked about."""
Bound = Literal["most", "least"]
FIGURES: tuple[Kind, ...] = (
    "money", "percent", "time", "date", "weekday", "duration", "measure", "ordinal", "count", "number",
)  # fmt: skip
_MINUTES_A_DAY = 1440


@dataclass(frozen=True)
class Claim:
    kind: Kind
    value: Decimal | str
    """Times as minutes after midnight; dates as MM-DD; weekdays from 1, Monday; a discount as what is taken off."""
    unit: str = ""
    """The currency; minutes, days, business days or months; the unit of a measure."""
    low: Decimal | str | None = None
    """Where a range begins; `value` is then its end."""
    bound: Bound | None = None
    """Up to, within, before: most. At least, from, after: least."""
    start: int = 0
    end: int = 0
    text: str = ""
    is_loose: bool = False
    """A bare "one" or "first", which says little: evidence for a figure, not a figure to be proved."""

    def __eq__(self, other: object) -> bool:
        """The same however it is written: 48 hours are two days, but three business days are not three days."""
        return isinstance(other, Claim) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    @property
    def _key(self) -> tuple[str, Decimal | str | None, Decimal | str, str]:
        if self.unit == "days" and isinstance(self.value, Decimal):
            low = self.low * _MINUTES_A_DAY if isinstance(self.low, Decimal) else None
            return (self.kind, low, self.value * _MINUTES_A_DAY, "minutes")
        return (self.kind, self.low, self.value, self.unit)
