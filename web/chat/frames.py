"""Frames of the widget's socket: text as an event, or what is wrong with it."""

import json

from pydantic import ValidationError

from web.chat.messages import CLIENT_EVENT, MAX_FRAME_BYTES, MAX_TEXT, Ask, ClientEvent, ErrorCode


class BadEvent(Exception):
    def __init__(self, code: ErrorCode, message: str) -> None:
        super().__init__(message)
        self.code = code


def parse(text: str | None) -> ClientEvent:
    """One text frame as an event. Raises BadEvent, which says what is wrong with it."""
    if text is None:
        raise BadEvent("malformed", "this frame is empty")
    if len(text) > MAX_FRAME_BYTES:
        raise BadEvent("too_long", f"a message may have {MAX_TEXT} characters")
    try:
        document = json.loads(text)
    except (ValueError, RecursionError) as error:
        raise BadEvent("malformed", "this is not JSON") from error
    try:
        event = CLIENT_EVENT.validate_python(document)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        code: ErrorCode = "unknown_type" if problem["type"].startswith("union_tag") else "malformed"
        raise BadEvent(code, f"{'.'.join(map(str, problem['loc'])) or 'event'}: {problem['msg']}") from error
    if isinstance(event, Ask) and len(event.text) > MAX_TEXT:
        raise BadEvent("too_long", f"a message may have {MAX_TEXT} characters, this one has {len(event.text)}")
    return event
