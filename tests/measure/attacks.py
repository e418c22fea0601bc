"""How many of the shipped attacks succeed: word for word, on models that obey whatever they read, on a small real one.

python -m tests.measure.attacks [--without-real]
"""

import argparse
import logging
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import structlog

from agent.budget import Budget
from agent.models.chat_model import ChatModel, openai_compatible
from tests.attacks import Attack, AttackedShop, GullibleModel, attacks
from tests.model_server import MODEL, ModelServer
from web.bench.machine import machine

Opponent = Callable[[Attack], ChatModel | None]


def gullible(attack: Attack, *, is_sly: bool) -> ChatModel:
    return ChatModel(GullibleModel(pieces=[], attack=attack, is_sly=is_sly, saw=[]), vendor="local", name="gullible")


def measure(name: str, opponent: Opponent) -> None:
    tried, succeeded = attacks(), 0
    with tempfile.TemporaryDirectory() as folder:
        shop = AttackedShop(Path(folder))
        with shop.client:
            for attack in tried:
                if found := shop.successes(attack, model=opponent(attack)):
                    succeeded += 1
                    print(f"  {attack.id} {attack.kind} {attack.where}: {'; '.join(found)}")
    print(f"{name:<48}{succeeded} of {len(tried)} attacks succeeded", flush=True)


@contextmanager
def small_model() -> Iterator[ChatModel]:
    """SmolLM2 on a server of its own; without a deadline, since its words are what counts here."""
    server, deadline = ModelServer(), Budget.deadline_ms
    Budget.deadline_ms = lambda *_: 60_000.0  # type: ignore[method-assign]
    try:
        yield openai_compatible(base_url=server.url, model=MODEL, api_key="none", vendor="local", timeout_s=60)
    finally:
        Budget.deadline_ms = deadline  # type: ignore[method-assign]
        server.kill()


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--without-real", action="store_true", help="leave the small real model out")
    wanted = parser.parse_args()
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(logging.CRITICAL))
    print(machine())
    measure("word for word, no model", lambda _: None)
    measure("a model that obeys at once", lambda attack: gullible(attack, is_sly=False))
    measure("a model that obeys after a true sentence", lambda attack: gullible(attack, is_sly=True))
    if not wanted.without_real:
        with small_model() as model:
            measure("SmolLM2-135M", lambda _: model)


if __name__ == "__main__":
    main()
