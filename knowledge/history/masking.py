"""An export's texts before they are kept: beside what knowledge/privacy takes out of any text, the names the
export gives, salutations and signatures, and all long numbers, since no past order's is what a question is about."""

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.privacy.kinds import is_chinese, placeholder
from knowledge.privacy.mask import mask as mask_anywhere

_LONG_NUMBER = re.compile(r"(?<![\d$€£¥.,])\d{7,}(?![\d.]\d)")
_SALUTATION = re.compile(
    r"(?m)^((?i:hi|hello|dear|hey|good (?:morning|afternoon|evening))(?: there)?) "
    r"[A-Z][\w'-]+(?: [A-Z][\w'.-]+){0,2}[,!]"
)
_SIGN_OFF = re.compile(
    r"(?im)(?:^[ \t]*|(?<=[.!?。！])[ \t]*)(?:(?:best|kind|warm|many)(?: regards| wishes)?|regards|sincerely|"
    r"yours (?:truly|sincerely)|cheers|此致|祝好)[ \t]*[,，!.]?[ \t]*\n[\s\S]{0,300}\Z"
)
_NAME_WORD = re.compile(r"[^\W\d_][\w'-]+")


def mask(text: str, *, names: Iterable[str] = ()) -> str:
    """The text without them; `names` are those of the customer and the colleague, as the export writes them."""
    if "\n" in text:
        text = _SIGN_OFF.sub("", text)
    text = mask_anywhere(text).text
    text = _SALUTATION.sub(r"\1,", text)
    text = _LONG_NUMBER.sub(placeholder("number", "", is_chinese=is_chinese(text)), text)
    if named := _any_of(frozenset(names)):
        text = named.sub(lambda found: "[name] " if found[0].endswith(" ") else "[name]", text)
    return text.strip()


@lru_cache(maxsize=1_024)
def _any_of(names: frozenset[str]) -> re.Pattern[str] | None:
    """Names by their words; short words and roles are left, or every "agent" would be a name."""
    words = set[str]()
    for name in names:
        if "@" in name or any(character.isdigit() for character in name):
            continue
        for word in _NAME_WORD.findall(name):
            if len(word) > (2 if word.isascii() else 1) and word.casefold() not in _ROLES:
                words.add(word if not word.isascii() else rf"(?<!\w){re.escape(word)}(?!\w)")
    if not words:
        return None
    return re.compile(rf"(?:(?:{'|'.join(sorted(words, key=lambda word: (-len(word), word)))}) ?)+")


_ROLES = frozenset(
    "agent agents customer support service team visitor user guest admin client caller unknown the and anonymous none "
    "billing sales bot 客户 客服 用户 访客".split()
)
