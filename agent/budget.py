"""The latency budget travels with the turn: what each stage may take, what it took, and what is left.

By phone it runs from the last word said to the first word heard; by chat nothing is heard or spoken, and who reads a
screen expects the first words sooner.
"""

import time
from collections.abc import Callable, Iterator, Mapping
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
CHAT_MS = 600
CHAT_SHARE_MS: dict[Stage, int] = {"network_in": 20, "retrieve": 30, "network_out": 20, "reserve": 130}
"""What a model does not get of a chat's budget."""


@dataclass
class Budget:
    """From the last word said to the first word heard, 2,000 ms; `clock` is in seconds and monotonic."""

    @classmethod
    def chat(cls, total_ms: int = CHAT_MS) -> "Budget":
        """From a message's arrival to the first words of its answer."""
        shares = {**CHAT_SHARE_MS, "model": max(0, total_ms - sum(CHAT_SHARE_MS.values()))}
        return cls(total_ms=total_ms, shares=shares)

    clock: Callable[[], float] = time.perf_counter
    total_ms: int = TOTAL_MS
    shares: Mapping[Stage, int] = field(default_factory=lambda: SHARE_MS)
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
        allowed = sum(self.shares.get(stage, 0) for stage in order[: order.index(name) + 1])
        already = sum(self.spent_ms.get(stage, 0.0) for stage in order[: order.index(name) + 1])
        return max(0.0, allowed - already)
