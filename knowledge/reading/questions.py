"""Which lines ask."""

import re

_ENDS_ASKING = re.compile(r"[?？][\s*_\"'”’)）】」]*$")
_BEGINS_ASKING = re.compile(
    r"(how (to|do|does|can|long|much|many)|what (is|are|if)|can i|do i|do you|where (is|are|can|do))\b"
    r"|如何|怎么|怎样|为什么|為什麼|是否|能否|什么是",
    re.IGNORECASE,
)
_ENDS_ASKING_IN_CHINESE = re.compile(r"[吗嗎呢]$")
_MARKUP = " \t\n*_"
_NUMBER = re.compile(r"^\d{1,3}(?:\.\d{1,3})*\s*[.)、．）:：]\s*")
_CHAPTER = re.compile(
    r"^(?:\d{1,3}[.)、．]|\d{1,3}(?:\.\d{1,3})+\.?|第[一二三四五六七八九十百\d]+[章节条]|[一二三四五六七八九十]+、)\s*(?=[^\d\s.])"
)
_LONGEST_WORDS = 40


def asks(text: str) -> bool:
    """Ends with a question mark."""
    return bool(_ENDS_ASKING.search(text))


def heading_asks(heading: str) -> bool:
    """A heading asks without a question mark too: "How to return a sofa", "如何退货"."""
    heading = bare(heading)
    return asks(heading) or bool(_BEGINS_ASKING.match(heading) or _ENDS_ASKING_IN_CHINESE.search(heading))


def is_one_question(text: str) -> bool:
    """One question and nothing else, short enough to be a line of an FAQ."""
    text = bare(text)
    return (
        asks(text) and len(text.split()) <= _LONGEST_WORDS and not re.search(r"[?？.!。！]\s+\S|[。！？].", text[:-1])
    )


def bare(text: str) -> str:
    """Without number, emphasis and heading marks: "**3. How long?**" is "How long?"."""
    return _NUMBER.sub("", text.lstrip(f"{_MARKUP}#>")).strip(_MARKUP)


def unnumbered(heading: str) -> str:
    """Without its number, which changes when a chapter is put before it: "3.1 Fees" is "Fees"."""
    return _CHAPTER.sub("", heading) or heading


def is_numbered(text: str) -> bool:
    return bool(_NUMBER.match(text.lstrip(f"{_MARKUP}#>")))
