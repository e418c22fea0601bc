"""Demo phone calls, held with real ears and a real voice: the caller's side is spoken by our own English voice."""

import random
from collections.abc import Callable
from datetime import datetime
from zoneinfo import ZoneInfo

import numpy as np

from agent.turn import Who
from voice.audio import Speech, silence
from voice.engines import Engines
from voice.wires.recording import hold_recorded_call
from web.calling.calls import PhoneCall, engines_of, taught
from web.demo.month import Clock, Dialogue, begin_times, dialogues
from web.services import Services

LISTENING_MS = 9_000
"""The caller is silent for so long after a question: most answers are over by then."""


async def play_calls(
    services: Services,
    *,
    clock: Clock,
    count: int,
    days: int,
    until: datetime,
    seed: int,
    progress: Callable[[str], None],
) -> int:
    """Returns how many were held. English only: the Mandarin caller would take longer to speak than to answer."""
    if count == 0:
        return 0
    chance = random.Random(seed)
    english = [dialogue for dialogue in dialogues(channel="phone") if dialogue.lang == "en"]
    zone = ZoneInfo(services.settings.time_zone)
    engines = await taught(services, engines_of(services))
    await engines.warm("en")
    for number, at in enumerate(begin_times(count=count, days=days, until=until, zone=zone, chance=chance), 1):
        clock.at = at
        dialogue = chance.choices(english, [dialogue.weight for dialogue in english])[0]
        who = Who("phone", customer=services.caller(f"demo-{seed}-{number}"), demo=True)
        recording = await spoken(dialogue, engines)
        async with PhoneCall(services, engines, who=who, lang="en") as phone:
            await hold_recorded_call(phone.call, recording, is_fast=True)
        progress(f"{number} of {count} calls held")
    await engines.close()
    return count


async def spoken(dialogue: Dialogue, engines: Engines) -> Speech:
    """The caller's side of a call, with time to listen after each sentence."""
    parts = [silence(500)]
    for step in dialogue.steps:
        if step.kind != "colleague_reply":
            utterance = await engines.voice.speak(step.text, lang="en", is_fixed=True)
            parts += [utterance.samples, silence(LISTENING_MS)]
    return Speech(np.concatenate(parts))
