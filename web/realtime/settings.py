"""A session's settings: what a client may set, laid over what was set before, and echoed whole.

What only steers a language model or a hosted voice (instructions, temperature, voice, speed, noise reduction) is kept
and changes nothing; what a client would rely on and not get is refused.
"""

from dataclasses import dataclass
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, TypeAdapter, ValidationError

from web.chat.messages import Words, sound
from web.realtime.problem import Problem

Modality = Literal["text", "audio"]
_LONGEST_PROBLEM = 300
_TAGS = {
    "audio/pcm", "audio/pcmu", "audio/pcma", "server_vad", "semantic_vad", "message", "function_call",
    "function_call_output",
}  # fmt: skip
"""Which of several kinds was read; no part of a place as a client writes it."""


class Pcm(BaseModel):
    type: Literal["audio/pcm"]
    rate: Literal[24000] = 24000


class PcmU(BaseModel):
    type: Literal["audio/pcmu"]


class PcmA(BaseModel):
    type: Literal["audio/pcma"]


Format = Annotated[Pcm | PcmU | PcmA, Field(discriminator="type")]


class ServerVad(BaseModel):
    type: Literal["server_vad"]
    threshold: float = Field(default=0.5, ge=0, le=1)
    prefix_padding_ms: int = Field(default=300, ge=0, le=10_000)
    silence_duration_ms: int = Field(default=500, ge=0, le=10_000)
    create_response: bool = True
    interrupt_response: bool = True
    idle_timeout_ms: None = None


class SemanticVad(BaseModel):
    type: Literal["semantic_vad"]
    eagerness: Literal["low", "medium", "high", "auto"] = "auto"
    create_response: bool = True
    interrupt_response: bool = True


TurnDetection = Annotated[ServerVad | SemanticVad, Field(discriminator="type")]


class _Kept(BaseModel):
    """Fields that are not named are echoed."""

    model_config = ConfigDict(extra="allow")


class Transcription(_Kept):
    language: Words | None = Field(default=None, max_length=16)


class AudioIn(_Kept):
    format: Format = Pcm(type="audio/pcm")
    turn_detection: TurnDetection | None = ServerVad(type="server_vad")
    transcription: Transcription | None = None
    noise_reduction: dict[str, Any] | None = None


class AudioOut(_Kept):
    format: Format = Pcm(type="audio/pcm")
    voice: Words | dict[str, Any] = "dime"
    speed: float = Field(default=1.0, ge=0.25, le=1.5)


class Audio(BaseModel):
    input: AudioIn = AudioIn()
    output: AudioOut = AudioOut()


class Tool(_Kept):
    type: Literal["function"]
    name: Words = Field(min_length=1, max_length=128)
    parameters: dict[str, Any] | None = None


Modalities = Annotated[list[Modality], Field(min_length=1, max_length=1)]
Tools = Annotated[list[Tool], Field(max_length=128)]
ToolChoice = Literal["auto", "none"]
"""Dime decides by itself whether a person should take over; it calls nothing because it is told to."""
MaxTokens = Annotated[int, Field(ge=1, le=4096)] | Literal["inf"]


class SessionSettings(BaseModel):
    type: Literal["realtime"]
    output_modalities: Modalities = ["audio"]
    instructions: Words = ""
    audio: Audio = Audio()
    tools: Tools = []
    tool_choice: ToolChoice = "auto"
    max_output_tokens: MaxTokens = "inf"
    include: list[Words] | None = None
    truncation: Any = "auto"
    prompt: Any = None
    tracing: Any = None


class AudioOverride(BaseModel):
    output: dict[str, Any] = {}


class ResponseSettings(BaseModel):
    """Of one response, over the session's."""

    output_modalities: Modalities | None = None
    instructions: Words | None = None
    audio: AudioOverride = AudioOverride()
    tools: Tools | None = None
    tool_choice: ToolChoice | None = None
    max_output_tokens: MaxTokens | None = None
    conversation: Literal["auto", "none"] = "auto"
    metadata: dict[Words, Words] | None = Field(default=None, max_length=16)
    input: list[dict[str, Any]] | None = Field(default=None, max_length=500)


@dataclass(frozen=True)
class Wanted:
    """What one response is to be like."""

    modality: Modality
    audio: AudioOut
    tools: list[Tool]
    max_output_tokens: MaxTokens
    metadata: dict[str, str] | None
    pause_ms: float = 0.0
    """The silence that showed the end of the turn."""


_SETTINGS = TypeAdapter(SessionSettings)


def changed(now: SessionSettings, change: dict[str, Any]) -> SessionSettings:
    """Raises Problem. Only what is named changes; turn detection, formats and lists are replaced as a whole."""
    before = now.model_dump()
    audio = change.get("audio")
    if isinstance(audio, dict):
        sides = {
            side: {**before["audio"][side], **given} if isinstance(given := audio.get(side) or {}, dict) else given
            for side in ("input", "output")
        }
        change = {**change, "audio": sides}
    unchanged = {name: value for name, value in before.items() if name != "type"}
    try:
        return _SETTINGS.validate_python({**unchanged, **change})
    except ValidationError as error:
        raise problem_of(error, within="session") from error


def wanted(settings: SessionSettings, own: ResponseSettings, *, pause_ms: float) -> Wanted:
    """The session's settings with a response's own laid over them. Raises Problem."""
    try:
        audio = AudioOut.model_validate({**settings.audio.output.model_dump(), **own.audio.output})
    except ValidationError as error:
        raise problem_of(error, within="response.audio.output") from error
    may_call = (own.tool_choice or settings.tool_choice) != "none"
    tools = settings.tools if own.tools is None else own.tools
    return Wanted(
        modality=(own.output_modalities or settings.output_modalities)[0],
        audio=audio,
        tools=tools if may_call else [],
        max_output_tokens=own.max_output_tokens or settings.max_output_tokens,
        metadata=own.metadata,
        pause_ms=pause_ms,
    )


def problem_of(error: ValidationError, *, within: str = "") -> Problem:
    """The first thing that is wrong, with its place as a client writes it."""
    first = error.errors(include_url=False, include_input=False)[0]
    place = [step for step in map(str, first["loc"]) if step not in _TAGS and not set(step) & set(".[")]
    param = str(sound(".".join([*([within] if within else []), *place])))[:_LONGEST_PROBLEM]
    kind = first["type"]
    code = "invalid_type" if kind.endswith("_type") and not kind.startswith("none") else "invalid_value"
    if kind == "string_too_long" or (kind == "too_long" and first["ctx"]["field_type"] != "List"):
        code = "string_above_max_length"
    if kind in ("missing", "union_tag_not_found"):
        code = "missing_required_parameter"
    return Problem(f"{param or 'event'}: {sound(first['msg'])}"[:_LONGEST_PROBLEM], code=code, param=param or None)
