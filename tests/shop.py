"""A small furniture shop's FAQ, in two languages, for the tests of finding and judging."""

from knowledge.entry import Entry

_TOPICS = {
    "returns": ("How long can I return a sofa?", "sofa return period|return my sofa|days to return furniture"),
    "delivery": ("How much does delivery cost?", "delivery price|what do you charge for delivery|delivery fee"),
    "assembly": ("Do you assemble the bed for me?", "bed assembly|put my bed together|assemble furniture at home"),
    "warranty": (
        "How long is the mattress warranty?",
        "mattress warranty years|warranty on mattresses|warranty length",
    ),
    "payment": ("Can I pay with a credit card?", "credit card payment|pay by card|which cards can I pay with"),
    "hours": ("When is the store open?", "store opening hours|open on Sunday|closing time of the store"),
    "care": ("How do I clean a leather chair?", "leather chair cleaning|clean leather|care of leather chairs"),
    "account": ("How do I reset my password?", "forgot my password|password reset|change account password"),
}
_CHINESE = {
    "returns": ("沙发多久可以退货？", "沙发退货期限|退沙发|家具退货几天内"),
    "delivery": ("送货费多少钱？", "运费多少|配送费用|送货怎么收费"),
    "hours": ("门店几点开门？", "营业时间|周日开门吗|门店几点关门"),
}


def entry(topic: str, lang: str, question: str, variants: str) -> Entry:
    answer = f"{topic}: {question}" if lang == "en" else f"{question}答案"
    return Entry(id=topic, question=question, answer=answer, variants=tuple(variants.split("|")), lang=lang)


ENGLISH = [entry(topic, "en", *texts) for topic, texts in _TOPICS.items()]
CHINESE = [entry(topic, "zh", *texts) for topic, texts in _CHINESE.items()]
SHOP = [*ENGLISH, *CHINESE]
