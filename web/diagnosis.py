"""Examines each part that Dime uses, by using it, and names the command that mends what is missing."""

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from agent.models.cascade import TYPICAL_PROMPT_TOKENS
from knowledge.matching.minilm import MINILM
from knowledge.weights import Weights, laid
from voice.weights import KOKORO, PIPER, WHISPER
from web.settings import Settings

INSTALL = "make install"


@dataclass(frozen=True)
class Finding:
    part: str
    ready: bool
    note: str
    mend: str | None = None
    needed: bool = False
    """True where nothing can be answered without it."""


def examine(settings: Settings) -> list[Finding]:
    return [
        _try("database", lambda: _database(settings), mend="check DIME_HOME and DIME_DATABASE", needed=True),
        _try(
            "embeddings",
            lambda: _embeddings(settings),
            mend=f"{INSTALL}, or name another with DIME_EMBEDDINGS",
            needed=True,
        ),
        _chosen("English embeddings", settings.embeddings, "bundled", MINILM, settings),
        _chosen("speech to text", settings.whisper, "base", WHISPER, settings),
        _chosen("English voice", settings.piper_en, "", PIPER, settings),
        _chosen("Mandarin voice", "", "", KOKORO, settings),
        _mandarin_phonemes(),
        _espeak(),
        *_models(settings),
    ]


def _try(part: str, look: Callable[[], str], *, mend: str, needed: bool = False) -> Finding:
    try:
        return Finding(part, ready=True, note=look(), needed=needed)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        return Finding(part, ready=False, note=str(error) or type(error).__name__, mend=mend, needed=needed)


def _database(settings: Settings) -> str:
    from web.assembly import assemble

    entries = assemble(settings).library.entries()
    return f"{settings.database_url.split('@')[-1]}, {len(entries)} entries"


def _embeddings(settings: Settings) -> str:
    from web.assembly import embeddings

    return f"{settings.embeddings}, {len(embeddings(settings).embed_query('ready?'))} dimensions"


def _chosen(part: str, setting: str, ours: str, weights: Weights, settings: Settings) -> Finding:
    if setting != ours:
        return Finding(part, ready=True, note=f"{setting} (your own choice, not examined)")
    folder = laid(weights, settings.cache)
    if folder is None:
        return Finding(
            part, ready=False, note=f"the weights of {weights.folder} are not in {settings.cache}", mend=INSTALL
        )
    return Finding(part, ready=True, note=f"{weights.folder} ({weights.licence})")


def _mandarin_phonemes() -> Finding:
    missing = [name for name in ("misaki", "jieba", "pypinyin", "cn2an") if importlib.util.find_spec(name) is None]
    if missing:
        note = f"{', '.join(missing)} missing: Mandarin falls to the espeak voice, which few understand"
        return Finding("Mandarin phonemes", ready=False, note=note, mend=INSTALL)
    return Finding("Mandarin phonemes", ready=True, note="misaki")


def _espeak() -> Finding:
    if program := shutil.which("espeak-ng"):
        return Finding("espeak-ng", ready=True, note=f"{program}: phonemes for Piper, and the voice of last resort")
    return Finding(
        "espeak-ng", ready=False, note="no voice can speak without it", mend="sudo apt-get install espeak-ng"
    )


def _models(settings: Settings) -> list[Finding]:
    from web.assembly import assemble

    try:
        services = assemble(settings)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        return [Finding("language model", ready=False, note=str(error), mend="check the settings DIME_LLM_…")]
    tiers = services.cascade.tiers
    if not tiers:
        return [Finding("language model", ready=True, note="none configured: answers are verbatim FAQ answers")]
    spending, currency = services.books.spending, settings.currency
    found = []
    for tier in tiers:
        note = f"{tier.name} of {tier.model.vendor} (not called)"
        if (cost := tier.call_cost(TYPICAL_PROMPT_TOKENS)) is not None:
            found.append(Finding("language model", ready=True, note=f"{note}, about {cost:.6f} {currency} a call"))
            continue
        is_called = spending is None or not spending.has_caps
        note += ", price unknown" + ("" if is_called else ": not called, since no cap could be kept")
        found.append(Finding("language model", ready=is_called, note=note, mend="name its price in DIME_PRICES"))
    if spending and spending.has_caps:
        spending.read()
        of = "" if spending.day_cap is None else f" of {spending.day_cap}"
        each = "" if spending.conversation_cap is None else f"; {spending.conversation_cap} a conversation"
        is_left = spending.day_cap is None or spending.today < spending.day_cap
        note = f"{spending.today.normalize():f}{of} {currency} today{each}" + (
            "" if is_left else ": verbatim answers go on"
        )
        found.append(Finding("model spend", ready=is_left, note=note, mend=None if is_left else "DIME_DAY_CAP"))
    return found
