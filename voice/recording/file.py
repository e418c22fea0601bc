"""One stereo file, caller left and Dime right, that grows while the call goes on: whenever the process is killed, what
was written can be read."""

import os
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from numpy.typing import NDArray

from voice.audio import RATE_HZ

Stereo = NDArray[np.float32]


class RecordingFile:
    """Ogg Opus where libsndfile writes it, else FLAC. Blocking; OSError or SoundFileError when the disk will not."""

    SUFFIX = ".ogg" if "OPUS" in soundfile.available_subtypes("OGG") else ".flac"

    def __init__(self, path: Path) -> None:
        """Made for its owner's eyes only. `path` ends in SUFFIX and must not exist."""
        self.path = path
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        handle = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL, 0o600)
        format_, subtype = ("OGG", "OPUS") if self.SUFFIX == ".ogg" else ("FLAC", "PCM_16")
        try:
            self._file: Any = soundfile.SoundFile(
                handle, "w", RATE_HZ, channels=2, format=format_, subtype=subtype, closefd=True
            )
        except BaseException:
            path.unlink(missing_ok=True)
            raise

    def append(self, both: Stereo) -> None:
        """Two columns, 16 kHz."""
        self._file.write(np.clip(both, -1, 1))
        self._file.flush()

    def close(self) -> None:
        self._file.close()
