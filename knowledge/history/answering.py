"""What today's knowledge would do with past questions: the entry it finds for each, and whether it would be said."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Literal

from knowledge.entry import Entry
from knowledge.history.contact_rows import ContactRow
from knowledge.history.sampling import Sample
from knowledge.matching.retriever import Retriever

Decision = Literal["answer", "model", "handoff"]
Decide = Callable[[ContactRow, list[float]], Decision]
"""What the router does with a contact's question and the confidences of the entries found, best first."""


@dataclass(frozen=True)
class Found:
    contact: ContactRow
    entry: Entry | None
    """The one that comes nearest, whether it would be said or not."""
    confidence: float
    decision: Decision

    @property
    def is_answered(self) -> bool:
        return self.decision == "answer"


def find(sample: Sample, retriever: Retriever, *, decide: Decide, today: date) -> list[Found]:
    """In the order of the sample. Blocks."""
    questions = [row.question for row in sample.contacts]
    found = list[Found]()
    ranked = retriever.rank(questions, sample.vectors, today=today) if questions else []
    for row, matches in zip(sample.contacts, ranked, strict=True):
        sayable = [match for match in matches if match.entry.answer]
        confidences = [match.confidence for match in sayable]
        best = sayable[0].entry if sayable else None
        found.append(Found(row, best, confidences[0] if confidences else 0.0, decide(row, confidences)))
    return found
