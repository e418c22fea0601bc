"""Whether a call may be recorded: a machine over what the caller says and presses, and what is said about it."""

import re
from dataclasses import dataclass
from typing import Literal

Decision = Literal["granted", "refused"]
Said = Literal["told", "asked", "granted", "refused"]

_WORDS: dict[Said, dict[str, str]] = {
    "told": {
        "en": "This call is recorded so that we can serve you better. If you do not agree, say no, or press nine.",
        "zh": "为改进服务，本次通话将会录音。如不同意，请说“不同意”，或按九键。",
    },
    "asked": {
        "en": "May we record this call, so that we can serve you better? Say yes or press one; if not, say no.",
        "zh": "为改进服务，本次通话可以录音吗？同意请说“同意”或按一键，否则请说“不同意”。",
    },
    "granted": {"en": "Thank you. How can I help you?", "zh": "谢谢。请问有什么可以帮您？"},
    "refused": {
        "en": "All right, this call is not recorded. How can I help you?",
        "zh": "好的，本次通话不会录音。请问有什么可以帮您？",
    },
}
_NO = re.compile(
    r"(no|nope|nah|no (thanks|thank you|recording)|nine|i (do not|don't) (agree|consent)|i disagree"
    r"|不|不要|不用|不行|不可以|不同意|我不同意|不用了|不要了|不了|九)( please| thanks| thank you| ?谢谢)?"
)
_YES = re.compile(
    r"(yes|yeah|yep|sure|ok|okay|of course|i agree|go ahead|fine|one|是|是的|好|好的|可以|同意|行|没问题|一)"
    r"( please| thanks| thank you| you may| sure| of course| i agree)?|我同意"
    r"|(yes|sure|ok|okay) (that is|that's|it is|it's) (fine|ok|okay)"
)
_NO_RECORDING = re.compile(
    r"\b(don't|do not|stop|without|never|not want|not agree|disagree)\b.{0,30}"
    r"\b(recorded|recording|recordings|record (me|this|the call|my|us|it))\b"
    r"|^no recordings?\b|\b(don't|do not|stop) record$|(不要|别|不能|不许|停止|不同意|不想|拒绝).{0,8}录音"
)
_PUNCTUATION = re.compile(r"[\s,.!?;:，。！？、；：“”\"]+")


def words(said: Said, *, lang: str) -> str:
    return _WORDS[said].get(lang) or _WORDS[said]["en"]


@dataclass
class Consent:
    """Told, a caller objects or is recorded; asked, a caller agrees or is not."""

    is_asked: bool
    decision: Decision | None = None
    has_spoken: bool = False
    """A bare yes or no, and a key, count only until the caller has said something."""

    @property
    def is_given(self) -> bool:
        return self.decision == "granted" or (self.decision is None and not self.is_asked)

    def hear(self, said: str) -> Decision | None:
        """What these words decide; None where they are about something else."""
        is_first, self.has_spoken = not self.has_spoken, True
        plain = _PUNCTUATION.sub(" ", said.lower().replace("’", "'")).strip()
        if self.decision == "refused":
            return None
        if _NO_RECORDING.search(plain) or (is_first and self.decision is None and _NO.fullmatch(plain)):
            return self._decide("refused")
        if is_first and self.is_asked and self.decision is None and _YES.fullmatch(plain):
            return self._decide("granted")
        return None

    def reply_to(self, said: str, *, lang: str) -> str | None:
        """What is answered where these words decide."""
        decision = self.hear(said)
        return words(decision, lang=lang) if decision else None

    def press(self, digit: str) -> Decision | None:
        """Nine is no, in the opening; one is yes where it was asked."""
        if self.has_spoken or self.decision == "refused":
            return None
        if digit == "9":
            return self._decide("refused")
        if digit == "1" and self.is_asked and self.decision is None:
            return self._decide("granted")
        return None

    def refuse(self) -> None:
        """At any time, by a button or when the recording is deleted."""
        self.decision = "refused"

    def _decide(self, decision: Decision) -> Decision:
        self.decision = decision
        return decision
