"""An upset caller: the real agent and books with scripted ears and voice, as fast as it goes."""

import asyncio
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from sqlalchemy import text
from sqlmodel import Session

from agent.turn import Who
from knowledge.curating.gaps import open_gaps
from tests.scripted_call import LoudnessVad, caller
from tests.test_people_chat import SOFA, open_shop
from tests.unhurried import hold_unhurried
from voice.engines import Engines
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber, TranscriptionFailed
from voice.wires.recording import RecordedCall
from web.calling.calls import PhoneCall, turn_json
from web.services import Services


def call(services: Services, *lines: str | Exception, number: str | None = None) -> tuple[RecordedCall, PhoneCall]:
    """Says each line and waits for its answer; failing ears are asked twice in a turn."""
    turns = len(lines) - sum(isinstance(line, Exception) for line in lines) // 2
    speech = caller(*[("waits", 400), ("speaks", 900), ("waits", 4_500)] * turns)
    engines = SimpleNamespace(
        hearing=lambda: Hearing(vad=LoudnessVad()),
        transcriber=ScriptedTranscriber(*lines),
        voice=ScriptedSynthesizer(ms_per_character=2.0),
    )

    async def held() -> tuple[RecordedCall, PhoneCall]:
        phone = PhoneCall(services, cast(Engines, engines), who=Who("phone"), lang="en", caller=number)
        async with phone:
            return await hold_unhurried(phone.call, speech), phone

    return asyncio.run(held())


def call_backs(services: Services) -> list[Any]:
    with services.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(text("SELECT contact, wish FROM callback"))]


def test_caller_with_nobody_there_arranges_a_call_back(tmp_path: Path) -> None:
    services = open_shop(tmp_path, hours="sat 10:00-14:00")
    message = "My wardrobe came without its doors."
    held, _ = call(services, "I want to talk to a human", "503 555 0188", "Tuesday at nine", "yes", message)
    answers = [done.turn.answer for done in held.turns]
    assert "We are here again on Saturday at 10:00. May we call you back?" in answers[0]
    assert "5 0 3 5 5 5 0 1 8 8, Tuesday at nine" in answers[2]
    assert held.turns[3].turn.reason == "call_back_noted"
    assert call_backs(services) == [("5035550188", "Tuesday at nine")]
    assert [row.note for row in services.desk.callbacks()] == [message]
    with services.engine.connect() as connection:
        category = connection.execute(text("SELECT handoff_category FROM conversation")).scalar()
    assert category == "request"


def test_what_a_caller_asked_in_vain_is_one_gap_however_often_the_turn_is_kept(tmp_path: Path) -> None:
    services = open_shop(tmp_path, p=0.1)
    call(services, "do you rent boats?", "and cars?")
    with Session(services.engine) as session:
        assert [gap.question for gap in open_gaps(session)] == ["do you rent boats?", "and cars?"]


def test_failing_ears_offer_a_call_back_too(tmp_path: Path) -> None:
    services = open_shop(tmp_path)
    deaf = TranscriptionFailed("no ears")
    held, _ = call(services, *[deaf] * 4, "yes", "any time", "yes", number="+15035550100")
    assert "no colleague is there just now" in held.turns[1].turn.answer
    assert call_backs(services) == [("+15035550100", "")]


@pytest.mark.parametrize("p", [0.95, 0.1])
def test_call_that_is_handed_over_carries_reason_mood_and_summary(tmp_path: Path, p: float) -> None:
    services = open_shop(tmp_path, p=p)

    async def with_a_colleague() -> tuple[RecordedCall, PhoneCall]:
        async with services.hub.desk("Ana"):
            return await asyncio.to_thread(
                call, services, "You are useless, how long for a sofa?", "This is a scam! What about the bed?"
            )

    held, phone = asyncio.run(with_a_colleague())
    assert phone.transfer is not None
    assert (phone.transfer.category, phone.transfer.mood) == ("anger", "angry")
    assert "phone · angry" in phone.transfer.summary
    assert "how long for a sofa" in phone.transfer.summary
    told = turn_json(held.turns[0], cost=None)
    assert told["mood"] == "angry"
    assert (SOFA.answer in told["answer"]) == (p > 0.5)
