"""To whom a call is passed on: one number or queue for all, or one for each language."""

from agent.understanding.language import ANSWERED
from web.naming import SettingError

QUEUE = "queue:"
"""Before the name of a queue of the switch's own."""
WRONG = 'is a number or `queue:NAME`, or one for each language: "en=+15035550100, zh=queue:mandarin"'


class Transfers:
    def __init__(self, setting: str) -> None:
        """Raises SettingError."""
        self._everybody: str | None = None
        self._by_lang: dict[str, str] = {}
        for part in filter(None, (part.strip() for part in setting.split(","))):
            lang, named, target = part.partition("=")
            if named and lang.strip().lower() not in ANSWERED:
                raise SettingError(f"DIME_TRANSFER_TO={setting} {WRONG}")
            target = (target if named else lang).strip()
            if (
                not target
                or target == QUEUE
                or any(character.isspace() or character in "<>&\"'" for character in target)
            ):
                raise SettingError(f"DIME_TRANSFER_TO={setting} {WRONG}")
            if named:
                self._by_lang[lang.strip().lower()] = target
            elif self._everybody is None:
                self._everybody = target
            else:
                raise SettingError(f"DIME_TRANSFER_TO={setting} {WRONG}")

    def __bool__(self) -> bool:
        return bool(self._everybody or self._by_lang)

    def target(self, lang: str) -> str | None:
        return self._by_lang.get(lang) or self._everybody
