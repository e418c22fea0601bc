"""What XLSX and DOCX share: a ZIP of XML. It is looked through before a library gets it, since a few kilobytes can
unpack to terabytes and ten lines of XML can name a billion laughs."""

import struct
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from io import BytesIO
from xml.parsers import expat

from knowledge.problem import UnreadableDocument

LARGEST_UNPACKED_BYTES = 500_000_000
_HARMLESS_BYTES = 20_000_000
_LARGEST_RATIO = 100
_CHUNK = 65_536
_DAMAGE: tuple[type[Exception], ...] = (
    zipfile.BadZipFile, zlib.error, struct.error, expat.ExpatError, SyntaxError, AttributeError, EOFError, LookupError,
    OSError, RuntimeError, TypeError, ValueError,
)  # fmt: skip
"""What the libraries raise on a file that was cut off or scratched; it depends on where."""


@contextmanager
def damage_named(name: str, *more: type[Exception]) -> Iterator[None]:
    """Whatever a damaged file makes a library raise ends in one sentence."""
    try:
        yield
    except UnreadableDocument:
        raise
    except (*_DAMAGE, *more) as error:
        raise UnreadableDocument(f"{name} is broken or incomplete.") from error


def open_office(content: bytes, *, name: str) -> BytesIO:
    """The same content, looked through. Sizes in a ZIP's directory can be believed as a limit: zipfile gives out no
    more than they say."""
    with damage_named(name), zipfile.ZipFile(BytesIO(content)) as archive:
        unpacked = sum(part.file_size for part in archive.infolist())
        if unpacked > LARGEST_UNPACKED_BYTES or unpacked > max(_HARMLESS_BYTES, _LARGEST_RATIO * len(content)):
            raise UnreadableDocument(f"{name} would unpack to {unpacked // 1_000_000:,} MB and was not opened.")
        for part in archive.infolist():
            if part.flag_bits & 1:
                raise UnreadableDocument(f"{name} is protected by a password.")
            _refuse_doctype(archive, part, name)
    return BytesIO(content)


def _refuse_doctype(archive: zipfile.ZipFile, part: zipfile.ZipInfo, name: str) -> None:
    """Entities are declared before the first element, so reading stops there. Any part may be named as XML by
    another, whatever its ending; only one that has the ending must also be well-formed."""
    has_begun = False

    def begin(_tag: str, _attributes: dict[str, str]) -> None:
        nonlocal has_begun
        has_begun = True

    def refuse(*_: object) -> None:
        raise UnreadableDocument(f"{name} declares XML entities, which no office program writes.")

    parser = expat.ParserCreate()
    parser.StartElementHandler = begin
    parser.StartDoctypeDeclHandler = refuse
    is_xml = part.filename.lower().endswith((".xml", ".rels"))
    with archive.open(part) as stream:
        while not has_begun and (chunk := stream.read(_CHUNK)):
            try:
                parser.Parse(chunk)
            except expat.ExpatError:
                if is_xml and not has_begun:
                    raise
                return
