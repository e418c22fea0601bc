"""faster-whisper without its 30 s of padding: a short window is encoded in a quarter of the time, with the same words.

The full window remains the way out when the short one repeats itself or is unsure.
"""

import asyncio
import math
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
NOT_SPEECH = 0.6
CERTAIN_OTHER = 0.7
"""A language that is neither English nor Chinese is believed from this probability on."""
SPOKEN = ("en", "zh")

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

    @property
    def is_doubtful(self) -> bool:
        data = self.text.encode()
        repeats = len(data) / len(zlib.compress(data)) if data else 1.0
        return repeats > TOO_REPETITIVE or self.log_probability < TOO_UNSURE

    @property
    def is_invented(self) -> bool:
        if self.no_speech > NOT_SPEECH and self.log_probability < TOO_UNSURE:
            return True
        return bool(_INVENTED.match(self.text)) and (self.no_speech > 0.2 or self.log_probability < -0.5)


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

    def close(self) -> None:
        self._executor.shutdown(wait=False, cancel_futures=True)

    def _transcribe(self, speech: Speech, lang: str | None) -> Transcript:
        model = self._loaded()
        samples = speech.samples[: int(LONGEST_S * RATE_HZ)]
        seconds = len(samples) / RATE_HZ
        window_s = min(LONGEST_S, max(SHORTEST_S, seconds + PADDING_S))
        encoded = self._encode(samples, window_s=window_s)
        lang = lang or self._language(encoded)
        words = self._decode(encoded, lang=lang, seconds=seconds)
        if words.is_doubtful and window_s < LONGEST_S:
            full = self._decode(self._encode(samples, window_s=LONGEST_S), lang=lang, seconds=seconds)
            words = max(words, full, key=lambda candidate: (not candidate.is_doubtful, candidate.log_probability))
        del model
        text = "" if words.is_invented else words.text
        usage = heard(speech, vendor="local", model=self._name)
        return Transcript(text, lang, math.exp(min(0.0, words.log_probability)), speech.duration_ms, (usage,))

    def _loaded(self) -> Any:
        if self._model is None:
            from faster_whisper import WhisperModel

            self._model = WhisperModel(self._source, device="cpu", compute_type="int8", cpu_threads=self._threads)
        return self._model

    def _encode(self, samples: Samples, *, window_s: float) -> Any:
        padded = np.pad(samples, (0, max(0, int(window_s * RATE_HZ) - len(samples))))
        features = self._model.feature_extractor(padded, padding=False)
        return self._model.encode(features[:, : int(window_s * 100)])

    def _language(self, encoded: Any) -> str:
        """English or Chinese unless another language is certain; Whisper is sure of odd ones on two words."""
        ranked = [
            (token.strip("<|>"), probability) for token, probability in self._model.model.detect_language(encoded)[0]
        ]
        likeliest, probability = ranked[0]
        if likeliest not in SPOKEN and probability >= CERTAIN_OTHER:
            return likeliest
        return next(language for language, _ in ranked if language in SPOKEN)

    def _decode(self, encoded: Any, *, lang: str, seconds: float) -> _Heard:
        from faster_whisper.tokenizer import Tokenizer

        tokenizer = Tokenizer(
            self._model.hf_tokenizer, self._model.model.is_multilingual, task="transcribe", language=lang
        )
        prompt = [*tokenizer.sot_sequence, tokenizer.no_timestamps]
        most = min(220, 10 + round(seconds * TOKENS_A_SECOND))
        result = self._model.model.generate(
            encoded,
            [prompt],
            beam_size=1,
            max_length=len(prompt) + most,
            return_scores=True,
            return_no_speech_prob=True,
        )[0]
        tokens = result.sequences_ids[0]
        # The score is divided by the token count, which does not include the end of text.
        log_probability = result.scores[0] * len(tokens) / (len(tokens) + 1) if tokens else -math.inf
        return _Heard(tokenizer.decode(tokens).strip(), log_probability, result.no_speech_prob)
