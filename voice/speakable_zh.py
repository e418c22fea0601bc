"""Money, dates, times, ranges, units, numbers and addresses in Chinese words."""

import re
from collections.abc import Callable

from voice.numerals import chinese, chinese_decimal, chinese_digits

_NUMBER = r"\d{1,3}(?:,\d{3})+(?!\d)(?:\.\d+)?|\d+(?:\.\d+)?"
_CURRENCIES = {
    "¥": "元", "￥": "元", "RMB": "元", "CNY": "元", "$": "美元", "US$": "美元", "USD": "美元",
    "€": "欧元", "EUR": "欧元", "£": "英镑", "GBP": "英镑", "HK$": "港元", "A$": "澳元", "NT$": "新台币", "₩": "韩元",
    "JPY": "日元",
}  # fmt: skip
_SIGN = "|".join(re.escape(sign) for sign in sorted(_CURRENCIES, key=len, reverse=True))
_SCALES = {"k": "千", "K": "千", "M": "百万", "m": "百万", "万": "万", "亿": "亿"}
_UNITS = {
    "kg": "公斤", "g": "克", "mg": "毫克", "km": "公里", "cm": "厘米", "mm": "毫米", "m": "米", "km/h": "公里每小时",
    "㎡": "平方米", "m²": "平方米", "m2": "平方米", "m³": "立方米", "L": "升", "l": "升", "ml": "毫升", "mL": "毫升",
    "lb": "磅", "lbs": "磅", "oz": "盎司", "ft": "英尺", "in": "英寸", '"': "英寸", "″": "英寸", "°C": "摄氏度",
    "℃": "摄氏度", "°F": "华氏度", "℉": "华氏度", "°": "度", "GB": "G B", "MB": "兆", "TB": "T B", "W": "瓦",
    "kW": "千瓦", "kWh": "度电", "V": "伏", "Hz": "赫兹", "GHz": "吉赫兹", "mAh": "毫安时", "dB": "分贝",
    "h": "小时", "min": "分钟", "s": "秒",
}  # fmt: skip
_UNIT = "|".join(re.escape(unit) for unit in sorted(_UNITS, key=len, reverse=True))
_COUNTED = "个天年周次件种位层套张把米人台份条双小公元美欧英块磅厘毫升平箱盒袋包瓶部支只岁晚间句步倍分秒片盏扇幅"
"""Before these, two is 两."""
_PART = "点分半时日号月年周天元块%％楼层岁"
_SIGNS = {
    "&": "和", "+": "加", "=": "等于", "%": "百分号", "‰": "千分号", "±": "正负", "≥": "不少于", "≤": "不超过",
    "<": "小于", ">": "大于", "≈": "约", "~": "约", "～": "约", "×": "乘", "÷": "除以", "@": "艾特", "²": "平方",
    "³": "立方", "°": "度", "$": "美元", "€": "欧元", "£": "英镑", "¥": "元", "￥": "元", "→": "，", "§": "第",
}  # fmt: skip
_DIALLED = (
    "拨打|致电|电话|热线|客服|传真|手机|编号|号码|邮编|订单号?|单号|代码|验证码|尾号|工号|分机|房号|房间|账号|卡号"
)


def written_out(text: str) -> str:
    for rule, say in _RULES:
        text = rule.sub(say, text)
    return re.sub("|".join(map(re.escape, _SIGNS)), lambda sign: _SIGNS[sign[0]], text)


def _mail(match: re.Match[str]) -> str:
    return _spelt(match[0])


def _address(match: re.Match[str]) -> str:
    said = re.sub(r"^(https?://)?(www\.)?", "", match[0])
    return _spelt(re.sub(r"[?=&#%~:+].*", "", said).strip("/."))


def _spelt(address: str) -> str:
    for mark, word in {"@": " 艾特 ", ".": "点", "/": "斜杠", "-": "杠", "_": "下划线", "+": "加号"}.items():
        address = address.replace(mark, word)
    return re.sub(r"\d+", lambda digits: chinese_digits(digits[0]), address)


def _date(year: str, month: str, day: str) -> str:
    return f"{chinese_digits(year)}年{chinese(int(month))}月{chinese(int(day))}日"


def _phone(match: re.Match[str]) -> str:
    """In groups; what is too short for a telephone is left to the other rules."""
    if sum(map(str.isdigit, match[0])) < 7:
        return match[0]
    groups = "，".join(chinese_digits(group) for group in re.findall(r"\d+", match[0]))
    return f"加{groups}" if match[0].startswith("+") else groups


def _time(match: re.Match[str]) -> str:
    hour, minute = int(match[1]), int(match[2])
    if hour > 24 or minute > 59:
        return f"{chinese(hour)}比{chinese(minute)}"
    said = f"{_hour(hour)}点"
    if minute == 0:
        return said
    return said + ("半" if minute == 30 else f"{'零' if minute < 10 else ''}{chinese(minute)}分")


def _hour(hour: int) -> str:
    return "两" if hour == 2 else chinese(hour)


def _number(match: re.Match[str]) -> str:
    digits, text = match[0].replace(",", ""), match.string
    before, after = text[match.start() - 1 : match.start()], text[match.end() : match.end() + 1]
    if digits == "2" and before != "第" and after and after in _COUNTED:
        return "两"
    is_code = len(digits) >= 5 and not digits.endswith("00")
    if "." not in digits and "," not in match[0] and (is_code or (digits.startswith("0") and len(digits) > 1)):
        return chinese_digits(digits)
    return chinese_decimal(digits)


def _money(match: re.Match[str]) -> str:
    scale = _SCALES.get(match["scale"] or "", "")
    return f"{_counted(match['amount'])}{scale}{_CURRENCIES[match['sign']]}"


def _money_range(match: re.Match[str]) -> str:
    return f"{_plain(match[2])}到{_plain(match[3])}{_CURRENCIES[match[1]]}"


def _measure(match: re.Match[str]) -> str:
    sign = match[1] and ("零下" if _UNITS[match[3]].endswith("度") else "负")
    return f"{sign or ''}{_counted(match[2])}{_UNITS[match[3]]}"


def _counted(amount: str) -> str:
    return "两" if amount == "2" else _plain(amount)


def _plain(amount: str) -> str:
    whole, _, fraction = amount.replace(",", "").partition(".")
    fraction = fraction.rstrip("0")
    return chinese_decimal(f"{whole}.{fraction}" if fraction else whole)


def _fraction(match: re.Match[str]) -> str:
    part = "半" if match[2] == "1" and match[3] == "2" else ""
    said = f"{chinese(int(match[3]))}分之{chinese(int(match[2]))}"
    if not match[1]:
        return said
    # One and a half hours: 一个半小时.
    return f"{_counted(match[1])}个{part}" if part else f"{chinese(int(match[1]))}又{said}"


def _code(match: re.Match[str]) -> str:
    """Letters by their names; a short number as one, a longer one digit by digit."""
    groups = re.findall(r"[A-Z]+|\d+", match[0])
    return " ".join(_figure(group) if group.isdigit() else " ".join(group) for group in groups)


def _figure(digits: str) -> str:
    return chinese(int(digits)) if len(digits) == 1 else chinese_digits(digits)


_Say = Callable[[re.Match[str]], str]
_RULES: list[tuple[re.Pattern[str], _Say]] = [
    (re.compile(r"[A-Za-z0-9._+-]+@[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)+"), _mail),
    (re.compile(r"(?:https?://|www\.)[A-Za-z0-9_./?=&%:#-]+"
                r"|[A-Za-z0-9-]+(?:\.[A-Za-z0-9-]+)*\.(?:com|cn|org|net|example|io|shop)(?:/[A-Za-z0-9_/.-]*)?"
                r"(?![A-Za-z])"), _address),
    (re.compile(r"(?<!\d)(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})(?!\d)"), lambda m: _date(m[1], m[2], m[3])),
    (re.compile(r"(?<!\d)((?:19|20)\d\d)\s?[-–—~～至到]\s?((?:19|20)\d\d)(?=年)"),
     lambda m: f"{chinese_digits(m[1])}到{chinese_digits(m[2])}"),
    (re.compile(r"(?<!\d)(\d{4})年"), lambda m: f"{chinese_digits(m[1])}年"),
    (re.compile(r"©\s?(\d{4})"), lambda m: f"{chinese_digits(m[1])}年"),
    (re.compile(r"(?<![\d.A-Z-])(?:\+\d{1,3}[ -]?)?(?:\(0\d{2,3}\)[ -]?\d{7,8}|0\d{2,3}[ -]\d{7,8}|1\d{10}"
                r"|\d{3,4}[ -]\d{3,4}(?:[ -]\d{3,4})*)(?![\d-])"), _phone),
    (re.compile(rf"((?:{_DIALLED})(?:是|为|[:： #])*)(\d{{3,}}(?:-\d+)*)(?![\d.,]\d|[元美个天件%])"),
     lambda m: m[1] + "，".join(chinese_digits(group) for group in m[2].split("-"))),
    (re.compile(r"(?<![A-Za-z\d])([A-Z]{1,4})-?(\d{2,})(?:-(\d+))?(?![\dA-Za-z.])"),
     lambda m: " ".join(m[1]) + f" {_figure(m[2])}" + (f"，{_figure(m[3])}" if m[3] else "")),
    (re.compile(r"24/7"), lambda _: "全天候"),
    (re.compile(rf"(?<=[\d{_PART}])\s?(?:[-–~～]|(?<!—)—(?!—)|至)\s?(?=[$£€¥￥]?\d)"), lambda _: "到"),
    (re.compile(rf"({_SIGN})\s?({_NUMBER})到({_NUMBER})"), _money_range),
    (re.compile(rf"(?P<sign>{_SIGN})\s?(?P<amount>{_NUMBER})(?P<scale>[kKMm](?![A-Za-z])|[万亿])?"), _money),
    (re.compile(rf"(?P<amount>{_NUMBER})\s?(?P<scale>)(?P<sign>USD|RMB|CNY|EUR|GBP|[$€£¥￥])(?!\d)"), _money),
    (re.compile(rf"({_NUMBER})(?=(?:万|亿)?(?:元|美元|块|欧元|英镑))"), lambda m: _counted(m[1])),
    (re.compile(r"(?<!\d)(\d{1,2})[:：](\d{2})(?!\d)"), _time),
    (re.compile(r"(?<=\d)[:：](?=\d)"), lambda _: "比"),
    (re.compile(r"(?<!\d)(\d{1,2})点"), lambda m: f"{_hour(int(m[1]))}点"),
    (re.compile(r"(?:(?<!\d)(\d+) )?(?<![\d/])(\d{1,3})/(\d{1,3})(?![\d/])"), _fraction),
    (re.compile(r"\d+(?:\.\d+){2,}"), lambda m: "点".join(chinese(int(part)) for part in m[0].split("."))),
    (re.compile(rf"({_NUMBER})%到({_NUMBER})%"), lambda m: f"百分之{_plain(m[1])}到百分之{_plain(m[2])}"),
    (re.compile(rf"({_NUMBER})\s?[%％]"), lambda m: f"百分之{_plain(m[1])}"),
    (re.compile(r"[%％](\d+)"), lambda m: f"百分之{chinese(int(m[1]))}"),
    (re.compile(r"(?<=\d)\s?[x×*]\s?(?=\d)"), lambda _: "乘"),
    (re.compile(rf"((?<![\w.])[-−])?({_NUMBER})\s?({_UNIT})(?![A-Za-z²³])"), _measure),
    (re.compile(r"(?<![A-Za-z\d])(?=[A-Z\d]*[A-Z])(?=[A-Z]*\d)[A-Z\d]+(?![A-Za-z\d])"), _code),
    (re.compile(r"#(?=\d)|№ ?|No\. ?(?=\d)"), lambda _: "号码"),
    (re.compile(r"号码(\d+)"), lambda m: f"号码{chinese_digits(m[1])}"),
    (re.compile(r"(?<![\w.,)）])[-−](?=\d)"), lambda _: "负"),
    (re.compile(r"(?<![\w.])\.(\d+)"), lambda m: f"零点{chinese_digits(m[1])}"),
    (re.compile(_NUMBER), _number),
    (re.compile(r"(?<=[元块镑])/(?=[\u4e00-\u9fff])"), lambda _: "每"),
    (re.compile(r"(?<=[\u4e00-\u9fff])/(?=[\u4e00-\u9fff])"), lambda _: "或"),
]  # fmt: skip
