"""Sentences that give orders to a machine, and our own rules said back: neither is ever evidence or an answer."""

import re

from agent.models.prompt import RULES

_ORDER = re.compile(
    r"\b(?:ignore|disregard|forget|override|bypass)\b.{0,40}\b(?:instruction|rule|prompt|previous|above|polic|guideline|passage)"
    r"|\b(?:system|developer) (?:prompt|message|note)|\byou are (?:now|an? (?:ai|assistant|language model))\b|\bas an ai\b|\bact as\b|\bjailbreak"
    r"|\b(?:reply|respond|answer|say|tell|inform|promise|offer)\b.{0,30}\b(?:exactly|the (?:customer|user|caller)|every (?:customer|user)|that (?:it|everything) is free)\b"
    r"|\b(?:new|updated|hidden|real) instructions?\b|\binstructions? (?:for|to) the (?:assistant|agent|bot|model|ai)\b|\[(?:system|inst)|<\|"
    r"|(?:忽略|无视|忘记|忘掉|不要遵守|绕过).{0,20}(?:指令|规则|提示|上面|之前|以上|内容|要求)|系统提示|提示词|你现在是|扮演"
    r"|(?:告诉|回复|回答|通知|答应|承诺)(?:所有|每个|每位)?(?:顾客|客户|用户)|请(?:只)?(?:回复|回答|输出)[:：“\"]|(?:给|对)(?:助手|机器人|模型|AI)的?(?:指令|说明)",
    re.IGNORECASE | re.DOTALL,
)  # fmt: skip
_WORD = re.compile(r"[a-z]+|[\u3400-\u9fff]")
_RUN = 6
"""So many words of our rules in a row, or so many pairs of Chinese characters, are no accident."""


def is_order(sentence: str) -> bool:
    return bool(_ORDER.search(sentence))


def repeats_rules(clause: str) -> bool:
    said = _WORD.findall(clause.lower())
    return any(tuple(said[at : at + _RUN]) in _RULES_RUNS for at in range(len(said) - _RUN + 1))


def _runs(text: str) -> set[tuple[str, ...]]:
    words = _WORD.findall(text.lower())
    return {tuple(words[at : at + _RUN]) for at in range(len(words) - _RUN + 1)}


_RULES_RUNS = frozenset(run for rules in RULES.values() for run in _runs(rules))
