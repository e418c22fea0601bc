"""One response from created to done: a pure lifecycle that gives the events in the documented order."""

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal

from agent.turn import Turn
from voice.audio import Samples
from voice.playback import Piece
from web.chat.messages import SourceOut
from web.completions.messages import Extension
from web.realtime.items import Conversation, FunctionCall, Message, Part, Sound
from web.realtime.server_events import (
    ArgumentsDelta,
    ArgumentsDone,
    AudioDelta,
    AudioDone,
    ItemAdded,
    ItemDone,
    OutputItemAdded,
    OutputItemDone,
    PartAdded,
    PartDone,
    RateLimitsUpdated,
    ResponseCreated,
    ResponseDone,
    ServerEvent,
    TextDelta,
    TextDone,
    TranscriptDelta,
    TranscriptDone,
)
from web.realtime.settings import Wanted
from web.realtime.sound import Outlet

Reason = Literal["turn_detected", "client_cancelled", "max_output_tokens"]
LETTERS_A_TOKEN = 4
"""An estimate: Dime's own words have no tokens. A Chinese character counts as one."""


@dataclass(eq=False)
class Response:
    id: str
    new_id: Callable[[str], str]
    wanted: Wanted
    asks: list[Message]
    context: Conversation
    """What it answers in the light of."""
    conversation: Conversation | None
    """None for a response out of band: its items are added nowhere."""
    conversation_id: str | None
    turn: Turn | None = None
    cost: dict[str, str] | None = None
    status: Literal["in_progress", "completed", "cancelled", "incomplete", "failed"] = "in_progress"
    _details: dict[str, Any] | None = None
    _output: list[Message | FunctionCall] = field(default_factory=list)
    _message: Message | None = None
    _written: tuple[str, tuple[str, ...]] = ("", ())
    """Of a response in text: words of the answer, announcements."""

    def __post_init__(self) -> None:
        self._outlet = Outlet(self.wanted.audio.format)

    @property
    def is_spoken(self) -> bool:
        return self.wanted.modality == "audio"

    def belongs_to(self, turn: Turn) -> None:
        """A holding phrase may be out by then."""
        self.turn = turn
        if self._message is not None:
            self._message.turn = turn

    def begin(self) -> list[ServerEvent]:
        """Dime has no limits of requests or tokens to tell, so their list is empty."""
        return [ResponseCreated(self.as_json()), RateLimitsUpdated([])]

    def say(self, words: str, *, announces: str = "") -> list[ServerEvent]:
        """A piece of the words, with sound or without; `announces` where they are an announcement's."""
        answer, announced = self._written
        self._written = (answer, (*announced, announces)) if announces else (answer + words, announced)
        opening = self._open()
        part = self._part
        part.text = (part.text or "") + words
        delta = TranscriptDelta if self.is_spoken else TextDelta
        return [*opening, delta(*self._place, words)]

    def voice(self, piece: Piece) -> None:
        """The clause whose sound is sent next."""
        assert self._part.sound is not None
        self._part.sound.pieces.append(piece)

    def sound(self, samples: Samples) -> list[ServerEvent]:
        assert self._part.sound is not None
        self._part.sound.sent += len(samples)
        return [AudioDelta(*self._place, self._outlet.base64(samples))]

    def call(self, name: str, arguments: dict[str, Any]) -> list[ServerEvent]:
        """A function of the client's, after what was said."""
        closing = self._close_message("completed")
        written = json.dumps(arguments, ensure_ascii=False)
        item = FunctionCall(self.new_id("item"), self.new_id("call"), name, "", status="in_progress")
        added = self._add(item)
        item.arguments, item.status = written, "completed"
        place = (self.id, item.id, len(self._output) - 1, item.call_id)
        told: list[ServerEvent] = [ArgumentsDelta(*place, written), ArgumentsDone(*place, name, written)]
        return [*closing, *added, *told, *self._done(item)]

    def finish(self) -> list[ServerEvent]:
        return self._end("completed", {"type": "completed"})

    def stop(self, reason: Reason) -> list[ServerEvent]:
        """Cut short; what was sent stands."""
        status: Literal["incomplete", "cancelled"] = "incomplete" if reason == "max_output_tokens" else "cancelled"
        return self._end(status, {"type": status, "reason": reason})

    def fail(self, message: str, *, code: str) -> list[ServerEvent]:
        error = {"type": "server_error", "code": code, "message": message}
        return self._end("failed", {"type": "failed", "error": error})

    def fitting(self, words: str) -> str:
        """As many of the words as the most output tokens leave room for."""
        if self.wanted.max_output_tokens == "inf":
            return words
        left = self.wanted.max_output_tokens - tokens_of(self.words)
        if tokens_of(words) <= left:
            return words
        end = max((end for end in range(len(words)) if tokens_of(words[:end]) <= left), default=0)
        return words[: words.rfind(" ", 0, end) + 1] if " " in words[:end] else words[:end]

    @property
    def words(self) -> str:
        return "".join(item.words for item in self._output if isinstance(item, Message))

    @property
    def heard(self) -> tuple[str, tuple[str, ...]]:
        """The words of the answer that were sent, and the announcements: what the client may have heard."""
        if not self.is_spoken:
            return self._written
        sounds = [part.sound for part in self._parts if part.sound]
        return sounds[0].heard() if sounds else ("", ())

    @property
    def is_mute(self) -> bool:
        """There were words to be heard, and no sound of them."""
        sounds = [part.sound for part in self._parts if part.sound]
        return self.is_spoken and bool(self.words) and not any(sound.sent for sound in sounds)

    @property
    def _parts(self) -> list[Part]:
        return [part for item in self._output if isinstance(item, Message) for part in item.parts]

    def as_json(self) -> dict[str, Any]:
        wanted = self.wanted
        is_over = self.status != "in_progress"
        known = {"dime": extension.model_dump()} if is_over and (extension := self._extension()) else {}
        return {
            "id": self.id,
            "object": "realtime.response",
            "status": self.status,
            "status_details": self._details,
            "output": [item.as_json() for item in self._output] if is_over else [],
            "conversation_id": self.conversation_id,
            "output_modalities": [wanted.modality],
            "audio": {"output": wanted.audio.model_dump(include={"format", "voice"})},
            "max_output_tokens": wanted.max_output_tokens,
            "metadata": wanted.metadata,
            "usage": _usage(self.turn) if is_over else None,
            **known,
        }

    @property
    def _part(self) -> Part:
        assert self._message is not None
        return self._message.parts[0]

    @property
    def _place(self) -> tuple[str, str, int, int]:
        assert self._message is not None
        return self.id, self._message.id, self._output.index(self._message), 0

    def _open(self) -> list[ServerEvent]:
        if self._message is not None:
            return []
        part = Part("output_audio", "", Sound()) if self.is_spoken else Part("output_text", "")
        message = Message(self.new_id("item"), "assistant", [], status="in_progress", turn=self.turn)
        added = self._add(message)
        message.parts.append(part)
        self._message = message
        return [*added, PartAdded(*self._place, _part_json(part))]

    def _add(self, item: Message | FunctionCall) -> list[ServerEvent]:
        self._output.append(item)
        events: list[ServerEvent] = [OutputItemAdded(self.id, len(self._output) - 1, item.as_json())]
        if self.conversation is not None:
            events.append(ItemAdded(self.conversation.add(item), item.as_json()))
        return events

    def _close_message(self, status: Literal["completed", "incomplete"]) -> list[ServerEvent]:
        message = self._message
        if message is None:
            return []
        part, place = self._part, self._place
        words = part.text or ""
        closing: list[ServerEvent] = [TextDone(*place, words)]
        if part.type == "output_audio":
            closing = [AudioDone(*place), TranscriptDone(*place, words)]
        closing.append(PartDone(*place, _part_json(part)))
        message.status = status
        self._message = None
        return [*closing, *self._done(message)]

    def _done(self, item: Message | FunctionCall) -> list[ServerEvent]:
        done = OutputItemDone(self.id, self._output.index(item), item.as_json())
        if self.conversation is None:
            return [done]
        return [ItemDone(self.conversation.before(item), item.as_json()), done]

    def _end(
        self, status: Literal["completed", "cancelled", "incomplete", "failed"], details: dict[str, Any]
    ) -> list[ServerEvent]:
        closing = self._close_message("completed" if status == "completed" else "incomplete")
        self.status, self._details = status, details
        return [*closing, ResponseDone(self.as_json())]

    def _extension(self) -> Extension | None:
        turn = self.turn
        if turn is None:
            return None
        return Extension(
            action=turn.action or "unknown",
            reason=turn.reason or "",
            lang=turn.lang,
            confidence=round(turn.confidence or 0.0, 4),
            source=SourceOut(**vars(turn.source)) if turn.source else None,
            choices=list(turn.left_open.choices),
            cost=self.cost,
            conversation=str(turn.conversation),
            turn=str(turn.id),
        )


def tokens_of(text: str) -> int:
    letters = sum(1 if character < "\u2e80" else LETTERS_A_TOKEN for character in text)
    return -(-letters // LETTERS_A_TOKEN)


def _part_json(part: Part) -> dict[str, Any]:
    if part.type == "output_audio":
        return {"type": "audio", "transcript": part.text or ""}
    return {"type": "text", "text": part.text or ""}


def _usage(turn: Turn | None) -> dict[str, Any]:
    """What Dime's own language models used: nothing for an answer that is told word for word. Ears and voice are
    booked by the second and the character, so audio has no tokens."""
    used = turn.usage if turn else []
    count = {
        unit: int(sum(usage.quantity for usage in used if usage.meter == "llm" and usage.unit == unit))
        for unit in ("input_token", "cached_token", "output_token")
    }
    sent, cached, got = count["input_token"] + count["cached_token"], count["cached_token"], count["output_token"]
    return {
        "total_tokens": sent + got,
        "input_tokens": sent,
        "output_tokens": got,
        "input_token_details": {
            "cached_tokens": cached,
            "text_tokens": sent,
            "audio_tokens": 0,
            "image_tokens": 0,
            "cached_tokens_details": {"text_tokens": cached, "audio_tokens": 0, "image_tokens": 0},
        },
        "output_token_details": {"text_tokens": got, "audio_tokens": 0},
    }
