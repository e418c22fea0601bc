"""Telephones a server with so many callers at once, spread evenly, and tells what they heard."""

import asyncio
import random
from collections.abc import Iterator, Sequence

import numpy as np
import structlog

from agent.telling.aloud import aloud
from agent.telling.phrases import phrase
from knowledge.entry import Entry
from voice.audio import RATE_HZ, Samples, resampled, trimmed
from voice.echo import likeness
from voice.engines import Engines
from voice.loudness import levelled
from voice.synthesizer import SynthesisFailed
from web.bench.caller import LINE_HZ, Asked, Caller
from web.bench.figures import Heard
from web.bench.serving import Serving
from web.calling.rendering import fixed_phrases

log = structlog.get_logger()
LONGEST_QUESTION, LONGEST_ANSWER = 70, 220
EVERY_S = 10.0
HOLDING_LIKE = 0.6
SPOKEN = 24
"""Different questions in a run."""
MOST_RENDERED = 400


async def spoken_questions(entries: Sequence[Entry], engines: Engines, *, seed: int = 0) -> list[tuple[str, Samples]]:
    """Questions of the knowledge, said by the voice that there is. Raises ValueError where there are none."""
    asked = [entry.question for entry in entries if entry.lang == "en" and 0 < len(entry.answer) <= LONGEST_ANSWER]
    asked = [question for question in asked if len(question) <= LONGEST_QUESTION]
    if not asked:
        raise ValueError("There are no short English questions in the knowledge to ask by telephone.")
    random.Random(seed).shuffle(asked)
    spoken = []
    for question in asked[:SPOKEN]:
        try:
            samples = (await engines.voice.speak(question, lang="en")).samples
        except SynthesisFailed as error:
            raise ValueError(f"No voice to ask with: {error}") from error
        spoken.append((question, trimmed(levelled(samples), lead_ms=0, tail_ms=0)))
    return spoken


async def render(entries: Sequence[Entry], engines: Engines) -> None:
    """What a server that has been up for a while has rendered: our own phrases and the answers, in English."""
    texts = [text for text, lang in fixed_phrases() if lang == "en"]
    texts += [text for entry in entries[:MOST_RENDERED] if entry.lang == "en" for text in aloud(entry)]
    for text in texts:
        await engines.voice.render(text, lang="en")


async def telephone(
    serving: Serving,
    questions: Sequence[tuple[str, Samples]],
    *,
    calls: int,
    minutes: float,
    holding: Samples | None,
    every_s: float | None = EVERY_S,
) -> Heard:
    """All calls at once for so long, their starts spread over the time between two questions."""
    loop = asyncio.get_running_loop()
    until_s = loop.time() + minutes * 60
    callers = [
        Caller("127.0.0.1", serving.telephone, _shuffled(questions, seed=n), every_s=every_s) for n in range(calls)
    ]

    async def call(number: int, caller: Caller) -> bool:
        """Whether the line held."""
        await asyncio.sleep(number * (every_s or EVERY_S) / calls)
        try:
            await caller.run(until_s=until_s)
        except (OSError, TimeoutError) as error:
            log.warning("bench_call_failed", call=number, why=type(error).__name__)
            return False
        return True

    async with asyncio.TaskGroup() as group:
        held = [group.create_task(call(number, caller), name=f"caller-{number}")
                for number, caller in enumerate(callers)]  # fmt: skip
    asked = [one for caller in callers for one in caller.asked]
    kept = [one for one in asked if holding is None or not is_holding(one, holding)]
    stages = await asyncio.to_thread(serving.stages_ms)
    return Heard(calls, kept, len(asked) - len(kept), stages, failed=sum(not one.result() for one in held))


async def holding_phrase(engines: Engines) -> Samples | None:
    """As it comes over the line, to tell it from an answer."""
    try:
        spoken = await engines.voice.speak(phrase("holding", lang="en"), lang="en", is_fixed=True)
    except SynthesisFailed:
        return None
    line = resampled(spoken.samples, from_hz=RATE_HZ, to_hz=LINE_HZ)
    return resampled(line, from_hz=LINE_HZ)


def is_holding(asked: Asked, holding: Samples) -> bool:
    if asked.sounded is None:
        return False
    heard, padded = asked.sounded.samples[: len(holding)], np.pad(holding, (RATE_HZ // 10, RATE_HZ // 10))
    return likeness(heard[: RATE_HZ // 2], padded) >= HOLDING_LIKE


def _shuffled(questions: Sequence[tuple[str, Samples]], *, seed: int) -> Iterator[tuple[str, Samples]]:
    """Over and over, without end, in an order of one's own."""
    chance, order = random.Random(seed), list(questions)
    while order:
        chance.shuffle(order)
        yield from order
