"""Finds passages that speak to a language model and not to a customer: a page somebody else wrote may give orders.

What such a passage says counts as evidence for the guard, so a model must not be shown it. Told word for word by an
editor's choice it does no harm; a false alarm costs one passage. It knows common wordings only: what a passage states
as a fact is knowledge, and whoever may write the knowledge must be trusted.
"""

import re

from agent.understanding.cleaning import undisguised

_MACHINE = r"(?:chat ?bots?|bots?|ais?|(?:ai|virtual|automated) \w+|language models?|llms?|assistant)"
_RULES = r"(?:instructions?|directives?|rules?|prompts?|guidelines)"
_ENGLISH = (
    rf"\b(?:ignor|disregard|forget|overrid|bypass)\w*\b.{{0,40}}\b(?:{_RULES}|passages|question|prior|above)\b",
    rf"\b(?:previous|prior|earlier|other) {_RULES}\b.{{0,20}}\b(?:cancel|no longer|void|invalid|never)",
    rf"\b{_RULES} above\b|\bnew (?:system )?rules?\b.{{0,3}}:",
    r"\b(?:system prompt|(?:developer|admin|god|dan) mode|jailbreak)\b",
    r"(?:^|[\n.\]>])\W*(?:new )?(?:system|assistant|human|developer)(?: message| rule| prompt)?\W*:|\bassistant\s?[:,]",
    rf"\b(?:the )?{_MACHINE},? (?:must|should|has to|have to|needs? to|will now|reading this)\b",
    rf"\b(?:must|should|shall) the {_MACHINE}\b|\b(?:dear|attention|hey) {_MACHINE}\b",
    rf"\b(?:to|for) (?:the |any |all )?{_MACHINE}\s*:|\b(?:note|message) (?:to|for) (?:the |any |all )?{_MACHINE}\b",
    r"\b(?:replies|answers|responses) must (?:end|begin|start|include|contain)\b|\binstead of answering\b",
    r"\byou (?:must|will) now (?:act|obey|follow)\b|\byou are now (?:an? )?(?:ai|bot|dan|assistant)\b",
    r"\bwhen you read this\b|\bpretend (?:that|to be|you)\b",
    r"\b(?:do not|don't|never) use the other (?:passages|entries|sources)\b",
)
_CHINESE = (
    r"(?:忽略|无视|忘记|忘掉|不要理会|绕过|跳过).{0,15}(?:指令|规则|提示|问题|设定|限制)",
    r"(?:以上|上面|之前)的?(?:指令|规则|内容|设定).{0,6}(?:测试|作废|无效|取消)",
    r"系统提示词|(?:管理员|开发者|越狱)模式|读到这里|看到这段|不要使用其他内容",
    r"(?:^|[\n。\]>])\W*(?:系统|助手|新规则|新指令)\W{0,2}[::]",
    r"(?:助手|机器人|模型|ai)(?:必须|应该|应当|需要|请|[,,::])|致.{0,4}(?:机器人|助手|模型)",
    r"你现在(?:是|处于|扮演)|从现在起,?你|请你扮演",
)
_MARKS = (
    r"<\|?\s*/?\s*(?:im_start|im_end|system|instructions?|context|passages?|script|iframe|object|embed)\b|<!--",
    r"\bon(?:error|load|click|focus)\s*=|\[/?inst\]",
    r"[\U000e0020-\U000e007f]",
)
_TO_A_MODEL = re.compile("|".join((*_ENGLISH, *_CHINESE, *_MARKS)), re.IGNORECASE)


def speaks_to_a_model(text: str) -> bool:
    return bool(_TO_A_MODEL.search(undisguised(text)))
