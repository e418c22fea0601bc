"""What the callers of one run heard, as figures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from statistics import median, quantiles
from typing import Any

from web.bench.caller import Asked

FEWEST_FOR_P95, FEWEST_FOR_P99 = 100, 300
HEADINGS = ("calls", "turns", "median ms", "p95 ms", "p99 ms", "held", "too early", "unanswered", "failed calls")


@dataclass(frozen=True)
class Heard:
    """All callers of one run together."""

    calls: int
    asked: Sequence[Asked]
    held: int = 0
    """Questions after which a holding phrase came first; the times count the answer itself, so they are left out."""
    stages_ms: Mapping[str, float] = field(default_factory=dict)
    """Medians, as the server booked them."""
    failed: int = 0
    """Calls whose line broke; what they heard until then counts."""

    @property
    def times_ms(self) -> list[float]:
        return sorted(one.silence_ms for one in self.asked if one.silence_ms is not None)

    @property
    def early(self) -> int:
        return sum(one.was_early for one in self.asked)

    @property
    def unanswered(self) -> int:
        return sum(one.silence_ms is None and not one.was_early for one in self.asked)

    def percentile(self, percent: int) -> float | None:
        times = self.times_ms
        if len(times) < 2:
            return None
        return median(times) if percent == 50 else quantiles(times, n=100, method="inclusive")[percent - 1]

    def row(self) -> tuple[str, ...]:
        """Where there are too few turns for a percentile, it stands in brackets."""
        n = len(self.times_ms)

        def shown(percent: int, fewest: int) -> str:
            value = self.percentile(percent)
            return "-" if value is None else f"{value:.0f}" if n >= fewest else f"({value:.0f})"

        cut = (shown(50, 2), shown(95, FEWEST_FOR_P95), shown(99, FEWEST_FOR_P99))
        return (str(self.calls), str(len(self.asked)), *cut, str(self.held), str(self.early), str(self.unanswered),
                str(self.failed))  # fmt: skip

    def as_json(self) -> dict[str, Any]:
        return {
            "calls": self.calls,
            "turns": len(self.asked),
            "p50_ms": self.percentile(50),
            "p95_ms": self.percentile(95),
            "p99_ms": self.percentile(99),
            "held": self.held,
            "too_early": self.early,
            "spoken_into": [one.question for one in self.asked if one.was_early],
            "unanswered": self.unanswered,
            "failed_calls": self.failed,
            "stages_ms": dict(self.stages_ms),
        }
