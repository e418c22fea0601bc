"""The chat-completions protocol as Dime speaks it: what a client may send, and what it gets.

What steers a language model (temperature, max_tokens, seed, stop, tools it need not call) is accepted and changes
nothing; what a client would rely on and not get is refused in the protocol's own words.
"""

import json
from typing import Any, Literal

from fastapi.responses import JSONResponse
from pydantic import BaseModel, Field, ValidationError

from web.chat.messages import MAX_TEXT, SourceOut, Words, sound

MODEL = "dime"
MADE_AT = 1_767_225_600
MAX_BODY_BYTES = 1024 * 1024
_LONGEST_PROBLEM = 300
Kind = Literal["invalid_request_error", "authentication_error", "rate_limit_error", "server_error"]


class Refused(Exception):
    """An error as the protocol knows it."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        kind: Kind = "invalid_request_error",
        param: str | None = None,
        code: str | None = None,
        retry_after_s: int | None = None,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = {"error": {"message": message, "type": kind, "param": param, "code": code}}
        self.headers = {} if retry_after_s is None else {"Retry-After": str(retry_after_s)}

    @property
    def response(self) -> JSONResponse:
        return JSONResponse(self.body, status_code=self.status, headers=self.headers)


class Part(BaseModel):
    type: Words
    text: Words = ""


class Message(BaseModel):
    role: Literal["system", "developer", "user", "assistant", "tool", "function"]
    content: Words | list[Part] | None = None


class StreamOptions(BaseModel):
    include_usage: bool | None = None


class ResponseFormat(BaseModel):
    type: Words


class CompletionRequest(BaseModel):
    """Fields that are not named here are ignored."""

    model: Words
    messages: list[Message] = Field(min_length=1)
    stream: bool | None = None
    stream_options: StreamOptions | None = None
    n: int | None = None
    modalities: list[Words] | None = None
    response_format: ResponseFormat | None = None
    tool_choice: Any = None
    function_call: Any = None
    user: Words | None = None
    safety_identifier: Words | None = None
    metadata: dict[Words, Words] | None = None

    @property
    def customer(self) -> str | None:
        """Whoever the client says is asking."""
        return self.safety_identifier or self.user or None


class UrlCitation(BaseModel):
    start_index: int
    end_index: int
    title: str
    url: str


class EntryCitation(BaseModel):
    start_index: int
    end_index: int
    title: str
    id: str


class UrlAnnotation(BaseModel):
    type: Literal["url_citation"] = "url_citation"
    url_citation: UrlCitation


class EntryAnnotation(BaseModel):
    """Dime's own, for an entry without an address."""

    type: Literal["entry_citation"] = "entry_citation"
    entry_citation: EntryCitation


MessageAnnotation = UrlAnnotation | EntryAnnotation


class CachedTokens(BaseModel):
    cached_tokens: int = 0


class TokensUsed(BaseModel):
    """What Dime's own language models used: nothing for an answer that is told word for word."""

    prompt_tokens: int = 0
    completion_tokens: int = 0
    total_tokens: int = 0
    prompt_tokens_details: CachedTokens = CachedTokens()


class Extension(BaseModel):
    """What Dime knows of its answer beyond the protocol; clients that do not know it pass over it."""

    action: Literal["answer", "model", "clarify", "handoff", "unknown"]
    reason: str
    lang: str
    confidence: float
    source: SourceOut | None = None
    choices: list[str] = []
    """Replies on offer; the text lists them, too."""
    cost: dict[str, str] | None = None
    conversation: str
    """May be sent back as metadata.conversation."""
    turn: str | None = None
    """None where a colleague has the conversation."""


def parse(raw: bytes) -> CompletionRequest:
    """Raises Refused, which says what is wrong."""
    try:
        document = json.loads(raw.decode())
    except UnicodeDecodeError as error:
        raise Refused(400, "the body is not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise Refused(400, "the body is not JSON that can be read") from error
    try:
        wanted = CompletionRequest.model_validate(document)
    except ValidationError as error:
        problem = error.errors(include_url=False, include_input=False)[0]
        param = str(sound(".".join(map(str, problem["loc"]))))[:_LONGEST_PROBLEM]
        message = f"{param or 'body'}: {sound(problem['msg'])}"[:_LONGEST_PROBLEM]
        raise Refused(400, message, param=param or None) from error
    _check(wanted)
    return wanted


def text_of(message: Message) -> str:
    """Its words. Raises Refused where a customer sent something else."""
    if not isinstance(message.content, list):
        return message.content or ""
    if message.role == "user" and (other := next((part for part in message.content if "text" not in part.type), None)):
        raise Refused(400, f"Dime reads text, no {other.type[:40]}.", param="messages", code="unsupported_content")
    return "\n".join(part.text for part in message.content if part.text)


def exchanges_of(messages: list[Message]) -> tuple[list[tuple[str, str]], str]:
    """What was asked and answered so far, and what is asked now. System, developer and tool messages are the client's
    own; they are no questions and, since anybody could have written them, no instructions either."""
    before: list[tuple[str, str]] = []
    asked: list[str] = []
    for message in messages:
        if message.role == "user":
            asked.append(text_of(message))
        elif message.role == "assistant" and asked:
            before.append(("\n".join(asked), text_of(message)))
            asked = []
    if not asked:
        raise Refused(400, "The last message must be the user's.", param="messages")
    question = "\n".join(asked)
    if len(question) > MAX_TEXT:
        raise Refused(
            400,
            f"A message may have {MAX_TEXT} characters, this one has {len(question)}.",
            param="messages",
            code="context_length_exceeded",
        )
    return before, question


def _check(wanted: CompletionRequest) -> None:
    if wanted.model != MODEL:
        raise Refused(
            404,
            f"The model {wanted.model[:80]!r} does not exist; it is {MODEL!r}.",
            param="model",
            code="model_not_found",
        )
    if wanted.n not in (None, 1):
        raise Refused(400, "Dime gives one answer: n must be 1.", param="n", code="unsupported_value")
    if wanted.response_format is not None and wanted.response_format.type != "text":
        raise Refused(400, "Dime answers in text only.", param="response_format", code="unsupported_value")
    if wanted.modalities is not None and wanted.modalities != ["text"]:
        raise Refused(400, "Dime answers in text only.", param="modalities", code="unsupported_value")
    for param in ("tool_choice", "function_call"):
        if getattr(wanted, param) not in (None, "auto", "none"):
            raise Refused(400, "Dime calls no tools of its clients.", param=param, code="unsupported_value")
