"""Stands in for the child that renders: lays a second of tone where the voice of the tests would look for it."""

import asyncio
import json
import sys
from pathlib import Path

from voice.rendered import RenderedVoice
from voice.synthesizer import ScriptedSynthesizer

choices = json.loads(sys.stdin.readline())
voice = RenderedVoice(ScriptedSynthesizer(fails_on=("unsayable",)), Path(choices["cache"]) / "rendered")
for line in sys.stdin:
    clause = json.loads(line)
    if clause["text"] == "The end.":
        sys.exit(1)
    if clause["text"] == "Late.":
        sys.stdout.write(f"{clause['number'] - 1} rendered\n")  # as one does that was given up meanwhile
    asyncio.run(voice.render(clause["text"], lang=clause["lang"]))
    is_there = voice.is_rendered(clause["text"], lang=clause["lang"])
    sys.stdout.write(f"{clause['number']} {'rendered' if is_there else 'failed'}\n")
    sys.stdout.flush()
