"""How the experiment stands: who was assigned, who really met a person first, and whether the arms are as drawn."""

from dataclasses import dataclass

from sqlalchemy import Connection, and_, case, func, select
from sqlmodel import col

from agent.history import Conversation
from roi.books.tally import Scope
from roi.experiment.holdout import Arm, Balance, balance

REASON = "experiment"
"""Of a hand-over that only the draw asked for: the AI never took that contact."""


@dataclass(frozen=True)
class ArmCounts:
    customers: int
    contacts: int
    sent_first: int
    """Contacts that went to a person before the AI said anything; the others of the holdout came when nobody was
    there, and stay in it: they are analysed as assigned."""


@dataclass(frozen=True)
class Experiment:
    share: float
    """Planned."""
    arms: dict[Arm, ArmCounts]
    unassigned: int
    """Contacts of customers without a key, or from before the experiment or through a door that takes no part."""

    @property
    def customers(self) -> int:
        return sum(arm.customers for arm in self.arms.values())

    @property
    def realised(self) -> float | None:
        return self.arms["holdout"].customers / self.customers if self.customers else None

    @property
    def balance(self) -> Balance | None:
        """None without an experiment, or without customers."""
        if not 0 < self.share < 1 or not self.customers:
            return None
        return balance(self.arms["holdout"].customers, self.customers, share=self.share)


def experiment(connection: Connection, scope: Scope, *, share: float) -> Experiment:
    sent = and_(col(Conversation.handoff_reason) == REASON)
    rows = (
        select(
            col(Conversation.arm),
            func.count(col(Conversation.customer).distinct()),
            func.count(),
            func.sum(case((sent, 1), else_=0)),
        )
        .where(scope.of(Conversation))
        .group_by(col(Conversation.arm))
    )
    found = {
        arm: ArmCounts(customers, contacts, sent or 0) for arm, customers, contacts, sent in connection.execute(rows)
    }
    none = ArmCounts(0, 0, 0)
    arms: dict[Arm, ArmCounts] = {"holdout": found.get("holdout", none), "ai": found.get("ai", none)}
    return Experiment(share, arms, found.get(None, none).contacts)
