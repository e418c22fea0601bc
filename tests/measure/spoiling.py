"""Makes exactly one thing of a true sentence wrong, in ways a model errs; written apart from what catches it."""

import re
from collections.abc import Callable, Iterator
from itertools import pairwise

Spoiled = Callable[[str, str, str], Iterator[str]]
_UNITS = {
    "en": (
        ("business days", "days"), ("business days", "weeks"), (" days", " weeks"), (" hours", " days"), (" minutes", " hours"), (" weeks", " months"),
        (" months", " years"), ("-year", "-month"), (" years", " months"), ("$", "€"), ("%", " dollars"), (" am", " pm"), (" pm", " am"),
        (" miles", " kilometers"), (" inches", " centimeters"), (" lb", " kg"), ("°F", "°C"), ("Monday", "Tuesday"), ("Saturday", "Friday"),
        ("November", "October"), ("January", "July"),
    ),
    "zh": (
        ("个工作日", "天"), ("个工作日", "周"), ("天", "周"), ("小时", "天"), ("分钟", "小时"), ("个月", "年"), ("年", "个月"), ("美元", "元"), ("美元", "欧元"),
        ("%", "美元"), ("上午", "晚上"), ("下午", "上午"), ("英里", "公里"), ("英寸", "厘米"), ("磅", "公斤"), ("周六", "周五"), ("周日", "周一"),
        ("11月", "10月"), ("1月", "7月"),
    ),
}  # fmt: skip
_PRODUCTS = {
    "en": ("sofa", "mattress", "lamp", "bed", "wardrobe", "table", "gift card", "desk"),
    "zh": ("沙发", "床垫", "灯具", "衣柜", "桌子", "礼品卡", "床"),
}
_DENIED = {
    "en": (
        ("cannot", "can"), ("do not", "do"), ("does not", "does"), ("are not", "are"), ("is not", "is"), (" never", ""), (" not ", " "), ("can no longer", "can"),
        (" can ", " cannot "), (" is ", " is not "), (" are ", " are not "), (" must ", " must not "), (" costs ", " does not cost "), (" cover ", " do not cover "),
    ),
    "zh": (
        ("不能", "可以"), ("不可以", "可以"), ("不送", "送"), ("不收", "收"), ("不退", "退"), ("不保", "保"), ("不要", "要"), ("不会", "会"), ("没有", "有"), ("可以", "不可以"),
        ("必须", "不必"), ("支持", "不支持"), ("能", "不能"), ("免费", "不免费"), ("适用", "不适用"),
    ),
}  # fmt: skip


def number_changed(sentence: str, _question: str, _lang: str) -> Iterator[str]:
    for found in re.finditer(r"\d+", sentence):
        for other in (int(found[0]) + 7, int(found[0]) * 2 + 1):
            if str(other) not in re.findall(r"\d+", sentence):
                yield f"{sentence[: found.start()]}{other}{sentence[found.end() :]}"


def numbers_exchanged(sentence: str, _question: str, _lang: str) -> Iterator[str]:
    """Two figures of one sentence change places."""
    found = list(re.finditer(r"(?<![\d,.])\d+(?:,\d{3})*(?![\d,.]*\d)", sentence))
    for one, other in pairwise(found):
        if one[0] != other[0] and sentence[one.end() : other.start()].strip(" 日") not in ("and", "和"):
            yield (
                sentence[: one.start()]
                + other[0]
                + sentence[one.end() : other.start()]
                + one[0]
                + sentence[other.end() :]
            )


def unit_changed(sentence: str, _question: str, lang: str) -> Iterator[str]:
    for unit, other in _UNITS[lang]:
        if unit in sentence and re.search(r"\d|day|周", sentence):
            spoiled = sentence.replace(unit, other, 1)
            if re.search(r"\d\s?" + re.escape(unit.strip()), sentence) or unit.strip() in (
                "$",
                "Monday",
                "Saturday",
                "周六",
                "周日",
                "上午",
                "下午",
                "November",
                "January",
                "11月",
                "1月",
            ):
                yield spoiled


def denial_flipped(sentence: str, _question: str, lang: str) -> Iterator[str]:
    done = set[int]()
    for said, other in _DENIED[lang]:
        at = sentence.find(said)
        if at < 0 or at in done or (lang == "zh" and at and sentence[at - 1] in "不才功智"):
            continue
        done.add(at)
        yield sentence[:at] + other + sentence[at + len(said) :]


def condition_dropped(sentence: str, _question: str, lang: str) -> Iterator[str]:
    if lang == "en":
        patterns = (
            r",? (?:only )?(?:if|unless|when|once(?! a\b| for\b)|until) [^,.;]+",
            r"^(?:If|When|Once|Until|Unless) [^,]+, ",
            r"\bonly ",
            r",? except [^,.;]+",
        )
    else:
        patterns = (
            r"如果[^，。；]+，",
            r"[^，。；]+的话，",
            r"只有(?!.*才)|只能",
            r"除[^，。]+外，",
            r"[^，。；]+(?<!小)时，",
        )
    for pattern in patterns:
        said = re.sub(pattern, "", sentence, count=1)
        if said != sentence and len(re.findall(r"\w", said)) > 8:
            yield said[0].upper() + said[1:]


def product_swapped(sentence: str, question: str, lang: str) -> Iterator[str]:
    named = [product for product in _PRODUCTS[lang] if re.search(re.escape(product), sentence, re.IGNORECASE)]
    for product in named[:2]:
        for other in _PRODUCTS[lang]:
            if other not in sentence.lower() and other not in question.lower():
                yield re.sub(re.escape(product), other, sentence, count=1, flags=re.IGNORECASE)


def name_invented(sentence: str, _question: str, lang: str) -> Iterator[str]:
    end = sentence.rstrip("。.!！")
    if lang == "en":
        yield f"{end}, says Ms Baker."
        yield f"{end} at IKEA."
        yield sentence.replace("Finch", "Robin") if "Finch" in sentence else f"With PayBright, {sentence}"
    else:
        yield f"{end}，请找王经理。"
        yield sentence.replace("我们", "宜家", 1) if "我们" in sentence else f"在宜家，{sentence}"


def yes_flipped(sentence: str, _question: str, lang: str) -> Iterator[str]:
    flips = ((r"^Yes, ", "No, "), (r"^No, ", "Yes, ")) if lang == "en" else (
        (r"^(?:可以|能|会|有|是的)，", "不，"), (r"^(?:不能|不用)，", "可以，")
    )  # fmt: skip
    for said, other in flips:
        if re.match(said, sentence):
            yield re.sub(said, other, sentence)


def verdict_added(sentence: str, question: str, lang: str) -> Iterator[str]:
    """A no before a sentence that affirms, where the question can be answered so."""
    if (
        lang == "en"
        and re.match(r"(?:Can|Do|Is|Are|Will|Does)\b", question)
        and re.match(r"You can\b(?! only)|We (?:send|deliver)", sentence)
    ):
        yield f"No, {sentence[0].lower()}{sentence[1:]}"
    if lang == "zh" and "吗" in question and re.match(r"您?(?:现货|周六|网上)", sentence):
        yield f"不可以，{sentence}"


def date_added(sentence: str, _question: str, lang: str) -> Iterator[str]:
    end = sentence.rstrip("。.!！")
    if lang == "en":
        yield f"{end} until 31 March."
        yield f"{end} by tomorrow."
        yield f"{end} on Wednesday at 3 am."
    else:
        yield f"3月31日前，{sentence}"
        yield f"明天{sentence}"
        yield f"{end}，星期三早上七点半。"


def day_dropped(sentence: str, _question: str, lang: str) -> Iterator[str]:
    """What is so on a Saturday, said of every day."""
    if lang == "en":
        days = r"(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)days?"
        said = re.sub(rf",? ?(?:on |from )?{days}(?: (?:to|and|through) {days})?(?: deliver(?:y|ies))?\b", "", sentence)
    else:
        said = re.sub(r"(?:在|逢)?周[一二三四五六日](?:到周[一二三四五六日])?", "", sentence)
    if said != sentence and len(re.findall(r"\w", said)) > 8:
        yield said.strip()[0].upper() + said.strip()[1:]


def name_cut(sentence: str, _question: str, lang: str) -> Iterator[str]:
    """The last character or letter of a name is lost."""
    names = r"(?:波特兰|西雅图|博伊西|萨克拉门托)" if lang == "zh" else r"\b(?:Portland|Seattle|Boise|Sacramento)\b"
    for name in re.finditer(names, sentence):
        yield sentence[: name.end() - 1] + sentence[name.end() :]


SPOILED: dict[str, Spoiled] = {
    "number changed": number_changed,
    "numbers exchanged": numbers_exchanged,
    "unit changed": unit_changed,
    "denial flipped": denial_flipped,
    "condition dropped": condition_dropped,
    "product swapped": product_swapped,
    "name invented": name_invented,
    "yes or no flipped": yes_flipped,
    "no added": verdict_added,
    "date added": date_added,
    "day dropped": day_dropped,
    "name cut short": name_cut,
}
