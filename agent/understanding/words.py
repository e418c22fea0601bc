"""A sentence's content words, in the order they stand: what could be swapped for something else."""

import re
from functools import cache
from importlib.util import find_spec
from threading import Thread
from typing import Any

_LATIN = re.compile(r"[^\W\d_][\w'’-]*")
_HAN = re.compile(r"[\u3400-\u9fff]")
_NAMING = ("n", "v", "a", "t", "s", "f", "j", "l", "i", "eng")
"""jieba's tags of words that name something: nouns, verbs, adjectives, times, places."""
EMPTY = frozenset(
    (
        "a an the and or but if then so of to in on at by for from with without about as is are was were be been am "
        "do does did doing done have has had having can could will would may might shall should must it its this that "
        "these those there here i me my mine we us our you your yours he she they them their who what when where "
        "which why how much many long often far soon any some all no not yes please just also too only get got give "
        "gets let want need like know tell say still even much more most than up out off over one ones thing things "
        "ok okay hi hello thanks thank"
    ).split()
) | frozenset(
    (
        "的 了 吗 呢 吧 啊 我 你 您 他 她 它 我们 你们 他们 这 那 什么 怎么 多少 多久 几 几点 几天 是 "
        "有 没有 能 可以 会 要 想 请 请问 到 给 行 好 时候 说 来着"
    ).split()
)


def content_words(text: str) -> list[str]:
    """Without function words and question words. Chinese needs jieba; without it, only words in Latin letters."""
    words = [word for word in _pieces(text) if word.casefold() not in EMPTY and not word.isdigit()]
    return list(dict.fromkeys(words))


def _pieces(text: str) -> list[str]:
    if _HAN.search(text) and (tagger := chinese_words()):
        return [word for word, kind in tagger.cut(text) if kind.startswith(_NAMING)]
    return [word for word in _LATIN.findall(text) if not _HAN.search(word)]


@cache
def prepare() -> None:
    """Has the dictionary loaded aside, once: a conversation's first words need it not, its follow-ups do."""
    Thread(target=chinese_words, name="chinese-words", daemon=True).start()


@cache
def chinese_words() -> Any:
    """jieba's tagger with its dictionary loaded, which takes two seconds, or None where it is not installed."""
    if find_spec("jieba") is None:
        return None
    import jieba
    from jieba import posseg

    jieba.setLogLevel("WARNING")
    jieba.initialize()
    return posseg
