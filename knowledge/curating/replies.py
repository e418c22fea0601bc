"""What a colleague's reply says to everybody: without the greeting, the names, the waiting and the good wishes.

Only whole sentences go, and only those that say nothing else: an editor reads every draft, and a word too many is
sooner seen than one that is missing.
"""

import re
from collections.abc import Sequence

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|(?<=[。！？；])\s*")
_NAME = r"(?-i:[A-Z][\w'’-]{1,19}(?: [A-Z][\w'’-]{0,19}\.?)?)"
_GREETING = r"(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day))"
_ADDRESSED = re.compile(
    rf"^{_GREETING}(?: there|,? (?:(?:Mr|Ms|Mrs|Dr)\.? )?{_NAME})?\s*[,!.:]+\s*"
    rf"|^{_NAME}, (?=thank)"
    r"|^(?:亲爱的)?(?:[\u4e00-\u9fff]{1,4}(?:先生|女士|小姐|同学))?[，,\s]*(?:您好|你好|早上好|下午好|晚上好|亲)[呀啊哦]?[，,！!。~～\s]+"
    r"|^[\u4e00-\u9fff]{1,3}(?:先生|女士|小姐)[，,：:]\s*",
    re.IGNORECASE,
)
_EMPTY = re.compile(
    r"^\W*(?:"
    rf"{_GREETING}(?: there)?(?:,? (?:(?:Mr|Ms|Mrs|Dr)\.? )?{_NAME})?"
    rf"|(?:this is|my name is|i am|i'm|you are (?:talking|speaking) (?:to|with)) {_NAME}"
    r"(?:,? (?:here|from|with|at) [\w&' -]{1,40})?(?:,? and .{0,40}(?:help|assist).{0,30})?"
    r"|(?:(?:please |just )?(?:give me )?(?:one|just a|a) (?:moment|minute|second|sec)|hold on|bear with me"
    r"|please (?:wait|hold)(?: on| a moment)?)(?:,? please| while i .{0,40})?"
    r"|(?:ok|okay|sure|alright|of course|certainly|no problem|got it|great|perfect|right|thanks|thank you)"
    r"(?:[,.!]? (?:i'll|i will|let me) (?:\w+ )?(?:check|look|see|find out).{0,60})?"
    r"|(?:i'll|i will|let me) (?:just )?(?:quickly )?(?:check|look|see|find out|ask).{0,60}"
    r"|thank(?:s| you)(?: so much| very much)? for (?:waiting|your patience|contacting|reaching out|your (?:message|"
    r"question|call|enquiry|inquiry)|getting in touch|asking|calling|holding).{0,40}"
    r"|(?:i'm |i am )?sorry (?:for the (?:wait|delay)|to keep you waiting|to hear that).{0,30}"
    r"|(?:(?:is there|do you need|can i help(?: you)? with) )?(?:anything|something) else"
    r"(?: (?:i|we|you|today|for|that)\b.{0,30})?"
    r"|(?:how|what) (?:can|may) (?:i|we) (?:help|do for|assist).{0,40}"
    r"|(?:i )?hope (?:that|this) helps.{0,20}|glad (?:i|we) could help|happy to help|my pleasure"
    r"|you(?:'re| are) (?:very |most )?welcome.{0,30}|take care|see you(?: soon| then)?|(?:good)?bye(?:[ -]bye)?"
    r"|(?:have|enjoy) (?:a (?:nice|good|great|lovely|wonderful|pleasant)|the rest of) .{0,30}"
    r"|(?:(?:best|kind|warm|many)(?: regards| wishes| thanks)?|regards|sincerely|yours(?: \w+)?|cheers|all the best)"
    rf"(?:[,!]?\s*{_NAME})?"
    r"|(?:您好|你好|早上好|下午好|晚上好|亲|嗨|哈喽)[呀啊哦]?"
    r"|(?:我是|这里是|我叫).{0,14}(?:客服|专员|顾问).{0,8}(?:[，,]?.{0,6}为您服务)?|很高兴为您服务"
    r"|(?:请|麻烦)?(?:您)?(?:稍等|稍候|等一下|等我一下)(?:一下|片刻)?(?:[，,]?我.{0,10})?"
    r"|我(?:帮您|给您|来)?(?:先)?(?:查|看|问|核实|确认)(?:一下|下|看|询)?.{0,6}"
    r"|(?:好的|好|嗯+|收到|明白了?|没问题)[呢哦呀]?(?:[，,]?(?:请|麻烦)?(?:您)?(?:稍等|稍候).{0,8})?"
    r"|(?:让|给)?您久等了?.{0,4}|(?:非常)?(?:感谢|谢谢)(?:您|你)?的?(?:耐心)?(?:等待|咨询|来电|联系|理解|支持).{0,6}|谢谢您?|感谢您?"
    r"|(?:请问)?(?:您)?还有(?:什么|其他|别的|其它).{0,16}|(?:请问)?有什么可以帮.{0,8}"
    r"|不(?:用)?客气[呀哦]?(?:[，,](?:祝|愿).{0,14})?|(?:祝|愿)(?:您|你).{0,14}|(?:再见|拜拜)[啦了]?|希望(?:能)?(?:帮到|对)您.{0,8}"
    r"|欢迎(?:您)?(?:再次|随时)(?:咨询|联系|光临|来电).{0,4}"
    r")\W*$",
    re.IGNORECASE,
)
_NODDING = re.compile(
    r"^\W*(?:yes|yeah|yep|no|nope|ok|okay|k|fine|great|cool|perfect|thanks?|thank you|thx|cheers|i see|got it|bye|"
    r"please|是的?|对的?|好的?|行|可以|嗯+|哦+|明白了?|知道了?|谢谢|多谢|在吗|有人吗|不用了?|没有了?|没了)"
    r"(?:[ ,，]*(?:thanks?|thank you|please|谢谢|了|very much|a lot|for your help|so much))*\W*$",
    re.IGNORECASE,
)
_ASKING_BACK = re.compile(r"[?？]\W*$")


def substance(replies: Sequence[str], *, colleague: str | None = None) -> str:
    """What is left of them as one text; nothing where nothing was said. A message that only asks back is no answer."""
    kept = [said for reply in replies if (said := _said(reply, colleague))]
    return "\n".join(dict.fromkeys(kept))


def asks_something(said: str) -> bool:
    """Whether a customer's message is more than a greeting, a thank-you or a yes."""
    sentences = [sentence for line in said.splitlines() for sentence in _sentences(line)]
    return any(re.search(r"\w", s) and not _EMPTY.match(s) and not _NODDING.match(s) for s in sentences)


def _said(reply: str, colleague: str | None) -> str:
    lines = []
    for line in reply.splitlines():
        told = [_addressing_nobody(sentence) for sentence in _sentences(line)]
        lines.append([sentence for sentence in told if sentence and not _is_empty(sentence, colleague)])
    if all(_ASKING_BACK.search(sentence) for line in lines for sentence in line):
        return ""
    return "\n".join(_joined(line) for line in lines if line)


def _sentences(line: str) -> list[str]:
    return [sentence.strip() for sentence in _SENTENCE_END.split(line) if sentence.strip()]


def _joined(sentences: Sequence[str]) -> str:
    text = ""
    for sentence in sentences:
        text += sentence if not text or text[-1] in "。！？；" else f" {sentence}"
    return text


def _addressing_nobody(sentence: str) -> str:
    rest = _ADDRESSED.sub("", sentence, count=1)
    return rest if rest == sentence else rest[:1].upper() + rest[1:]


def _is_empty(sentence: str, colleague: str | None) -> bool:
    signed = sentence.strip(" -–—~～,，.。!！").casefold()
    return not signed or signed == (colleague or "").casefold() or bool(_EMPTY.match(sentence))
