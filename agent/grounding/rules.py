"""A company's rules in plain language: "never promise a delivery date", 不要承诺到货日期. Compiled, without a model, into
what a sentence may not hold: kinds of figures, words about a topic, or both at once; and told back as it was understood."""

import re
from dataclasses import dataclass
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


def _topic(en: str, zh: str, named: str, spoken: str | None = None, kinds: tuple[Kind, ...] = ()) -> Topic:
    of = re.IGNORECASE
    return Topic(en, zh, re.compile(named, of), re.compile(spoken, of) if spoken else None, kinds)


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
           r"\bcompetit\w+|\brivals?\b|竞争对手|竞品|同行|别家", r"\bcompetit\w+|\brivals?\b|\b(?:other|another) (?:shop|store|retailer|compan|brand|seller)\w*|竞争对手|竞品|同行|别家|其他(?:商家|品牌|公司|店)"),
    _topic("refunds", "退款", r"\brefund\w*|退款|退钱", r"\brefund\w*|\bmoney back\b|退款|退钱|退还"),
    _topic("compensation", "赔偿", r"\bcompensat\w*|\bdamages\b|赔偿|补偿", r"\bcompensat\w*|\bdamages\b|\breimburs\w*|赔偿|补偿|赔付"),
    _topic("a guarantee", "保证", r"\bguarantees?\b|\bwarrant\w*|保证|质保|保修", r"\bguarant\w*|\bwarrant\w*|保证|质保|保修|一定会"),
    _topic("a phone number or address", "电话或地址", r"\bphone\b|\bnumbers?\b|\be-?mails?\b|\blinks?\b|\burls?\b|电话|号码|邮箱|链接|网址", kinds=("number", "address")),
)  # fmt: skip


class NotUnderstood(ValueError):
    """The rule cannot be checked; the message is one sentence for the editor."""


@dataclass(frozen=True)
class Rule:
    text: str
    topics: tuple[Topic, ...] = ()
    """Of which a sentence must speak, all of them."""
    words: tuple[str, ...] = ()
    """The rule's own words, all of which a sentence must hold."""

    @property
    def kinds(self) -> tuple[Kind, ...]:
        return tuple(kind for topic in self.topics for kind in topic.kinds)

    def broken_by(self, clause: str) -> Claim | None:
        """The claim that breaks it: the figure where it forbids one, else the words that speak of it."""
        clause = plain(clause)
        spoken = [match for topic in self.topics if topic.spoken for match in [topic.spoken.search(clause)]]
        if any(match is None for match in spoken):
            return None
        held = stems(clause)
        if not all(is_among(word, held) if word < "\u3400" else word in clause for word in self.words):
            return None
        if self.kinds:
            return next((claim for claim in _figures(clause) if claim.kind in self.kinds), None)
        found = next((match[0] for match in spoken if match), "") or clause
        return Claim("rule", found, text=found)

    def told(self, lang: str) -> str:
        """How it is checked, for the editor to read."""
        about = [(topic.zh if lang == "zh" else topic.en) for topic in self.topics if topic.spoken]
        figured = [(topic.zh if lang == "zh" else topic.en) for topic in self.topics if topic.kinds]
        quoted = [f"“{word}”" for word in self.words]
        if lang == "zh":
            said = "，".join(
                [
                    *(f"谈到{each}" for each in about),
                    *(f"出现{each}" for each in quoted),
                    *(f"包含{each}" for each in figured),
                ]
            )
            return f"模型的句子若{said}，就不发送给客户。"
        said = " and ".join([*(f"speaks of {each}" for each in about), *(f"holds the word {each}" for each in quoted), *(f"names {each}" for each in figured)])  # fmt: skip
        return f"A model's sentence is withheld if it {said}."


@lru_cache(maxsize=512)
def understand(text: str) -> Rule:
    """Raises NotUnderstood where nothing in the rule can be found in a sentence."""
    text = " ".join(text.split())
    if not text or len(text) > LONGEST:
        raise NotUnderstood(f"a rule is one sentence of at most {LONGEST} characters")
    forbids = _FORBIDS.match(text)
    if forbids is None:
        raise NotUnderstood("a rule says what is never said: begin with “never …”, “do not …” or “不要……”")
    asked = _SAYING.sub("", text[forbids.end() :]).strip(" .。!！")
    topics = tuple(topic for topic in _TOPICS if topic.named.search(asked))
    rest = asked
    for topic in topics:
        rest = topic.named.sub(" ", rest)
    words = _own_words(rest)
    if not topics and not words:
        raise NotUnderstood(
            "this rule names nothing that could be found in a sentence; name a topic, a word or a kind of figure"
        )
    return Rule(text, topics, words)


_EMPTY = frozenset(
    stem(word)
    for word in "advice advise information detail thing matter topic kind specific exact any about other name".split()
)


def _own_words(rest: str) -> tuple[str, ...]:
    english = tuple(dict.fromkeys(w.stem for w in content(rest) if w.stem < "\u3400" and w.stem not in _EMPTY))
    chinese = re.sub(r"(?:任何|具体|关于|建议|信息|内容|问题|方面|相关|或者?|和|与|的|[、，,])+", " ", rest)
    return (*english, *(run for run in re.findall(r"[\u3400-\u9fff]{2,}", chinese)))


def _figures(clause: str) -> list[Claim]:
    from knowledge.facts.names import addresses

    return [*(claim for claim in figures(clause) if claim.kind in FIGURES), *addresses(clause)]
