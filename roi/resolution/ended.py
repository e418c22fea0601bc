"""A conversation's class by itself: that of its issue where it is the only contact. A matter that took several contacts
has one class by what happened in all of them, and then its conversations may differ.
"""

from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, exists, false, func, or_
from sqlmodel import col

from agent.acting.audit import ActionRow
from agent.history import Callback, Conversation, Handling, TurnRow
from roi.experiment.assignment import REASON
from roi.resolution.contacts import BLOCKED, is_completed


def ended(settled_by: datetime | None) -> ColumnElement[str]:
    """`settled_by`: later ones may still come back; None is none of them."""
    id_ = col(Conversation.id)
    mine, blocked = col(TurnRow.conversation_id) == id_, func.coalesce(TurnRow.reason, "").in_(BLOCKED)
    asked = exists().where(mine, col(TurnRow.reason).is_distinct_from(REASON))
    answered = exists().where(mine, col(TurnRow.finished), ~blocked)
    taken = exists().where(col(Handling.conversation_id) == id_, col(Handling.taken_at).is_not(None))
    assisted = or_(taken, exists().where(col(Callback.conversation_id) == id_))
    completed = exists().where(col(ActionRow.conversation_id) == id_, is_completed())
    wanted = col(Conversation.handoff_reason).is_not(None)
    return case(
        (false() if settled_by is None else col(Conversation.at) > settled_by, "immature"),
        (~asked, "not_involved"),
        (and_(wanted, assisted), "escalated_assisted"),
        (wanted, "escalated_cold"),
        (or_(col(Conversation.helpful).is_(True), completed), "verified_resolved"),
        (answered, "contained_unverified"),
        (exists().where(mine, blocked), "blocked"),
        else_="abandoned",
    )
