"""What one sum says about a claim, and the list of sums that are put to every claim."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from roi.claims.claim import Claim

Verdict = Literal["follows", "contradicts", "implausible", "hidden_premise", "cannot_tell"]
"""Contradicts: by stated figures alone. Implausible: with an assumed one, though far off."""
NEARLY = 0.05
"""Published figures are rounded: what agrees to this share agrees."""
FAR = 2.0
"""Off by this factor, an assumption of ours can hardly be the reason."""


@dataclass(frozen=True)
class Finding:
    check: str
    """A section of words.toml: what is claimed, what follows, the sum, and what does not follow."""
    verdict: Verdict
    values: Mapping[str, float] = field(default_factory=dict)
    """What its sentences mention."""
    assumed: tuple[str, ...] = ()
    """Figures that the claim does not state."""
    variant: str = ""
    """Which way it is off, where that makes another sentence."""
    missing: tuple[str, ...] = ()
    """What would have to be stated, for what cannot be told."""


@dataclass(frozen=True)
class Check:
    name: str
    about: Sequence[str]
    """The claim states all of these; `a|b` is either."""
    needs: Sequence[str]
    """Stated or assumed; what is neither makes a finding that cannot be told."""
    run: Callable[[Claim], Iterable[Finding]]

    def put_to(self, claim: Claim) -> list[Finding]:
        if not all(any(claim.is_stated(key) for key in either.split("|")) for either in self.about):
            return []
        if missing := tuple(
            either for either in self.needs if not any(claim.is_known(key) for key in either.split("|"))
        ):
            return [Finding(self.name, "cannot_tell", missing=missing)]
        return list(self.run(claim))


def assumed(claim: Claim, *keys: str) -> tuple[str, ...]:
    return tuple(key for key in keys if not claim.is_stated(key))


def agrees(one: float, other: float, *, within: float = NEARLY) -> bool:
    return abs(one - other) <= within * max(abs(one), abs(other))
