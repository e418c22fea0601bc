"""Puts every sum to a claim; each looks only at the figures it needs, whoever stated them."""

from dataclasses import dataclass

from roi.claims import errors, market, price_falls, savings, unit_costs, work
from roi.claims.claim import Assumption, Claim
from roi.claims.finding import Finding

CHECKS = (
    *work.CHECKS,
    *savings.CHECKS,
    *unit_costs.CHECKS,
    *market.CHECKS,
    *price_falls.CHECKS,
    *errors.CHECKS,
)


@dataclass(frozen=True)
class Checked:
    claim: Claim
    findings: tuple[Finding, ...]

    @property
    def assumed(self) -> list[Assumption]:
        """What the findings rest on besides the claim itself."""
        keys = dict.fromkeys(key for finding in self.findings for key in finding.assumed)
        return [self.claim.assumed[key] for key in keys if key in self.claim.assumed]

    @property
    def holds_together(self) -> bool:
        return not any(finding.verdict in ("contradicts", "implausible") for finding in self.findings)


def check(claim: Claim) -> Checked:
    return Checked(claim, tuple(finding for one in CHECKS for finding in one.put_to(claim)))
