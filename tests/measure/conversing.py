"""Conversations with the demo company in customers' own words, by chat and without a model: who gets the right answer?

    python -m tests.measure.conversing [--told] [--record]

customers_held.csv: 200 single questions; dialogues_held.json: 40 dialogues; both written by somebody who had seen the
FAQ alone, and opened by nobody who works on the agent. customers.csv and dialogues.json were written the same way and
have been read and tuned on since. A clarifying question counts as right when the
customer's choice then leads to the right answer, and is counted by itself too; so does an entry suggested beside the
offer of a person, where the customer takes it up. A wrong answer is wrong, whatever stands beside it. --told lists what
went wrong with those that were read; --record writes each question of customers.csv with the actions weighed, their
expected costs and the answer to tests/data/recorded.jsonl, for a reviewer to read.
"""

import argparse
import asyncio
import csv
import json
from collections import Counter
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from statistics import quantiles
from tempfile import TemporaryDirectory
from time import perf_counter
from typing import Any
from uuid import UUID, uuid4

from agent.agent import Agent
from agent.earlier import Earlier
from agent.events import Cited
from agent.turn import Turn, Who
from agent.understanding.language import ANSWERED
from web.assembly import assemble, seed_demo
from web.bench.machine import machine
from web.settings import ROOT, Settings

DATA = ROOT / "tests" / "data"
RECORDED = DATA / "recorded.jsonl"
DIALOGUES = ("dialogues_held.json", "dialogues.json")


@dataclass
class Customer:
    """One conversation, as a door would hold it."""

    agent: Agent
    lang: str
    id: UUID = field(default_factory=uuid4)
    earlier: list[Earlier] = field(default_factory=list)
    milliseconds: list[float] = field(default_factory=list)

    async def says(self, text: str) -> tuple[Turn, set[str]]:
        """The turn, and the entries it cited."""
        turn = Turn(text, self.id, Who("chat", lang=self.lang), at=datetime.now(UTC), number=len(self.earlier) + 1)
        began = perf_counter()
        events = [event async for event in self.agent.answer(turn, earlier=self.earlier[-3:])]
        self.milliseconds.append((perf_counter() - began) * 1000)
        self.earlier.append(Earlier(turn.question, turn.answer, turn.reason, turn.lang, turn.left_open))
        return turn, {event.source.id for event in events if isinstance(event, Cited)}


@dataclass(frozen=True)
class Outcome:
    is_right: bool
    was_asked: bool
    took_up: bool
    """An entry that was suggested beside the offer of a person."""
    stood_beside: bool
    """A wrong answer, beside which stood the right entry: wrong, but mended by a press."""
    told: str
    turn: Turn
    """The first one, where the customer was asked back."""


async def judged(customer: Customer, say: str, *, wanted: set[str], ids: set[str], needs_all: bool) -> Outcome:
    first = turn, cited = await customer.says(say)
    was_asked = turn.action == "clarify" and bool(turn.left_open.offered)
    told = f"{turn.action} {turn.reason} {','.join(sorted(cited))}"
    if was_asked:
        meant = [offer.label for offer in turn.left_open.offered if offer.entry in ids]
        if "clarify" in wanted and meant:
            return Outcome(True, was_asked, False, False, told, turn)
        turn, cited = await customer.says(meant[0] if meant else turn.left_open.choices[-1])
        told = f"asked back, then {turn.action} {turn.reason} {','.join(sorted(cited))}"
    is_right = _is_right(turn, cited, wanted=wanted, ids=ids, needs_all=needs_all)
    meant = [one.label for one in turn.left_open.suggested if one.entry in ids]
    stood_beside = bool(meant) and not is_right and turn.action == "answer"
    if took_up := bool(meant) and not is_right and not stood_beside:
        turn, cited = await customer.says(meant[0])
        told = f"{told}, then suggested, then {turn.action} {turn.reason} {','.join(sorted(cited))}"
        is_right = _is_right(turn, cited, wanted=wanted, ids=ids, needs_all=needs_all)
    return Outcome(is_right, was_asked, took_up, stood_beside, told, first[0])


def _is_right(turn: Turn, cited: set[str], *, wanted: set[str], ids: set[str], needs_all: bool) -> bool:
    """An honest unknown offers a person, and is right for what only a person can say."""
    if (
        "answer" in wanted
        and turn.action in ("answer", "model")
        and cited
        and (ids <= cited if needs_all else cited & ids)
    ):
        return True
    if "clarify" in wanted and turn.action == "clarify":
        return True
    if wanted & {"handoff", "unknown"} and turn.action in ("handoff", "unknown"):
        return True
    if "handoff" in wanted and cited & {"contact-human"}:
        return True
    if "courtesy" in wanted and turn.action == "answer" and not cited:
        return True
    return "other_language" in wanted and turn.lang not in ANSWERED


async def questions(agent: Agent, name: str, *, tells: bool) -> list[str]:
    """Prints the figures; the recorded turns, a JSON object each."""
    recorded = []
    with (DATA / name).open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    right, of, asked, taken_up, beside, times = Counter[str](), Counter[str](), 0, 0, 0, []
    for row in rows:
        customer = Customer(agent, row["lang"])
        ids = set(filter(None, row["ids"].split("|")))
        outcome = await judged(customer, row["query"], wanted={row["wanted"]}, ids=ids, needs_all=False)
        of[row["wanted"]] += 1
        right[row["wanted"]] += outcome.is_right
        asked += outcome.was_asked
        taken_up += outcome.took_up
        beside += outcome.stood_beside
        times += customer.milliseconds
        recorded.append(record(row, outcome))
        if tells and not outcome.is_right:
            print(f"  {row['wanted']:14} {row['query']}  ->  {outcome.told}   (right: {row['ids']})")
    total = sum(of.values())
    print(
        f"{name}: {sum(right.values())} of {total} right ({sum(right.values()) / total:.1%}), asked back {asked}, "
        f"suggestions taken up {taken_up}, wrong with the right one beside {beside}"
    )
    print("  " + ", ".join(f"{kind} {right[kind]}/{of[kind]}" for kind in of))
    cut = quantiles(times, n=100, method="inclusive")
    print(f"  the agent's own time per turn: p50 {cut[49]:.0f} ms, p95 {cut[94]:.0f} ms")
    return recorded


def record(row: dict[str, str], outcome: Outcome) -> str:
    turn = outcome.turn
    weighed = {
        candidate.action: {name: round(getattr(candidate, name), 4) for name in ("p", "own_cost", "expected_cost")}
        for candidate in turn.candidates
    }
    kept = {
        "question": row["query"],
        "wanted": row["wanted"],
        "right_entries": row["ids"],
        "action": turn.action,
        "reason": turn.reason,
        "became": outcome.told,
        "is_right": outcome.is_right,
        "weighed": weighed,
        "choices": list(turn.left_open.choices),
        "answer": turn.answer,
    }
    return json.dumps(kept, ensure_ascii=False)


async def dialogues(agent: Agent, name: str, conversations: list[dict[str, Any]], *, tells: bool) -> None:
    right, total, asked, taken_up, whole = 0, 0, 0, 0, 0
    for dialogue in conversations:
        customer = Customer(agent, dialogue["lang"][:2])
        all_right = True
        for turn in dialogue["turns"]:
            outcome = await judged(
                customer,
                turn["say"],
                wanted=set(turn["wanted"].split("|")),
                ids=set(turn["ids"]),
                needs_all=turn.get("note", "").startswith("both"),
            )
            total += 1
            right += outcome.is_right
            asked += outcome.was_asked
            taken_up += outcome.took_up
            all_right &= outcome.is_right
            if tells and not outcome.is_right:
                print(f"  {dialogue['id']} {turn['say']}  ->  {outcome.told}   ({turn['wanted']} {turn['ids']})")
        whole += all_right
    print(
        f"{name}: {right} of {total} turns right ({right / total:.1%}), asked back {asked}, "
        f"suggestions taken up {taken_up}; "
        f"{whole} of {len(conversations)} dialogues right to the end"
    )


async def measure(*, tells: bool, records: bool) -> None:
    tables = {name: json.loads((DATA / name).read_text(encoding="utf-8")) for name in DIALOGUES}
    with TemporaryDirectory() as home:
        services = assemble(Settings(home=Path(home), cache=Settings().cache))
        seed_demo(services)
        await asyncio.to_thread(services.index.build)
        await Customer(services.agent, "zh").says("你们几点开门?")
        await questions(services.agent, "customers_held.csv", tells=False)
        recorded = await questions(services.agent, "customers.csv", tells=tells)
        if records:
            await asyncio.to_thread(RECORDED.write_text, "\n".join([*recorded, ""]), encoding="utf-8")
        for name, table in tables.items():
            await dialogues(services.agent, name, table, tells=tells and name != DIALOGUES[0])


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--told", action="store_true", help="list what went wrong")
    parser.add_argument("--record", action="store_true", help="write what was weighed and answered")
    wanted = parser.parse_args()
    print(machine())
    asyncio.run(measure(tells=wanted.told, records=wanted.record))


if __name__ == "__main__":
    main()
