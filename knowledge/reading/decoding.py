"""Bytes to text. Spreadsheets export in whatever the machine speaks, and a wrong guess turns answers into rubbish.

UTF-8 is tried first because nothing else decodes as UTF-8 by accident; a UTF-8 file with a few broken lines stays
UTF-8, and those lines are named.
"""

import re

from charset_normalizer import from_bytes

from knowledge.problem import Problem, UnreadableDocument

_BYTE_ORDER_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_OTHER_ENCODINGS = ["cp1252", "latin_1", "big5", "cp1251", "shift_jis", "euc_kr"]
_SIGNATURES = {b"%PDF": "a PDF", b"PK\x03\x04": "a ZIP, XLSX or DOCX file", b"\xd0\xcf\x11\xe0": "an old Office file"}
_CONTROL = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
_MOSTLY = 0.8


def decode(content: bytes, *, name: str, declared: str | None = None) -> tuple[str, list[Problem]]:
    """The text, and the lines that no encoding explains (left empty in the text, so that line numbers stay true).
    `declared` is the encoding the text itself names, believed where it is not UTF-8."""
    if not content.strip():
        raise UnreadableDocument(f"{name} is empty.")
    for signature, kind in _SIGNATURES.items():
        if content.startswith(signature):
            raise UnreadableDocument(f"{name} is {kind}, not text.")
    text, problems = _as_declared(content, declared) or _decode(content, name)
    if len(_CONTROL.findall(text)) > len(text) / 100:
        raise UnreadableDocument(f"{name} is a binary file, not text.")
    if not text.strip():
        raise UnreadableDocument(f"{name} is empty.")
    return text, problems


def _as_declared(content: bytes, declared: str | None) -> tuple[str, list[Problem]] | None:
    if declared is None or _utf8(content) is not None:
        return None
    try:
        return content.decode("gb18030" if declared.lower() in ("gb2312", "gbk") else declared), []
    except (UnicodeDecodeError, LookupError):
        return None


def _decode(content: bytes, name: str) -> tuple[str, list[Problem]]:
    for mark, encoding in _BYTE_ORDER_MARKS:
        if content.startswith(mark):
            try:
                return content.decode(encoding), []
            except UnicodeDecodeError:
                if encoding != "utf-8-sig":
                    raise UnreadableDocument(f"{name} says it is UTF-16 but breaks off in the middle.") from None
                content = content.removeprefix(mark)
    try:
        return content.decode("utf-8"), []
    except UnicodeDecodeError:
        pass
    lines = [_utf8(line) for line in content.split(b"\n")]
    foreign = [line for line in content.split(b"\n") if not line.isascii()]
    broken = [number for number, line in enumerate(lines, 1) if line is None]
    if len(broken) <= (1 - _MOSTLY) * len(foreign):
        problems = [Problem(number, "is not UTF-8 text like the rest of the file") for number in broken]
        return "\n".join(line or "" for line in lines), problems
    if (text := _gb18030(content)) is not None:
        return text, []
    best = from_bytes(content, cp_isolation=_OTHER_ENCODINGS).best()
    if best is None:
        raise UnreadableDocument(f"{name} is a binary file, or text in an encoding that is not known.")
    return str(best), []


def _utf8(line: bytes) -> str | None:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return None


def _gb18030(content: bytes) -> str | None:
    """The text if it is Chinese. Latin-1 accents often pair with the next letter into valid GB18030, but then into
    characters outside the everyday GB2312 set, which real Chinese text hardly leaves."""
    try:
        text = content.decode("gb18030")
    except UnicodeDecodeError:
        return None
    foreign = [character for character in text if not character.isascii()]
    everyday = "".join(foreign).encode("gb2312", errors="ignore").decode("gb2312")
    return text if len(everyday) >= _MOSTLY * len(foreign) else None
