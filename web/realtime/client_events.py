"""What a client may send: a closed union, one JSON text frame each; a bad one is a Problem."""

import json
from typing import Annotated, Any, Literal, get_args

from pydantic import BaseModel, Field, TypeAdapter, ValidationError

from web.chat.messages import MAX_TEXT, Words
from web.realtime.problem import Problem
from web.realtime.settings import ResponseSettings, problem_of

MAX_EVENT = 15 * 1024 * 1024
"""Characters of one event, as with the original."""
_LONGEST_VALUE = 64 * 1024
MAX_SETTINGS = 256 * 1024
Id = Annotated[Words, Field(min_length=1, max_length=512)]


class _Event(BaseModel):
    event_id: Id | None = None


class UpdateSession(_Event):
    type: Literal["session.update"]
    session: dict[str, Any]


class Append(_Event):
    type: Literal["input_audio_buffer.append"]
    audio: str


class Commit(_Event):
    type: Literal["input_audio_buffer.commit"]


class Clear(_Event):
    type: Literal["input_audio_buffer.clear"]


class NewPart(BaseModel):
    type: Literal["input_text", "input_audio", "output_text"]
    text: Words | None = Field(default=None, max_length=MAX_TEXT)
    audio: str | None = None
    transcript: Words | None = None


class NewMessage(BaseModel):
    type: Literal["message"]
    id: Id | None = None
    role: Literal["user", "assistant", "system"]
    content: list[NewPart] = Field(min_length=1, max_length=100)


class NewCall(BaseModel):
    type: Literal["function_call"]
    id: Id | None = None
    call_id: Id
    name: Words
    arguments: Words = Field(max_length=_LONGEST_VALUE)


class NewOutput(BaseModel):
    type: Literal["function_call_output"]
    id: Id | None = None
    call_id: Id
    output: Words = Field(max_length=_LONGEST_VALUE)


NewItem = Annotated[NewMessage | NewCall | NewOutput, Field(discriminator="type")]


class CreateItem(_Event):
    type: Literal["conversation.item.create"]
    previous_item_id: Words | None = None
    item: NewItem


class RetrieveItem(_Event):
    type: Literal["conversation.item.retrieve"]
    item_id: Id


class DeleteItem(_Event):
    type: Literal["conversation.item.delete"]
    item_id: Id


class TruncateItem(_Event):
    type: Literal["conversation.item.truncate"]
    item_id: Id
    content_index: int = 0
    audio_end_ms: int = Field(ge=0)


class CreateResponse(_Event):
    type: Literal["response.create"]
    response: ResponseSettings = ResponseSettings()


class CancelResponse(_Event):
    type: Literal["response.cancel"]
    response_id: Words | None = None


ClientEvent = (
    UpdateSession | Append | Commit | Clear | CreateItem | RetrieveItem | DeleteItem | TruncateItem | CreateResponse
    | CancelResponse
)  # fmt: skip
_EVENT: TypeAdapter[ClientEvent] = TypeAdapter(Annotated[ClientEvent, Field(discriminator="type")])
NEW_ITEM: TypeAdapter[NewMessage | NewCall | NewOutput] = TypeAdapter(NewItem)
TYPES: list[str] = [get_args(each.model_fields["type"].annotation)[0] for each in get_args(ClientEvent)]


def parse(text: str | None) -> ClientEvent:
    """Raises Problem, which names the client's own event where it can be told."""
    if text is None:
        raise Problem("Events are JSON text frames; this one is binary.", code="invalid_event")
    if len(text) > MAX_EVENT:
        raise Problem(f"An event may have {MAX_EVENT} characters, this one has {len(text)}.", code="event_too_large")
    try:
        document = json.loads(text, parse_constant=_refuse)
    except (ValueError, RecursionError) as error:
        raise Problem("This is not JSON.", code="invalid_json") from error
    if not isinstance(document, dict):
        raise Problem("An event is a JSON object.", code="invalid_event")
    if document.get("type") == "session.update" and len(text) > MAX_SETTINGS:
        raise Problem(f"Settings may have {MAX_SETTINGS} characters.", code="event_too_large", param="session")
    try:
        return _EVENT.validate_python(document)
    except ValidationError as error:
        problem = _problem(document, error)
        named = document.get("event_id")
        problem.event_id = named[:512] if isinstance(named, str) else None
        raise problem from error


def _refuse(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def _problem(document: dict[str, Any], error: ValidationError) -> Problem:
    kind = document.get("type")
    if kind is None:
        return Problem("An event needs a type.", code="missing_required_parameter", param="type")
    if kind not in TYPES:
        known = ", ".join(TYPES)
        return Problem(
            f"There is no event {str(kind)[:80]!r} here; there are {known}.", code="invalid_value", param="type"
        )
    return problem_of(error)
