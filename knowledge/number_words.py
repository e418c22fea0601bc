"""The words for numbers in both languages, once for everybody who reads digits that were said."""

UNITS = "zero one two three four five six seven eight nine".split()
TEENS = "ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen".split()
ONES = {word: value for value, word in enumerate([*UNITS, *TEENS])} | dict.fromkeys(("oh", "o", "nought"), 0)
TENS = {word: 10 * at for at, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
SIZES = {"hundred": 100, "thousand": 1_000}
TIMES = {"double": 2, "triple": 3, "treble": 3}
ZH = dict(zip("零〇一幺二两三四五六七八九", (0, 0, 1, 1, 2, 2, 3, 4, 5, 6, 7, 8, 9), strict=True))
ZH_SIZES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000}
