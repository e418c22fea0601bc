"""What stands before a number and says what it is: the shop's own numbers stay, others are masked for their name."""

import re
from typing import Literal

Label = Literal["ours", "check", "code", "id", "account", "phone"]
_LOOK_BACK = 60
_WORDS: dict[Label, str] = {
    "ours": r"\b(?:order|tracking|parcel|shipment|invoice|receipt|ticket|case|reference|ref|article|product|item|model|sku|"
    r"part|serial|style|rma|return|ean|barcode|postcode|zip)s?(?: id)?|订单|单号|运单|快递|物流|发票|货号|商品|产品|型号|"
    "编号|工单|邮编|条码",
    "check": r"\bcv[vc]2?|\bsecurity code|安全码",
    "code": r"\b(?:pin|otp|passcode|password|verification code|one[- ]time (?:code|password))|验证码|密码|口令",
    "id": r"\b(?:ssn|social security|itin|tax id|taxpayer id|national insurance|nino|passport|driver'?s'? licen[cs]e|"
    r"driving licen[cs]e|id card|identity card|national id)|身份证|护照|驾照|驾驶证|证件|社保|通行证",
    "account": r"\b(?:account|acct|routing|sort code|card)|银行账号|银行账户|账号|帐号|账户|卡号|银行卡|信用卡",
    "phone": r"\b(?:call|phone|telephone|tel|ring|reach|text|mobile|cell|cellphone|whatsapp|fax|my number)|"
    "电话|手机|联系方式|打给我|致电|座机|微信",
}
_LABEL = re.compile(
    f"(?:{'|'.join(f'(?P<{label}>{words})' for label, words in _WORDS.items())})"
    r"(?:[\s:：#=.,，\"'“-]|\b(?:numbers?|no|nr|num|code|is|was|are|it's|its|on|at|me|us|back|please|to|the|and)\b"
    "|号码|号|是|为|码)*$",
    re.IGNORECASE,
)


def label_before(text: str, start: int) -> Label | None:
    """What a number that begins there is called."""
    found = _LABEL.search(text, max(0, start - _LOOK_BACK), start)
    return next((label for label in _WORDS if found[label]), None) if found else None
