"""Recordings of calls: which call is recorded, where the files lie, how long, and how they are deleted."""

import asyncio
import re
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from uuid import UUID
from zoneinfo import ZoneInfo

import numpy as np
import structlog

from agent.understanding.language import ANSWERED
from voice.audio import Samples, silence
from voice.recording.consent import Consent, words
from voice.recording.consent import Said as Words
from voice.recording.file import RecordingFile
from voice.recording.line import RecordedLine, Spoken
from voice.recording.recorder import Recorder
from voice.rendered import Voice
from voice.synthesizer import SynthesisFailed
from voice.wire import Wire
from web.operating.metrics import RECORDINGS

log = structlog.get_logger()
ANNOUNCING_S = 10
"""Speech that is not there by then leaves the call without an announcement, and so without a recording."""
PAUSE_MS = 300
_NAME = re.compile(r"(?P<conversation>[0-9a-f-]{36})(\.\d+)?\.(ogg|flac)")


@dataclass(frozen=True)
class Recording:
    """One file."""

    path: Path
    conversation: UUID
    day: date
    bytes: int
    at: datetime
    """When the last of it was written."""


class Recordings:
    """`home`/recordings/YYYY-MM-DD/<conversation>.ogg. Days are the company's."""

    def __init__(self, home: Path, *, mode: str, zone: str, now: Callable[[], datetime]) -> None:
        self.folder = home / "recordings"
        self.mode = mode
        self._zone = ZoneInfo(zone)
        self._now = now
        self._live: set[tuple[UUID, RecordedLine]] = set()
        self._saying: set[asyncio.Task[list[Samples]]] = set()
        self._writer = ThreadPoolExecutor(1, thread_name_prefix="recordings")

    def consent(self) -> Consent | None:
        """A fresh one for a call; None where nothing is recorded."""
        return None if self.mode == "off" else Consent(is_asked=self.mode == "ask")

    @asynccontextmanager
    async def on(
        self, line: Wire, consent: Consent | None, *, conversation: UUID, voice: Voice, lang: str | None
    ) -> AsyncIterator[Wire]:
        """The line to hold this call on. Where its language is unknown the announcement comes in both."""
        spoken = await self._spoken(voice, lang) if consent else None
        if consent is None or spoken is None:
            yield line
            return
        recorded = RecordedLine(line, consent=consent, spoken=spoken, recorder=lambda: self._recorder(conversation))
        self._live.add((conversation, recorded))
        try:
            yield recorded
        finally:
            try:
                await asyncio.shield(recorded.close())
            finally:
                self._live.discard((conversation, recorded))  # until then it may be refused
            RECORDINGS.labels(_outcome(recorded)).inc()

    def refuse(self, conversation: UUID) -> None:
        """Stops the recording of a call that is going on, and leaves nothing of it."""
        for recorded in (line for of, line in self._live if of == conversation):
            recorded.consent.refuse()

    def listed(self, conversation: UUID | None = None) -> list[Recording]:
        """Blocks. The newest first."""
        pattern = f"*/{conversation or '*'}.*"
        found = [_recording(path) for path in self.folder.glob(pattern)] if self.folder.is_dir() else []
        return sorted((one for one in found if one), key=lambda one: one.at, reverse=True)

    def delete(self, conversations: list[UUID], *, by: str) -> int:
        """Blocks. How many files are gone; whoever deletes a call that is going on refuses it first."""
        gone = 0
        for conversation in conversations:
            files = self.listed(conversation)
            for one in files:
                one.path.unlink(missing_ok=True)
            gone += len(files)
        log.info("recordings_deleted", count=gone, by=by)
        return gone

    def sweep(self, *, days: int) -> int:
        """Blocks. Deletes what is older than this many days."""
        oldest = (self._today() - timedelta(days=days)).isoformat()
        gone = 0
        for folder in [folder for folder in self.folder.glob("????-??-??") if folder.name < oldest and folder.is_dir()]:
            for one in filter(None, map(_recording, sorted(folder.iterdir()))):
                one.path.unlink(missing_ok=True)
                gone += 1
            with suppress(OSError):  # something of somebody else's is in it
                folder.rmdir()
        if gone:
            log.info("recordings_deleted", count=gone, by="retention")
        return gone

    def shut(self) -> None:
        """Waits for what is being written."""
        self._writer.shutdown(wait=True)

    def _recorder(self, conversation: UUID) -> Recorder:
        return Recorder(lambda: RecordingFile(self._free_path(conversation)), writer=self._writer)

    def _free_path(self, conversation: UUID) -> Path:
        folder = self.folder / self._today().isoformat()
        self.folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        path = folder / f"{conversation}{RecordingFile.SUFFIX}"
        number = 2
        while path.exists():
            path = folder / f"{conversation}.{number}{RecordingFile.SUFFIX}"
            number += 1
        return path

    async def _spoken(self, voice: Voice, lang: str | None) -> Spoken | None:
        """None where no voice can say it in time: what was not announced is not recorded. A slow voice goes on, so that
        the next call finds it on disk."""
        langs = [lang] if lang in ANSWERED else ANSWERED
        opening: Words = "asked" if self.mode == "ask" else "told"
        names: tuple[Words, ...] = (opening, "granted", "refused")
        saying = asyncio.create_task(_say_all(voice, names, langs), name="recording-announcement")
        self._saying.add(saying)
        saying.add_done_callback(self._said)
        try:
            async with asyncio.timeout(ANNOUNCING_S):
                said = await asyncio.shield(saying)
        except (SynthesisFailed, TimeoutError) as error:
            log.error("recording_not_announced", error=type(error).__name__)
            RECORDINGS.labels("not_announced").inc()
            return None
        return Spoken(*said)

    def _said(self, saying: "asyncio.Task[list[Samples]]") -> None:
        self._saying.discard(saying)
        if not saying.cancelled():
            saying.exception()  # seen: who waited for it has told of it

    def _today(self) -> date:
        return self._now().astimezone(self._zone).date()


async def _say_all(voice: Voice, names: tuple[Words, ...], langs: Sequence[str]) -> list[Samples]:
    return [await _say(voice, name, langs) for name in names]


async def _say(voice: Voice, name: Words, langs: Sequence[str]) -> Samples:
    parts = []
    for lang in langs:
        utterance = await voice.speak(words(name, lang=lang), lang=lang, is_fixed=True)
        parts += [utterance.samples, silence(PAUSE_MS)]
    return np.concatenate(parts)


def _recording(path: Path) -> Recording | None:
    """None for what is no recording of ours, or has just been deleted."""
    if not (named := _NAME.fullmatch(path.name)):
        return None
    try:
        known = path.stat()
        return Recording(
            path, UUID(named["conversation"]), date.fromisoformat(path.parent.name), known.st_size,
            datetime.fromtimestamp(known.st_mtime, UTC),
        )  # fmt: skip
    except (OSError, ValueError):
        return None


def _outcome(recorded: RecordedLine) -> str:
    if recorded.consent.decision == "refused":
        return "refused"
    if recorded.recorder is None:
        return "not_begun"
    return "failed" if recorded.recorder.has_failed else "kept"
