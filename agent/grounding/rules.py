"""A company's rules in plain language: "never promise a delivery date", 不要承诺到货日期. Compiled, without a model, into
what a sentence may not hold: kinds of figures, words about a topic, names that the rule lists, or these at once; and told
back as it was understood."""

import re
from dataclasses import dataclass, replace
from functools import lru_cache

from knowledge.facts.claim import FIGURES, Claim, Kind
from knowledge.facts.figures import figures
from knowledge.facts.statements import plain
from knowledge.facts.words import content, is_among, stem, stems

LONGEST = 200
_FORBIDS = re.compile(
    r"^\W*(?:please\s+)?(?:you (?:must|should|may) )?(?:never|do not|don't|don’t|must not|should not|no|avoid|not)\b\s*(?:ever\b\s*)?"
    r"|^\W*(?:请)?(?:千万)?(?:绝对|绝)?(?:不要|不得|不能|不可以?|不许|不准|禁止|切勿|请勿|勿|别|不应|避免)\s*",
    re.IGNORECASE,
)
_SAYING = re.compile(
    r"^(?:promis\w+|giv\w+|mention\w*|nam(?:e|ing)|say\w*|tell\w*|offer\w*|discuss\w*|talk\w*(?: about)?|speak\w*(?: (?:of|about))?|quot\w+|stat\w+|"
    r"recommend\w*|commit\w*(?: to)?|guarantee\w*|disclos\w+|reveal\w*|shar\w+|provid\w+|suggest\w*|confirm\w*|answer\w*|us(?:e|ing))\b\s*"
    r"(?:(?:customers|anyone|anybody|anything|any|a|an|the|our|about|on|of|specific|exact)\b\s*)*"
    r"|^(?:向(?:顾客|客户)|给(?:顾客|客户)|对(?:顾客|客户))?(?:承诺|答应|保证|提及|提到|提起|提供|给出|给|讨论|谈论|谈|说出|说|透露|推荐|报出|报|告诉|确认|建议|使用)(?:任何|具体|关于|的)*",
    re.IGNORECASE,
)  # fmt: skip


@dataclass(frozen=True)
class Topic:
    """Something rules are often about: how a rule names it, and how a sentence speaks of it."""

    en: str
    zh: str
    named: re.Pattern[str]
    spoken: re.Pattern[str] | None = None
    kinds: tuple[Kind, ...] = ()
    has_names: bool = False
    """It stands for names, which only the company knows: those that the rule lists are found as well."""


def _topic(
    en: str, zh: str, named: str, spoken: str | None = None, kinds: tuple[Kind, ...] = (), *, has_names: bool = False
) -> Topic:
    of = re.IGNORECASE
    return Topic(en, zh, re.compile(named, of), re.compile(spoken, of) if spoken else None, kinds, has_names)


_TOPICS = (
    _topic("a date, time or length of time", "日期、时间或时长", r"\bdates?\b|\btimes?\b|\bdays?\b|\bwhen\b|\bdeadlines?\b|日期|时间|时效|几天|哪天",
           kinds=("date", "weekday", "time", "duration")),
    _topic("an amount of money", "金额", r"\bprices?\b|\bcosts?\b|\bfees?\b|\bamounts?\b|价格|费用|金额|多少钱|报价", kinds=("money",)),
    _topic("a discount", "折扣", r"\bdiscounts?\b|\bpromo\w*|\bcoupons?\b|\bvouchers?\b|折扣|优惠|打折|降价",
           r"\bdiscount\w*|\b(?:percent|%) off\b|\$\d+ off\b|\bpromo\w*|\bcoupons?\b|\bvouchers?\b|\breduced\b|\bcheaper\b|折|优惠|降价|便宜|减\d"),
    _topic("delivery", "送货", r"\bdeliver\w*|\bship\w*|\barriv\w*|到货|送货|发货|配送|送达|送到|物流",
           r"\bdeliver\w*|\bship\w*|\barriv\w*|\bdispatch\w*|\bparcel|\bget (?:it|your)\b|到货|送货|发货|配送|送达|送到|寄|物流"),
    _topic("legal matters", "法律问题", r"\blegal\w*|\blaw\w*|法律|诉讼|律师",
           r"\blegal\w*|\blaws?\b|\blawyers?\b|\blawsuits?\b|\battorneys?\b|\bsue\b|\bsuing\b|\bcourts?\b|\bliab\w+|\bstatut\w+|\brights? (?:under|as a consumer)|法律|律师|起诉|诉讼|法院|违法|合法|消费者权益"),
    _topic("medical matters", "医疗问题", r"\bmedic\w*|\bhealth\b|医疗|健康|用药",
           r"\bmedic\w*|\bdoctors?\b|\btreat(?:s|ment)\b|\bcures?\b|\bdiagnos\w+|\bpain\b|\ballerg\w+|医疗|医生|治疗|疗效|药|诊断|过敏"),
    _topic("financial or tax advice", "理财或税务建议", r"\bfinancial\b|\binvest\w*|\btax\b|理财|投资|税务",
           r"\binvest\w*|\btax(?:es)?\b|\bdeduct\w* from your tax|\bloans?\b|\bcredit score\b|投资|理财|税|贷款"),
    _topic("competitors (by that word; name them to have their names found)", "竞争对手（按此类词语；写出名称才能识别其名称）",
           r"\bcompetit\w+|\brivals?\b|竞争对手|竞品|同行|别家", r"\bcompetit\w+|\brivals?\b|\b(?:other|another) (?:shop|store|retailer|compan|brand|seller)\w*|竞争对手|竞品|同行|别家|其他(?:商家|品牌|公司|店)", has_names=True),
    _topic("refunds", "退款", r"\brefund\w*|退款|退钱", r"\brefund\w*|\bmoney back\b|退款|退钱|退还"),
    _topic("compensation", "赔偿", r"\bcompensat\w*|\bdamages\b|赔偿|补偿", r"\bcompensat\w*|\bdamages\b|\breimburs\w*|赔偿|补偿|赔付"),
    _topic("a guarantee", "保证", r"\bguarantees?\b|\bwarrant\w*|保证|质保|保修", r"\bguarant\w*|\bwarrant\w*|保证|质保|保修|一定会"),
    _topic("a phone number or address", "电话或地址", r"\bphone\b|\bnumbers?\b|\be-?mails?\b|\blinks?\b|\burls?\b|电话|号码|邮箱|链接|网址", kinds=("number", "address")),
)  # fmt: skip


class NotUnderstood(ValueError):
    """The rule cannot be checked; the message is one sentence for the editor."""


@dataclass(frozen=True)
class Forbidden:
    """One thing that a rule forbids."""

    topics: tuple[Topic, ...] = ()
    """Of which a sentence must speak, all of them."""
    words: tuple[str, ...] = ()
    """The rule's own words, all of which a sentence must hold."""
    names: tuple[str, ...] = ()
    """Names and quoted words, one of which a sentence must hold."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for topic in self.topics for kind in topic.kinds)

    def broken_by(self, clause: str) -> Claim | None:
        named = next((found for name in self.names if (found := _found(name, clause))), None)
        topics = self.topics
        if self.names and named is None and not any(topic.has_names for topic in topics):
            return None
        if named is not None:
            topics = tuple(topic for topic in topics if not topic.has_names)
        spoken = [match for topic in topics if topic.spoken for match in [topic.spoken.search(clause)]]
        if any(match is None for match in spoken):
            return None
        held = stems(clause)
        if not all(is_among(word, held) if word < "\u3400" else word in clause for word in self.words):
            return None
        if self.kinds:
            return next((claim for claim in _figures(clause) if claim.kind in self.kinds), None)
        found = named or next((match[0] for match in spoken if match), "") or clause
        return Claim("rule", found, text=found)

    def told(self, lang: str) -> str:
        """What a sentence does that is withheld."""
        about = [(topic.zh if lang == "zh" else topic.en) for topic in self.topics if topic.spoken]
        figured = [(topic.zh if lang == "zh" else topic.en) for topic in self.topics if topic.kinds]
        quoted = [f"“{word}”" for word in self.words]
        named = [f"“{name}”" for name in self.names]
        is_either = bool(named) and any(topic.has_names for topic in self.topics)
        if lang == "zh":
            names = ["出现" + "或".join(named)] if named else []
            topics = [f"谈到{each}" for each in about]
            led = ["或".join([*names, *topics])] if is_either else [*names, *topics]
            return "，".join([*led, *(f"出现{each}" for each in quoted), *(f"包含{each}" for each in figured)])
        names = ["holds " + " or ".join(named)] if named else []
        topics = [f"speaks of {each}" for each in about]
        led = [" or ".join([*names, *topics])] if is_either else [*names, *topics]
        return " and ".join(
            [*led, *(f"holds the word {each}" for each in quoted), *(f"names {each}" for each in figured)]
        )


@dataclass(frozen=True)
class Rule:
    text: str
    forbidden: tuple[Forbidden, ...]
    """Any one of them breaks it."""

    def broken_by(self, clause: str) -> Claim | None:
        """The claim that breaks it: the figure where it forbids one, else the words that speak of it."""
        clause = plain(clause)
        return next((claim for each in self.forbidden if (claim := each.broken_by(clause))), None)

    def told(self, lang: str) -> str:
        """How it is checked, for the editor to read."""
        said = [each.told(lang) for each in self.forbidden]
        if lang == "zh":
            return f"模型的句子若{'，或者'.join(said)}，就不发送给客户。"
        return f"A model's sentence is withheld if it {', or '.join(said)}."


@lru_cache(maxsize=512)
def understand(text: str) -> Rule:
    """Raises NotUnderstood where nothing in the rule can be found in a sentence."""
    text = " ".join(text.split())
    is_chinese = bool(_HAN.search(text))
    if not text or len(text) > LONGEST:
        raise NotUnderstood(_REFUSED["length"][is_chinese])
    forbids = _FORBIDS.match(text)
    if forbids is None:
        raise NotUnderstood(_REFUSED["forbids"][is_chinese])
    asked = text[forbids.end() :]
    names, rest = _listed(asked)
    if (
        not names
        and _ABOUT_NAMES.search(asked)
        and any(topic.has_names and topic.named.search(asked) for topic in _TOPICS)
    ):
        raise NotUnderstood(_REFUSED["names"][is_chinese])
    forbidden = _each(_SAYING.sub("", rest).strip(" .。!！"))
    if names:
        forbidden = tuple(replace(each, names=names) for each in forbidden) or (Forbidden(names=names),)
    if not forbidden:
        raise NotUnderstood(_REFUSED["nothing"][is_chinese])
    return Rule(text, forbidden)


_HAN = re.compile(r"[\u3400-\u9fff]")
_REFUSED = {
    "length": (
        f"a rule is one sentence of at most {LONGEST} characters",
        f"一条规则（rule）是一句话，最多{LONGEST}个字符",
    ),
    "forbids": (
        "a rule says what is never said: begin with “never …”, “do not …” or “不要……”",
        "规则（rule）说明什么话不能说：请以“不要……”“禁止……”或“never …”开头",
    ),
    "names": (
        "this rule is about names that only you know: list them, for example “never name a competitor: IKEA, Wayfair”",
        "这条规则（rule）涉及名称，请把名称列出来，例如“不要说竞争对手的名字：宜家、尼达利”",
    ),
    "nothing": (
        "this rule names nothing that could be found in a sentence; name a topic, a kind of figure, or put the words in “quotes”",
        "这条规则（rule）没有可以在句子里查找的内容；请写明话题、数字种类，或把禁用的词放在“引号”里",
    ),
}
_ABOUT_NAMES = re.compile(r"\bnam(?:e|es|ing)\b|名字|名称|店名|品牌名", re.IGNORECASE)
_QUOTED = re.compile(r"[“\"「『《]([^“”\"「」『』《》]{1,60})[”\"」』》]|(?<!\w)['‘]([^'‘’]{2,60})['’](?!\w)")
_LIST = re.compile(
    r"(?:[:：(（]|[,，]?\s*\b(?:such as|like|e\.g\.|for example|for instance|namely|including|i\.e\.)|[,，]?(?:比如说?|例如|诸如|包括|譬如|如|像))\s*[:：]?\s*"
    r"(?P<names>[^:：]+?)[)）]?(?:等(?:等)?)?\s*$",
    re.IGNORECASE,
)
_COMMAS = re.compile(
    r"\s*(?:[,，、;；/]|\b(?:and|or)\b|(?<=[\u3400-\u9fff])[和或与及](?=[\u3400-\u9fff]))\s*", re.IGNORECASE
)
_OR = re.compile(r"\s*(?:[,，、;；/]\s*(?:or|and)?\b|\bor\b|或者?|以及)\s*", re.IGNORECASE)
_AND = re.compile(r"\s*(?:\band\b|[和与跟])\s*", re.IGNORECASE)
_MOST_NAMES = 20


def _listed(asked: str) -> tuple[tuple[str, ...], str]:
    """The names that a rule lists or quotes, and the rule without them."""
    quoted = [(match[1] or match[2]).strip() for match in _QUOTED.finditer(asked)]
    rest = _QUOTED.sub(" ", asked)
    if not quoted and (match := _LIST.search(rest)):
        quoted = [name.strip(" .。!！") for name in _COMMAS.split(match["names"])]
        rest = rest[: match.start()]
    return tuple(dict.fromkeys(filter(None, quoted)))[:_MOST_NAMES], rest


def _each(asked: str) -> tuple[Forbidden, ...]:
    """What is forbidden, one thing after the other; a part that says no more than another is left out."""
    pieces = [one for piece in _OR.split(asked) for one in _apart(piece)]
    found = [each for piece in pieces if (each := _one(piece)).topics or each.words]
    kept: list[Forbidden] = []
    for each in found:
        if each.words or not any(set(each.topics) < set(other.topics) for other in found):
            kept.append(each)
    return tuple(dict.fromkeys(kept))


def _apart(piece: str) -> list[str]:
    """ "IKEA and Wayfair" are two; in "legal and tax matters" each names a topic of its own."""
    parts = _AND.split(piece)
    understood = [_one(part) for part in parts]
    are_alike = all(each.words and not each.topics for each in understood) or all(each.topics for each in understood)
    return parts if len(parts) > 1 and are_alike else [piece]


def _one(asked: str) -> Forbidden:
    topics = tuple(topic for topic in _TOPICS if topic.named.search(asked))
    for topic in topics:
        asked = topic.named.sub(" ", asked)
    return Forbidden(topics, _own_words(asked))


def _found(name: str, clause: str) -> str | None:
    """As it stands in the clause; of Latin letters as a whole word, also in its plural and genitive."""
    wanted = plain(name)
    edge = (r"(?<!\w)", r"(?=(?:'s|’s|s|es)?(?!\w))") if wanted.isascii() else ("", "")
    match = re.search(edge[0] + re.escape(wanted) + edge[1], clause, re.IGNORECASE)
    return match[0] if match else None


_EMPTY = frozenset(
    stem(word)
    for word in "advice advise information detail thing matter topic kind specific exact any about other name names".split()
)


def _own_words(rest: str) -> tuple[str, ...]:
    english = tuple(dict.fromkeys(w.stem for w in content(rest) if w.stem < "\u3400" and w.stem not in _EMPTY))
    chinese = re.sub(
        r"(?:任何|具体|关于|名字|名称|姓名|店名|建议|信息|内容|问题|方面|相关|或者?|和|与|的|[、，,])+", " ", rest
    )
    return (*english, *(run for run in re.findall(r"[\u3400-\u9fff]{2,}", chinese)))


def _figures(clause: str) -> list[Claim]:
    from knowledge.facts.names import addresses

    return [*(claim for claim in figures(clause) if claim.kind in FIGURES), *addresses(clause)]
