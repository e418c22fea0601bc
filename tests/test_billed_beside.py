"""A vendor's embeddings and speech are on the books: a question's with its turn, the rest beside every conversation."""

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from threading import Event
from uuid import UUID, uuid4

import pytest
from sqlmodel import Session, select

from agent.ahead import Ahead, Asked
from agent.embedding import EmbeddingMeter, collecting, vendor_of_model
from agent.finding import Found
from agent.turn import Turn, Who
from agent.usage import Usage
from knowledge.matching.embeddings import SilentEmbeddings
from knowledge.matching.vectors import Vectors
from roi.books.ledger import CostLine
from tests.doubles import ScriptedSearcher
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import SHOP
from web.assembly import assemble
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


def test_guesses_are_billed_to_the_turn_as_what_they_were() -> None:
    ahead, turn = Ahead(), Turn("sofa bed", CALLER, Who("phone"), at=AT)

    async def story() -> None:
        ahead.begin(CALLER, sought("sofa"), asks("sofa"))
        await ahead.peek(CALLER)
        ahead.begin(CALLER, sought("sofa bed"), asks("sofa bed"))
        await ahead.peek(CALLER)
        await ahead.found(turn, sought("sofa bed"), asks("never looked up"))

    asyncio.run(story())
    billed = [(used.purpose, used.quantity) for used in turn.usage if used.unit == "input_token"]
    assert sorted(billed) == [("answer", Decimal(2)), ("speculation", Decimal(1))]


def test_guesses_of_a_caller_who_hung_up_are_billed_beside() -> None:
    told: list[Usage] = []
    ahead = Ahead(beside=told.append)

    async def story() -> None:
        ahead.begin(CALLER, sought("sofa"), asks("sofa"))
        await ahead.peek(CALLER)
        ahead.forget(CALLER)

    asyncio.run(story())
    assert [(used.purpose, used.quantity) for used in told] == [("speculation", Decimal(1))]


def test_what_two_threads_embed_is_not_mixed_up() -> None:
    meter, gone_on = EmbeddingMeter(beside=lambda _: None), Event()

    def other() -> int:
        gone_on.wait(5)
        with collecting() as used:
            meter.asked(Hosted(), ["sofa"])
        return len(used)

    async def story() -> tuple[int, int]:
        with collecting() as mine:
            waiting = asyncio.to_thread(other)
            task = asyncio.ensure_future(waiting)
            meter.asked(Hosted(), ["lamp"])
            gone_on.set()
            return await task, len(mine)

    assert asyncio.run(story()) == (1, 1)
