"""What only a person may decide or should hear: somebody hurt, danger, the law, a wish for an exception."""

import re
from typing import Literal

Matter = Literal["hurt", "law", "exception"]
_MATTERS: dict[Matter, re.Pattern[str]] = {
    "hurt": re.compile(
        r"\b(?:(?:got|was|is|were|been|badly|seriously) (?:hurt|injured)|injur(?:y|ed|ies)|bleeding|hospital|ambulance"
        r"|emergency room|concussion|broke (?:my|his|her|their) (?:arm|leg|wrist|foot|nose|hip|finger)"
        r"|(?:she|he|they|i|kid|son|daughter|child|baby|mother|mom|father|dad|grandma|grandpa|wife|husband) fell"
        r"(?! in love)"
        r"|electric(?:al)? shock|electrocuted|caught fire|on fire|(?:is |it's |started )smoking"
        r"|smoke (?:is )?com(?:es|ing)|smells? (?:like )?(?:of )?(?:burn|smoke)\w*"
        r"|burn(?:t|ed) (?:my|his|her))\b"
        r"|烧焦|烧糊|爆炸|受伤|砸到|砸伤|摔伤|摔倒|摔了|夹伤|割伤|流血|骨折|住院|送医|急诊|触电|漏电|着火|起火|冒烟",
        re.IGNORECASE,
    ),
    "law": re.compile(
        r"\b(?:lawyers?|attorney|solicitor|legal action|take you to court|small claims|sue(?: you)?|suing|lawsuit"
        r"|consumer protection|trading standards|attorney general|better business bureau|bbb)\b"
        r"|律师|起诉|法院|打官司|消协|12315|工商投诉|曝光你们|法律途径",
        re.IGNORECASE,
    ),
    "exception": re.compile(
        r"\b(?:make an? (?:\w+ )?exception|one[- ]time exception|as a (?:goodwill )?gesture|goodwill"
        r"|bend the rules?|bend a rule|look the other way|cut me some slack)\b"
        r"|通融|破例|破个例|网开一面|特殊照顾|行个方便",
        re.IGNORECASE,
    ),
}


def grave(text: str) -> Matter | None:
    return next((matter for matter, pattern in _MATTERS.items() if pattern.search(text)), None)
