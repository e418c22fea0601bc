"""A vendor's embeddings and speech are on the books: a question's with its turn, the rest beside every conversation."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event
from typing import cast
from uuid import UUID, uuid4

import numpy as np
import pytest
from sqlmodel import Session, select

from agent.ahead import MOST_CALLERS, Ahead, Asked
from agent.embedding import EmbeddingMeter, collecting, vendor_of_model
from agent.finding import Found
from agent.turn import Turn, Who
from agent.usage import Usage
from knowledge.matching.embeddings import SilentEmbeddings
from knowledge.matching.vectors import Vectors
from roi.books.ledger import CostLine
from tests.doubles import ScriptedSearcher
from tests.letter_embeddings import LetterEmbeddings
from tests.realtime_client import ScriptedEngines
from tests.shop import SHOP
from voice.audio import Speech, silence
from voice.engines import Engines
from voice.transcriber import ScriptedTranscriber, Transcript
from voice.wires.recording import RecordingWire
from web.assembly import assemble
from web.calling.calls import PhoneCall
from web.services import Services
from web.settings import Settings

CALLER = UUID(int=7)
AT = datetime(2026, 3, 1, tzinfo=UTC)


class Hosted(LetterEmbeddings):
    """By a vendor whose prices are known."""

    model = "text-embedding-3-small"
    base_url = "https://api.openai.com/v1"


class Slow(Hosted):
    def embed_query(self, text: str) -> list[float]:
        raise TimeoutError(text)


class Refusing(Hosted):
    def embed_query(self, text: str) -> list[float]:
        raise PermissionError(text)


def lines(services: Services) -> list[CostLine]:
    services.books._writer.submit(lambda: None).result()
    with Session(services.engine) as session:
        return list(session.exec(select(CostLine).where(CostLine.meter == "embed")))


def asked(services: Services, question: str) -> UUID:
    async def story() -> UUID:
        conversation = uuid4()
        async with services.turn(question, conversation=conversation, who=Who("chat")) as (turn, earlier):
            async for _ in services.answer(turn, earlier=earlier):
                pass
        return conversation

    return asyncio.run(story())


@pytest.mark.parametrize(("named", "vendor", "known"), [(None, "openai", True), ("acme", "acme", False)])
def test_knowledge_is_billed_beside_and_a_question_with_its_turn(
    named: str | None, vendor: str, known: bool, tmp_path: Path
) -> None:
    settings = Settings(
        home=tmp_path / "h", cache=tmp_path / "c", embeddings="tests.test_billed_beside:Hosted", embeddings_vendor=named
    )
    services = assemble(settings)
    for entry in SHOP:
        services.library.write(entry)
    services.index.build()
    beside = lines(services)
    assert {(line.conversation_id, line.turn_id, line.channel, line.kind) for line in beside} == {
        (None, None, None, "embed")
    }
    assert {line.vendor for line in beside} == {vendor}
    assert all((line.amount is not None) == known for line in beside)
    assert all(line.quantity > 0 and not line.measured for line in beside)
    conversation = asked(services, "what does delivery cost me?")
    mine = [line for line in lines(services) if line.conversation_id == conversation]
    assert mine
    assert len(lines(services)) == len(beside) + len(mine)


def test_embeddings_of_ones_own_machine_cost_its_cpu_seconds_and_nothing_else(tmp_path: Path) -> None:
    settings = Settings(
        home=tmp_path / "h", cache=tmp_path / "c", embeddings="tests.letter_embeddings:LetterEmbeddings"
    )
    services = assemble(settings)
    services.library.write(SHOP[0])
    services.index.build()
    asked(services, "what does delivery cost me?")
    assert lines(services) == []


@pytest.mark.parametrize(("model", "times"), [(Slow, 1), (Refusing, 0), (Hosted, 1)])
def test_a_request_that_was_given_up_may_be_billed_and_a_refused_one_is_not(
    model: type[LetterEmbeddings], times: int
) -> None:
    told: list[Usage] = []
    vectors = Vectors(model(), asked=EmbeddingMeter(beside=told.append).asked)
    if model is Hosted:
        vectors.of_customer("Wie viel? 多少钱")
        assert told[0].quantity == Decimal(6)
    else:
        with pytest.raises(SilentEmbeddings):
            vectors.of_customer("how much")
    assert len(told) == times


def located(module: str, **attributes: str) -> LetterEmbeddings:
    found: LetterEmbeddings = type("Model", (LetterEmbeddings,), {"__module__": module, **attributes})()
    return found


@pytest.mark.parametrize(
    ("embeddings", "vendor"),
    [
        (located("langchain_openai.embeddings.base"), "openai"),
        (located("langchain_openai.embeddings.base", openai_api_base="http://127.0.0.1:1/v1"), "local"),
        (located("langchain_openai.embeddings.base", openai_api_base="https://api.acme.com/v1"), "acme"),
        (located("langchain_mistralai.embeddings"), "mistral"),
        (located("langchain_huggingface.embeddings"), "local"),
        (located("langchain_core.embeddings.fake"), "local"),
        (located("mine", endpoint="not an address"), "local"),
        (located("langchain_ollama.embeddings", base_url="http://ollama:11434"), "local"),
        (located("mine", base_url="http://models.internal/v1"), "local"),
        (located("langchain_community.embeddings.dashscope"), "community"),
    ],
)
def test_a_vendor_is_known_by_its_address_or_its_package(embeddings: LetterEmbeddings, vendor: str) -> None:
    assert vendor_of_model(embeddings) == vendor


def asks(*texts: str) -> Callable[[], Found]:
    """A lookup that embeds."""
    meter = EmbeddingMeter(beside=lambda _: pytest.fail("collected by nobody"))

    def look() -> Found:
        meter.asked(Hosted(), texts)
        return Found(texts[0])

    return look


def sought(words: str) -> Asked:
    return Asked(words, None, (), "en", 0.5, SEARCHER)


SEARCHER = ScriptedSearcher()


def test_guess_that_is_used_is_billed_to_the_turn_and_one_made_in_vain_beside_it() -> None:
    told: list[Usage] = []
    ahead, turn = Ahead(beside=told.append), Turn("sofa bed", CALLER, Who("phone"), at=AT)

    async def story() -> None:
        ahead.begin(CALLER, sought("sofa"), asks("sofa"))
        await ahead.peek(CALLER)
        ahead.begin(CALLER, sought("sofa bed"), asks("sofa bed"))
        await ahead.peek(CALLER)
        await ahead.found(turn, sought("sofa bed"), asks("never looked up"))

    asyncio.run(story())
    billed = [(used.purpose, used.quantity) for used in turn.usage if used.unit == "input_token"]
    assert billed == [("answer", Decimal(2))]
    assert [(used.purpose, used.quantity) for used in told] == [("speculation", Decimal(1))]


def test_guesses_of_a_caller_who_hung_up_are_billed_beside() -> None:
    told: list[Usage] = []
    ahead = Ahead(beside=told.append)

    async def story() -> None:
        ahead.begin(CALLER, sought("sofa"), asks("sofa"))
        await ahead.peek(CALLER)
        ahead.forget(CALLER)

    asyncio.run(story())
    assert [(used.purpose, used.quantity) for used in told] == [("speculation", Decimal(1))]


class Held:
    """A lookup that embeds and then takes as long as it is held."""

    def __init__(self, *, fails: bool = False) -> None:
        self.has_embedded, self.may_end, self.fails = Event(), Event(), fails

    def __call__(self) -> Found:
        asks("sofa")()
        self.has_embedded.set()
        self.may_end.wait(10)
        if self.fails:
            raise OSError("the store is gone")
        return Found("sofa")


@pytest.mark.parametrize("how", ["hangs up", "says something else", "is interrupted", "is forgotten"])
def test_lookup_still_under_way_when_it_is_given_up_is_billed_once_it_ends(how: str) -> None:
    told: list[Usage] = []
    ahead, held, turn = Ahead(beside=told.append), Held(), Turn("sofa", CALLER, Who("phone"), at=AT)

    async def story() -> None:
        if how != "is interrupted":
            ahead.begin(CALLER, sought("sofa"), held)
            await asyncio.to_thread(held.has_embedded.wait, 10)
        match how:
            case "hangs up":
                ahead.forget(CALLER)
            case "says something else":
                ahead._thread._max_workers = 2
                await ahead.found(turn, sought("lamp"), lambda: Found("lamp"))
            case "is interrupted":
                answering = asyncio.ensure_future(ahead.found(turn, sought("sofa"), held))
                await asyncio.to_thread(held.has_embedded.wait, 10)
                answering.cancel()
                await asyncio.wait([answering])
            case _:
                for number in range(100, 100 + MOST_CALLERS):
                    ahead.begin(UUID(int=number), sought(f"lamp {number}"), lambda: Found("lamp"))
        assert told == []
        held.may_end.set()
        await asyncio.to_thread(ahead._thread.submit(lambda: None).result, 10)
        await asyncio.sleep(0.05)

    asyncio.run(story())
    assert [(used.purpose, used.quantity) for used in told] == [("speculation", Decimal(1))]
    assert [used for used in turn.usage if used.unit == "input_token"] == []


def test_lookup_that_fails_after_it_has_embedded_is_billed_to_its_turn() -> None:
    told: list[Usage] = []
    ahead, held, turn = Ahead(beside=told.append), Held(fails=True), Turn("sofa", CALLER, Who("phone"), at=AT)
    held.may_end.set()
    with pytest.raises(OSError, match="store"):
        asyncio.run(ahead.found(turn, sought("sofa"), held))
    assert (len(turn.usage), told) == (1, [])


def test_speech_of_a_call_after_its_last_turn_is_booked_with_the_conversation(tmp_path: Path) -> None:
    services = assemble(
        Settings(home=tmp_path / "h", cache=tmp_path / "c", embeddings="tests.letter_embeddings:LetterEmbeddings")
    )
    services.library.write(SHOP[0])
    services.index.build()
    noise = Transcript("", "en", usage=(Usage("stt", "acme", "ear", "heard_ms", Decimal(700), AT),))

    async def story() -> UUID:
        engines = ScriptedEngines()
        engines.transcriber = ScriptedTranscriber(noise, noise, noise)
        phone = PhoneCall(services, cast(Engines, engines), who=Who("phone"), lang="en")
        heard = np.concatenate([silence(300), np.full(800 * 16, 0.3, dtype=np.float32), silence(2500)])
        async with phone:
            await phone.call.run(RecordingWire(phone.call, Speech(heard), is_fast=True))
        return phone.conversation

    conversation = asyncio.run(story())
    services.books.shut()
    with Session(services.engine) as session:
        booked = list(session.exec(select(CostLine).where(CostLine.meter == "stt")))
    assert {(line.vendor, line.purpose, line.conversation_id) for line in booked} == {
        ("acme", "speculation", conversation)
    }


def test_what_two_threads_embed_is_not_mixed_up() -> None:
    meter, gone_on = EmbeddingMeter(beside=lambda _: None), Event()

    def other() -> int:
        gone_on.wait(5)
        used: list[Usage] = []
        with collecting(used):
            meter.asked(Hosted(), ["sofa"])
        return len(used)

    async def story() -> tuple[int, int]:
        mine: list[Usage] = []
        with collecting(mine):
            waiting = asyncio.to_thread(other)
            task = asyncio.ensure_future(waiting)
            meter.asked(Hosted(), ["lamp"])
            gone_on.set()
            return await task, len(mine)

    assert asyncio.run(story()) == (1, 1)
