"""What is known beside a period's books: what graders found, how customers rated, who left, who met people first."""

from sqlalchemy import Engine

from roi.books.period import Period
from roi.books.tally import Demo
from roi.judging.findings import Evidence
from roi.people.cash import Cash
from roi.people.staff_events import fte_removed
from roi.quality.audits import audits
from roi.quality.satisfaction import satisfaction
from web.reporting.scopes import scope_of


def evidence(engine: Engine, period: Period, *, demo: Demo, currency: str, holdout_share: float) -> Evidence:
    """Blocking. Nobody having graded, rated or left is None: not a zero."""
    with engine.connect() as connection:
        scope = scope_of(connection, period, demo=demo)
        graded, rated = audits(connection, scope), satisfaction(connection, scope)
        left = fte_removed(connection, scope)
    is_added_up = left.currencies in ((), (currency,))
    return Evidence(
        audited=graded if graded.graded or graded.silent_graded else None,
        satisfaction=rated if rated.ai_n and rated.human_n else None,
        staff=Cash(float(left.fte_without_amount), left.amount) if left.events and is_added_up else None,
        holdout_share=holdout_share or None,
    )
