"""Whether a model's yes or no is the passage's own answer to what was asked."""

from collections.abc import Sequence

from agent.grounding.evidence import Passage, Statement
from agent.grounding.figured import admits, carries
from knowledge.facts.claim import Claim
from knowledge.facts.polarity import denies
from knowledge.facts.statements import parts, plain, statements
from knowledge.facts.words import is_among, matter, mentioned

ASKED_SHARE = 2 / 3
"""Of what a yes or no was asked about, more than this must be known to the passage."""


def holds(said: str, rest: str, *, question: str, passage: Passage) -> bool:
    """`said` is yes or no, `rest` what the sentence goes on with. It holds when the passage begins with it, or when the
    rest says so by itself; in both cases only for a question whose matter, figures and denials are the passage's."""
    asked = Statement(plain(question))
    if passage.verdict:
        is_turned = bool(question) and asked.denials % 2 != passage.topic.denials % 2
        known = [*passage.topic.figures, *(f for statement in passage.statements for f in statement.figures)]
        is_asked = _is_about(plain(question), passage) and all(_is_asked(f, known) for f in asked.figures)
        return said == passage.verdict and not is_turned and is_asked
    own = Statement(rest)
    if not rest or not question or asked.denials:
        return False
    shared = [word for word in asked.stems if is_among(word, own.stems)]
    speaks_of_it = 2 * len(shared) >= len(asked.stems) and all(_is_asked(f, own.figures) for f in asked.figures)
    first = next((part for cut in statements(rest) for part in parts(cut)), rest)
    return speaks_of_it and (said == "no") == denies(first)


def _is_about(question: str, passage: Passage) -> bool:
    asked, known = matter(question), mentioned(passage.text)
    return not asked or sum(is_among(word, known) for word in asked) > ASKED_SHARE * len(asked)


def _is_asked(figure: Claim, known: Sequence[Claim]) -> bool:
    """Whether a figure of the customer's is one of the passage's; a Saturday is of the weekend."""
    if figure.value == "weekend":
        return any(claim.kind == "weekday" and claim.value in ("weekend", 6, 7) for claim in known)
    return figure.is_loose or any(carries(claim, figure) or admits(claim, figure) for claim in known)
