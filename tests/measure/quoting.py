"""The ways in which a model that invents nothing still changes a sentence."""

import re
from collections.abc import Callable, Iterator

import cn2an

Quoted = Callable[[str, str, str], Iterator[str]]
_SMALL = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
).split()
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety".split()
_DIGITS = re.compile(
    r"(?<![\w$.,:°#-])(\d{1,3}(?:,\d{3})*)(?![\d.:,%°a-z-]|\s?(?:am|pm|lb|W\b|NW|S\b|Ballard|River|Dec|Jan|Feb|Nov))"
)
_DOLLARS = re.compile(r"\$(\d{1,3}(?:,\d{3})*)(?![\d.])")


def in_words(number: int) -> str:
    if number < 20:
        return _SMALL[number]
    if number < 100:
        return _TENS[number // 10 - 2] + (f"-{_SMALL[number % 10]}" if number % 10 else "")
    if number < 1000:
        return f"{_SMALL[number // 100]} hundred" + (f" and {in_words(number % 100)}" if number % 100 else "")
    return f"{in_words(number // 1000)} thousand" + (f" {in_words(number % 1000)}" if number % 1000 else "")


def verbatim(sentence: str, _question: str, _lang: str) -> Iterator[str]:
    yield sentence


def other_numerals(sentence: str, _question: str, lang: str) -> Iterator[str]:
    if lang == "en":
        said = _DOLLARS.sub(lambda found: f"{in_words(int(found[1].replace(',', '')))} dollars", sentence)
        said = _DIGITS.sub(lambda found: in_words(int(found[1].replace(",", ""))), said)
        for at, word in enumerate(_SMALL[2:11], 2):
            if said == sentence:
                said = re.sub(rf"\b{word}\b", str(at), said)
    else:
        said = re.sub(
            r"(?<![\w.-])(\d+)(?=个|天|美元|小时|分钟|年|周|次|块|件|英寸|月|日|点)",
            lambda found: cn2an.an2cn(found[1]),
            re.sub(r"(?<=[\u3400-\u9fff])(?=\d)", "\u200b", sentence),
        ).replace("\u200b", "")
    if said != sentence:
        yield said


def other_order(sentence: str, _question: str, lang: str) -> Iterator[str]:
    if lang == "en" and (
        found := re.fullmatch(r"(If|When|Once|Until|After) ((?!that)[^,]+), ((?!but)[^,]+)\.", sentence)
    ):
        yield f"{found[3][0].upper()}{found[3][1:]} {found[1].lower()} {found[2]}."
    elif lang == "en" and (
        found := re.fullmatch(r"([A-Z][^,]+?) ((?:only )?(?:if|when|once|until|unless)) ((?!a )[^,]+)\.", sentence)
    ):
        yield f"{found[2].capitalize()} {found[3]}, {found[1][0].lower()}{found[1][1:]}."
    elif lang == "en" and (found := re.fullmatch(r"([A-Z][^,]+), and ([^,]+)\.", sentence)):
        yield f"{found[2][0].upper()}{found[2][1:]}, and {found[1][0].lower()}{found[1][1:]}."
    elif lang == "zh" and (found := re.fullmatch(r"([^，]{5,})，([^，]{5,})。", sentence)):
        yield f"{found[2]}，{found[1]}。"


def with_courtesy(sentence: str, question: str, lang: str) -> Iterator[str]:
    """A yes where the question asks for one and the sentence says it; else a polite word."""
    if lang == "en":
        if re.match(r"(?:Can|Do|May|Could) (?:I|you|we)\b", question) and re.match(
            r"You can (?!only)|We (?:send|deliver|accept)", sentence
        ):
            yield f"Yes, {sentence[0].lower()}{sentence[1:]}"
        elif re.match(r"(?:How|What|When|Where|Which)\b", question) and re.match(
            r"(?:You|We|It|They|The|Our)\b", sentence
        ):
            yield f"Sure, {sentence[0].lower()}{sentence[1:]}"
        elif not re.match(r"Yes|No\b", sentence):
            yield f"Please note: {sentence}"
    else:
        yield f"您好，{sentence}" if not re.match(r"可以|不|有|能|会|是", sentence) else f"您好！{sentence}"


def shortened(sentence: str, _question: str, lang: str) -> Iterator[str]:
    """don't for do not, 你 for 您: what a model does without noticing."""
    pairs = (
        (("cannot", "can't"), ("do not", "don't"), ("does not", "doesn't"), ("are not", "aren't"), ("is not", "isn't"), ("Yes, ", ""))
        if lang == "en"
        else (("您", "你"), ("可以", "能"), ("美元", " 美元"), ("天内", "天之内"))
    )  # fmt: skip
    said = sentence
    for long, short in pairs:
        said = said.replace(long, short)
    if said != sentence:
        yield said[0].upper() + said[1:]


QUOTED: dict[str, Quoted] = {
    "as it stands": verbatim,
    "numbers the other way": other_numerals,
    "another order": other_order,
    "courtesy or yes before": with_courtesy,
    "shortened": shortened,
}
