"""What a colleague should know before the first word: who, what they want, what was tried, what is open.

Made from the turns alone, without a model, so that it says the same each time and invents nothing. Personal data is
masked; the conversation below it has the rest.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from agent.people.handing_over import MISS_REASONS, Category
from agent.people.mood import Mood, gravest
from knowledge.history.masking import mask

Lang = Literal["en", "zh"]
MOST_QUESTIONS = 5
_LONGEST = 160
_NO_QUESTIONS = frozenset(
    "greeting thanks goodbye small_talk anything_else "
    "yes no asked_for_person accepted_offer empty not_heard guide guide_done "
    "guide_stopped condition_named wait call_back call_back_noted call_back_declined message_left".split()
)
"""Reasons of turns in which the customer asked nothing new."""


@dataclass(frozen=True)
class Told:
    """A turn as far as a summary goes."""

    question: str
    action: str | None
    reason: str | None
    source: str | None = None
    """The question of the entry that answered."""
    mood: str | None = None


@dataclass(frozen=True)
class Summary:
    category: Category | None
    lang: str
    channel: str
    mood: Mood | None
    """The gravest in the conversation."""
    wanted: tuple[str, ...]
    """The customer's questions, masked, oldest first."""
    topic: str | None
    """What was talked about last."""
    answered: tuple[str, ...]
    unanswered: tuple[str, ...]
    open: dict[str, str] = field(default_factory=dict)
    """Form fields and conditions filled so far, masked."""


def summarise(
    turns: Sequence[Told],
    *,
    category: Category | None,
    lang: str,
    channel: str,
    filled: Mapping[str, str] | None = None,
) -> Summary:
    asked = [turn for before, turn in zip((None, *turns), turns, strict=False) if _asks(turn, before)]
    sources = [turn.source for turn in turns if turn.source]
    missed = [turn for turn in asked if turn.reason in MISS_REASONS or turn.action in ("unknown", "handoff")]
    answered = dict.fromkeys(turn.source for turn in turns if turn.source and turn.action in ("answer", "model"))
    return Summary(
        category=category,
        lang=lang,
        channel=channel,
        mood=gravest(turn.mood for turn in turns),
        wanted=_last(turn.question for turn in asked),
        topic=sources[-1] if sources else None,
        answered=tuple(answered)[-MOST_QUESTIONS:],
        unanswered=_last(turn.question for turn in missed),
        open={name: mask(value) for name, value in (filled or {}).items()},
    )


def matter_of(turns: Sequence[Told]) -> str:
    """What the customer came for, in one line: the last question that was not solved, else the last one asked."""
    made = summarise(turns, category=None, lang="en", channel="chat")
    return next((asked[-1] for asked in (made.unanswered, made.wanted) if asked), "")


def _asks(turn: Told, before: Told | None) -> bool:
    """Something new; what opens a guide does, a reply within it does not."""
    if turn.reason == "guide":
        return turn.source is not None and (before is None or before.source != turn.source)
    return bool(turn.question.strip()) and turn.reason not in _NO_QUESTIONS


def _last(questions: Iterable[str]) -> tuple[str, ...]:
    """Each once; only what is kept is masked, which costs time."""
    return tuple(dict.fromkeys(_short(question) for question in list(dict.fromkeys(questions))[-MOST_QUESTIONS:]))


def lines(summary: Summary, *, lang: Lang) -> list[tuple[str, str]]:
    """Label and text, in the reader's language; what there is nothing to say about is left out."""
    words = _WORDS[lang]
    comma = "；" if lang == "zh" else "; "
    who = [words.get(each, each) for each in (summary.lang, summary.channel, summary.mood or "") if each]
    found = [
        (words["why"], words[summary.category] if summary.category else ""),
        (words["who"], (" · ").join(who)),
        (words["wants"], comma.join(summary.wanted)),
        (words["topic"], summary.topic or ""),
        (words["answered"], comma.join(summary.answered)),
        (words["unanswered"], comma.join(summary.unanswered)),
        (words["open"], comma.join(f"{name}: {value}" for name, value in summary.open.items())),
    ]
    return [(label, text) for label, text in found if text]


def text_of(summary: Summary, *, lang: Lang) -> str:
    colon = "：" if lang == "zh" else ": "
    return "\n".join(f"{label}{colon}{text}" for label, text in lines(summary, lang=lang))


def _short(question: str) -> str:
    plain = " ".join(mask(question).split())
    return plain if len(plain) <= _LONGEST else f"{plain[:_LONGEST]}…"


_WORDS: dict[Lang, dict[str, str]] = {
    "en": {
        "why": "Why", "who": "Customer", "wants": "Asked", "topic": "Last topic", "answered": "Answered from",
        "unanswered": "Not solved", "open": "Given so far",
        "en": "English", "zh": "Chinese", "chat": "chat", "phone": "phone",
        "pleased": "pleased", "calm": "calm", "worried": "worried", "upset": "upset", "angry": "angry",
        Category.REQUEST: "asked for a person", Category.LOW_CONFIDENCE: "Dime was not sure enough",
        Category.REPEATED_MISSES: "several answers did not help", Category.ANGER: "angry",
        Category.POLICY: "a matter for a person", Category.TOOL_FAILURE: "a technical failure",
        Category.EXPERIMENT: "drawn to meet a person first",
    },
    "zh": {
        "why": "原因", "who": "客户", "wants": "咨询内容", "topic": "最近话题", "answered": "已解答",
        "unanswered": "未解决", "open": "已提供信息",
        "en": "英语", "zh": "中文", "chat": "聊天", "phone": "电话",
        "pleased": "满意", "calm": "平静", "worried": "担心", "upset": "不满", "angry": "生气",
        Category.REQUEST: "要求转人工", Category.LOW_CONFIDENCE: "Dime 把握不足",
        Category.REPEATED_MISSES: "多次未能解答", Category.ANGER: "客户生气",
        Category.POLICY: "须由人工处理的事项", Category.TOOL_FAILURE: "技术故障",
        Category.EXPERIMENT: "对照实验：由人工优先接待",
    },
}  # fmt: skip
