"""What the verdicts rest on beside the books: each is set by the company or assumed, and printed with the report."""

from dataclasses import dataclass
from decimal import Decimal


@dataclass(frozen=True)
class Terms:
    claim: float = 10.0
    """The ratio under test."""
    return_days: int = 7
    """A customer who comes back with the same matter within so many days was not helped for good."""
    escalation_multiplier: Decimal = Decimal("1.1")
    """Handling time of an escalated contact over that of any other: the AI leaves people the harder ones."""
    human_lasting: float = 1.0
    """Share of people's resolutions that last; 1 is the strictest, since only repeats beyond people's own count."""
    wrong_cost: Decimal = Decimal(12)
    """Loss behind one wrong answer."""
    wrong_limit: float = 0.05
    """Share of answers that may be wrong before nothing is confirmed."""
    satisfaction_margin: float = 0.2
    """How much lower, of 5, customers may rate the AI than people before nothing is confirmed."""

    @property
    def return_seconds(self) -> int:
        return self.return_days * 86_400
