"""What the cascade costs beside always using the large model, on the 200 questions of customers.csv, and who is right.

    python -m tests.measure.cascade [--questions N] [--no-small] [--vendor V --large M --small M]

No large model runs here: a scripted one quotes the entry that is right wherever it is among its passages, and its
tokens are priced at the list price of the model named. The small one is SmolLM2, priced at that of the small model
named; what it said is kept in DIME_CACHE/measured, so that the next run takes seconds. Both bill every token of a call,
also where its answer was cut short, counted by E5's tokeniser (250,000 pieces, every language). Nobody is hurried:
tests.measure.stalled measures lateness. Always large: the same agent, which asks the large model whatever the knowledge
found and tells nothing word for word; what it has ready for courtesy, tools and other languages is written by the large
model, too, and right as it stands.
"""

import argparse
import asyncio
import csv
import logging
from collections import Counter
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import structlog
from tokenizers import Tokenizer

from agent.agent import Agent
from agent.budget import Budget
from agent.costs import Costs
from agent.events import AgentEvent
from agent.models.cascade import Cascade, Rates, Tier
from agent.models.chat_model import openai_compatible
from agent.models.composing import PASSAGES, Composing, source_of
from agent.models.prompt import messages
from agent.turn import Channel, Turn, Who
from agent.understanding.language import ANSWERED
from knowledge.answers.notation import on_page
from knowledge.matching.e5 import E5_WEIGHTS
from knowledge.matching.retriever import Match
from knowledge.reading.documents import read_document
from knowledge.weights import laid
from roi.books.ledger import lines_for, total
from tests.bad_model_server import BadModelServer
from tests.measure.conversing import DATA, Customer, judged
from tests.measure.vendor import SmallModel, Vendor
from web.answering.agency import agent_of
from web.answering.language_models import rate
from web.assembly import DEMO_KNOWLEDGE, assemble, seed_demo
from web.bench.machine import machine
from web.services import Services
from web.settings import Settings

FLOOR, GOAL = Decimal("0.25"), Decimal("0.1")
DEAR = 1e6
"""Added to what telling and handing over cost, so that a model is asked first; their difference stays."""


class AlwaysLarge(Agent):
    def _without_model(self, turn: Turn, matches: list[Match], composing: Composing) -> list[AgentEvent]:  # noqa: ARG002
        return self._unknown(turn, reason="model_silent")


@dataclass
class Arm:
    """One way of answering all the questions."""

    name: str
    cost: Decimal = Decimal(0)
    right: list[bool] = field(default_factory=list)
    actions: Counter[str] = field(default_factory=Counter)
    rights: Counter[str] = field(default_factory=Counter)
    """By what was wanted."""
    outcomes: Counter[str] = field(default_factory=Counter)
    """Of the models' calls."""
    told: list[str] = field(default_factory=list)
    """Each model's calls, tokens and money."""


@dataclass
class Trial:
    services: Services
    vendor: Vendor
    url: str
    rows: Sequence[dict[str, str]]

    def tier(self, model: str) -> Tier:
        at, prices, currency = datetime.now(UTC), self.services.prices, self.services.settings.currency
        asked, answered = (
            rate(self.vendor.name, model, unit, prices=prices, currency=currency, at=at)
            for unit in ("input_token", "output_token")
        )
        if asked is None or answered is None:
            raise SystemExit(f"the price book knows no {self.vendor.name} {model}")
        chat = openai_compatible(base_url=self.url, model=model, api_key="none", vendor=self.vendor.name, timeout_s=300)
        return Tier(chat, rates=lambda: Rates(asked, answered))

    def cascade(self, *models: str) -> Agent:
        self.services.cascade.tiers = tuple(self.tier(model) for model in models)
        return agent_of(self.services)

    def always_large(self) -> Agent:
        def costs(channel: Channel) -> Costs:
            usual = self.services.costs(channel)
            return replace(usual, verbatim=DEAR, handoff=usual.handoff + DEAR, asking=None)

        self.services.cascade.tiers = (self.tier(self.vendor.large),)
        usual = agent_of(self.services)
        return AlwaysLarge(
            searcher=self.services.index.current,
            costs=costs,
            model=Cascade(self.services.cascade.tiers),
            people=usual.people,
            actor=usual._actor,
        )

    async def run(self, name: str, agent: Agent, *, asks_always: bool = False) -> Arm:
        arm, wanted = Arm(name), Counter[str]()
        agent._cascade.tell = lambda tier, outcome: arm.outcomes.update([f"{tier.name} {outcome}"])
        self.vendor.billed.clear()
        for row in self.rows:
            ids = frozenset(filter(None, row["ids"].split("|")))
            self.vendor.right = ids
            before = len(self.vendor.billed)
            outcome = await judged(
                Customer(agent, row["lang"]), row["query"], wanted={row["wanted"]}, ids=set(ids), needs_all=False
            )
            if asks_always and len(self.vendor.billed) == before:
                await asyncio.to_thread(self._bill_unasked, outcome.turn)
            arm.right.append(outcome.is_right)
            arm.actions[outcome.turn.action or "none"] += 1
            arm.rights[row["wanted"]] += outcome.is_right
            wanted[row["wanted"]] += 1
        arm.told = [self._told(tier) for tier in agent._cascade.tiers]
        arm.told.append("right: " + ", ".join(f"{kind} {arm.rights[kind]}/{wanted[kind]}" for kind in wanted))
        arm.cost = self._cost()
        return arm

    def _bill_unasked(self, turn: Turn) -> None:
        """The prompt that the question would have made, and the agent's own words as its reply."""
        lang = turn.lang if turn.lang in ANSWERED else "en"
        found = [match.entry for match in self.services.retriever().search(turn.understood, lang=lang, limit=5)]
        shown = [(source_of(entry), on_page(entry.answer)) for entry in found if entry.answer][:PASSAGES]
        prompt = messages(turn.question, passages=shown, earlier=[], lang=lang)
        self.vendor.bill(self.vendor.large, prompt, turn.answer)

    def _told(self, tier: Tier) -> str:
        tokens = {
            unit: sum(int(used.quantity) for used in self.vendor.billed if (used.model, used.unit) == (tier.name, unit))
            for unit in ("input_token", "output_token")
        }
        asked, answered = tokens.values()
        return (
            f"{tier.name}: {self.vendor.calls(tier.name)} calls, {asked:,} + {answered:,} tokens, "
            f"{self._cost(tier.name):.6f}; released {tier.released:.0%} by what the router learnt"
        )

    def _cost(self, model: str | None = None) -> Decimal:
        """By the books: each usage at its dated price."""
        billed = [used for used in self.vendor.billed if model in (None, used.model)]
        lines = lines_for(
            billed, Who("chat"), conversation=uuid4(), turn=None,
            prices=self.services.prices, currency=self.services.settings.currency,
        )  # fmt: skip
        cost = total(lines)
        assert cost is not None, "a price is unknown"
        return cost


@contextmanager
def unhurried() -> Iterator[None]:
    deadline = Budget.deadline_ms
    Budget.deadline_ms = lambda *_: 300_000.0  # type: ignore[method-assign]
    try:
        yield
    finally:
        Budget.deadline_ms = deadline  # type: ignore[method-assign]


@asynccontextmanager
async def trial(wanted: argparse.Namespace) -> AsyncGenerator[Trial, None]:
    cache = Settings().cache
    folder = laid(E5_WEIGHTS, cache)
    if folder is None:
        raise SystemExit(f"E5's weights are missing in {cache}: dime weights lays them there")
    with (DATA / "customers.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    entries = [entry for path in DEMO_KNOWLEDGE for entry in read_document(path).entries]
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    small = None if wanted.no_small else SmallModel(cache / "measured" / "smollm2.json")
    vendor = Vendor(wanted.vendor, wanted.large, entries, tokenizer, small)
    with TemporaryDirectory() as home, unhurried():
        services = assemble(Settings(home=Path(home), cache=cache))
        seed_demo(services)
        await asyncio.to_thread(services.index.build)
        try:
            async with BadModelServer(vendor.reply) as server:
                yield Trial(
                    services, vendor, server.url, rows[:: max(1, len(rows) // wanted.questions)][: wanted.questions]
                )
        finally:
            if small:
                small.close()


async def measure(wanted: argparse.Namespace) -> None:
    async with trial(wanted) as tried:
        large = await tried.run("always large", tried.always_large(), asks_always=True)
        show(large)
        models = (wanted.large,) if wanted.no_small else (wanted.small, wanted.large)
        cascade = await tried.run("cascade", tried.cascade(*models))
        show(cascade)
    both = Counter(zip(large.right, cascade.right, strict=True))
    print(
        f"\nright with both {both[True, True]}, with the large model alone {both[True, False]}, "
        f"with the cascade alone {both[False, True]}, with neither {both[False, False]}"
    )
    if large.cost:
        ratio = cascade.cost / large.cost
        bar = "the goal is met" if ratio <= GOAL else "the floor is met" if ratio <= FLOOR else "the floor is missed"
        print(f"the cascade costs {ratio:.3f} of always large (floor {FLOOR}, goal {GOAL}): {bar}")


def show(arm: Arm) -> None:
    of = len(arm.right)
    print(f"\n{arm.name}: {arm.cost:.6f} USD, {sum(arm.right)} of {of} right ({sum(arm.right) / of:.1%})")
    for counted in (arm.actions, arm.outcomes):
        print("  " + ", ".join(f"{what} {count}" for what, count in counted.most_common()))
    for line in arm.told:
        print(f"  {line}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--questions", type=int, default=200, help="so many of them, evenly drawn")
    parser.add_argument("--no-small", action="store_true", help="word for word, then the large model")
    parser.add_argument("--vendor", default="openai")
    parser.add_argument("--large", default="gpt-5")
    parser.add_argument("--small", default="gpt-5-nano")
    wanted = parser.parse_args()
    if wanted.questions < 1 or wanted.small == wanted.large:
        parser.error("at least one question, and two models of different names")
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(machine())
    asyncio.run(measure(wanted))


if __name__ == "__main__":
    main()
