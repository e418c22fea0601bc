"""Numbers in words, English and Chinese. (num2words is LGPL; what an answer needs of it is this page.)"""

_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
).split()
_TENS = "zero ten twenty thirty forty fifty sixty seventy eighty ninety".split()
_IRREGULAR = {
    "one": "first", "two": "second", "three": "third", "five": "fifth", "eight": "eighth", "nine": "ninth",
    "twelve": "twelfth",
}  # fmt: skip
_ZH_DIGITS = "零一二三四五六七八九"
LARGEST = 10**12
"""From here on digits are read one by one, which is how people read such numbers."""


def english(number: int) -> str:
    if number >= LARGEST:
        return english_digits(str(number))
    if number < 20:
        return _ONES[number]
    if number < 100:
        return _TENS[number // 10] + (f"-{_ONES[number % 10]}" if number % 10 else "")
    if number < 1000:
        return _joined(f"{_ONES[number // 100]} hundred", number % 100)
    for size, name in ((10**9, "billion"), (10**6, "million"), (1000, "thousand")):
        if number >= size:
            return _joined(f"{english(number // size)} {name}", number % size)
    raise AssertionError(number)


def english_decimal(text: str) -> str:
    """Of "3.50": three point five zero."""
    whole, _, fraction = text.partition(".")
    words = english(int(whole))
    return f"{words} point {english_digits(fraction)}" if fraction else words


def english_digits(text: str) -> str:
    return " ".join(_ONES[int(digit)] for digit in text if digit.isdigit())


def english_ordinal(number: int) -> str:
    head, dash, last = english(number).rpartition("-")
    if not dash:
        head, dash, last = english(number).rpartition(" ")
    if last in _IRREGULAR:
        return head + dash + _IRREGULAR[last]
    return head + dash + (last[:-1] + "ieth" if last.endswith("y") else last + "th")


def english_year(year: int) -> str:
    """1999: nineteen ninety-nine; 2005: two thousand five; 2026: twenty twenty-six."""
    century, rest = divmod(year, 100)
    if not 1100 <= year < 2100 or 2000 <= year < 2010:
        return english(year)
    if rest == 0:
        return f"{english(century)} hundred"
    return f"{english(century)} {'oh ' if rest < 10 else ''}{english(rest)}"


def chinese(number: int) -> str:
    if number >= LARGEST:
        return chinese_digits(str(number))
    if number < 10:
        return _ZH_DIGITS[number]
    words = _chinese_groups(number)
    return words[1:] if words.startswith("一十") else words


def chinese_decimal(text: str) -> str:
    whole, _, fraction = text.partition(".")
    words = chinese(int(whole))
    return f"{words}点{chinese_digits(fraction)}" if fraction else words


def chinese_digits(text: str) -> str:
    return "".join(_ZH_DIGITS[int(digit)] for digit in text if digit.isdigit())


def _joined(words: str, rest: int) -> str:
    return f"{words} {english(rest)}" if rest else words


def _chinese_groups(number: int) -> str:
    """Groups of four digits; a gap is read as one 零."""
    for size, name in ((10**8, "亿"), (10**4, "万")):
        if number >= size:
            head, rest = divmod(number, size)
            gap = "零" if rest and rest < size // 10 else ""
            return _chinese_groups(head) + name + gap + (_chinese_groups(rest) if rest else "")
    words, is_gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit, number = divmod(number, size)
        if digit:
            words += ("零" if is_gap and words else "") + _ZH_DIGITS[digit] + name
        is_gap = not digit
        if not number:
            break
    return words
