"""Postal addresses: a house number with its street, and what belongs to it, in English and in Chinese."""

import re
from collections.abc import Iterator

from knowledge.privacy.digits import Run
from knowledge.privacy.kinds import Span

_PLAIN = "street|avenue|boulevard|road|lane|ave|blvd"
_CAPITAL = (
    "Street|St|Avenue|Ave|Boulevard|Blvd|Road|Rd|Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Square|Sq|Terrace|Ter|Way|Parkway|"
    "Pkwy|Highway|Hwy|Circle|Cir|Close|Crescent|Gardens|Mews|Row|Walk"
)
_NOT_A_NAME = (
    "the|a|an|of|on|in|to|at|by|my|your|our|per|for|from|and|or|is|are|do|days?|weeks?|hours?|minutes?|miles?|km|sofas?|"
    "beds?|tables?|chairs?|lamps?|pieces?|people|down|across|up|off|with"
)
_POSTCODE = r"\d{5}(?:-\d{4})?\b|[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
_AFTER = (
    r"(?:,? (?i:apt|apartment|unit|suite|ste|flat|floor|room|#)\.? ?#?[A-Za-z]?\d*[A-Za-z]?\b)?"
    rf"(?:,? (?:[A-Z][\w'.-]+,? ){{0,4}}(?:[A-Z]{{2}},? )?(?:{_POSTCODE}))?"
    r"(?:, [A-Z][\w'.-]+(?: [A-Z][\w'.-]+)?, [A-Z]{2}\b)?"
)
_BEFORE = r"(?:(?i:flat|apartment|apt|unit) \d{1,5}[A-Za-z]?, )?"
_ENGLISH = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?<![\w$€£¥.,-]){_BEFORE}\d{{1,6}}[A-Za-z]? (?:[NSEW]{{1,2}}\.? )?(?:[A-Z0-9][\w'.-]{{0,30}} ){{1,4}}?"
        rf"(?:{_CAPITAL})\b\.?{_AFTER}",
        rf"(?i:(?<![\w$€£¥.,-])\d{{1,6}}[a-z]? (?:(?!(?:{_NOT_A_NAME})\b)[a-z][a-z'.]{{1,30}} ){{1,3}}?"
        rf"(?:{_PLAIN})\b\.?)"
        rf"{_AFTER}",
        r"(?i:\bp\.? ?o\.? ?box \d{1,8}\b)" + _AFTER,
    )
)

_HAN = "\u4e00-\u9fff"
_NUMBER = "[0-9一二三四五六七八九十百]{1,6}"
_INSIDE = (
    rf"(?:[ ,，]?(?:{_NUMBER}(?:号楼|栋|幢|座|号院|弄)"
    rf"|[A-Z]栋|{_NUMBER}单元|{_NUMBER}(?:楼|层)|{_NUMBER}(?:室|户|房)|[A-Z]座"
    r"|\d{3,4}(?!\d)))*"
)
_ESTATE = "小区|花园|科学园|科技园|产业园|工业园|园区|公寓|家园|新村|大厦|广场|花苑|名苑|社区"
_CHINESE = tuple(
    re.compile(pattern)
    for pattern in (
        rf"[{_HAN}]{{1,24}}(?:路|街|大道|巷|弄|胡同|道)[东西南北中]?{_NUMBER}(?:-\d{{1,4}})?(?:号楼|号院|号|弄)"
        rf"(?:[ ,，]?[{_HAN}]{{2,10}}(?:{_ESTATE}))?{_INSIDE}",
        rf"[{_HAN}]{{1,24}}(?:{_ESTATE})[ ]?[A-Z]?{_NUMBER}(?:号楼|栋|幢|座|号){_INSIDE}",
        rf"{_NUMBER}(?:号楼|栋|幢|座)[ ]?(?:{_NUMBER}单元[ ]?)?\d{{2,5}}(?:室|号|户|房)?(?!\d|元|美元|块)",
    )
)
_LED_IN = re.compile("^.*(?:地址是|地址为|地址|送货|收货|送到|寄到|发到|寄往|住在|位于|[在到往至是为给住我寄送发请的])")
"""What goes before an address without a space; no name of a province or a city has one of these."""
_CUES = re.compile(r"[路街巷弄道同号楼栋幢座]")


def find_addresses(text: str, _rows: list[Run]) -> Iterator[Span]:
    for pattern in _ENGLISH:
        yield from (Span("address", *found.span()) for found in pattern.finditer(text))
    if _CUES.search(text):
        for pattern in _CHINESE:
            for found in pattern.finditer(text):
                led_in = _LED_IN.match(found[0])
                yield Span("address", found.start() + (led_in.end() if led_in else 0), found.end())
