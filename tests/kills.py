"""Kills a running chat at a random moment and holds what the customer was told against the books."""

import asyncio
import json
import random
from dataclasses import dataclass
from decimal import Decimal
from uuid import UUID

import websockets
from sqlmodel import Session, col, select

from agent.history import TurnRow
from roi.books.ledger import CostLine
from tests.conftest import Server
from web.database import open_database

QUESTIONS = (
    "how long do I have to return a sofa?",
    "what does delivery cost?",
    "do you rent out furniture?",
    "how do I clean a leather sofa?",
    "沙发多久之内可以退货?",
    "hello",
)


@dataclass(frozen=True)
class Told:
    """Turns of which the customer has seen at least a word, with the words."""

    answers: dict[UUID, str]


async def chat_until_killed(server: Server, *, seed: int) -> Told:
    """Asks without pause from several browsers; the server is killed in the middle."""
    chance = random.Random(seed)
    told: dict[UUID, str] = {}
    kill_after = chance.uniform(0.0, 1.5)
    has_begun = asyncio.Event()

    async def customer(number: int) -> None:
        try:
            async with websockets.connect(f"{server.url.replace('http', 'ws')}/chat") as socket:
                await socket.send(json.dumps({"type": "hello"}))
                for turn in range(1_000):
                    question = QUESTIONS[(turn + number) % len(QUESTIONS)]
                    await socket.send(json.dumps({"type": "message", "text": question}))
                    while (event := json.loads(await socket.recv()))["type"] != "answer":
                        if event["type"] == "delta":
                            has_begun.set()
                            told[UUID(event["turn"])] = told.get(UUID(event["turn"]), "") + event["text"]
        except (OSError, websockets.WebSocketException):
            return

    customers = [asyncio.create_task(customer(number)) for number in range(3)]
    async with asyncio.timeout(60):
        await has_begun.wait()
    await asyncio.sleep(kill_after)
    await asyncio.to_thread(server.kill)
    await asyncio.gather(*customers)
    return Told(told)


def missing_from_books(server: Server, told: Told) -> list[UUID]:
    """Turns the customer was told of that the books do not hold whole: record, answer and a priced line."""
    engine = open_database(f"sqlite:///{server.home / 'dime.sqlite'}", lock_folder=server.home)
    with Session(engine) as session:
        kept = {row.id: row.answer for row in session.exec(select(TurnRow))}
        priced = session.exec(select(CostLine.turn_id, CostLine.amount).where(col(CostLine.amount).is_not(None)))
        paid = {turn for turn, amount in priced if amount is not None and amount >= Decimal(0)}
    engine.dispose()
    return [turn for turn, words in told.answers.items() if words not in kept.get(turn, "") or turn not in paid]
