"""How much of what was sent has been heard, by the marks that a line sends back once it has played up to them."""

EVERY_MS = 100
PENDING = 200
"""Twenty seconds; a line that sends no marks back must not fill the memory."""


class Marks:
    """Pure: moments are handed in. Until a first mark has come back the line is taken for one that sends none."""

    def __init__(self) -> None:
        self._sent_ms = 0.0
        self._heard_ms = 0.0
        self._marked_ms = 0.0
        self._count = 0
        self._pending: dict[str, tuple[float, float]] = {}
        """By name: how much had been sent before it, and when."""
        self._are_sent_back = False

    def sent(self, ms: float, *, at_s: float) -> str | None:
        """Notes sound that was sent; the name of a mark to send behind it when one is due."""
        self._sent_ms += ms
        return self.mark(at_s=at_s) if self._sent_ms - self._marked_ms >= EVERY_MS else None

    def mark(self, *, at_s: float) -> str | None:
        """The name of a mark behind what was sent; None where one stands there already."""
        if self._marked_ms == self._sent_ms:
            return None
        self._marked_ms = self._sent_ms
        self._count += 1
        name = f"m{self._count}"
        self._pending[name] = (self._sent_ms, at_s)
        if len(self._pending) > PENDING:
            del self._pending[next(iter(self._pending))]
        return name

    def played(self, name: str) -> None:
        """A mark came back; one that is not ours, or stood before a flush, changes nothing."""
        if (known := self._pending.pop(name, None)) is None:
            return
        self._are_sent_back = True
        self._heard_ms = max(self._heard_ms, known[0])
        self._pending = {other: noted for other, noted in self._pending.items() if noted[0] > self._heard_ms}

    def flushed(self) -> None:
        """What was not heard yet never will be."""
        self._heard_ms = self._marked_ms = self._sent_ms
        self._pending.clear()

    @property
    def unheard_ms(self) -> float:
        return self._sent_ms - self._heard_ms if self._are_sent_back else 0.0

    def waits_for_s(self, *, at_s: float) -> float:
        """For how long the oldest mark has been out; 0 where none is, or where none ever came back."""
        if not self._are_sent_back or not self._pending:
            return 0.0
        return at_s - next(iter(self._pending.values()))[1]
