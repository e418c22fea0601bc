"""What a model said and the customer did not hear, and for which claim: kept with the turn, masked."""

from dataclasses import dataclass

from knowledge.facts.claim import Claim
from knowledge.history.masking import mask

LONGEST = 120


@dataclass(frozen=True)
class Withheld:
    kind: str
    """Of the claim: knowledge.facts.claim.Kind."""
    text: str
    """The claim as the model wrote it, without what says who somebody is."""
    clause: str
    """The clause it stood in, likewise."""
    rule: str | None = None
    """The company's rule that it breaks; None where the passages do not carry it."""


def withheld(claim: Claim, clause: str, *, rule: str | None = None) -> Withheld:
    return Withheld(claim.kind, mask(claim.text)[:LONGEST], mask(clause)[: 2 * LONGEST], rule)
