"""What a file is by its content: names lie, and a spreadsheet saved as .csv is still a spreadsheet."""

import zipfile
from io import BytesIO

from knowledge.problem import UnreadableDocument

_NAMES = {"pdf": "a PDF", "xlsx": "an Excel workbook", "docx": "a Word document", "html": "a web page"}
_OFFICE = {"xl/workbook.xml": "xlsx", "word/document.xml": "docx"}
_SAME = {"xlsm": "xlsx", "htm": "html", "xhtml": "html", "markdown": "md", "text": "txt"}
_OLD_OFFICE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_MARKED = ("pdf", "xlsx", "docx")
"""Kinds whose content always shows what it is."""


def kind_of(content: bytes, *, name: str, said: str) -> str:
    """The kind in the end: `said` (by the name's ending), unless the content shows another. Raises UnreadableDocument
    for what is recognised but cannot be read."""
    said = _SAME.get(said, said)
    if content.startswith(_OLD_OFFICE):
        raise UnreadableDocument(
            f"{name} is an old or password-protected Office file; save it as XLSX or DOCX without a password."
        )
    if content.startswith(b"PK\x03\x04"):
        return _kind_of_zip(content, name, said)
    shown = _shown(content, said)
    if shown is None and said in _MARKED and content.strip():
        raise UnreadableDocument(f"{name} is not {_NAMES[said]}, whatever its name says.")
    return shown or said


def name_of(kind: str) -> str:
    return _NAMES.get(kind, kind.upper())


def _shown(content: bytes, said: str) -> str | None:
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if head.startswith(b"%PDF-") or (said == "pdf" and b"%PDF-" in head):
        return "pdf"
    if head[:200].lower().startswith((b"<!doctype html", b"<html")):
        return "html"
    return None


def _kind_of_zip(content: bytes, name: str, said: str) -> str:
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            inside = set(archive.namelist())
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError):
        what = _NAMES.get(said, "a ZIP, XLSX or DOCX file")
        raise UnreadableDocument(f"{name} is {what} that is broken or incomplete.") from None
    for part, kind in _OFFICE.items():
        if part in inside:
            return kind
    raise UnreadableDocument(f"{name} is a ZIP file, not {_NAMES.get(said, 'a document that can be read')}.")
