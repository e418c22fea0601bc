"""A search laid open, for the command line and the API: what was found, why, and what the router makes of it."""

from pydantic import BaseModel

from agent.costs import threshold
from agent.reasons import Lang, close_entries, close_reason, reasons
from agent.understanding.language import language_of
from knowledge.matching.explanation import Explanation, explain
from knowledge.matching.retriever import Match
from web.services import Services

FOUND = 5


class WordOut(BaseModel):
    word: str
    rarity: float
    in_phrasing: bool
    in_answer: bool


class MatchOut(BaseModel):
    id: str
    lang: str
    question: str
    confidence: float
    score: float
    signals: dict[str, float]
    phrasing: str
    """The way of asking that came nearest."""
    words: list[WordOut]
    reason: str
    """Why it is answered, or is not."""


class CloseOut(BaseModel):
    entries: list[str]
    reason: str


class Explained(BaseModel):
    question: str
    threshold: float
    """From this confidence on an answer costs less than a colleague."""
    matches: list[MatchOut]
    close: CloseOut | None
    """Two entries between which a question back would decide."""


def search_explained(services: Services, question: str, *, lang: str | None = None) -> Explained:
    """Blocking. `lang` prefers entries in it; the sentences are Chinese for a Chinese question, else English."""
    matches = services.index.current().search(question, lang=lang, limit=FOUND)
    costs = services.costs("chat")
    told: Lang = "zh" if (lang or language_of(question)) == "zh" else "en"
    rarity = services.rarities.current()
    said = reasons(matches, costs=costs, lang=told)
    pair = close_entries(matches, costs=costs)
    return Explained(
        question=question,
        threshold=round(threshold(costs), 4),
        matches=[
            _match_out(match, explain(question, match, rarity=rarity), reason)
            for match, reason in zip(matches, said, strict=True)
        ],
        close=CloseOut(entries=[match.entry.id for match in pair], reason=close_reason(pair, lang=told))
        if pair
        else None,
    )


def _match_out(match: Match, why: Explanation, reason: str) -> MatchOut:
    return MatchOut(
        id=match.entry.id,
        lang=match.entry.lang,
        question=match.entry.question,
        confidence=round(match.confidence, 4),
        score=round(match.score, 4),
        signals={name: round(value, 4) for name, value in match.signals.items()},
        phrasing=why.phrasing,
        words=[WordOut(**{**vars(word), "rarity": round(word.rarity, 2)}) for word in why.words],
        reason=reason,
    )
