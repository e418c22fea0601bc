"""A passage as evidence: its statements with their figures, words, denials and conditions, read once."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from agent.grounding.orders import is_order
from knowledge.facts.claim import Claim
from knowledge.facts.conditions import Condition, conditions
from knowledge.facts.figures import figures
from knowledge.facts.polarity import Verdict, denials, verdict
from knowledge.facts.statements import parts, plain, sentences, statements
from knowledge.facts.words import is_among, pairs, stems


@dataclass(frozen=True)
class Statement:
    text: str
    """Without the yes or no it began with."""

    @cached_property
    def figures(self) -> tuple[Claim, ...]:
        return figures(self.text)

    @cached_property
    def stems(self) -> frozenset[str]:
        return stems(self.text)

    @cached_property
    def pairs(self) -> frozenset[str]:
        return pairs(self.text)

    @cached_property
    def conditions(self) -> list[Condition]:
        return conditions(self.text)

    @cached_property
    def denials(self) -> int:
        return denials(self.text)

    @cached_property
    def marks(self) -> frozenset[object]:
        """Its words and figures: what makes two statements alike."""
        return self.stems | frozenset(claim for claim in self.figures if not claim.is_loose)

    def likeness(self, other: "Statement") -> float:
        """From 0 to 1; figures and words weigh the same, glue and denials nothing."""
        shared = sum(
            mark in other.marks or (isinstance(mark, str) and is_among(mark, other.stems)) for mark in self.marks
        )
        return 2 * shared / max(len(self.marks) + len(other.marks), 1)

    @cached_property
    def parts(self) -> list["Statement"]:
        return [Statement(part) for part in parts(self.text)]


@dataclass(frozen=True)
class Passage:
    """What the model was shown of one entry."""

    question: str
    answer: str

    @cached_property
    def verdict(self) -> Verdict | None:
        return verdict(plain(self.answer))[0]

    @cached_property
    def topic(self) -> Statement:
        return Statement(plain(self.question))

    @cached_property
    def statements(self) -> list[Statement]:
        """Orders to a machine are no evidence; what a table or a list holds is one statement a line."""
        found = []
        for sentence in sentences(plain(self.answer)):
            if not is_order(sentence):
                found += [Statement(verdict(cut)[1] or cut) for cut in statements(sentence)]
        return found

    @cached_property
    def text(self) -> str:
        return f"{self.question}\n" + "\n".join(statement.text for statement in self.statements)


@lru_cache(maxsize=256)
def passage(question: str, answer: str) -> Passage:
    return Passage(question, answer)


def passages(shown: Sequence[tuple[str, str]]) -> list[Passage]:
    return [passage(question, answer) for question, answer in shown]
