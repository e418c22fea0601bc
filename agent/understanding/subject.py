"""What a question is about, for finding an entry: an order's number says which one is meant, not what is asked."""

import re

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,/@$€£¥+-])#?\d{5,10}"
    r"(?![A-Za-z0-9_@/%]|[.,]\d|-\d|\s*(?:usd|dollars?|euros?|pounds?|[元块件米万]))"
)


def subject(question: str) -> str:
    """The question without the numbers of orders; a question that is nothing else stays as it is."""
    bare = " ".join(_NUMBER.sub(" ", question).split())
    return bare if any(map(str.isalpha, bare)) else question
