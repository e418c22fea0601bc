"""A telephone number's digits as people say them ("five oh three, double five", 「幺三八」) or write them."""

import re

from knowledge.privacy.digits import runs
from knowledge.privacy.folding import folded


def digits_in(text: str) -> str:
    """Only the digits, with a leading + where one was written or said."""
    plain = folded(text)
    number = "".join(run.digits for run in runs(plain, at_least=1))
    plus = "+" if re.search(r"\+\s*\d|^\W*plus\b", plain, re.IGNORECASE) else ""
    return plus + number if number else ""
