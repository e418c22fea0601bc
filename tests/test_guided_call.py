"""What an ear is told, on a real call: the answer's own words for it, and a guide led by voice."""

import asyncio
from pathlib import Path

import numpy as np
import pytest

from agent.turn import Who
from tests.real_engines import piper
from tests.test_calls import shop
from tests.unhurried import hold_unhurried
from voice.audio import Samples, Speech, silence
from voice.wires.recording import RecordedCall
from web.calling.calls import PhoneCall, engines_of, taught

pytestmark = pytest.mark.real


def held(home: Path, *sentences: str, pause_ms: int) -> RecordedCall:
    """A caller who says these things with pauses long enough for the answers."""

    async def story() -> RecordedCall:
        parts: list[Samples] = [silence(500)]
        for sentence in sentences:
            parts += [(await piper().speak(sentence, lang="en")).samples, silence(pause_ms)]
        services = shop(home)
        services.index.build()
        engines = await taught(services, engines_of(services))
        await engines.warm("en")
        async with PhoneCall(services, engines, who=Who("phone"), lang="en") as phone:
            call = await hold_unhurried(phone.call, Speech(np.concatenate(parts)))
        await engines.close()
        return call

    return asyncio.run(story())


@pytest.mark.soak
def test_caller_hears_the_words_for_the_ear(tmp_path: Path) -> None:
    (done,) = held(tmp_path / "home", "My table wobbles, how do I level it?", pause_ms=1_500).turns
    assert done.turn.answer == (
        "Every table has adjustable feet below its legs. Turn the foot of the leg that is off the floor "
        "counterclockwise until the table stands still."
    )
    assert done.turn.heard_answer is None


def test_caller_is_led_through_a_guide(tmp_path: Path) -> None:
    call = held(tmp_path / "home", "My standing desk does not move.", "No.", "Yes, it does.", pause_ms=14_000)
    answers = [done.turn.answer for done in call.turns]
    assert [answer.split("?")[0] for answer in answers] == [
        "Is the display on the control panel lit",
        "Plug the desk straight into a wall socket and push the motor cable in until it clicks. Does the display light "
        "up now",
        "Take everything off the desk and look underneath: is anything in its way",
    ]
    assert all(answer.endswith("You can say: yes or no.") for answer in answers)
