"""What opens a door: keys by how their makers mark them, passwords and tokens by being called so."""

import re
from collections.abc import Iterator

from knowledge.privacy.kinds import Span

_MARKED = re.compile(
    r"(?<![A-Za-z0-9])(?:sk-[A-Za-z0-9_-]{16,}|[spr]k_(?:live|test)_[A-Za-z0-9]{10,}|gh[pousr]_[A-Za-z0-9]{20,}"
    r"|github_pat_\w{20,}|glpat-[\w-]{16,}|xox[abprs]-[\w-]{10,}|(?:AKIA|ASIA)[A-Z0-9]{16}|AIza[\w-]{30,}|LTAI[A-Za-z0-9]{12,}"
    r"|AKID[A-Za-z0-9]{13,}|hf_[A-Za-z0-9]{20,}|npm_[A-Za-z0-9]{30,}|pypi-[\w-]{30,}|SG\.[\w-]{16,}\.[\w-]{16,}"
    r"|eyJ[\w-]{8,}\.[\w-]{8,}(?:\.[\w-]*)?)"
)
_PRIVATE_KEY = re.compile(
    r"-----BEGIN [A-Z ]{0,30}PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]{0,30}PRIVATE KEY-----|\Z)"
)
_IN_ADDRESS = re.compile(r"(?<=://)[^\s/:@]{1,100}:[^\s/@]{1,100}(?=@)")
_BEARER = re.compile(r"\b(?:bearer|basic)[ :]\s*([\w.~+/=-]{12,})", re.IGNORECASE)
_KEY = re.compile(
    r"(?:\b(?:api|secret|access|private|license)[ _-]?key|\b(?:access|auth|api|session)[ _-]?token|"
    r"\bclient[ _-]?secret|"
    r"密钥|令牌)\s*(?:(?:is|was|=|:|：|是|为)\s*)+[\"'“]?([^\s\"'”，。]{8,})",
    re.IGNORECASE,
)
_PASSWORD = re.compile(
    r"(?:\b(?:password|passwd|passphrase|passcode|pwd)\b|密码|口令)(?:\s(?:for|to) (?:[\w.]{1,30} ){0,3}?[\w.]{1,30})?"
    r"\s*(?:(?:\bis\b|\bwas\b|=|:|：|是|为)\s*)+(?:[\"'“‘「]([^\"'”’」\n]{1,80})[\"'”’」]|([!-~]{3,80}))",
    re.IGNORECASE,
)
_LONG = re.compile(r"(?<![\w/+=.-])[\w+=-]{32,}+(?!/)", re.ASCII)
_NO_PASSWORD = frozenset(
    "not wrong incorrect invalid expired forgotten lost too weak being rejected the a an my case required needed "
    "correct right "
    "fine ok okay still always never now also it this that what why how gone stolen missing broken working accepted "
    "refused "
    "changed reset safe secure different same unknown empty blank old new short long denied blocked locked used shown "
    "there "
    "hidden sent mandatory optional".split()
)
_ENDS_SENTENCE = re.compile(r"\s*(?:[.,;!?]|$|\n)")


def find_secrets(text: str) -> Iterator[Span]:
    for pattern in (_PRIVATE_KEY, _MARKED, _IN_ADDRESS):
        yield from (Span("secret", *found.span()) for found in pattern.finditer(text))
    for pattern in (_BEARER, _KEY):
        yield from (Span("secret", *found.span(1)) for found in pattern.finditer(text) if _has_digit(found[1]))
    for found in _PASSWORD.finditer(text):
        if found[1]:
            yield Span("secret", *found.span(1))
        elif length := _length_of_password(found[2], text[found.end() :][:20]):
            yield Span("secret", found.start(2), found.start(2) + length)
    yield from (Span("secret", *found.span()) for found in _LONG.finditer(text) if _is_random(found[0]))


def _length_of_password(word: str, rest: str) -> int:
    """How much of the word after "password is" is one; 0 for the words of a sentence about passwords."""
    bare = word.rstrip(".,;!?")
    if not bare.isalpha():
        return len(bare) if any(character.isalnum() for character in bare) else 0
    is_last = len(bare) < len(word) or _ENDS_SENTENCE.match(rest) is not None
    return len(bare) if is_last and bare.lower() not in _NO_PASSWORD else 0


def _has_digit(text: str) -> bool:
    return any(character.isdigit() for character in text)


def _is_random(text: str) -> bool:
    """Small letters, capitals and digits through each other, as no word or number of ours is."""
    return _has_digit(text) and any(letter.islower() for letter in text) and any(letter.isupper() for letter in text)
