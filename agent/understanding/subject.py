"""What a question is about, for finding an entry: an order's number says which one is meant, not what is asked."""

import re

from knowledge.spoken_numbers import written

_NUMBER = re.compile(
    r"(?<![A-Za-z0-9_.,/@$€£¥+-])#?\d{5,10}"
    r"(?![A-Za-z0-9_@/%]|[.,]\d|-\d|\s*(?:usd|dollars?|euros?|pounds?|[元块件米万]))"
)


def subject(question: str) -> str:
    """The question without the numbers of orders; a question that is nothing else stays as it is."""
    said = written(question)
    bare = " ".join(_NUMBER.sub(" ", said).split())
    if bare == " ".join(said.split()):
        return question
    return bare if any(map(str.isalpha, bare)) else question
