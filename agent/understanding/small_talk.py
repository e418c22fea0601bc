"""Recognises what people say to somebody rather than ask of a shop: the weather, a joke, a favourite colour, love.

By what it is about and to whom it is said, not by whole sentences: "do you like pizza" is no other than "… cats". What
is liked may be for sale, so it is told apart: whoever knows the company's words judges it.
"""

import re

from agent.understanding.parts import parts
from agent.understanding.words import EMPTY

LONGEST = 70
_MOST_OPEN_WORDS = 5
_MOST_OPEN_CHARACTERS = 8
_LEAD = (
    r"^(?:(?:so|and|but|hey|hi|hello|ok|okay|lol|haha|well|oh|by the way|btw|just curious|(?:can|could) you|please)"
    r"\W+)*"
)
_OPEN = re.compile(
    _LEAD + r"(?:do you (?:really |ever |also )?(?:like|love|hate|enjoy|believe|dream|eat|drink|feel|think about|watch"
    r"|have a favou?rite|know (?:any|a) (?:good )?(?:jokes?|songs?|poems?|stor(?:y|ies)))"
    r"|(?:what|which|who)(?:'?s| is| are)? your (?:\w+ )?favou?rite(?: colou?rs?| food| animal)?"
    r"|tell (?:me|us) (?:a|another|some) (?:\w+ )?(?:joke|story|poem|secret|riddle)s?|sing"
    r"|write (?:me )?a (?:poem|song)"
    r"|i(?:'m| am) (?:so )?(?:bored|lonely|tired(?! of)|sleepy|in love)|(?:the )?weather (?:is|today)"
    r"|(?:how|what)(?:'s| is) the weather|will it (?:rain|snow)|who (?:won|is winning) (?:the|last))\b",
    re.IGNORECASE,
)
"""What may be followed by a thing; so may the Chinese below."""
_CLOSED = re.compile(
    _LEAD + r"(?:do you (?:really |ever |also )?(?:sleep|(?:like|love|hate) (?:cats?|dogs?|animals|people|me)"
    r"|get (?:tired|bored|lonely|angry|sad)"
    r"|have (?:feelings|friends|hobbies|kids|children"
    r"|a (?:\w+ )?(?:family|dog|cat|pet|boyfriend|girlfriend|wife|husband|soul|brain|heart|hobby)))"
    r"|what(?:'s| is) your (?:age|sign|hobby|dream)|how old are you|where (?:do you live|are you from|were you born)"
    r"|who (?:made|created|built|invented) you"
    r"|are you (?:happy|sad|tired|bored|single|married|alive|conscious|smart|funny|hungry|lonely|in love"
    r"|a (?:man|woman|boy|girl)(?: or a (?:man|woman|boy|girl))?)"
    r"|make me laugh|(?:say|tell me) something (?:nice|funny)|will you marry me|marry me"
    r"|i (?:really )?(?:love|like|adore|miss) you|(?:what )?(?:a )?(?:nice|lovely|great|terrible|awful|beautiful|bad)"
    r" (?:weather|day)|it(?:'s| is) (?:so )?(?:hot|cold|raining|snowing|sunny|windy)"
    r"|(?:happy|merry) (?:birthday|christmas|new year|easter|holidays|friday|weekend|thanksgiving)"
    r"|you(?:'re| are) (?:so |very |really )?(?:funny|cute|smart|clever|sweet|nice|kind|awesome|great|cool|the best"
    r"|amazing)|what(?:'s| is) the meaning of life|guess what|long time no see"
    r"|nice (?:to meet|talking to|chatting with) you|what are you (?:doing|up to)|(?:are we|can we be) friends"
    r"|did you (?:sleep|have a (?:good|nice) (?:day|night|evening|weekend|morning|sleep|time|holiday|christmas)))"
    r"(?:\W+(?:today|tonight|tomorrow|now|right now|then|too|really|here|there|outside|again|lol|haha|man|buddy|dime"
    r"|bot|so much|very much|yourself|anyway|mate|well|ok|good|at night|at all|or not|or what|originally|you know"
    r"|this (?:weekend|evening|morning)|to (?:you|all|everyone)|isn'?t it|and why))*\W*$",
    re.IGNORECASE,
)
_ZH_LEAD = r"^(?:哈哈|那|对了|嗨|你好|再|给我|跟我|请|能|可以|会)*[,,!。]?"
_ZH_OPEN = re.compile(_ZH_LEAD + r"你(?:也|最|很|真)*(?:喜欢|爱|讨厌|相信)")
_ZH_CLOSED = re.compile(
    _ZH_LEAD + r"(?:你(?:也|最|很)?(?:喜欢|爱|讨厌)(?:猫|狗|猫咪|狗狗|小?动物|我)"
    r"|你(?:今年|现在|今天|平时)?(?:几岁|多大(?:年纪)?|住哪里?|住在哪里?|是哪里人|来自哪里?"
    r"|有(?:没有)?(?:男|女)朋友|结婚|单身|会不?会?(?:做梦|唱歌|累|无聊|睡觉)|吃饭|睡觉|累不累|累|开心|快乐"
    r"|在(?:干嘛|干什么|做什么|干啥))|(?:讲|说|来)(?:个|一个|点)(?:笑话|故事|段子|有趣的)(?:听听|给我听)?"
    r"|唱(?:首|个)歌(?:听听|给我听)?|我(?:好|很|太|有点)?(?:无聊|孤单|寂寞|困)|我(?:好|很)?(?:爱|喜欢|想)你|嫁给我"
    r"|(?:今天|明天|外面|这里|这)?的?天气(?:真|很|好|太|挺|还|非常)*(?:怎么样|怎样|如何|不错|好|差|糟|热|冷|美|舒服)*"
    r"|今天(?:好|真)(?:热|冷|美|蓝)|(?:生日|新年|圣诞|节日|中秋|周末)(?:节)?快乐"
    r"|你(?:真|好|太|很)(?:可爱|聪明|有趣|幽默|厉害|搞笑|贴心|好)|是?谁(?:发明|创造|开发|制造)(?:了|的|出)?你(?:的)?"
    r"|很?高兴认识你|人生的意义(?:是什么|何在|在哪里?)?)[吗呢吧啊呀哦了啦嘛的呗么哈]*\W*$"
)
_OURS = re.compile(r"\b(?:my|our|your|yours)\b|[我你您](?:们|家|的|司)", re.IGNORECASE)
_SIGNS = re.compile(r"[^\w'’-]+")
_LATIN = re.compile(r"[A-Za-z0-9'’-]+")
_EMPTY_HAN = re.compile(
    "|".join(sorted((word for word in EMPTY if not word.isascii()), key=len, reverse=True))
    + "|[哪张款个种只条件样一过]"
)
"""Function words, and what things are counted with."""


def small_talk(text: str) -> str | None:
    """The things it names ("pizza", 灰色沙发); None where it is no small talk."""
    said = text.strip()
    if len(said) > LONGEST or len(parts(said)) > 1:
        return None
    if _CLOSED.match(said) or _ZH_CLOSED.match(said):
        return ""
    if found := _OPEN.match(said):
        about = said[found.end() :]
        is_short = len(about.split()) <= _MOST_OPEN_WORDS
    elif found := _ZH_OPEN.match(said):
        about = said[found.end() :]
        is_short = len(_SIGNS.sub("", about)) <= _MOST_OPEN_CHARACTERS
    else:
        return None
    return _named(about) if is_short and not _OURS.search(about) else None


def _named(about: str) -> str:
    words = _LATIN.sub(lambda word: "" if word[0].casefold() in EMPTY else word[0], about)
    return " ".join(_SIGNS.sub(" ", _EMPTY_HAN.sub(" ", words)).split())
