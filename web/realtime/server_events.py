"""What Dime sends: a closed union by the protocol's GA names. Items, responses and sessions are JSON already."""

import json
from dataclasses import dataclass
from typing import Any, ClassVar

from web.realtime.problem import Problem

Json = dict[str, Any]


@dataclass(frozen=True)
class _InPart:
    """Where in a response a piece belongs."""

    response_id: str
    item_id: str
    output_index: int
    content_index: int


@dataclass(frozen=True)
class SessionCreated:
    type: ClassVar[str] = "session.created"
    session: Json


@dataclass(frozen=True)
class SessionUpdated:
    type: ClassVar[str] = "session.updated"
    session: Json


@dataclass(frozen=True)
class SpeechStarted:
    type: ClassVar[str] = "input_audio_buffer.speech_started"
    audio_start_ms: int
    item_id: str


@dataclass(frozen=True)
class SpeechStopped:
    type: ClassVar[str] = "input_audio_buffer.speech_stopped"
    audio_end_ms: int
    item_id: str


@dataclass(frozen=True)
class Committed:
    type: ClassVar[str] = "input_audio_buffer.committed"
    previous_item_id: str | None
    item_id: str


@dataclass(frozen=True)
class Cleared:
    type: ClassVar[str] = "input_audio_buffer.cleared"


@dataclass(frozen=True)
class ItemAdded:
    type: ClassVar[str] = "conversation.item.added"
    previous_item_id: str | None
    item: Json


@dataclass(frozen=True)
class ItemDone:
    type: ClassVar[str] = "conversation.item.done"
    previous_item_id: str | None
    item: Json


@dataclass(frozen=True)
class ItemRetrieved:
    type: ClassVar[str] = "conversation.item.retrieved"
    item: Json


@dataclass(frozen=True)
class ItemTruncated:
    type: ClassVar[str] = "conversation.item.truncated"
    item_id: str
    content_index: int
    audio_end_ms: int


@dataclass(frozen=True)
class ItemDeleted:
    type: ClassVar[str] = "conversation.item.deleted"
    item_id: str


@dataclass(frozen=True)
class TranscriptionDelta:
    type: ClassVar[str] = "conversation.item.input_audio_transcription.delta"
    item_id: str
    content_index: int
    delta: str


@dataclass(frozen=True)
class TranscriptionCompleted:
    type: ClassVar[str] = "conversation.item.input_audio_transcription.completed"
    item_id: str
    content_index: int
    transcript: str
    usage: Json


@dataclass(frozen=True)
class TranscriptionFailed:
    type: ClassVar[str] = "conversation.item.input_audio_transcription.failed"
    item_id: str
    content_index: int
    error: Json


@dataclass(frozen=True)
class ResponseCreated:
    type: ClassVar[str] = "response.created"
    response: Json


@dataclass(frozen=True)
class ResponseDone:
    type: ClassVar[str] = "response.done"
    response: Json


@dataclass(frozen=True)
class RateLimitsUpdated:
    type: ClassVar[str] = "rate_limits.updated"
    rate_limits: list[Json]


@dataclass(frozen=True)
class OutputItemAdded:
    type: ClassVar[str] = "response.output_item.added"
    response_id: str
    output_index: int
    item: Json


@dataclass(frozen=True)
class OutputItemDone:
    type: ClassVar[str] = "response.output_item.done"
    response_id: str
    output_index: int
    item: Json


@dataclass(frozen=True)
class PartAdded(_InPart):
    type: ClassVar[str] = "response.content_part.added"
    part: Json


@dataclass(frozen=True)
class PartDone(_InPart):
    type: ClassVar[str] = "response.content_part.done"
    part: Json


@dataclass(frozen=True)
class TextDelta(_InPart):
    type: ClassVar[str] = "response.output_text.delta"
    delta: str


@dataclass(frozen=True)
class TextDone(_InPart):
    type: ClassVar[str] = "response.output_text.done"
    text: str


@dataclass(frozen=True)
class AudioDelta(_InPart):
    type: ClassVar[str] = "response.output_audio.delta"
    delta: str


@dataclass(frozen=True)
class AudioDone(_InPart):
    type: ClassVar[str] = "response.output_audio.done"


@dataclass(frozen=True)
class TranscriptDelta(_InPart):
    type: ClassVar[str] = "response.output_audio_transcript.delta"
    delta: str


@dataclass(frozen=True)
class TranscriptDone(_InPart):
    type: ClassVar[str] = "response.output_audio_transcript.done"
    transcript: str


@dataclass(frozen=True)
class ArgumentsDelta:
    type: ClassVar[str] = "response.function_call_arguments.delta"
    response_id: str
    item_id: str
    output_index: int
    call_id: str
    delta: str


@dataclass(frozen=True)
class ArgumentsDone:
    type: ClassVar[str] = "response.function_call_arguments.done"
    response_id: str
    item_id: str
    output_index: int
    call_id: str
    name: str
    arguments: str


@dataclass(frozen=True)
class Error:
    type: ClassVar[str] = "error"
    error: Json


ServerEvent = (
    SessionCreated | SessionUpdated | SpeechStarted | SpeechStopped | Committed | Cleared | ItemAdded | ItemDone
    | ItemRetrieved | ItemTruncated | ItemDeleted | TranscriptionDelta | TranscriptionCompleted |
    TranscriptionFailed | ResponseCreated | ResponseDone | RateLimitsUpdated | OutputItemAdded | OutputItemDone
    | PartAdded | PartDone | TextDelta | TextDone | AudioDelta | AudioDone | TranscriptDelta | TranscriptDone |
    ArgumentsDelta | ArgumentsDone | Error
)  # fmt: skip


def error_of(problem: Problem) -> Error:
    known = {"type": problem.kind, "code": problem.code, "message": str(problem), "param": problem.param}
    return Error({**known, "event_id": problem.event_id})


def written(event: ServerEvent, *, event_id: str) -> str:
    """One text frame."""
    return json.dumps({"type": event.type, "event_id": event_id, **vars(event)})
