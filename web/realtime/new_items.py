"""Items that a client writes itself: what it may write, and what becomes of it."""

from collections.abc import Callable, Sequence
from typing import Any, assert_never

from pydantic import ValidationError

from web.realtime.client_events import (
    NEW_ITEM,
    ClientEvent,
    CreateItem,
    CreateResponse,
    NewCall,
    NewMessage,
    NewOutput,
)  # fmt: skip
from web.realtime.input_buffer import InputBuffer
from web.realtime.items import FunctionCall, FunctionOutput, Item, Message, Part, user_sound
from web.realtime.problem import Problem
from web.realtime.settings import problem_of
from web.realtime.sound import Intake


def made(
    wish: NewMessage | NewCall | NewOutput, *, new_id: Callable[[str], str], intake: Intake, among: Sequence[Item]
) -> Item:
    """Raises Problem. `intake` knows the format its sound is in, `among` which calls there were."""
    item_id = wish.id or new_id("item")
    match wish:
        case NewMessage():
            parts = [_part(wish, at, intake) for at in range(len(wish.content))]
            return Message(item_id, wish.role, parts)
        case NewCall():
            return FunctionCall(item_id, wish.call_id, wish.name, wish.arguments)
        case NewOutput():
            if wish.call_id not in [item.call_id for item in among if isinstance(item, FunctionCall)]:
                message = f"There is no function call {wish.call_id[:80]!r} in this conversation."
                raise Problem(message, code="invalid_tool_call_id", param="item.call_id")
            return FunctionOutput(item_id, wish.call_id, wish.output)
        case _:
            assert_never(wish)


def brought(event: ClientEvent, *, make: Callable[[NewMessage | NewCall | NewOutput], Item]) -> list[Item]:
    """The items an event brings, made; references to known ones left out. Raises Problem."""
    match event:
        case CreateItem():
            return [make(event.item)]
        case CreateResponse():
            wished = enumerate(event.response.input or [])
            return [make(_new_item(wish, at)) for at, wish in wished if not is_reference(wish)]
        case _:
            return []


def is_reference(wish: dict[str, Any]) -> bool:
    return wish.get("type") == "item_reference"


def is_to_be_heard(item: Item) -> bool:
    return isinstance(item, Message) and any(part.sound is not None for part in item.parts)


def _new_item(wish: dict[str, Any], at: int) -> NewMessage | NewCall | NewOutput:
    try:
        return NEW_ITEM.validate_python(wish)
    except ValidationError as error:
        raise problem_of(error, within=f"response.input.{at}") from error


def _part(message: NewMessage, at: int, intake: Intake) -> Part:
    wish, param = message.content[at], f"item.content.{at}"
    if (wish.type == "output_text") != (message.role == "assistant"):
        raise Problem(
            f"A message of the {message.role} cannot hold {wish.type}.", code="invalid_value", param=f"{param}.type"
        )
    if wish.type == "input_audio":
        if message.role != "user" or not wish.audio:
            raise Problem("A user's message holds audio.", code="invalid_value", param=f"{param}.audio")
        payload = intake.payload(wish.audio, param=f"{param}.audio")
        InputBuffer().room_for(intake.duration_ms(payload))
        return user_sound(intake.whole(payload))
    if not wish.text:
        raise Problem("There is no text.", code="missing_required_parameter", param=f"{param}.text")
    return Part(wish.type, wish.text)
