"""The first words by chat while the language model's server misbehaves: a real `dime serve`, a scripted model server.

    python -m tests.measure.stalled [--turns 200] [--only stalled]

"always" misbehaves in every call, so that the breaker soon leaves it alone, as in use; "every other" says UNKNOWN in
between, which keeps the breaker closed, and only the turns that met the misbehaviour are told. First words are those of
an answer or of an offer of a person; a holding phrase is counted apart.
"""

import argparse
import asyncio
import json
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from itertools import cycle, islice
from pathlib import Path
from statistics import quantiles

import websockets

from tests.bad_model_server import Asked, BadModelServer, Reply, dies, refuses, says, sends, stalls
from tests.conftest import Server
from tests.measure.chat import questions

EACH = 5
"""Questions in one conversation."""
WARMING = 5
MISBEHAVING = {
    "stalled": stalls(),
    "stalled mid-stream": stalls("You can ", "return"),
    "killed mid-stream": dies("You can ", "return"),
    "429": refuses(429),
    "500": refuses(500),
    "garbage": sends(bytes(range(256)) * 8, b"\n\ndata: {{{\n\n"),
}


@dataclass(frozen=True)
class Taken:
    first_words_ms: float
    action: str
    was_held: bool
    met: bool
    """The model's server was asked, and misbehaved."""


class Watched:
    """The replies, and how often the misbehaving one was given; the first few calls go well."""

    def __init__(self, bad: Reply, *, is_always: bool) -> None:
        self.met, self._well = 0, WARMING
        self._bad = bad
        self._next = cycle([True]) if is_always else cycle([True, False])

    async def __call__(self, asked: Asked) -> None:
        if self._well > 0:
            self._well -= 1
            await says("UNKNOWN")(asked)
        elif next(self._next):
            self.met += 1
            await self._bad(asked)
        else:
            await says("UNKNOWN")(asked)


async def ask(socket: websockets.ClientConnection, question: str, *, watched: Watched) -> Taken:
    met_before, first_words_ms, was_held = watched.met, 0.0, False
    began = time.perf_counter()
    await socket.send(json.dumps({"type": "message", "text": question}))
    while True:
        event = json.loads(await asyncio.wait_for(socket.recv(), timeout=30))
        passed_ms = (time.perf_counter() - began) * 1000
        if event["type"] == "error":
            raise RuntimeError(event["message"])
        was_held = was_held or event["type"] == "holding"
        if event["type"] in ("delta", "answer") and not first_words_ms:
            first_words_ms = passed_ms
        if event["type"] == "answer":
            return Taken(first_words_ms, event["action"], was_held, watched.met > met_before)


async def measure(bad: Reply, *, turns: int, is_always: bool) -> list[Taken]:
    watched = Watched(bad, is_always=is_always)
    asked, taken = cycle(questions()), list[Taken]()
    async with BadModelServer(watched) as model:
        with tempfile.TemporaryDirectory() as folder:
            settings = {"DIME_LLM_BASE_URL": model.url, "DIME_LLM_MODEL": "scripted", "DIME_LLM_QUALITY": "1"}
            server = Server(Path(folder), **settings)
            await asyncio.to_thread(server.start)
            try:
                while len([one for one in taken if is_always or one.met]) < turns + 4 * WARMING:
                    async with websockets.connect(f"{server.url.replace('http', 'ws')}/chat") as socket:
                        await socket.send(json.dumps({"type": "hello"}))
                        taken += [await ask(socket, question, watched=watched) for question in islice(asked, EACH)]
            finally:
                await asyncio.to_thread(server.stop)
    first = next(number for number, one in enumerate(taken) if one.met)
    return [one for one in taken[first:] if is_always or one.met][:turns]


def tell(name: str, taken: list[Taken]) -> None:
    times = [one.first_words_ms for one in taken]
    cut = quantiles(times, n=100, method="inclusive")
    actions = ", ".join(f"{n} {action}" for action, n in Counter(one.action for one in taken).items())
    print(
        f"{name:27} p50 {cut[49]:5.0f} ms   p95 {cut[94]:5.0f} ms   p99 {cut[98]:5.0f} ms   longest {max(times):.0f} ms"
        f"   met by {sum(one.met for one in taken)}, held {sum(one.was_held for one in taken)}   {actions}",
        flush=True,
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--turns", type=int, default=200)
    parser.add_argument("--only", choices=MISBEHAVING)
    wanted = parser.parse_args()
    for name, bad in MISBEHAVING.items():
        if wanted.only in (None, name):
            for is_always in (True, False):
                taken = asyncio.run(measure(bad, turns=wanted.turns, is_always=is_always))
                tell(f"{name}, {'always' if is_always else 'every other'}", taken)


if __name__ == "__main__":
    main()
