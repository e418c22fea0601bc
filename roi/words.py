"""What the books say in plain words, in the reader's language; a language without words is answered in English."""

import tomllib
from functools import cache
from pathlib import Path


@cache
def words() -> dict[str, dict[str, dict[str, str]]]:
    """Sections of keys of languages."""
    return tomllib.loads(Path(__file__).with_suffix(".toml").read_text(encoding="utf-8"))


def say(section: str, key: str, lang: str = "en", **figures: object) -> str:
    """KeyError for a key that has no words: a report must not print codes."""
    spoken = words()[section][key]
    return spoken.get(lang, spoken["en"]).format(**figures)


def named(section: str, key: str, lang: str = "en", *, otherwise: str | None = None) -> str:
    """The key itself, or what it is called otherwise, where nobody named it: kinds are open to what is added later."""
    spoken = words()[section].get(key, {})
    return spoken.get(lang, spoken.get("en", otherwise or key))
