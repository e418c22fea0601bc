"""faster-whisper without its 30 s of padding: a short window is encoded in a quarter of the time, with the same words.

The full window remains the way out when the short one repeats itself or is unsure.
"""

import math
import os
import re
import zlib
from collections.abc import Hashable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np

from knowledge.matching.folding import simplified
from voice.audio import RATE_HZ, Samples, Speech, level_dbfs
from voice.pool import Pool
from voice.transcriber import Transcript, TranscriptionFailed, heard

PADDING_S = 2.0
"""With one second a clip fell into a repetition loop."""
SHORTEST_S = 5.0
LONGEST_S = 30.0
TOKENS_A_SECOND = 12
"""Fast talkers reach 8 in English and 10 in Chinese."""
TOO_REPETITIVE = 2.4
TOO_UNSURE = -1.0
HUNG_AFTER_S = 30.0
"""A hundred times what a short utterance takes: below it a machine is overloaded, and another model would not help."""
SILENT_DBFS = -60.0
"""Of a whole utterance: nobody spoke, and no engine need be asked."""
NAMES_TOKENS = 100
"""Of the vocabulary; each makes every transcription a little slower."""
NUMERALS = frozenset("zero oh o one two three four five six seven eight nine ten double triple".split())
CERTAIN_OTHER = 0.7
"""A language that is neither English nor Chinese is believed from this probability on."""
SPOKEN = ("en", "zh")
PROMPT = {"zh": "以下是普通话的句子。"}
"""Without it Whisper writes every other Chinese sentence in traditional characters; with it, still some."""

_INVENTED = re.compile(
    r"^\W*(thank(s| you)( (so|very) much)?( for watching)?|thanks for watching|you|bye|okay|"
    r"请不吝点赞.*|谢谢(大家|观看|收看|你的?收看)?|字幕.*|优优独播.*|明镜.*|\[.*\]|\(.*\)|♪.*)\W*$",
    re.IGNORECASE,
)
"""What Whisper makes of noise (it learnt from subtitles): believed only when it is sure."""


_SAID_TWICE = re.compile(r"^\W*(.{2,30}?)[.!?。！？，,]\s*\1\W*$")


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
        is_twice = said_once(self.text) != self.text or _SAID_TWICE.match(self.text.lower())
        return self.is_wrong or bool(is_twice)

    @property
    def is_wrong(self) -> bool:
        data = self.text.encode()
        compresses = bool(data) and len(data) / len(zlib.compress(data)) > TOO_REPETITIVE
        return self.is_cut or self.log_probability < TOO_UNSURE or compresses or _is_loop(self.text)

    @property
    def is_invented(self) -> bool:
        return bool(_INVENTED.match(self.text)) and (self.no_speech > 0.3 or self.log_probability < -0.6)


def said_once(text: str) -> str:
    """Without a sentence begun anew word for word, as a short window hears one: three words at least, and not digits,
    which a number may repeat."""
    words = list(re.finditer(r"\w+", text))
    said = [word.group().lower() for word in words]
    for period in range(3, len(words) - 2):
        if said[period:] == (said * 2)[: len(words) - period] and not all(map(_is_numeral, said[period:])):
            return text[: words[period].start()].strip()
    return text


def _is_numeral(word: str) -> bool:
    return word.isdigit() or word in NUMERALS


def _is_loop(text: str) -> bool:
    """A phrase three times and more, or one word over and over at the end: "1,5,5,5,5,5,5,5,5" is made of noise, but
    an order's number may have five noughts."""
    words = re.findall(r"\w+", text.lower())
    last = words[-1] if words else ""
    most = 8 if _is_numeral(last) else 5
    if len(words) > most and set(words[-most:]) == {last}:
        return True
    return any(
        words == (words[:period] * (len(words) // period + 1))[: len(words)] for period in range(1, len(words) // 3 + 1)
    )


def _recites(text: str, names: str) -> bool:
    """Nothing but words of the vocabulary: said, or read out by a recogniser that heard nothing."""
    words = set(re.findall(r"\w+", text.lower()))
    return bool(words) and words <= set(re.findall(r"\w+", names.lower()))


class WhisperTranscriber:
    """Many calls share it through a pool; `vocabulary` holds by language the names that callers may say."""

    def __init__(
        self, model: str, *, name: str = "whisper-base", threads: int = 2, workers: int = 1, patience_s: float = 10.0
    ) -> None:
        """`model` is a folder or a hub name; it is loaded in the engine's own thread, by `warm` or the first speech.
        `patience_s` is from asking to the words; a caller has been asked to say it again long before."""
        self.vocabulary: Mapping[str, str] = {}
        self._patience_s = patience_s
        self.pool: Pool[Any] = Pool(
            name,
            lambda: _load(model, threads=threads, workers=workers),
            failure=TranscriptionFailed,
            workers=workers,
            hung_after_s=max(HUNG_AFTER_S, patience_s),
        )

    async def warm(self) -> None:
        """Loads the model and runs it once, so that the first caller does not wait for either."""
        silence = Speech(np.zeros(RATE_HZ, dtype=np.float32))
        await self._heard(silence, lang="en", prompt="")

    async def transcribe(
        self,
        speech: Speech,
        *,
        lang: str | None = None,
        prompt: str = "",
        is_speculative: bool = False,
        call: Hashable = None,
    ) -> Transcript:
        # The thread cannot be cancelled: whoever interrupts stops waiting, and the engine finishes in vain.
        return await self._heard(
            speech, lang=lang, prompt=prompt, call=call, is_speculative=is_speculative, within_s=self._patience_s
        )

    def confirm(self, *, call: Hashable) -> None:
        self.pool.confirm(call)

    def withdraw(self, *, call: Hashable) -> None:
        self.pool.withdraw(call)

    async def close(self) -> None:
        self.pool.close()

    async def _heard(self, speech: Speech, *, lang: str | None, prompt: str, **wishes: Any) -> Transcript:
        try:
            return await self.pool.run(
                lambda model: self._transcribe(model, speech, lang=lang, prompt=prompt), **wishes
            )
        except (OSError, RuntimeError, ValueError) as error:
            if isinstance(error, TranscriptionFailed):
                raise
            raise TranscriptionFailed(f"{self.pool.name}: {error}") from error

    def _transcribe(self, whisper: Any, speech: Speech, *, lang: str | None, prompt: str) -> Transcript:
        samples = np.clip(np.nan_to_num(speech.samples[: int(LONGEST_S * RATE_HZ)]), -1.0, 1.0)
        usage = heard(speech, vendor="local", model=self.pool.name)
        if level_dbfs(samples) < SILENT_DBFS:
            return Transcript("", lang or "en", 1.0, speech.duration_ms, (usage,))
        seconds = len(samples) / RATE_HZ
        window_s = min(LONGEST_S, max(SHORTEST_S, seconds + PADDING_S))
        encoded = _encode(whisper, samples, window_s=window_s)
        lang = lang or _language(whisper, encoded)
        names = f"{self.vocabulary.get(lang, '')} {prompt}".strip()
        words = _decode(whisper, encoded, lang=lang, seconds=seconds, names=names)
        if words.is_doubtful and window_s < LONGEST_S:
            encoded = _encode(whisper, samples, window_s=LONGEST_S)
            words = _decode(whisper, encoded, lang=lang, seconds=seconds, names=names)
        if names and _recites(words.text, names):
            unprompted = _decode(whisper, encoded, lang=lang, seconds=seconds, names="")
            if unprompted.is_wrong or unprompted.is_invented or not unprompted.text:
                words = unprompted
        text = "" if words.is_wrong or words.is_invented else in_one_script(said_once(words.text), lang=lang)
        return Transcript(text, lang, math.exp(min(0.0, words.log_probability)), speech.duration_ms, (usage,))


def in_one_script(text: str, *, lang: str) -> str:
    """Speech has no script: whoever speaks is not answered in traditional characters because Whisper chose them."""
    return simplified(text) if lang == "zh" else text


def _load(model: str, *, threads: int, workers: int) -> Any:
    # Its threads would spin while they wait, and take the cores from all else.
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from faster_whisper import WhisperModel  # 0.8 s, in the engine's own thread

    return WhisperModel(model, device="cpu", compute_type="int8", cpu_threads=threads, num_workers=workers)


def _encode(whisper: Any, samples: Samples, *, window_s: float) -> Any:
    padded = np.pad(samples, (0, max(0, int(window_s * RATE_HZ) - len(samples))))
    features = whisper.feature_extractor(padded, padding=False)
    return whisper.encode(features[:, : int(window_s * 100)])


def _language(whisper: Any, encoded: Any) -> str:
    """English or Chinese unless another language is certain; Whisper is sure of odd ones on two words."""
    found: list[tuple[str, float]] = whisper.model.detect_language(encoded)[0]
    ranked = [(token.strip("<|>"), probability) for token, probability in found]
    likeliest, probability = ranked[0]
    if likeliest not in SPOKEN and probability >= CERTAIN_OTHER:
        return likeliest
    return next(language for language, _ in ranked if language in SPOKEN)


def _decode(whisper: Any, encoded: Any, *, lang: str, seconds: float, names: str) -> _Heard:
    from faster_whisper.tokenizer import Tokenizer

    model = whisper.model
    if lang not in whisper.supported_languages:
        lang = "en"
    tokenizer = Tokenizer(whisper.hf_tokenizer, model.is_multilingual, task="transcribe", language=lang)
    said_before = tokenizer.encode(PROMPT.get(lang, "")) + tokenizer.encode(f" {names}" if names else "")[:NAMES_TOKENS]
    earlier = [tokenizer.sot_prev, *said_before] if said_before else []
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
