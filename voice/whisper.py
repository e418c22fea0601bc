"""faster-whisper without its 30 s of padding: a short window is encoded in a quarter of the time, with the same words.

The full window remains the way out when the short one repeats itself or is unsure.
"""

import asyncio
import math
import os
import re
import zlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any

import numpy as np

from voice.audio import RATE_HZ, Samples, Speech
from voice.transcriber import Transcript, heard

PADDING_S = 2.0
"""With one second a clip fell into a repetition loop."""
SHORTEST_S = 5.0
LONGEST_S = 30.0
TOKENS_A_SECOND = 12
"""Fast talkers reach 8 in English and 10 in Chinese."""
TOO_REPETITIVE = 2.4
TOO_UNSURE = -1.0
CERTAIN_OTHER = 0.7
"""A language that is neither English nor Chinese is believed from this probability on."""
SPOKEN = ("en", "zh")
PROMPT = {"zh": "以下是普通话的句子。"}
"""Without it Whisper writes every other Chinese sentence in traditional characters."""

_INVENTED = re.compile(
    r"^\W*(thank(s| you)( (so|very) much)?( for watching)?|thanks for watching|you|bye|okay|"
    r"请不吝点赞.*|谢谢(大家|观看|收看|你的?收看)?|字幕.*|优优独播.*|明镜.*|\[.*\]|\(.*\)|♪.*)\W*$",
    re.IGNORECASE,
)
"""What Whisper makes of noise (it learnt from subtitles): believed only when it is sure."""


@dataclass(frozen=True)
class _Heard:
    text: str
    log_probability: float
    no_speech: float
    is_cut: bool
    """It would have gone on beyond what can be said in the time: a loop."""

    @property
    def is_doubtful(self) -> bool:
        """Worth hearing again through the full window: a short one says a short sentence twice."""
        return self.is_wrong or _times_said(self.text) == 2

    @property
    def is_wrong(self) -> bool:
        data = self.text.encode()
        compresses = bool(data) and len(data) / len(zlib.compress(data)) > TOO_REPETITIVE
        return self.is_cut or self.log_probability < TOO_UNSURE or compresses or _times_said(self.text) > 2

    @property
    def is_invented(self) -> bool:
        return bool(_INVENTED.match(self.text)) and (self.no_speech > 0.3 or self.log_probability < -0.6)


def _times_said(text: str) -> int:
    """How often one phrase is said over again: three times and more, or a whole text of at least three words twice."""
    words = re.findall(r"\w+", text.lower())
    for period in range(1, len(words) // 2 + 1):
        times = len(words) // period
        if times > 2 and words == (words[:period] * (times + 1))[: len(words)]:
            return times
        if times == 2 and period > 2 and words == words[:period] * 2:
            return times
    return 1


class WhisperTranscriber:
    """One thread for one model: a second utterance waits, since two at once on two cores only make both late."""

    def __init__(self, model: str, *, name: str = "whisper-base", threads: int = 2) -> None:
        """`model` is a folder or a hub name; it is loaded in the engine's own thread, by `warm` or the first speech."""
        self._source = model
        self._name = name
        self._threads = threads
        self._model: Any = None
        self._executor = ThreadPoolExecutor(1, thread_name_prefix="whisper")

    async def warm(self) -> None:
        """Loads the model and runs it once, so that the first caller does not wait for either."""
        silence = Speech(np.zeros(RATE_HZ, dtype=np.float32))
        await self.transcribe(silence, lang="en")

    async def transcribe(self, speech: Speech, *, lang: str | None = None) -> Transcript:
        # The thread cannot be cancelled: whoever interrupts stops waiting, and the engine finishes in vain.
        return await asyncio.get_running_loop().run_in_executor(self._executor, self._transcribe, speech, lang)

    async def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _transcribe(self, speech: Speech, lang: str | None) -> Transcript:
        self._load()
        samples = speech.samples[: int(LONGEST_S * RATE_HZ)]
        seconds = len(samples) / RATE_HZ
        window_s = min(LONGEST_S, max(SHORTEST_S, seconds + PADDING_S))
        encoded = self._encode(samples, window_s=window_s)
        lang = lang or self._language(encoded)
        words = self._decode(encoded, lang=lang, seconds=seconds)
        if words.is_doubtful and window_s < LONGEST_S:
            words = self._decode(self._encode(samples, window_s=LONGEST_S), lang=lang, seconds=seconds)
        text = "" if words.is_wrong or words.is_invented else words.text
        usage = heard(speech, vendor="local", model=self._name)
        return Transcript(text, lang, math.exp(min(0.0, words.log_probability)), speech.duration_ms, (usage,))

    def _load(self) -> None:
        if self._model is None:
            # Its threads would spin while they wait, and take the cores from all else.
            os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
            from faster_whisper import WhisperModel  # 0.8 s, in the engine's own thread

            self._model = WhisperModel(self._source, device="cpu", compute_type="int8", cpu_threads=self._threads)

    def _encode(self, samples: Samples, *, window_s: float) -> Any:
        padded = np.pad(samples, (0, max(0, int(window_s * RATE_HZ) - len(samples))))
        features = self._model.feature_extractor(padded, padding=False)
        return self._model.encode(features[:, : int(window_s * 100)])

    def _language(self, encoded: Any) -> str:
        """English or Chinese unless another language is certain; Whisper is sure of odd ones on two words."""
        found: list[tuple[str, float]] = self._model.model.detect_language(encoded)[0]
        ranked = [(token.strip("<|>"), probability) for token, probability in found]
        likeliest, probability = ranked[0]
        if likeliest not in SPOKEN and probability >= CERTAIN_OTHER:
            return likeliest
        return next(language for language, _ in ranked if language in SPOKEN)

    def _decode(self, encoded: Any, *, lang: str, seconds: float) -> _Heard:
        from faster_whisper.tokenizer import Tokenizer

        model = self._model.model
        tokenizer = Tokenizer(self._model.hf_tokenizer, model.is_multilingual, task="transcribe", language=lang)
        earlier = [tokenizer.sot_prev, *tokenizer.encode(PROMPT[lang])] if lang in PROMPT else []
        prompt = [*earlier, *tokenizer.sot_sequence, tokenizer.no_timestamps]
        most = min(220, 10 + round(seconds * TOKENS_A_SECOND))
        result = model.generate(
            encoded, [prompt], beam_size=1, max_length=len(prompt) + most,
            return_scores=True, return_no_speech_prob=True,
        )[0]  # fmt: skip
        tokens = result.sequences_ids[0]
        # The score is divided by the token count, which does not include the end of text.
        log_probability = result.scores[0] * len(tokens) / (len(tokens) + 1) if tokens else -math.inf
        text = tokenizer.decode(tokens).strip()
        return _Heard(text, log_probability, result.no_speech_prob, is_cut=len(tokens) >= most)
