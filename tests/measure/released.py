"""What a small model's clauses hold that their passages do not, looked for by a script that knows nothing of the guard."""

import asyncio
import csv
import re
import time
from datetime import UTC, datetime
from uuid import uuid4

from agent.grounding.evidence import passages as as_evidence
from agent.grounding.guard import Guard
from agent.models import patience
from agent.models.cascade import FAILURES
from agent.models.chat_model import openai_compatible
from agent.models.grounded import Answering, Overdue
from agent.models.patience import Patience
from agent.models.prompt import messages
from agent.turn import Source, Turn, Who
from knowledge.answers.notation import on_page
from knowledge.matching.retriever import Retriever
from tests.model_server import MODEL, ModelServer
from web.settings import ROOT

DATA = ROOT / "tests" / "data"
SHOWN = 3
PATIENCE_S = 900
_NUMBERS = dict(
    zip(
        "two three four five six seven eight nine ten eleven twelve fifteen twenty thirty forty fifty sixty ninety hundred".split(),
        (2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 15, 20, 30, 40, 50, 60, 90, 100),
        strict=True,
    )
)
_ZH = dict(zip("二两三四五六七八九十", (2, 2, 3, 4, 5, 6, 7, 8, 9, 10), strict=True))
_MONTH_OR_DAY = re.compile(
    r"\b(?:january|february|march|april|june|july|august|september|october|november|december|monday|tuesday|wednesday|thursday|"
    r"friday|saturday|sunday|tomorrow|tonight|christmas|thanksgiving)\b|[一二三四五六七八九十\d]+月|周[一二三四五六日]|星期[一二三四五六日天]|明天|今天"
)  # fmt: skip
_NAME = re.compile(r"(?<=[a-z,;] )[A-Z][\w'-]+|[A-Z]{2,}")


_VERDICT = re.compile(
    r"^\W*(?:yes|no|sure|of course)\b|^\W*(?:是的?|不是|可以|不可以|能|不能|会|不会|有|没有|行|不行)[，,。]",
    re.IGNORECASE,
)


def questions_asked() -> list[tuple[str, str, str]]:
    """Each with its language and the entry that answers it, if one does."""
    found = []
    for name, column in (("held.csv", "query"), ("asked.csv", "query"), ("unanswerable.csv", "question")):
        with (DATA / name).open(encoding="utf-8", newline="") as file:
            found += [(row[column], row["lang"], row.get("expected", "")) for row in csv.DictReader(file)]
    return found


def invented(clause: str, passages: str, *, is_asked: bool) -> list[str]:
    """Numbers, dates, amounts and names of the clause that stand nowhere in its passages, and a yes or no that begins it
    where the passage is another entry's than the one that answers."""
    said, known = clause.lower(), passages.lower()
    given = numbers(known)
    found = [number for number in numbers(said) if number not in given]
    found += [word for word in _MONTH_OR_DAY.findall(said) if word not in known]
    found += [verdict[0] for verdict in [_VERDICT.match(clause)] if verdict and not is_asked]
    return found + [name for name in _NAME.findall(clause) if name.lower() not in known and name != "I"]


def numbers(text: str) -> set[str]:
    """By a reader that is not the guard's, so that what one overlooks the other may see."""
    found = {re.sub(r"\.0+$", "", number.replace(",", "")) for number in re.findall(r"\d+(?:,\d{3})*(?:\.\d+)?", text)}
    found |= {str(value) for word, value in _NUMBERS.items() if re.search(rf"\b{word}\b", text)}
    return found | {
        str(_ZH[sign]) for sign in re.findall(r"([二两三四五六七八九十])(?=[天周个年月小时美元次件位家层块张])", text)
    }


def measure_model(retriever: Retriever, *, questions: int, threads: int) -> None:
    """Its totals are printed as they grow, so that a run that is stopped has said something."""
    asked = questions_asked()
    step = max(1, len(asked) // questions)
    server = ModelServer(threads=threads)
    try:
        asyncio.run(_measure(retriever, asked[::step][:questions], server.url))
    finally:
        server.kill()


async def _measure(retriever: Retriever, asked: list[tuple[str, str, str]], url: str) -> None:
    patience.SILENCE_S = patience.NEXT_CLAUSE_S = PATIENCE_S
    model = openai_compatible(base_url=url, model=MODEL, api_key="none", vendor="local", timeout_s=PATIENCE_S)
    spoke = clauses = withheld = wrong = failed = 0
    began = time.monotonic()
    for number, (question, lang, expected) in enumerate(asked, 1):
        found = [match.entry for match in retriever.search(question, lang=lang, limit=SHOWN + 2) if match.entry.answer][
            :SHOWN
        ]
        shown = [(Source(entry.id, entry.question, entry.url), on_page(entry.answer)) for entry in found]
        guard = Guard(as_evidence([(source.question, text) for source, text in shown]), question)
        turn = Turn(question, uuid4(), Who("chat", lang=lang), at=datetime.now(UTC), lang=lang)
        latest = turn.budget.started + PATIENCE_S
        waiting = Patience(turn.budget.clock, first_by=latest, at_latest=latest)
        told = messages(question, passages=shown, earlier=[], lang=lang)
        released = []
        answering = Answering(model, told, guard, turn, waiting, lambda: datetime.now(UTC))
        async for clause in answering.clauses():
            if isinstance(clause, Overdue):
                continue
            released.append(clause)
            source, text = shown[guard.cited or 0]
            bad = invented(clause, f"{source.question}\n{text}", is_asked=source.id == expected)
            wrong += bool(bad)
            clauses += 1
            print(
                f"{'INVENTED ' + str(bad) if bad else 'released'}\t{source.id}\t{question}\t{clause.strip()}",
                flush=True,
            )
        spoke += bool(released)
        failed += answering.outcome in FAILURES
        withheld += len(turn.withheld)
        for kept in turn.withheld:
            print(f"withheld {kept.kind}\t{kept.text}\t{question}\t{kept.clause}", flush=True)
        if number % 10 == 0 or number == len(asked):
            print(
                f"-- SmolLM2, {number} of {len(asked)} questions in {time.monotonic() - began:.0f} s: it spoke in {spoke}, "
                f"failed in {failed}, {clauses} clauses released, {withheld} answers cut short; clauses with numbers, dates, amounts or "
                f"names that their passage does not hold, or a yes or no that it does not give: {wrong}",
                flush=True,
            )
