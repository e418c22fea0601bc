"""The book of calls: writes when one begins and how it ended, and is asked for both."""

from dataclasses import dataclass, field
from datetime import datetime
from statistics import median
from typing import Literal
from uuid import UUID

from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agent.history import provenance
from agent.turn import Who
from voice.wire import TurnDone
from voice.wires.intake import Losses
from web.telephony.arrivals import Arrival
from web.telephony.call_rows import CallRow
from web.telephony.transfer import QUEUE

Outcome = Literal["hangup", "transfer", "queue", "busy"]
"""What the switch is to do with the call now."""


@dataclass
class Tally:
    """What is counted while a call goes on."""

    losses: Losses = field(default_factory=Losses)
    waited_ms: list[float] = field(default_factory=list)
    turns: int = 0

    def note(self, done: TurnDone) -> None:
        if done.is_withdrawn:
            return
        self.turns += 1
        if done.mouth_to_ear_ms is not None:
            self.waited_ms.append(done.mouth_to_ear_ms)


class CallBook:
    """Blocking; the switchboard calls it in a thread."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def begin(self, arrival: Arrival, who: Who, *, conversation: UUID, at: datetime) -> UUID:
        with Session(self._engine) as session:
            row = CallRow(
                **{**provenance(who, at=at), "lang": arrival.lang},
                line_id=arrival.id,
                conversation_id=conversation,
                door=arrival.door,
                dialled=arrival.dialled,
            )
            session.add(row)
            session.commit()
            return row.id

    def end(
        self,
        call: UUID,
        *,
        ending: str,
        tally: Tally,
        at: datetime,
        duration_s: float,
        transferred_to: str | None = None,
    ) -> None:
        with Session(self._engine) as session:
            row = session.get_one(CallRow, call)
            row.ended_at, row.ending, row.transferred_to = at, ending, transferred_to
            row.duration_s = round(duration_s, 3)
            row.turns = tally.turns
            row.frames_late, row.frames_dropped = tally.losses.late, tally.losses.dropped
            if tally.waited_ms:
                row.mouth_to_ear_ms_median = round(median(tally.waited_ms), 1)
                row.mouth_to_ear_ms_worst = round(max(tally.waited_ms), 1)
            session.add(row)
            session.commit()

    def find(self, line: UUID) -> CallRow | None:
        """The newest call of this line."""
        with Session(self._engine) as session:
            query = select(CallRow).where(CallRow.line_id == line).order_by(col(CallRow.at).desc()).limit(1)
            return session.exec(query).first()


def outcome_of(row: CallRow) -> Outcome | None:
    """None while the call goes on."""
    if row.ending is None:
        return None
    if row.ending == "transfer" and row.transferred_to:
        return "queue" if row.transferred_to.startswith(QUEUE) else "transfer"
    return "busy" if row.ending == "busy" else "hangup"
