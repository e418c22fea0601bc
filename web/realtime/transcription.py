"""What a client is told about the words of a message that was spoken, where it has asked for them."""

from web.realtime.items import Message
from web.realtime.server_events import ServerEvent, TranscriptionCompleted, TranscriptionDelta, TranscriptionFailed
from web.realtime.settings import SessionSettings


def transcribed(settings: SessionSettings, message: Message, at: int, text: str) -> list[ServerEvent]:
    """A stretch of what was said, as it becomes known."""
    part = message.parts[at]
    delta = f" {text}" if part.text and text else text
    part.text = (part.text or "") + delta
    return [TranscriptionDelta(message.id, at, delta)] if text and _is_wanted(settings) else []


def completed(settings: SessionSettings, message: Message, at: int) -> list[ServerEvent]:
    part = message.parts[at]
    seconds = part.sound.duration_ms / 1000 if part.sound else 0.0
    usage = {"type": "duration", "seconds": seconds}
    return [TranscriptionCompleted(message.id, at, part.text or "", usage)] if _is_wanted(settings) else []


def failed(settings: SessionSettings, message: Message, at: int) -> list[ServerEvent]:
    words = "The audio could not be transcribed."
    error = {"type": "server_error", "code": "transcription_failed", "message": words, "param": None}
    return [TranscriptionFailed(message.id, at, error)] if _is_wanted(settings) else []


def _is_wanted(settings: SessionSettings) -> bool:
    return settings.audio.input.transcription is not None
