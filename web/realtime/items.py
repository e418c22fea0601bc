"""The items of a conversation as the protocol has them, and what of a spoken one was heard."""

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

import numpy as np

from agent.turn import Turn
from voice.audio import PER_MS, Samples
from voice.playback import Piece, Playback
from web.realtime.settings import Pcm, PcmA, PcmU
from web.realtime.sound import Outlet

Status = Literal["completed", "incomplete", "in_progress"]
Role = Literal["user", "assistant", "system"]
PartType = Literal["input_text", "input_audio", "output_text", "output_audio"]
MOST_ITEMS = 1_000
KEPT_SOUND_MS = 600_000
"""Of all items together; beyond it the oldest lose their sound and keep their words."""


@dataclass
class Sound:
    """What was said or sent of a part, clause by clause."""

    pieces: list[Piece] = field(default_factory=list)
    sent: int = 0
    """Samples that have left."""

    @property
    def duration_ms(self) -> float:
        return self.sent / PER_MS

    @property
    def samples(self) -> Samples:
        return np.concatenate([np.zeros(0, dtype=np.float32), *(piece.samples for piece in self.pieces)])[: self.sent]

    def truncate(self, end_ms: int) -> None:
        self.sent = min(self.sent, end_ms * PER_MS)

    @property
    def transcript(self) -> str:
        """Every word whose sound has left, announcements as well."""
        playback = Playback()
        for piece in self.pieces:
            playback.add(replace(piece, is_answer=True))
        playback.next(self.sent, at_ms=0)
        return playback.heard

    def heard(self) -> tuple[str, tuple[str, ...]]:
        """The words of the answer whose sound has left, and the announcements."""
        playback = Playback()
        for piece in self.pieces:
            playback.add(piece)
        playback.next(self.sent, at_ms=0)
        return playback.heard, tuple(playback.announced)


@dataclass
class Part:
    type: PartType
    text: str | None = None
    """Of audio the transcript: None until it is known."""
    sound: Sound | None = None

    def as_json(self, wire: Pcm | PcmU | PcmA | None) -> dict[str, Any]:
        """With its sound where a format is given."""
        if self.type in ("input_text", "output_text"):
            return {"type": self.type, "text": self.text or ""}
        sound = {"audio": Outlet.whole(self.sound.samples, wire)} if wire and self.sound else {}
        return {"type": self.type, "transcript": self.text, **sound}


@dataclass(eq=False)
class Message:
    id: str
    role: Role
    parts: list[Part]
    status: Status = "completed"
    turn: Turn | None = None
    """Which turn of ours said it; None for what a client wrote."""

    def as_json(self, wire: Pcm | PcmU | PcmA | None = None) -> dict[str, Any]:
        content = [part.as_json(wire) for part in self.parts]
        return {**_head(self.id, "message", self.status), "role": self.role, "content": content}

    @property
    def words(self) -> str:
        return "\n".join(part.text for part in self.parts if part.text)

    @property
    def has_answered(self) -> bool:
        """Something of an answer was heard or read: more than an announcement, or the request for patience."""
        sound = self.parts[0].sound if self.parts else None
        return bool(sound.heard()[0].strip() if sound and sound.pieces else self.words)


@dataclass(eq=False)
class FunctionCall:
    id: str
    call_id: str
    name: str
    arguments: str
    status: Status = "completed"

    def as_json(self, _: Pcm | PcmU | PcmA | None = None) -> dict[str, Any]:
        known = {"call_id": self.call_id, "name": self.name, "arguments": self.arguments}
        return {**_head(self.id, "function_call", self.status), **known}


@dataclass(eq=False)
class FunctionOutput:
    id: str
    call_id: str
    output: str
    status: Status = "completed"

    def as_json(self, _: Pcm | PcmU | PcmA | None = None) -> dict[str, Any]:
        return {**_head(self.id, "function_call_output", self.status), "call_id": self.call_id, "output": self.output}


Item = Message | FunctionCall | FunctionOutput


class Conversation:
    """Items in their order; a client may insert and delete."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def find(self, item_id: str) -> Item | None:
        return next((item for item in self.items if item.id == item_id), None)

    def add(self, item: Item, *, at: int | None = None) -> str | None:
        """The id of the item before it. Beyond the most there may be, the oldest is forgotten."""
        at = len(self.items) if at is None else at
        self.items.insert(at, item)
        previous = self.items[at - 1].id if at else None
        del self.items[: max(0, len(self.items) - MOST_ITEMS)]
        self._forget_sound()
        return previous

    def before(self, item: Item) -> str | None:
        at = self.items.index(item) if item in self.items else 0
        return self.items[at - 1].id if at else None

    def remove(self, item: Item) -> None:
        self.items.remove(item)

    @property
    def asked(self) -> list[Message]:
        """What the user has said since something of ours was heard."""
        found: list[Message] = []
        for item in reversed(self.items):
            if isinstance(item, Message) and item.role == "assistant" and item.has_answered:
                break
            if isinstance(item, Message) and item.role == "user":
                found.insert(0, item)
        return found

    def _forget_sound(self) -> None:
        kept_ms = 0.0
        for part in reversed([part for item in self.items if isinstance(item, Message) for part in item.parts]):
            if part.sound is None:
                continue
            kept_ms += part.sound.duration_ms
            if kept_ms > KEPT_SOUND_MS:
                part.sound.pieces = []


def user_sound(samples: Samples) -> Part:
    return Part("input_audio", None, Sound([Piece("", samples)], len(samples)))


def words_of(messages: Sequence[Message]) -> str:
    return "\n".join(message.words for message in messages if message.words)


def _head(item_id: str, kind: str, status: Status) -> dict[str, Any]:
    return {"id": item_id, "object": "realtime.item", "type": kind, "status": status}
