"""What a caller hears, and when: frames are played at the ear's own pace, however early they come. Pure."""

from dataclasses import dataclass, field

import numpy as np

from voice.audio import PER_MS, Samples, first_audible


@dataclass(frozen=True)
class Sounded:
    at_s: float
    """When the first audible sample was heard."""
    samples: Samples
    """From there on, the first second of it."""


@dataclass
class Ear:
    _plays_until_s: float = 0.0
    _heard: list[tuple[float, Samples]] = field(default_factory=list)

    def hear(self, samples: Samples, *, at_s: float) -> None:
        """A frame that came at this time of the listener's clock."""
        begins_s = max(at_s, self._plays_until_s)
        self._plays_until_s = begins_s + len(samples) / PER_MS / 1000
        self._heard.append((begins_s, samples))

    def forget(self) -> None:
        self._heard.clear()

    def first_after(self, since_s: float) -> Sounded | None:
        """The first sound that began after a moment; what began before is no reply to what was said until then."""
        for number, (begins_s, samples) in enumerate(self._heard):
            offset = max(0, round((since_s - begins_s) * 1000 * PER_MS))
            if (index := first_audible(samples[offset:])) is not None:
                following = np.concatenate([frame for _, frame in self._heard[number : number + 60]])
                at = offset + index
                return Sounded(begins_s + at / PER_MS / 1000, following[at : at + 1000 * PER_MS])
        return None

    def silent_since(self, now_s: float) -> float:
        """Seconds since the last audible sample; since ever where there was none."""
        for begins_s, samples in reversed(self._heard):
            loud = np.flatnonzero(np.abs(samples) > 0.01)
            if len(loud):
                return now_s - (begins_s + int(loud[-1]) / PER_MS / 1000)
        return now_s
