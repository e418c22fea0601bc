"""Which language a message is in, so that a third one is recognised and told so.

A short message is no evidence ("visa", "Klarna?"), hence a third language has to win clearly.
"""

import re
from functools import cache

from py3langid.langid import MODEL_FILE, LanguageIdentifier

from knowledge.privacy.kinds import PLACEHOLDER

ANSWERED = ("en", "zh")
_LATIN = ("en", "de", "es", "fr", "it", "nl", "pt", "pl", "sv", "tr", "vi", "id", "cs", "da", "fi", "ro", "hu")
_CLEARLY = 10.0
"""Log-probability by which another language must beat English: measured, English shop words reach 6, whole
sentences of other languages start at 20."""
_FEW_WORDS = 3
_CLEARLY_IN_A_FEW = 20.0
"""A fragment ("even in december?") looks like anything."""
_NO_WORDS = re.compile(
    rf"{PLACEHOLDER.pattern}|https?://\S+|\S+@\S+|\b(?=[A-Za-z-]*\d)[\w-]+\b|\b(?:ok|okay|hm+|e-?mail|id)\b",
    re.IGNORECASE,
)
"""Addresses, codes and what stands for them, and what is said in any language."""
_SCRIPTS = {
    "ja": re.compile(r"[\u3040-\u30ff]"),
    "ko": re.compile(r"[\uac00-\ud7af]"),
    "zh": re.compile(r"[\u3400-\u9fff]"),
    "ru": re.compile(r"[\u0400-\u04ff]"),
    "ar": re.compile(r"[\u0600-\u06ff]"),
    "he": re.compile(r"[\u0590-\u05ff]"),
    "th": re.compile(r"[\u0e00-\u0e7f]"),
    "hi": re.compile(r"[\u0900-\u097f]"),
    "el": re.compile(r"[\u0370-\u03ff]"),
}


def has_words(text: str) -> bool:
    """Not only numbers, addresses and codes."""
    return re.search(r"[^\W\d_]", _NO_WORDS.sub(" ", text)) is not None


def language_of(text: str, *, previous: str = "en") -> str:
    """ISO 639-1 code; `previous` where the text says nothing (digits, an emoji, a brand name)."""
    for lang, script in _SCRIPTS.items():
        if script.search(text):
            return lang
    if not has_words(text):
        return previous
    ranks = dict(_identifier().rank(text))
    best = max(ranks, key=lambda lang: ranks[lang])
    clearly = _CLEARLY if len(text.split()) > _FEW_WORDS else _CLEARLY_IN_A_FEW
    return str(best) if best != "en" and ranks[best] - ranks["en"] > clearly else "en"


@cache
def _identifier() -> LanguageIdentifier:
    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_LATIN))
    return identifier
