"""The widget's own protocol on WS /chat: one closed union each way.

Unknown fields are ignored, unknown types get a typed error.
"""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, BeforeValidator, Field, TypeAdapter

from roi.quality.satisfaction import HIGHEST, LOWEST

MAX_TEXT = 4_000
"""Characters of one message; longer ones get a typed error."""
MAX_FRAME_BYTES = 64 * 1024
State = Literal["agent", "waiting", "colleague", "closed"]
ErrorCode = Literal[
    "malformed", "unknown_type", "too_long", "not_supported", "busy", "not_yours", "failed",
    "no_call", "in_call", "no_voice", "lines_taken", "with_colleague",
]  # fmt: skip
MAX_SOUND_BYTES = 1024 * 1024
"""Of one binary frame of a call."""


def sound(text: Any) -> Any:
    """Lone surrogates, which JSON can spell and UTF-8 cannot, become question marks; NUL, which PostgreSQL cannot keep,
    goes."""
    return text.encode(errors="replace").decode().replace("\0", "") if isinstance(text, str) else text


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
    id: str | None = Field(default=None, min_length=1, max_length=64)
    """The client's own; the same one again in a conversation is the same message, and is answered once."""


class WantPerson(BaseModel):
    type: Literal["person"]
    id: str | None = Field(default=None, min_length=1, max_length=64)


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


class Rate(BaseModel):
    """What a contact that is over was worth to the customer."""

    type: Literal["rate"]
    conversation: UUID
    score: int = Field(ge=LOWEST, le=HIGHEST)


class Close(BaseModel):
    type: Literal["close"]


class CallStart(BaseModel):
    """Goes on with the conversation by voice: from `call_started` to `call_ended` binary frames are sound, mono 16-bit
    little-endian at 16 kHz, the microphone's up and Dime's down."""

    type: Literal["call_start"]


class CallEnd(BaseModel):
    """Hangs up; the conversation goes on in writing."""

    type: Literal["call_end"]


class Played(BaseModel):
    """Of all the sound sent in this call, how much is no longer on its way to the ear: played, or thrown away by
    `flush`. Every 100 ms while anything plays."""

    type: Literal["played"]
    ms: float = Field(ge=0, le=1e9, allow_inf_nan=False)


class PressKey(BaseModel):
    """A key of the telephone."""

    type: Literal["key"]
    digit: str = Field(pattern=r"^[0-9*#A-D]$")


class NoRecording(BaseModel):
    """Stops the recording of this call and deletes what there is of it."""

    type: Literal["no_recording"]


Request = Hello | Ask | WantPerson | LeaveContact | Feedback | Rate | Close | CallStart
"""Answered in the order they came."""
CallControl = CallEnd | Played | PressKey | NoRecording
"""Heeded at once, even while a message is being answered."""
ClientEvent = Request | CallControl
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
    heard: str | None = None
    """By voice, what the caller heard of it where that is not all."""


class Status(ServerMessage):
    """Who has the conversation now, with a sentence for the customer."""

    type: Literal["status"] = "status"
    state: State
    text: str
    callback: bool = False
    """True where a contact may be left, since nobody is at the desk."""


class AskRating(ServerMessage):
    """The contact is over: offer a rating from 1 to 5, which may be passed over. Once a conversation."""

    type: Literal["ask_rating"] = "ask_rating"
    conversation: UUID


class ColleagueSaid(ServerMessage):
    type: Literal["colleague"] = "colleague"
    name: str
    text: str
    at: datetime


class Error(ServerMessage):
    type: Literal["error"] = "error"
    code: ErrorCode
    message: str


class CallStarted(ServerMessage):
    """Dime is listening."""

    type: Literal["call_started"] = "call_started"
    conversation: UUID


class CallHeard(ServerMessage):
    """What the caller said; the answer comes as `answer`, when its sound begins and again when it is over."""

    type: Literal["call_heard"] = "call_heard"
    conversation: UUID
    turn: UUID
    text: str
    lang: str


class CallWithdrawn(ServerMessage):
    """The caller went on speaking: a later turn holds all that was said, and this one is to be forgotten."""

    type: Literal["call_withdrawn"] = "call_withdrawn"
    turn: UUID


class Flush(ServerMessage):
    """Throw away the sound that has not been played: the caller is speaking."""

    type: Literal["flush"] = "flush"


class CallRecorded(ServerMessage):
    """Whether the call is being recorded now."""

    type: Literal["call_recorded"] = "call_recorded"
    on: bool


class CallEnded(ServerMessage):
    """What is still to be played may be played to its end; the chat goes on."""

    type: Literal["call_ended"] = "call_ended"
    reason: Literal["hangup", "lost", "goodbye", "silence", "too_long", "transfer", "busy", "failed"]


CallEvent = CallStarted | CallHeard | CallWithdrawn | Flush | CallRecorded | CallEnded
ServerEvent = (
    Welcome | Announcement | Typing | Holding | Delta | Answer | Status | AskRating | ColleagueSaid | CallEvent | Error
)
