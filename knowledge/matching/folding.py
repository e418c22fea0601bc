"""One spelling for what is written in several: traditional Chinese as simplified, full-width letters as plain ones."""

import unicodedata
from functools import lru_cache

from opencc import OpenCC


def fold(text: str) -> str:
    """Lone surrogates become question marks; plain ASCII stays as it is."""
    if text.isascii():
        return text
    sound = text.encode(errors="replace").decode()
    return simplified(unicodedata.normalize("NFKC", sound))


def simplified(text: str) -> str:
    written: str = text if text.isascii() else _converter().convert(text)
    return written


@lru_cache(1)
def _converter() -> OpenCC:
    return OpenCC("t2s")
