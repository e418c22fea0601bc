"""What only a person may decide or should hear: hurt, danger, damage, the law, a wish for an exception."""

import re
from typing import Literal

Matter = Literal["hurt", "damage", "law", "exception"]
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
    "damage": re.compile(
        r"\b(?:scratch(?:ed|es)|gouged?|dent(?:ed|s)|damaged|broke|smashed|ruined|cracked|chipped|scuffed|ripped|tore)"
        r"(?: up)? (?:my|our) (?:\w+ ){0,2}(?:walls?|floor\w*|doors?|door ?frame|hallway|car|tiles?|windows?|banister"
        r"|stairs|staircase|ceiling|driveway|fence|gate|elevator|lift)\b"
        r"|\bwho (?:pays|will pay|is paying|covers) (?:for )?(?:the|my|our|this) (?:painter|paint|damage|repair"
        r"|cleaning|plasterer)"
        r"|(?:把|将)(?:我们?|家里)?(?:家|的)*(?:墙|地板|门框?|窗|电梯|车|楼梯|地砖|瓷砖)(?:都|给)?(?:刮|划|撞|磕|碰|砸|弄|蹭)"
        r"|(?:师傅|工人|送货的?|安装的?|你们的?人?).{0,6}(?:刮|划|撞|磕|碰|砸|蹭)(?:坏|花|破|掉|裂|烂|伤)?了?(?:我们?|家里)?(?:家|的)*"
        r"(?:墙|地板|门|窗|电梯|车|楼梯|地砖|瓷砖)",
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
