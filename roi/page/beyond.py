"""What the page knows beyond the report: from other rooms, and from plans. What is absent is not shown."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from roi.grade import Grade
from roi.planning.whatif import WhatIf
from roi.quality.audits import AuditSummary
from roi.quality.satisfaction import Satisfaction
from roi.resolution.marks import Mark
from roi.resolution.sales import Sales


@dataclass(frozen=True)
class KnowledgeGap:
    """One thing asked in vain, and what it cost at the desk."""

    question: str
    asked: int
    contacts: int
    money: Decimal | None
    nearest: str | None


@dataclass(frozen=True)
class Assumed:
    """A setting that the figures rest on."""

    what: str
    value: str
    source: str
    date: str
    grade: Grade
    set_by: str
    is_measured: bool = False


@dataclass(frozen=True)
class Beyond:
    gaps: Sequence[KnowledgeGap] | None = None
    """Costliest first; None where nobody looked."""
    assumed: Sequence[Assumed] = ()
    marks: Sequence[Mark] = ()
    sales: Sales | None = None
    plan: WhatIf | None = None
    """From the report's own month, with assumptions for what it does not say."""
    audited: AuditSummary | None = None
    satisfaction: Satisfaction | None = None
    left: Decimal | None = None
    """Full-time equivalents that left the payroll, on average over the period; None where nothing was entered."""
    is_rolling: bool = False
    """Whether the first day moves with today's: then looking every day has no guarantee."""
