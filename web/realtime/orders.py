"""What the session wants done by those who have engines and books: a closed union beside the events it sends."""

from dataclasses import dataclass

from web.realtime.items import Message
from web.realtime.response import Response
from web.realtime.server_events import ServerEvent


@dataclass(frozen=True)
class Transcribe:
    """Words are wanted for what was spoken in this message."""

    message: Message


@dataclass(frozen=True)
class Answer:
    response: Response


@dataclass(frozen=True)
class Stop:
    """The response is over before its time: whoever makes it leaves off, and keeps the turn."""

    response: Response
    is_barge_in: bool


@dataclass(frozen=True)
class Rebook:
    """The client has told how much of this message was heard."""

    message: Message


Order = Transcribe | Answer | Stop | Rebook
Out = ServerEvent | Order
