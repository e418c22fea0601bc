"""What the report's page knows from other rooms than the books: what was asked in vain, the settings
in force, what graders and raters said, and a plan of its month."""

import threading
from collections.abc import Callable
from decimal import Decimal
from typing import TYPE_CHECKING

from sqlalchemy import Engine, func, select
from sqlmodel import Session, col

from knowledge.curating.gaps import GapRow
from knowledge.curating.vain import Vain
from knowledge.matching.retriever import Retriever
from roi.books.tally import Scope
from roi.locales import Written
from roi.page.beyond import Assumed, Beyond, KnowledgeGap
from roi.page.told import Told
from roi.people.staff_events import fte_removed
from roi.planning import wording
from roi.planning.whatif import WhatIf
from roi.quality.audits import audits
from roi.quality.satisfaction import satisfaction
from roi.report import Report
from roi.resolution.marks import marks
from roi.resolution.sales import sales
from web.reporting.plans import plan_of
from web.settings import Settings

if TYPE_CHECKING:
    from web.services import Services

MOST_GAPS = 10


class CostliestGaps:
    """Ranked anew only when a question, an answer or the knowledge has changed: clustering takes about a second."""

    def __init__(
        self,
        engine: Engine,
        *,
        gaps: Callable[[bool], Vain],
        retriever: Callable[[], Retriever],
        patience_s: float = 2.0,
    ) -> None:
        """`gaps`: ranked, with those of demo data or without. `patience_s`: with whoever ranks at the moment. Thousands
        of new questions take a minute, and each who waits holds a thread."""
        self._engine = engine
        self._patience_s = patience_s
        self._gaps = gaps
        self._retriever = retriever
        self._lock = threading.Lock()
        self._ranked: dict[bool, tuple[tuple[object, ...], list[KnowledgeGap]]] = {}
        """With demo data or without: when, and what; nobody is shown what was ranked for the others."""

    def costliest(self, *, with_demo: bool = True) -> list[KnowledgeGap] | None:
        """Blocking; the index must be ready. As ranked last, or None, while somebody else ranks them for long."""
        if not self._lock.acquire(timeout=self._patience_s):
            kept = self._ranked.get(with_demo)
            return kept[1] if kept else None
        try:
            state = self._now()
            self._ranked = {demo: kept for demo, kept in self._ranked.items() if kept[0] == state}
            if with_demo not in self._ranked:
                found = self._gaps(with_demo).gaps[:MOST_GAPS]
                gaps = [
                    KnowledgeGap(gap.question, gap.count, gap.contacts, gap.money, gap.best_question) for gap in found
                ]
                self._ranked[with_demo] = (state, gaps)
            return self._ranked[with_demo][1]
        finally:
            self._lock.release()

    def any_open(self) -> bool:
        with Session(self._engine) as session:
            return (
                session.execute(select(col(GapRow.id)).where(col(GapRow.resolved_at).is_(None)).limit(1)).first()
                is not None
            )

    def _now(self) -> tuple[object, ...]:
        with Session(self._engine) as session:
            count, resolved, last = session.execute(
                select(func.count(), func.count(col(GapRow.resolved_at)), func.max(col(GapRow.at)))
            ).one()
        return count, resolved, last, self._retriever()


def beyond(
    services: "Services", made: Report, *, lang: str, gaps: list[KnowledgeGap] | None, is_rolling: bool
) -> Beyond:
    """Blocking."""
    settings = services.settings
    scope = Scope(made.company, made.period, made.with_demo)
    with services.engine.connect() as connection:
        graded, rated = audits(connection, scope), satisfaction(connection, scope)
        left = fte_removed(connection, scope)
        return Beyond(
            gaps=gaps,
            assumed=assumed(settings, Told(lang, Written(lang, settings.currency))),
            marks=marks(connection, scope, prices=made.prices),
            sales=sales(connection, scope, currency=made.currency),
            plan=planned(services, made),
            audited=graded if graded.graded or graded.silent_graded else None,
            satisfaction=rated if rated.ai_asked or rated.human_asked else None,
            left=left.fte if left.events else None,
            is_rolling=is_rolling,
        )


def planned(services: "Services", made: Report) -> WhatIf | None:
    """None without a contact that has ended: then all of a plan would be assumed."""
    if not sum(made.outcomes.values()) - made.outcomes.get("immature", 0):
        return None
    return plan_of(services, made)


def assumed(settings: Settings, told: Told) -> list[Assumed]:
    """Settings that decide a verdict, and whether somebody set them."""

    def one(name: str, what: str, value: str) -> Assumed:
        by = told("by_you" if name in settings.model_fields_set else "by_dime")
        return Assumed(what, value, f"DIME_{name.upper()}", "", "D", by)

    wrong = told.written.money(Decimal(repr(settings.wrong_answer_cost)))
    harder, lasting = (wording.say("input", key, told.lang) for key in ("escalation_multiplier", "human_durability"))
    return [
        one("claim", told("claim_assumed"), told("to_one", value=told.written.ratio(settings.claim))),
        one("wrong_answer_cost", told("wrong_assumed"), wrong),
        one("escalation_multiplier", harder, f"× {told.written.number(settings.escalation_multiplier, places=9)}"),
        one("human_lasting", lasting, told.written.share(settings.human_lasting)),
    ]
