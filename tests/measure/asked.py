"""What became of the questions of tests/data/asked.csv: the figures by topic, and what is worst, to tune confidence by.

A hand has read each answer: one from another entry may answer the question, one from the right entry may not.
"""

import csv
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from agent.costs import Costs
from agent.router import route
from knowledge.matching.retriever import Match, Retriever

DATA = Path(__file__).parents[1] / "data"
GRADES = ("right", "wrong", "missed", "refused")
"""Missed: refused although there is an answer. Refused: rightly, there is none."""
REASONS = ("wording", "close", "script", "typos", "story", "inference")
"""Why a question was missed: its wording; two entries close; traditional characters; typing errors; the story around
it; a fact that no phrasing states. A note begins with one of them."""


@dataclass(frozen=True)
class Asked:
    query: str
    expected: str
    lang: str
    topic: str
    matches: list[Match]
    is_answered: bool

    @property
    def found(self) -> str:
        return self.matches[0].entry.id

    @property
    def grade(self) -> str:
        """Without reading the answer."""
        if self.is_answered:
            return "right" if self.found == self.expected else "wrong"
        return "missed" if self.expected else "refused"

    @property
    def line(self) -> str:
        first, second = (f"{match.entry.id} {match.confidence:.2f}" for match in self.matches[:2])
        return f"  {first}, {second}  {self.query}"


def table(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def measure_asked(retriever: Retriever, *, costs: Costs) -> None:
    asked = [_ask(retriever, row, costs=costs) for row in table("asked.csv")]
    graded = table("asked_graded.csv")
    print(f"\n{'asked.csv by topic':<25}{'by expected entry':<32}{'by hand, before':<32}by hand, after")
    print(" " * 25 + "right  wrong  missed  refused  " * 3)
    for topic in [*dict.fromkeys(question.topic for question in asked), ""]:
        now = Counter(question.grade for question in asked if topic in ("", question.topic))
        by_hand = [row for row in graded if topic in ("", row["topic"])]
        before, after = (Counter(row[f"{side}_grade"] for row in by_hand) for side in ("before", "after"))
        print(f"{topic or 'all':<25}{_counted(now)}{_counted(before)}{_counted(after)}")
    reasons = Counter(row["note"].partition(":")[0] for row in graded if row["after_grade"] == "missed")
    print("missed, by hand: " + ", ".join(f"{reason} {count}" for reason, count in reasons.most_common()))
    _tell_changes(asked, graded)
    _tell("answered wrongly", [question for question in asked if question.grade == "wrong"])
    missed = [question for question in asked if question.grade == "missed"]
    _tell("missed with the right entry first", [question for question in missed if question.found == question.expected])
    _tell("missed with another entry first", [question for question in missed if question.found != question.expected])


def _ask(retriever: Retriever, row: dict[str, str], *, costs: Costs) -> Asked:
    matches = retriever.search(row["query"], lang=row["lang"])
    is_answered = route([match.confidence for match in matches], costs=costs).action == "answer"
    return Asked(**row, matches=matches, is_answered=is_answered)


def _counted(grades: Counter[str]) -> str:
    right, wrong, missed, refused = (grades[grade] for grade in GRADES)
    return f"{right:<5}  {wrong:<5}  {missed:<6}  {refused:<7}  "


def _tell_changes(asked: list[Asked], graded: list[dict[str, str]]) -> None:
    """A hand's grade is of the answer that it read."""
    now = {question.query: question.found if question.is_answered else "" for question in asked}
    changed = [
        row["query"]
        for row in graded
        if row["after_action"] in ("answer", "unknown") and now[row["query"]] != row["after_source"]
    ]
    print(f"answered otherwise than when a hand graded them: {len(changed)}")
    for query in changed:
        print(f"  {now[query] or 'refused'}  {query}")


def _tell(heading: str, asked: list[Asked]) -> None:
    """The entries found first and second, with their confidences."""
    print(f"\n{heading}: {len(asked)}")
    for question in sorted(asked, key=lambda question: -question.matches[0].confidence):
        print(question.line)
