"""The widget's own protocol on WS /chat: one closed union each way.

Unknown fields are ignored, unknown types get a typed error.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter

MAX_TEXT = 4_000
"""Characters of one message; longer ones get a typed error."""
MAX_FRAME_BYTES = 64 * 1024
State = Literal["agent", "waiting", "colleague", "closed"]
ErrorCode = Literal["malformed", "unknown_type", "too_long", "not_supported", "busy", "not_yours", "failed"]


def sound(text: Any) -> Any:
    """Lone surrogates, which JSON can spell and UTF-8 cannot, become question marks."""
    return text.encode(errors="replace").decode() if isinstance(text, str) else text


Words = Annotated[str, BeforeValidator(sound)]


class Hello(BaseModel):
    """First event of a connection; names the visitor and the conversation to go on with, when there is one."""

    type: Literal["hello"]
    visitor: str | None = Field(default=None, max_length=64)
    """The token an earlier `welcome` gave to this browser."""
    conversation: UUID | None = None
    lang: str | None = Field(default=None, max_length=16)


class Ask(BaseModel):
    type: Literal["message"]
    text: Words


class WantPerson(BaseModel):
    type: Literal["person"]


class LeaveContact(BaseModel):
    """Asks for a call-back when nobody is at the desk."""

    type: Literal["callback"]
    contact: str = Field(min_length=3, max_length=200)
    note: str = Field(default="", max_length=1_000)
    wish: str = Field(default="", max_length=200)
    """When to call, in the customer's words."""


class Feedback(BaseModel):
    type: Literal["feedback"]
    turn: UUID
    helpful: bool | None
    """None takes the thumb back."""


class Close(BaseModel):
    type: Literal["close"]


ClientEvent = Hello | Ask | WantPerson | LeaveContact | Feedback | Close
CLIENT_EVENT: TypeAdapter[ClientEvent] = TypeAdapter(Annotated[ClientEvent, Field(discriminator="type")])


class SourceOut(BaseModel):
    id: str
    question: str
    url: str | None = None


class LineOut(BaseModel):
    """One line of a transcript."""

    author: Literal["customer", "dime", "colleague", "notice"]
    """A notice is an announcement that the customer was told."""
    text: str
    at: datetime
    turn: UUID | None = None
    action: str | None = None
    source: SourceOut | None = None
    choices: list[str] = []
    """Replies this line offered; they count only while it is the last."""
    name: str | None = None
    mood: str | None = None
    """Of a customer's line, for colleagues only."""


class AnnouncedOut(BaseModel):
    """An editor's announcement, to be shown before anything else is said."""

    text: str
    lang: str


class ServerMessage(BaseModel):
    v: Literal[1] = 1


class Welcome(ServerMessage):
    type: Literal["welcome"] = "welcome"
    visitor: str
    conversation: UUID
    """To go on with after a reload; no row stands behind it before the first question."""
    company: str
    state: State
    transcript: list[LineOut]
    announcements: list[AnnouncedOut] = []
    """What the transcript does not hold yet; the page shows it, so the agent does not say it again."""


class Announcement(ServerMessage, AnnouncedOut):
    """Comes before an answer, where the welcome did not have it."""

    type: Literal["announcement"] = "announcement"


class Typing(ServerMessage):
    type: Literal["typing"] = "typing"
    author: Literal["dime", "colleague"]


class Holding(ServerMessage):
    """Asks for patience: an answer comes, and it does not begin with these words."""

    type: Literal["holding"] = "holding"
    text: str


class Delta(ServerMessage):
    """The next piece of an answer, already in the books."""

    type: Literal["delta"] = "delta"
    turn: UUID
    text: str


class Answer(ServerMessage):
    """The whole answer, after its deltas. What Dime says may hold Markdown: links, pictures, bold, lists."""

    type: Literal["answer"] = "answer"
    conversation: UUID
    turn: UUID
    text: str
    lang: str
    action: Literal["answer", "model", "clarify", "handoff", "unknown"]
    reason: str
    source: SourceOut | None
    choices: list[str] = []
    """Replies to offer as buttons; pressing one sends its text as a message, and anything else may be typed."""
    confidence: float
    milliseconds: float


class Status(ServerMessage):
    """Who has the conversation now, with a sentence for the customer."""

    type: Literal["status"] = "status"
    state: State
    text: str
    callback: bool = False
    """True where a contact may be left, since nobody is at the desk."""


class ColleagueSaid(ServerMessage):
    type: Literal["colleague"] = "colleague"
    name: str
    text: str
    at: datetime


class Error(ServerMessage):
    type: Literal["error"] = "error"
    code: ErrorCode
    message: str


ServerEvent = Welcome | Announcement | Typing | Holding | Delta | Answer | Status | ColleagueSaid | Error
