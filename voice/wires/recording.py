"""A call held from a recording: IN.wav is the caller, OUT.wav has the caller left and Dime right, on one timeline."""

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import soundfile

from voice.audio import PER_MS, RATE_HZ, Samples, Speech, UnreadableRecording, resampled
from voice.call import Call
from voice.wire import CallEvent, TurnDone
from voice.wires.pace import FRAME_MS, cut, paced

LONGEST_S = 4 * 3600
_RATES_HZ = (4_000, 192_000)


@dataclass
class RecordedCall:
    """What `dime call` tells; amounts of money are known to the books only."""

    turns: list[TurnDone]
    events: list[CallEvent]
    duration_s: float
    out: Path | None = None


def read_recording(path: Path, *, channel: int | None = None) -> Speech:
    """Any file soundfile reads (WAV, FLAC, Ogg, MP3) at any usual rate. `channel` counts from 0; without it, a mix.

    Raises UnreadableRecording for what is missing, empty, cut off in its header, a video, or no sound at all.
    """
    if not path.is_file():
        raise UnreadableRecording(f"{path} is not there.")
    if path.stat().st_size == 0:
        raise UnreadableRecording(f"{path} is empty (0 bytes).")
    try:
        with soundfile.SoundFile(path) as file:
            if not _RATES_HZ[0] <= file.samplerate <= _RATES_HZ[1] or file.frames > LONGEST_S * file.samplerate:
                raise UnreadableRecording(f"{path} is no call: {file.frames} samples at {file.samplerate} Hz.")
            expected = file.frames
            frames = file.read(dtype="float32", always_2d=True)
            rate_hz = file.samplerate
    except (soundfile.SoundFileError, OSError) as error:
        raise UnreadableRecording(f"{path} is not a sound file that can be read: give a WAV file.") from error
    if not len(frames) or len(frames) < expected or _is_cut_off(path):
        raise UnreadableRecording(f"{path} is cut off: its header announces more sound than it holds.")
    if channel is not None and not 0 <= channel < frames.shape[1]:
        raise UnreadableRecording(f"{path} has {frames.shape[1]} channel(s), so there is no channel {channel}.")
    mono = frames.mean(axis=1) if channel is None else frames[:, channel]
    return Speech(resampled(np.nan_to_num(mono).astype(np.float32), from_hz=rate_hz))


def write_recording(path: Path, *, caller: Samples, agent: Samples) -> None:
    """Stereo, caller left and Dime right, 16-bit at 16 kHz."""
    length = max(len(caller), len(agent))
    both = np.stack([np.pad(side, (0, length - len(side))) for side in (caller, agent)], axis=1)
    soundfile.write(path, np.clip(both, -1, 1), RATE_HZ, subtype="PCM_16")


async def hold_recorded_call(
    call: Call, recording: Speech, *, out: Path | None = None, is_fast: bool = False
) -> RecordedCall:
    """The whole call; an answer that lasts beyond the recording is heard to its end."""
    return await held(RecordingWire(call, recording, is_fast=is_fast), out=out)


async def held(wire: "RecordingWire", *, out: Path | None = None) -> RecordedCall:
    await wire.call.run(wire)
    if out:
        write_recording(out, caller=wire.recording.samples, agent=wire.agent_side())
    turns = [event for event in wire.events if isinstance(event, TurnDone) and not event.is_withdrawn]
    return RecordedCall(turns, wire.events, wire.heard / RATE_HZ, out)


@dataclass
class RecordingWire:
    call: Call
    recording: Speech
    is_fast: bool = False
    events: list[CallEvent] = field(default_factory=list)
    heard: int = 0
    _played: list[Samples] = field(default_factory=list)

    def frames(self) -> AsyncIterator[Samples]:
        return paced(cut(self.recording.samples), work=self.call.work, is_fast=self.is_fast)

    async def play(self, samples: Samples) -> None:
        self.heard += len(samples)
        self._played.append(samples)

    def flush(self) -> None:
        """Nothing is kept on the way."""

    @property
    def unheard_ms(self) -> float:
        return 0.0

    @property
    def begins_at_once(self) -> bool:
        return False

    async def tell(self, event: CallEvent) -> None:
        self.events.append(event)

    def agent_side(self) -> Samples:
        """What is played on receiving a frame sounds after that frame, so it lies one frame later on the timeline."""
        lead = np.zeros(FRAME_MS * PER_MS, dtype=np.float32)
        return np.concatenate([lead, *self._played])


def _is_cut_off(path: Path) -> bool:
    """libsndfile reads the stump of a truncated WAV without a word; its header tells. Streams write 0 or all ones."""
    with path.open("rb") as file:
        head = file.read(12)
        if head[:4] != b"RIFF" or head[8:] != b"WAVE":
            return False
        while len(chunk := file.read(8)) == 8:
            size = int.from_bytes(chunk[4:], "little")
            if chunk[:4] == b"data":
                return size not in (0, 0xFFFFFFFF, 0x7FFFFFFF) and file.tell() + size > path.stat().st_size + 1
            file.seek(size + size % 2, 1)
    return False
