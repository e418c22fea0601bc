"""Run as a program, never imported: speaks each line of stdin (JSON) into a file and says so on stdout."""

import json
import os
import sys

TRIES = 3
"""Its first sentence on a busy machine is sometimes not written, or without a sample."""
HEADER = 44
"""Bytes of a WAV file in which nothing is said."""


def main() -> None:
    replies = os.fdopen(os.dup(1), "w", buffering=1)
    os.dup2(2, 1)  # pyttsx3 prints; only replies go to the parent
    import pyttsx3

    engine = pyttsx3.init("espeak")
    engine.setProperty("rate", int(sys.argv[1]))
    for line in sys.stdin:
        wish = json.loads(line)
        try:
            engine.setProperty("voice", wish["voice"])
            for _ in range(TRIES):
                engine.save_to_file(wish["text"], wish["path"])
                engine.runAndWait()
                if os.path.exists(wish["path"]) and os.path.getsize(wish["path"]) > HEADER:  # noqa: PTH110, PTH202 - no pathlib
                    break
            replies.write("said\n")
        except Exception as error:  # noqa: BLE001 - whatever it is, the parent must hear of it
            replies.write(f"{type(error).__name__}: {error}".replace("\n", " ") + "\n")


if __name__ == "__main__":
    main()
