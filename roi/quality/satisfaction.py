"""What customers give from 1 to 5 when a contact is over, the AI's beside people's, with how many were asked."""

from dataclasses import dataclass
from datetime import datetime
from math import sqrt
from uuid import UUID

from sqlalchemy import Connection, and_, case, exists, func, or_, select
from sqlmodel import Field, col

from agent.history import Conversation, Handling
from knowledge.rows import Provenance, UtcTime
from roi.books.tally import Scope

LOWEST, HIGHEST = 1, 5


class Rating(Provenance, table=True):
    """A conversation whose customer was asked; `at` is when it began, so that it falls into its period."""

    conversation_id: UUID = Field(primary_key=True)
    asked_at: datetime = Field(sa_type=UtcTime)
    score: int | None = None
    """None is asked and not answered."""
    rated_at: datetime | None = Field(default=None, sa_type=UtcTime)


@dataclass(frozen=True)
class Satisfaction:
    """Of contacts the AI had alone and of those that a person had, at whatever point.

    One that waited for a person who never came is the AI's by chat; by phone it was passed on, and is a person's.
    """

    ai_n: int
    ai_mean: float | None
    ai_sd: float | None
    """Of the sample; None below two."""
    human_n: int
    human_mean: float | None
    human_sd: float | None
    ai_asked: int
    human_asked: int


def satisfaction(connection: Connection, scope: Scope) -> Satisfaction:
    at_desk = exists().where(
        col(Handling.conversation_id) == col(Conversation.id),
        or_(col(Handling.taken_at).is_not(None), col(Conversation.channel) == "phone"),
    )
    score = col(Rating.score)
    each = (
        select(case((at_desk, 1), else_=0).label("human"), score.label("score"))
        .join_from(Rating, Conversation, and_(col(Conversation.id) == col(Rating.conversation_id)))
        .where(scope.of(Rating))
        .subquery()
    )
    rows = select(
        each.c.human, func.count(), func.count(each.c.score), func.sum(each.c.score), func.sum(each.c.score**2)
    ).group_by(each.c.human)
    found = {bool(human): tuple(int(n or 0) for n in counts) for human, *counts in connection.execute(rows)}
    ai_asked, ai_n, *ai = found.get(False, (0, 0, 0, 0))
    human_asked, human_n, *human = found.get(True, (0, 0, 0, 0))
    return Satisfaction(
        ai_n, *_spread(ai_n, *ai), human_n, *_spread(human_n, *human), ai_asked=ai_asked, human_asked=human_asked
    )


def _spread(n: int, total: int, squares: int) -> tuple[float | None, float | None]:
    """Mean and standard deviation; whole numbers until the last step, so that nothing is lost."""
    if n == 0:
        return None, None
    return total / n, sqrt((n * squares - total**2) / (n * (n - 1))) if n > 1 else None
