"""One answer, two readers: the eye gets Markdown, the ear gets sentences, or words of its own after `[spoken]`."""

import re

_SPOKEN = re.compile(r"^[ \t]*\[(?:spoken|语音)\][ \t]*", re.IGNORECASE | re.MULTILINE)
_PICTURE = re.compile(r"!\[[^\]\n]*\]\([^()\s]*\)")
_LINK = re.compile(r"\[([^\]\n]+)\]\([^()\s]*\)")
_BOLD = re.compile(r"(\*\*|__)(?=\S)(.+?)(?<=\S)\1")
_BULLET = re.compile(r"^\s*[-*+•]\s+")
_NUMBERED = re.compile(r"^\s*(\d{1,3})[.)]\s+")
_HEADING = re.compile(r"^\s*#{1,6}\s+")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_ENDS = ".!?;:。！？；：…"


def for_eye(text: str) -> str:
    """Without what is for the ear alone; a text that is nothing else is shown as well as spoken."""
    shown, _, spoken = _halves(text)
    return shown or spoken


def for_ear(text: str) -> str:
    """Links by their text, no pictures, list points as sentences. Prose without marks comes back as it is."""
    shown, is_apart, spoken = _halves(text)
    said = spoken if is_apart and spoken else shown
    said = _BOLD.sub(r"\2", _LINK.sub(r"\1", _PICTURE.sub("", said)))
    lines = [_sentence(line) for line in said.split("\n")]
    return "\n".join(line for line in lines if line).strip()


def _halves(text: str) -> tuple[str, bool, str]:
    mark = _SPOKEN.search(text)
    if mark is None:
        return text.strip(), False, ""
    return text[: mark.start()].strip(), True, text[mark.end() :].strip()


def _sentence(line: str) -> str:
    """A point of a list or a heading has no mark at its end that would make a voice pause."""
    stop = "。" if _CHINESE.search(line) else "."
    comma = "，" if stop == "。" else ", "
    words = _NUMBERED.sub(rf"\1{comma}", _HEADING.sub("", _BULLET.sub("", line))).strip()
    is_prose = words == line.strip()
    return words if is_prose or not words or words[-1] in _ENDS else words + stop
