"""Recognises what is no question: a greeting, thanks, a goodbye, the wish for a person, an answer to our offer."""

import re
from typing import Literal

Courtesy = Literal["greeting", "thanks", "goodbye", "person", "yes", "no"]

_FILLER = (
    r"(?:\b(?:please|pls|there|dime|everyone|so much|very much|a lot|now|then|ok|okay|great|sure|um|uh|well)\b"
    r"|[\s,.!?;:'’。,!?、~]|[请吧呀啊了哦呢嗯您你们])*"
)
_WHOLE: dict[Courtesy, str] = {
    "greeting": r"hi|hello|hey|good (?:morning|afternoon|evening|day)|hi how are you"
    r"|您好|你好|早上好|下午好|晚上好|在吗|哈喽",
    "thanks": r"thanks|thank you|thx|cheers|many thanks|thanks for your help|谢谢|多谢|感谢|非常感谢|太感谢",
    "goodbye": r"bye|goodbye|bye bye|see you|that is all|that's all|that will be all|no,? that's all|thanks,? bye"
    r"|再见|拜拜|没有别的|没有其他问题|没别的",
    "yes": r"yes|yeah|yep|y|yes i would|yes i do|i would|do that|go ahead|是|是的|好|好的|可以|要|需要|行|对",
    "no": r"no|nope|n|no thanks|no thank|not now|不|不用|不要|不需要|算",
}
_PERSON = re.compile(
    r"\b(?:(?:(?:talk|speak|chat|transfer|escalate|connect|hand)\w*|(?:get|give|put|pass) me)\b.{0,24}\b"
    r"(?:person|human|someone|somebody|agent|representative|rep|colleague|operator|advisor|adviser|manager)"
    r"|(?:real|live|actual) (?:person|human|agent)|human agent|customer service rep\w*)\b"
    r"|^\W*(?:a |an )?(?:human|person|agent|operator|representative|colleague)(?: please)?\W*$"
    r"|(?:转|接|找|要|叫|换).{0,4}(?:人工|真人|客服|专员|经理)|人工(?:客服|服务)|真人客服|^\W*人工\W*$",
    re.IGNORECASE,
)
_COMPILED = {name: re.compile(rf"^{_FILLER}(?:{words}){_FILLER}$", re.IGNORECASE) for name, words in _WHOLE.items()}


def courtesy(text: str) -> Courtesy | None:
    """None for anything that carries a question; the wish for a person is found inside longer messages too."""
    if _PERSON.search(text):
        return "person"
    return next((name for name, pattern in _COMPILED.items() if pattern.match(text)), None)
