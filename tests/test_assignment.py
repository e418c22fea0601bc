"""Customers drawn for the holdout meet a person first, by chat and by phone; where nobody is, the agent takes them."""

import asyncio
from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast
from uuid import UUID

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlmodel import Session, select

from agent.history import Conversation, TurnRow
from agent.turn import Who
from roi.books.ledger import CostLine
from roi.books.tally import Scope
from roi.experiment.assignment import experiment
from roi.experiment.holdout import Arm, arm, place
from tests.ledgers import NOVEMBER, converse, empty_books
from tests.scripted_call import LoudnessVad, caller
from tests.test_chat import hear, say
from tests.test_people_chat import LIVE, SOFA, open_shop
from tests.unhurried import hold_unhurried
from voice.engines import Engines
from voice.hearing import Hearing
from voice.synthesizer import ScriptedSynthesizer
from voice.transcriber import ScriptedTranscriber
from web.app import create_app
from web.calling.calls import PhoneCall
from web.services import Services
from web.telephony.arrivals import Arrival
from web.telephony.switchboard import Switchboard

QUESTION = "how long can I return a sofa?"
NEARLY_ALL = "0.999999999"


def opened(tmp_path: Path, **settings: str) -> Services:
    return open_shop(tmp_path, **{"holdout_share": NEARLY_ALL, **settings})


def ask(socket: Any, question: str = QUESTION) -> dict[str, Any]:
    say(socket, type="hello", visitor="visitor-1")
    say(socket, type="message", text=question)
    return hear(socket, "answer")


def rows(services: Services, table: Any) -> list[Any]:
    with Session(services.engine) as session:
        return list(session.exec(select(table)))


def test_customer_in_the_holdout_goes_to_the_desk_first_and_every_row_says_so(tmp_path: Path) -> None:
    services = opened(tmp_path)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        with client.websocket_connect(LIVE), client.websocket_connect("/chat") as chat:
            answer = ask(chat, "沙发多久可以退货?")
            assert (answer["action"], answer["reason"], answer["lang"]) == ("handoff", "experiment", "zh")
            assert hear(chat, "status")["state"] == "waiting"
        (waiting,) = client.get("/api/v1/desk/conversations").json()
    assert waiting["category"] == "experiment"
    for table in (Conversation, TurnRow, CostLine):
        assert {row.arm for row in rows(services, table)} == {"holdout"}


def test_where_nobody_is_the_agent_takes_them_and_they_stay_in_the_holdout(tmp_path: Path) -> None:
    services = opened(tmp_path)
    with (
        TestClient(create_app(services), base_url="http://127.0.0.1") as client,
        client.websocket_connect("/chat") as chat,
    ):
        assert ask(chat)["text"] == SOFA.answer
        with client.websocket_connect(LIVE):
            say(chat, type="message", text=QUESTION)
            assert hear(chat, "answer")["source"]["id"] == SOFA.id
    assert {row.arm for row in rows(services, Conversation)} == {"holdout"}


def test_nobody_is_sent_to_a_person_outside_the_hours(tmp_path: Path) -> None:
    services = opened(tmp_path, hours="sat 10:00-14:00")
    with (
        TestClient(create_app(services), base_url="http://127.0.0.1") as client,
        client.websocket_connect(LIVE),
        client.websocket_connect("/chat") as chat,
    ):
        assert ask(chat)["text"] == SOFA.answer


@pytest.mark.parametrize(("share", "expected"), [("0", None), ("0.000000001", "ai")])
def test_everybody_else_is_answered_with_the_arm_they_have(tmp_path: Path, share: str, expected: str | None) -> None:
    services = opened(tmp_path, holdout_share=share)
    with (
        TestClient(create_app(services), base_url="http://127.0.0.1") as client,
        client.websocket_connect(LIVE),
        client.websocket_connect("/chat") as chat,
    ):
        assert ask(chat)["text"] == SOFA.answer
    assert {row.arm for row in rows(services, TurnRow)} == {expected}


def test_a_caller_in_the_holdout_is_put_through_with_the_first_words(tmp_path: Path) -> None:
    services = opened(tmp_path, transfer_to="+15035550111")
    arrival = Arrival(door="twilio", caller="+15035550100")
    who = Switchboard(services)._who(arrival)
    assert who.arm == "holdout"
    speech = caller(("waits", 400), ("speaks", 900), ("waits", 4_500))
    engines = SimpleNamespace(
        hearing=lambda: Hearing(vad=LoudnessVad()),
        transcriber=ScriptedTranscriber(QUESTION),
        voice=ScriptedSynthesizer(ms_per_character=2.0),
    )

    async def held() -> PhoneCall:
        services.hub._desks[asyncio.Queue()] = "Ana"
        async with PhoneCall(services, cast(Engines, engines), who=who, lang="en", caller=arrival.caller) as phone:
            await hold_unhurried(phone.call, speech)
            return phone

    phone = asyncio.run(held())
    assert phone.transferred_to == "+15035550111"
    assert phone.transfer is not None
    assert phone.transfer.category == "experiment"


def test_whoever_withholds_the_number_has_no_arm(tmp_path: Path) -> None:
    services = opened(tmp_path)
    assert Switchboard(services)._who(Arrival(door="test")).arm is None
    assert services.assigned(Who("chat")).arm is None


def test_tally_counts_customers_once_and_says_what_was_really_done() -> None:
    engine = empty_books()
    with Session(engine) as session:
        for n, which in enumerate(["holdout"] * 9 + ["ai"] * 91):
            for again in range(1 + n % 2):
                at = NOVEMBER.start + timedelta(days=n % 29, minutes=again)
                contact = converse(session, customer=f"c{n}", at=at, used=())
                set_arm(session, contact, which, sent=which == "holdout" and n < 5)
        converse(session, customer=None, at=NOVEMBER.start)
        session.commit()
    with engine.connect() as connection:
        found = experiment(connection, Scope("default", NOVEMBER, with_demo=False), share=0.1)
    assert (found.arms["holdout"].customers, found.arms["ai"].customers) == (9, 91)
    assert (found.arms["holdout"].contacts, found.arms["holdout"].sent_first, found.unassigned) == (13, 7, 1)
    assert found.realised == 0.09
    assert found.balance is not None
    assert not found.balance.is_alarming


def set_arm(session: Session, conversation: UUID, which: str, *, sent: bool) -> None:
    row = session.get_one(Conversation, conversation)
    row.arm, row.handoff_reason = which, "experiment" if sent else None


def test_without_an_experiment_nothing_is_said_of_balance() -> None:
    with empty_books().connect() as connection:
        found = experiment(connection, Scope("default", NOVEMBER, with_demo=False), share=0)
    assert (found.realised, found.balance, found.customers) == (None, None, 0)


@given(st.text(max_size=40), st.text(max_size=10), st.floats(0, 1), st.floats(0, 1))
def test_a_customer_keeps_the_arm_as_the_share_grows(customer: str, seed: str, one: float, other: float) -> None:
    drawn: list[Arm] = [arm(customer, seed=seed, share=share) for share in sorted((one, other))]
    assert drawn != ["holdout", "ai"]
    assert 0 <= place(customer, seed=seed) <= 1
