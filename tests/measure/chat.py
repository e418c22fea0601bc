"""The agent's own time for a chat turn, over a real socket on a real server, and the time until it can answer.

    python -m tests.measure.chat [--turns 200]

One customer asks questions that were held back from the demo knowledge, one after another. "agent" is what the server
says it took, "first words" and "answer" are what the customer's side sees, the commit to the books included.
"""

import argparse
import asyncio
import csv
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

import websockets

from tests.conftest import Server

HELD = Path(__file__).parents[1] / "data" / "held.csv"
EACH = 5
"""Questions in one conversation."""
WARMING = 5
"""Turns before the first that counts."""


@dataclass(frozen=True)
class Taken:
    agent_ms: float
    first_words_ms: float
    answer_ms: float
    action: str


def questions() -> list[str]:
    with HELD.open(encoding="utf-8", newline="") as file:
        return [row["query"] for row in csv.DictReader(file)]


async def ask(socket: websockets.ClientConnection, question: str) -> Taken:
    began = time.perf_counter()
    first_words_ms = 0.0
    await socket.send(json.dumps({"type": "message", "text": question}))
    while True:
        event = json.loads(await asyncio.wait_for(socket.recv(), timeout=30))
        passed_ms = (time.perf_counter() - began) * 1000
        if event["type"] == "error":
            raise RuntimeError(event["message"])
        if event["type"] in ("delta", "answer") and not first_words_ms:
            first_words_ms = passed_ms
        if event["type"] == "answer":
            return Taken(event["milliseconds"], first_words_ms, passed_ms, event["action"])


async def chat(url: str, turns: int) -> list[Taken]:
    """Some customers one after another; each asks a handful of questions, as customers do."""
    asked, taken = cycle(questions()), list[Taken]()
    while len(taken) < turns + WARMING:
        async with websockets.connect(f"{url.replace('http', 'ws')}/chat") as socket:
            await socket.send(json.dumps({"type": "hello"}))
            taken += [await ask(socket, question) for question in islice(asked, EACH)]
    return taken[WARMING : turns + WARMING]


def seconds_until_ready(server: Server) -> float:
    began = time.monotonic()
    server.start()
    return time.monotonic() - began


def tell(name: str, times: list[float], unit: str = "ms") -> None:
    cut = quantiles(times, n=100, method="inclusive")
    print(f"{name:24} p50 {cut[49]:8.1f} {unit}   p95 {cut[94]:8.1f} {unit}   longest {max(times):8.1f} {unit}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200)
    turns = parser.parse_args().turns
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder))
        print(
            f"first start, new home    {seconds_until_ready(server):.1f} s until /readyz (asked every 0.1 s)",
            flush=True,
        )
        try:
            taken = asyncio.run(chat(server.url, turns))
            server.stop()
            again = []
            for _ in range(5):
                again.append(seconds_until_ready(server))
                server.stop()
        finally:
            if server.process.poll() is None:
                server.kill()
    tell("start, warm (5 times)", again, "s ")
    tell("agent", [turn.agent_ms for turn in taken])
    tell("first words", [turn.first_words_ms for turn in taken])
    tell("answer", [turn.answer_ms for turn in taken])
    print(f"{len(taken)} turns: {', '.join(f'{n} {action}' for action, n in Counter(t.action for t in taken).items())}")


if __name__ == "__main__":
    main()
