"""Every run of a tool, written down before it begins and again when it has ended, for colleagues to read."""

import hmac
import json
from collections.abc import Mapping
from datetime import timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import JSON, Engine
from sqlalchemy.exc import IntegrityError
from sqlmodel import Field, Session, col, func, select

from agent.history import open_conversation, provenance
from agent.turn import Turn
from knowledge.rows import Provenance, new_id

RUNNING, NOT_FOUND = "running", "not_found"
_WINDOW = timedelta(hours=24)


class ActionRow(Provenance, table=True):
    """One run. `at` is when it began."""

    __tablename__ = "action"

    id: UUID = Field(default_factory=new_id, primary_key=True)
    conversation_id: UUID = Field(foreign_key="conversation.id", index=True)
    turn_id: UUID = Field(index=True)
    """No foreign key: the turn is committed with its answer, after its actions."""
    tool: str
    arguments: dict[str, str] = Field(default_factory=dict, sa_type=JSON)
    """Masked."""
    result: str = RUNNING
    """running, the outcome the tool named (found, not_found, label_sent…), or how it failed (timeout, raised…)."""
    changes: bool = False
    idempotency_key: str | None = Field(default=None, unique=True)
    """Of a run that changes something: the same in one conversation with the same arguments."""
    milliseconds: float | None = None


class Audit:
    """Blocking; callers use a thread. Every change is one transaction."""

    def __init__(self, engine: Engine, *, secret: bytes) -> None:
        """With the installation's secret no argument can be guessed from its key."""
        self._engine = engine
        self._secret = secret

    def key(self, conversation: UUID, tool: str, arguments: Mapping[str, str]) -> str:
        said = json.dumps([str(conversation), tool, sorted(arguments.items())], ensure_ascii=False)
        return hmac.new(self._secret, said.encode(errors="replace"), sha256).hexdigest()[:40]

    def begin(self, turn: Turn, tool: str, arguments: Mapping[str, str], *, key: str | None) -> tuple[UUID, str | None]:
        """The row's id, and what came of the same run before, None where this is the first."""
        with Session(self._engine) as session:
            if key and (row := _of_key(session, key)):
                return row.id, row.result
            open_conversation(session, turn.who, conversation=turn.conversation, at=turn.at)
            row = ActionRow(
                conversation_id=turn.conversation,
                turn_id=turn.id,
                tool=tool,
                arguments=dict(arguments),
                changes=key is not None,
                idempotency_key=key,
                **{**provenance(turn.who, at=turn.at), "lang": turn.lang},
            )
            session.add(row)
            try:
                session.commit()
            except IntegrityError:  # another turn was quicker by a moment
                session.rollback()
                earlier = _of_key(session, key) if key else None
                if earlier is None:
                    raise
                return earlier.id, earlier.result
            return row.id, None

    def end(self, action: UUID, *, result: str, milliseconds: float) -> None:
        with Session(self._engine) as session:
            row = session.get_one(ActionRow, action)
            row.result, row.milliseconds = result[:60], round(milliseconds, 1)
            session.add(row)
            session.commit()

    def misses(self, turn: Turn) -> int:
        """How often this customer, within a day, and this conversation named what was not found."""
        mine = ActionRow.conversation_id == turn.conversation
        if turn.who.customer:
            mine = mine | (ActionRow.customer == turn.who.customer)
        query = select(func.count()).where(mine, ActionRow.result == NOT_FOUND, col(ActionRow.at) > turn.at - _WINDOW)
        with Session(self._engine) as session:
            return session.exec(query).one()

    def listed(self, *, conversation: UUID | None = None, limit: int = 100) -> list[ActionRow]:
        """The newest first."""
        query = select(ActionRow).order_by(col(ActionRow.at).desc()).limit(limit)
        if conversation:
            query = query.where(ActionRow.conversation_id == conversation)
        with Session(self._engine) as session:
            return list(session.exec(query))


def _of_key(session: Session, key: str) -> ActionRow | None:
    return session.exec(select(ActionRow).where(ActionRow.idempotency_key == key)).first()
