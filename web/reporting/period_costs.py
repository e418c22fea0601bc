"""Costs of a period, entered from the command line and over REST: in one transaction, with what this process knows."""

from sqlmodel import Session

from roi.books.period_costs import Entered
from roi.books.period_entries import Entry, enter
from web.services import Services


def enter_cost(services: Services, cost: Entered) -> Entry:
    """Blocking. CostError where it cannot be."""
    with Session(services.engine) as session:
        entry = enter(
            session,
            cost,
            writer=services.books.writer,
            baseline=services.baseline,
            prices=services.prices,
            currency=services.settings.currency,
            zone=services.settings.time_zone,
        )
        session.commit()
    return entry
