"""What stands before a number and says what it is: the shop's own numbers stay, others are masked for their name."""

from typing import Literal

Label = Literal["ours", "check", "code", "id", "account", "phone"]
_LOOK_BACK = 60
_SAID: dict[Label, str] = {
    "ours": "order|orders|order id|tracking|parcel|shipment|invoice|receipt|ticket|case|reference|ref|article|product|"
    "product id|item|items|model|sku|part|parts|serial|style|rma|return|ean|barcode|postcode|zip|"
    "订单|单号|运单|快递|物流|"
    "发票|货号|商品|产品|型号|编号|工单|邮编|条码",
    "check": "cvv|cvv2|cvc|cvc2|security code|安全码",
    "code": "pin|otp|passcode|password|verification code|one-time code|one time code|one-time password|"
    "one time password|验证码|密码|口令",
    "id": "ssn|social security|itin|tax id|taxpayer id|national insurance|nino|passport|driver's license|"
    "driver's licence|drivers license|driver license|driving licence|driving license|id card|identity card|national id|"
    "身份证|护照|驾照|驾驶证|证件|社保|通行证",
    "account": "account|acct|routing|sort code|card|银行账号|银行账户|账号|帐号|账户|卡号|银行卡|信用卡",
    "phone": "call|phone|telephone|tel|ring|reach|text|mobile|cell|cellphone|whatsapp|fax|my number|"
    "电话|手机|联系方式|"
    "打给我|致电|座机|微信",
}
_LABELS: dict[str, Label] = {word: label for label, words in _SAID.items() for word in words.split("|")}
_LONGEST_FIRST = tuple(sorted(_LABELS, key=len, reverse=True))
_MARKS = " \t\n:：#=.,，\"'“-"
_LINKS = frozenset("number numbers no nr num code is was are it's its on at me us back please to the and".split())
_CHINESE_LINKS = ("号码", "号", "是", "为", "码")


def label_before(text: str, start: int) -> Label | None:
    """What a number that begins there is called: "order number is", "call me back on", 手机号是."""
    tail = text[max(0, start - _LOOK_BACK) : start].lower().rstrip(_MARKS)
    while tail:
        if tail.endswith(_LONGEST_FIRST) and (label := _label_at_end(tail)):
            return label
        shorter = _without_link(tail)
        if shorter == tail:
            return None
        tail = shorter.rstrip(_MARKS)
    return None


def _label_at_end(tail: str) -> Label | None:
    for word in _LONGEST_FIRST:
        if tail.endswith(word):
            before = tail[-len(word) - 1 : -len(word)]
            if not (word.isascii() and before.isascii() and before.isalpha()):  # no "order" in "border"
                return _LABELS[word]
    return None


def _without_link(tail: str) -> str:
    for link in _CHINESE_LINKS:
        if tail.endswith(link):
            return tail.removesuffix(link)
    word = tail[tail.rfind(" ") + 1 :]
    return tail.removesuffix(word) if word in _LINKS else tail
