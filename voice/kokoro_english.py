"""Latin words in a Chinese sentence, in Kokoro's own spelling of English sounds, so that one voice says it all."""

import re

from voice.piper import phonemes

LATIN = re.compile(r"([A-Za-z][A-Za-z'’ -]*)")
_SPELT = {
    "eɪ": "A", "aɪ": "I", "aʊ": "W", "oʊ": "O", "ɔɪ": "Y", "dʒ": "ʤ", "tʃ": "ʧ", "ɜː": "ɜɹ", "ɚ": "əɹ", "ɐ": "ə",
    "ɾ": "T", "r": "ɹ", "ː": "",
}  # fmt: skip


def english_sounds(words: str) -> str:
    """Needs the program espeak-ng: 20 ms."""
    sounds = phonemes(words, voice="en-us")
    for espeak, kokoro in _SPELT.items():
        sounds = sounds.replace(espeak, kokoro)
    return f" {sounds} "
