"""What has been said in a conversation so far, by whichever way: a chat that goes on by voice is one conversation."""

from dataclasses import dataclass, field
from uuid import UUID, uuid4

from agent.earlier import Earlier
from agent.turn import Turn
from web.conversing.conversations import LOOK_BACK


@dataclass
class Talk:
    """Held by whoever answers next; a turn counts once somebody heard of it."""

    conversation: UUID = field(default_factory=uuid4)
    before: list[Earlier] = field(default_factory=list)
    """The last turns that were kept before."""
    count: int = 0
    """Turns so far."""
    goes_on: bool = False
    """It stays open when the call is over."""
    turns: list[Turn] = field(default_factory=list)

    def number(self) -> int:
        """Of the turn that begins."""
        self.count += 1
        return self.count

    def add(self, turn: Turn) -> None:
        if turn not in self.turns:
            self.turns.append(turn)

    def earlier(self) -> list[Earlier]:
        """The last that the customer has heard."""
        return [*self.before, *(as_earlier(turn) for turn in self.turns if not is_unheard(turn))][-LOOK_BACK:]


def as_earlier(turn: Turn) -> Earlier:
    return Earlier(
        turn.question,
        turn.answer,
        turn.reason,
        turn.lang,
        turn.left_open,
        action=turn.action,
        source=turn.source.id if turn.source else None,
        mood=turn.mood,
    )


def is_unheard(turn: Turn) -> bool:
    """The caller went on before a word of the answer was out: what it asked or led to has not happened."""
    return turn.action is None or (turn.interrupted and not turn.heard_answer)
