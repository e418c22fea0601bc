"""What is recognised, and the words that stand in its place: brackets and a plain word, in the language of the text."""

import re
from dataclasses import dataclass
from typing import Literal

Kind = Literal["card", "account", "id", "email", "phone", "address", "secret", "number"]

_WORDS: dict[Kind, tuple[str, str]] = {
    "card": ("card", "银行卡"),
    "account": ("account", "银行账号"),
    "id": ("ID number", "证件号"),
    "email": ("email", "邮箱"),
    "phone": ("phone", "电话"),
    "address": ("address", "地址"),
    "secret": ("secret", "机密"),
    "number": ("number", "号码"),
}
PLACEHOLDER = re.compile(
    rf"\[(?:{'|'.join(word for both in _WORDS.values() for word in both)})(?: ••\d{{4}})?(?: \d+)?\]"
)
_HAN = re.compile("[\u3400-\u9fff]")
_DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Span:
    """Where something was recognised."""

    kind: Kind
    start: int
    end: int


def placeholder(kind: Kind, value: str, *, number: int = 1, is_chinese: bool = False) -> str:
    """`[email]`, `[邮箱 2]`, `[card ••1111]`: of a card its last four digits stay, by which its owner knows it."""
    word = _WORDS[kind][is_chinese]
    if kind == "card" and (digits := _DIGIT.findall(value)[-4:]) and len(digits) == 4:
        word += f" ••{''.join(digits)}"
    return f"[{word}]" if number == 1 else f"[{word} {number}]"


def is_chinese(text: str) -> bool:
    return _HAN.search(text) is not None
