"""The words that tell a mood, English and Chinese, each pattern with how strongly it does (1 hints, 3 is plain)."""

import re
from typing import Literal

Feeling = Literal["anger", "upset", "worry", "pleasure"]

_ENGLISH: dict[Feeling, dict[float, str]] = {
    "anger": {
        3.0: r"furious|livid|fuming|outraged?|enraged|pissed(?: off)?|fed up|sick (?:and tired )?of|had enough"
        r"|f+u+c+k\w*|wtf|bull ?shit|piece of (?:shit|crap|junk)|idiots?|morons?|stupid"
        r"|incompetent|useless|liars?|scam"
        r"|scammers?|thieves|crooks?|rip[- ]?off|disgrace(?:ful)?|outrageous|disgust(?:ing|ed)"
        r"|(?:see you in|take you to) court|sue (?:you|your|this)|(?:my|a) (?:lawyer|attorney|solicitor) will",
        2.0: r"angry|mad at|unacceptable|ridiculous|pathetic|appalling|(?:is|are|'s|'re) (?:just |such )?a joke|worst"
        r"|garbage(?! (?:can|bin|bag|disposal))"
        r"|rubbish(?! bin)|shit|crap|damn(?:ed)?"
        r"|hate (?:you|this|your|dealing)|hell is|shut up|waste of (?:time|money)|wasting my time|nonsense"
        r"|(?:file|make|lodge|filing) an? (?:official |formal )?complaint|how dare",
    },
    "upset": {
        2.0: r"terrible|awful|horrible|dreadful|frustrat(?:ed|ing)|disappoint(?:ed|ing|ment)|annoy(?:ed|ing)|upset"
        r"|unhappy|dissatisfied|let down|complain(?:ing|ed)?"
        r"|complaint(?! (?:procedure|process|form|policy|number|line|department))"
        r"|ignor(?:ed|ing)|(?:this is|for) the (?:second|third|fourth|fifth) time"
        r"|(?:third|fourth|fifth) time i(?:'m|m| am| have|'ve)"
        r"|(?:two|three|four|five|\d) times (?:already|now)"
        r"|no ?(?:body|one) (?:ever )?(?:answers|replies|cares|helps|bothers|responds"
        r"|(?:gets|calls|writes) back)",
        1.0: r"still (?:not|no|hasn't|haven't|isn't|doesn't|waiting|nothing|broken)|yet again"
        r"|once again|keeps? (?:breaking|failing)"
        r"|(?:for|been) (?:weeks|ages|months)|poor (?:service|quality)|bad (?:service|experience)"
        r"|really bad|not (?:good|fair)|unfair"
        r"|(?:makes?|making) no sense",
    },
    "worry": {
        1.0: r"worr(?:y|ied|ying)|afraid|anxious|nervous|concern(?:ed|ing)|scared|panick?(?:ing|ed)?"
        r"|desperate(?:ly)?|urgent(?:ly)?"
        r"|asap|emergency|please help|i hope (?:it|this|you|nothing|they|my)|will i lose"
        r"|is it safe|am i going to lose",
    },
    "pleasure": {
        1.0: r"great|thank you so much|thanks a lot|perfect|wonderful|excellent|awesome|amazing"
        r"|lovely|fantastic|brilliant"
        r"|love (?:it|this|the|my|your)|happy|pleased|glad|delighted|satisfied|very helpful|so helpful|appreciate",
    },
}
_CHINESE: dict[Feeling, dict[float, str]] = {
    "anger": {
        3.0: r"气死|气炸|火大|愤怒|恼火|忍无可忍|受够了|骗子|骗人|骗钱|坑人|坑爹|垃圾(?!桶"
        r"|袋|箱|邮件|分类|处理)|废物|傻[逼bB×x叉]"
        r"|白痴|智障|他妈|妈的|滚(?!筒|动|轮|刷|烫|边)|无耻|恶心"
        r"|起诉|(?:去|要|找)?(?:消协|12315|工商)|曝光你们|什么破|什么(?:烂|狗屁|鬼)",
        2.0: r"生气|太(?:差|烂|过分|离谱)|差劲|过分|离谱"
        r"|(?<!怎么)(?<!如何)(?<!在哪)(?<!哪里)投诉(?!电话|热线|渠道|流程|方式|邮箱|在哪)"
        r"|最差|差评|烂透|浪费(?:我的?)?时间|敷衍|耍我|玩我|忽悠|当我是傻|岂有此理|不可理喻",
    },
    "upset": {
        2.0: r"失望|不满意?|郁闷|糟糕|糟透|无语|心烦|烦死|烦人|难受|委屈|没人(?:理|管|回|接|回复|处理)"
        r"|不理我|(?:是|都|已经)第[二三四五2345]次|[两三四五好]几?次了"
        r"|说了多少遍|问了(?:好几|多少)[遍次]",
        1.0: r"还没(?:到|收到|发货?|退|解决|处理|修好?)|还是(?:不行|没|坏)|又(?:坏|没|错|迟)了?"
        r"|一直(?:没|不)|不公平|服务不好|质量(?:差|不好)",
    },
    "worry": {
        1.0: r"担心|着急|很急|急用|急死|好急|焦虑|害怕|紧张|可怎么办|怎么办[啊呀!！]"
        r"|会不会(?:丢|坏|赔|损)"
        r"|不会(?:丢|坏)(?:了)?吧|求助|拜托|紧急|加急|安全吗",
    },
    "pleasure": {
        1.0: r"太好了|太棒|真棒|很棒|非常好|很好|完美|(?<!不)满意|开心|高兴|喜欢|谢谢你?们?的?帮助"
        r"|好评|点赞|厉害|给力|赞",
    },
}
_SARCASM = (
    r"thanks for nothing|great[,.]? just great|(?:well|oh),? (?:great|wonderful|brilliant|fantastic|perfect)\b"
    r"|(?:nice|great|good) job,? (?:losing|breaking|ignoring|forgetting)"
    r"|what a (?:great|wonderful|fantastic) (?:service|company) (?:that|which|who)"
    r"|(?:great|wonderful|fantastic|amazing|excellent) (?:service|job)[,.!]+ "
    r".{0,40}\b(?:not|never|nothing|late|broken|wrong|weeks)\b"
    r"|yeah,? right|呵呵|你们可真(?:行|会|能)|真是(?:谢谢|服了)你们|服了你们|好一个"
    r"|真(?:行|厉害)啊[,,]?(?:又|还|居然)"
)
AMPLIFIER = re.compile(
    r"\b(?:very|so|really|extremely|absolutely|totally|completely|utterly"
    r"|such an?|incredibly|beyond|bloody|fucking)\W+$"
    r"|(?:太|非常|真的?|很|特别|极其|简直|超级?|实在)\s*$",
    re.IGNORECASE,
)
NEGATION = re.compile(
    r"\b(?:not|no|never|isn't|is not|aren't|wasn't|don't|do not|didn't"
    r"|am not|i'm not|cannot be|can't be|nothing|without|hardly)"
    r"(?:\W+(?:\w+'?\w*)){0,2}\W+$"
    r"|(?:不是?|没有?|并不|并没有?|没什么|没啥|别|不会|不用|不必|毫不|从不)(?:很|太|那么|特别|非常|怎么|在|要|想|因为|觉得|感到)?\s*$",
    re.IGNORECASE,
)


def _compiled(words: dict[Feeling, dict[float, str]], *, frame: str) -> list[tuple[Feeling, float, re.Pattern[str]]]:
    return [
        (feeling, weight, re.compile(frame.format(pattern), re.IGNORECASE))
        for feeling, by_weight in words.items()
        for weight, pattern in by_weight.items()
    ]


CUES = [*_compiled(_ENGLISH, frame=r"(?<![\w'])(?:{})(?!\w)"), *_compiled(_CHINESE, frame="(?:{})")]
SARCASM = re.compile(_SARCASM, re.IGNORECASE)
EMPHASIS = re.compile(r"[!！]{2,}|[!！?？]{3,}|[?？][!！]|[!！][?？]")
"""One mark is a habit; several are none."""
