"""What Dime says of its own while it asks for a condition or leads through a guide, and the choices it offers."""

from typing import Literal

LeadWord = Literal[
    "next", "done", "not_helped", "go_on", "stop", "other", "something_else", "do_you_mean", "do_you_mean_this",
    "do_you_mean_any", "or_one_of_these", "which",
    "unclear", "also_unsure", "go_on_offer", "guide_done", "guide_stopped", "you_can_say", "or", "comma",
]  # fmt: skip

_WORDS: dict[LeadWord, dict[str, str]] = {
    "next": {"en": "Next", "zh": "下一步"},
    "done": {"en": "All done", "zh": "全部完成"},
    "not_helped": {"en": "It didn't help", "zh": "没有解决"},
    "go_on": {"en": "Continue", "zh": "继续"},
    "stop": {"en": "Stop", "zh": "停止"},
    "other": {"en": "Other", "zh": "其他"},
    "something_else": {"en": "Something else", "zh": "都不是"},
    "do_you_mean_this": {"en": "I am not quite sure: do you mean this?", "zh": "我不太确定，您问的是这个吗？"},
    "do_you_mean": {"en": "I want to be sure: which of these do you mean?", "zh": "我想确认一下，您问的是哪一个？"},
    "do_you_mean_any": {
        "en": "I may not know the answer to that. Is it one of these?",
        "zh": "这个问题我不一定知道答案。您问的是下面的哪一个？",
    },
    "or_one_of_these": {"en": "Or is it one of these?", "zh": "或者，您问的是下面的哪一个？"},
    "which": {"en": "That depends on the {}. Which one is it?", "zh": "这取决于{}。请问是哪一种？"},
    "also_unsure": {
        "en": "I have no sure answer to “{}”; a colleague can help with that.",
        "zh": "关于“{}”，我没有确定的答案，可以请同事帮您。",
    },
    "unclear": {"en": "I'm sorry, I did not understand that.", "zh": "抱歉，我没有明白。"},
    "go_on_offer": {"en": "Shall we go on where we stopped?", "zh": "要继续刚才的步骤吗？"},
    "guide_done": {
        "en": "I am glad that worked. Is there anything else?",
        "zh": "很高兴解决了。还有什么可以帮您的吗？",
    },
    "guide_stopped": {
        "en": "All right, we stop here. Say continue whenever you want to go on.",
        "zh": "好的，先到这里。想继续时说“继续”就可以。",
    },
    "you_can_say": {"en": "You can say: {}.", "zh": "您可以说：{}。"},
    "or": {"en": " or ", "zh": "或"},
    "comma": {"en": ", ", "zh": "、"},
}  # fmt: skip


def lead_word(name: LeadWord, *, lang: str) -> str:
    return _WORDS[name].get(lang) or _WORDS[name]["en"]


def spoken_choices(choices: tuple[str, ...], *, lang: str) -> str:
    """For the ear, which sees no buttons."""
    if not choices:
        return ""
    *most, last = choices
    listed = lead_word("comma", lang=lang).join(most) + lead_word("or", lang=lang) + last if most else last
    return lead_word("you_can_say", lang=lang).format(listed)
