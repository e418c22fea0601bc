"""Examines each part that Dime uses, by using it, and names the command that mends what is missing."""

import importlib.util
import shutil
from collections.abc import Callable
from dataclasses import dataclass

from agent.models.cascade import TYPICAL_PROMPT_TOKENS, Tier
from knowledge.matching.minilm import MINILM
from knowledge.weights import Weights, laid
from voice.weights import KOKORO, PIPER, WHISPER
from web.answering.asking_models import trouble_with
from web.books.spending import Spending
from web.settings import Settings
from web.telephony.transfer import Transfers

INSTALL = "make install"


@dataclass(frozen=True)
class Finding:
    part: str
    ready: bool
    note: str
    mend: str | None = None
    needed: bool = False
    """True where nothing can be answered without it, and where a setting asked for it."""


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
        *_tools(settings),
        *_telephone(settings),
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


def _telephone(settings: Settings) -> list[Finding]:
    if not settings.calls_most:
        return [Finding("telephone", ready=True, note="off (DIME_CALLS_MOST=0)")]
    port = settings.audiosocket_port
    by = "by its signature" if settings.twilio_auth_token else "from this machine only (no DIME_TWILIO_AUTH_TOKEN)"
    where = f"{settings.audiosocket_host}:{port}" if port else "off"

    def note() -> str:
        to = settings.transfer_to if Transfers(settings.transfer_to) else "nobody (DIME_TRANSFER_TO)"
        return f"{settings.calls_most} calls at once; AudioSocket {where}; Twilio {by}; passed on to {to}"

    return [_try("telephone", note, mend="set DIME_TRANSFER_TO")]


def _models(settings: Settings) -> list[Finding]:
    from web.assembly import assemble

    try:
        services = assemble(settings)
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        mend = "check the settings DIME_LLM_…"
        return [Finding("language model", ready=False, note=str(error), mend=mend, needed=True)]
    tiers = services.cascade.tiers
    if not tiers:
        return [Finding("language model", ready=True, note="none configured: answers are verbatim FAQ answers")]
    spending, currency = services.books.spending, settings.currency
    if spending and spending.has_caps:
        spending.read()
    found = [_model(tier, spending, currency=currency) for tier in tiers]
    if spending and spending.has_caps:
        of = "" if spending.day_cap is None else f" of {spending.day_cap}"
        each = "" if spending.conversation_cap is None else f"; {spending.conversation_cap} a conversation"
        is_left = spending.day_cap is None or spending.today < spending.day_cap
        note = f"{spending.today.normalize():f}{of} {currency} today{each}" + (
            "" if is_left else ": verbatim answers go on"
        )
        found.append(Finding("model spend", ready=is_left, note=note, mend=None if is_left else "DIME_DAY_CAP"))
    return found


def _model(tier: Tier, spending: Spending | None, *, currency: str) -> Finding:
    """Asked in earnest, unless a cap forbids it."""
    note, cost = f"{tier.name} of {tier.model.vendor}", tier.call_cost(TYPICAL_PROMPT_TOKENS)
    has_caps = spending is not None and spending.has_caps
    if cost is None and has_caps:
        note += ", price unknown: not called, since no cap could be kept"
        return Finding("language model", ready=False, note=note, mend="name its price in DIME_PRICES", needed=True)
    note += ", price unknown" if cost is None else f", about {cost:.6f} {currency} a call"
    mend = "name its price in DIME_PRICES" if cost is None else None
    if spending and spending.day_cap is not None and spending.today >= spending.day_cap:
        return Finding(
            "language model", ready=True, note=f"{note}; not asked, since the day's cap is reached", mend=mend
        )
    if trouble := trouble_with(tier.model):
        mend = "check the settings DIME_LLM_…, and that the server runs"
        return Finding("language model", ready=False, note=f"{note}: {trouble}", mend=mend, needed=True)
    return Finding("language model", ready=True, note=f"{note}; it answers", mend=mend)


def _tools(settings: Settings) -> list[Finding]:
    """The company's own, opened as the first customer's request would open them."""
    from web.assembly import assemble

    try:
        errands = assemble(settings).errands
    except Exception as error:  # noqa: BLE001 - whatever is wrong is the finding
        return [Finding("tools", ready=False, note=str(error), mend="check DIME_TOOLS", needed=True)]
    if errands is None:
        return []
    try:
        found = errands.open_all()
    finally:
        errands.close()
    return [
        Finding(
            f"tool {name}",
            ready=trouble is None,
            note=trouble or "can be opened",
            mend=f"check {settings.tools}" if trouble else None,
            needed=trouble is not None,
        )
        for name, trouble in found.items()
    ]
