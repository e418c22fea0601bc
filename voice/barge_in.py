"""The caller makes a sound while we speak or are about to: hold at once, then let the words decide. Pure.

A cough, a backchannel or the television must not take an answer away, and a caller who means it must not be talked
over: so the answer falls silent within a tenth of a second and goes on, or is over, when it is known what was said.
"""

import re
from dataclasses import dataclass
from typing import Literal

Reaction = Literal["hold", "probe", "stop", "resume"]

UNCERTAIN, CERTAIN, CERTAIN_OF_FEW = 0.45, 0.5, 0.55
"""Mean probability of a token: Whisper writes coughs, chatter and "mhm" as words below it, speech to us above."""
_BACKCHANNEL = re.compile(
    r"(?:\b(?:m+h*m+|mm+|h+m+|uh[ -]?huh|uh|um|ah|oh|aha|yeah|yep|yup|right|okay|ok|i see|sure|got it|alright|all right"
    r"|great|good|cool|fine|wow|really|huh|you|thank you|thanks|bye)\b|[嗯哦啊噢喔唔呃额哈]|好的?|对|是的?|行|知道了"
    r"|明白|谢谢)+"
)
_WORD = re.compile(r"[㐀-鿿]|[^\W_]+(?:'[a-z]+)?")
_REPLIES = frozenset("yes yeah yep yup no nope okay ok sure right correct 是 是的 对 的 不 要 好 行".split())


@dataclass
class BargeIn:
    hold_ms: float = 96
    """Speech in a row before an answer falls silent."""
    probe_ms: float = 480
    """Whoever goes on so long is listened to before they pause."""
    again_ms: float = 1_200
    """A sound that was no words and goes on is listened to again."""
    undecided_ms: float = 1_600
    """No word from the recogniser by then: the length decides."""
    surely_ms: float = 700

    state: Literal["quiet", "held", "dismissed"] = "quiet"
    _held_at_ms: float = 0.0
    _next_probe_ms: float = 0.0

    def hear(self, *, now_ms: float, speech_ms: float, has_started: bool) -> Reaction | None:
        """Once a frame, with the length of what is being said, or was and is not judged yet; else 0."""
        if self.state == "quiet":
            return self._hold(now_ms) if speech_ms >= self.hold_ms else None
        if self.state == "dismissed" and not speech_ms:
            self.state = "quiet"
            return None
        if self.state == "held" and not speech_ms and not has_started:
            return self._settle("resume")  # too short for words
        if speech_ms >= self._next_probe_ms:
            self._next_probe_ms = speech_ms + self.again_ms
            return "probe"
        if self.state == "held" and now_ms - self._held_at_ms >= self.undecided_ms:
            return self._settle("stop" if speech_ms >= self.surely_ms else "resume")
        return None

    def judge(self, *, is_meant: bool) -> Reaction | None:
        """The words are known."""
        if self.state == "quiet":
            return None
        if is_meant:
            return self._settle("stop")
        return self._settle("resume") if self.state == "held" else None

    def reset(self) -> None:
        self.state = "quiet"

    @property
    def is_holding(self) -> bool:
        return self.state == "held"

    def _hold(self, now_ms: float) -> Reaction:
        self.state, self._held_at_ms, self._next_probe_ms = "held", now_ms, self.probe_ms
        return "hold"

    def _settle(self, reaction: Literal["stop", "resume"]) -> Reaction:
        self.state = "quiet" if reaction == "stop" else "dismissed"
        return reaction


def is_meant(text: str, *, confidence: float, asks: bool = False) -> bool:
    """Words that are for us: no backchannel, and nothing that a recogniser makes of noise. `asks`: we are asking
    something, so that "yes" is a reply."""
    words = _WORD.findall(text.lower())
    if not words:
        return False
    if asks and all(word in _REPLIES for word in words):
        return confidence >= UNCERTAIN
    rest = _WORD.findall(_BACKCHANNEL.sub(" ", " ".join(words) if " " in text.strip() else text.lower()))
    return bool(rest) and confidence >= (CERTAIN_OF_FEW if len(words) < 4 else CERTAIN)
