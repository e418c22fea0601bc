"""The latency budget travels with the turn: what each stage may take, what it took, and what is left."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Literal

Stage = Literal["network_in", "end_of_turn", "transcribe", "retrieve", "model", "speak", "network_out", "reserve"]

TOTAL_MS = 2_000
SHARE_MS: dict[Stage, int] = {
    "network_in": 60,
    "end_of_turn": 300,
    "transcribe": 300,
    "retrieve": 30,
    "model": 500,
    "speak": 300,
    "network_out": 60,
    "reserve": 450,
}


@dataclass
class Budget:
    """From the last word said to the first word heard, 2,000 ms; `clock` is in seconds and monotonic."""

    clock: Callable[[], float] = time.perf_counter
    total_ms: int = TOTAL_MS
    spent_ms: dict[Stage, float] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.started = self.clock()

    @contextmanager
    def stage(self, name: Stage) -> Iterator[None]:
        """Measures a stage, also when it is cancelled or fails; time adds up when a stage runs twice."""
        began = self.clock()
        try:
            yield
        finally:
            self.spend(name, (self.clock() - began) * 1000)

    def spend(self, name: Stage, ms: float) -> None:
        self.spent_ms[name] = self.spent_ms.get(name, 0.0) + ms

    @property
    def elapsed_ms(self) -> float:
        return (self.clock() - self.started) * 1000

    def deadline_ms(self, name: Stage) -> float:
        """How long this stage may still take: its share, plus what earlier stages saved, never below zero.

        The reserve is spent last, so a late stage is overtaken while there is still time to say something else.
        """
        order = list(SHARE_MS)
        allowed = sum(SHARE_MS[stage] for stage in order[: order.index(name) + 1])
        already = sum(self.spent_ms.get(stage, 0.0) for stage in order[: order.index(name) + 1])
        return max(0.0, allowed - already)
