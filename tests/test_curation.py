"""What customers and colleagues do becomes the editor's work: a thumb down a gap, a solved visit a draft."""

import json
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi.testclient import TestClient
from sqlmodel import Session

from agent.turn import Source, Turn, Who
from knowledge.curating.gaps import open_gaps
from knowledge.entry import Entry
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from tests.conftest import Server, run_dime
from tests.doubles import ScriptedSearcher, entry
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import SHOP
from tests.test_chat import ScriptedIndex
from web.app import create_app
from web.assembly import assemble
from web.services import Services
from web.settings import Settings


class LetterIndex:
    """Stands where the live index stands: the shop's entries, by spelling."""

    is_ready = True

    def __init__(self) -> None:
        self.retriever = Retriever.fit(SHOP, Vectors(LetterEmbeddings()))

    def current(self) -> Retriever:
        return self.retriever

    async def follow(self) -> None:
        return None


@pytest.fixture(scope="module")
def index() -> LetterIndex:
    return LetterIndex()


@pytest.fixture
def services(tmp_path: Path, index: LetterIndex) -> Services:
    made = assemble(Settings(home=tmp_path / "home", cache=tmp_path / "cache", _env_file=None))
    made.index = index  # type: ignore[assignment]
    return made


@pytest.fixture
def client(services: Services) -> Iterator[TestClient]:
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        yield client


def keep(services: Services, question: str, *, source: str | None = None) -> Turn:
    """A turn in the books: answered from `source`, or in vain."""
    turn = Turn(question, uuid4(), Who("chat", customer="ann"), at=services.now(), confidence=0.9)
    turn.action, turn.reason = ("answer", "confident") if source else ("unknown", "unknown")
    turn.source = Source(source, "?") if source else None
    services.books.write(turn, finished=True)
    return turn


def visit(services: Services, client: TestClient, turn: Turn, *replies: str, outcome: str = "solved") -> None:
    services.desk.queue(turn.who, conversation=turn.conversation, reason="unknown", at=services.now())
    at = f"/api/v1/desk/conversations/{turn.conversation}"
    assert client.post(f"{at}/take", json={"colleague": "Bob"}).status_code == 204
    for text in replies:
        client.post(f"{at}/reply", json={"colleague": "Bob", "text": text})
    assert client.post(f"{at}/close", json={"colleague": "Bob", "outcome": outcome}).status_code == 200


SOFA = entry("You have 30 days.", slug="sofa", question="How long can I return a sofa?")
MATTRESS = entry("Only sealed.", slug="mattress", question="Can I return a mattress?")


@pytest.mark.parametrize(
    ("found", "asked", "chosen", "drafts"),
    [
        ((0.4, 0.35), "what may go back to you?", "the mattress", [("what may go back to you?", "mattress", "choice")]),
        ((0.2, 0.18), "what may go back to you?", "the mattress", [("what may go back to you?", "mattress", "choice")]),
        ((0.4, 0.35), "what may go back to you?", "both", []),
        ((0.4, 0.35), "what of order 1004377 may go back?", "the mattress", []),
        ((0.8, 0.12), "what may go back to you?", "the mattress", []),
        ((0.4, 0.35), "什么可以退?", "2", []),
    ],
)
def test_choice_of_a_customer_is_proposed_as_a_phrasing_of_what_was_chosen(
    services: Services, found: tuple[float, float], asked: str, chosen: str, drafts: list[tuple[str, str, str]]
) -> None:
    services.index = ScriptedIndex(ScriptedSearcher((SOFA, found[0]), (MATTRESS, found[1])))  # type: ignore[assignment]
    services.curation = replace(services.curation, retriever=services.index.current)
    services.agent._searcher = services.index.current  # type: ignore[assignment]
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        first = client.post("/api/v1/ask", json={"question": asked}).json()
        answer = client.post("/api/v1/ask", json={"question": chosen, "conversation": first["conversation"]}).json()
        assert (answer["action"], answer["reason"]) == ("answer", "clarified")
        made = client.get("/api/v1/knowledge/drafts").json()
    assert [(draft["question"], draft["entry"], draft["origin"]) for draft in made] == drafts


def test_thumb_down_is_a_gap_until_it_is_taken_back(services: Services) -> None:
    turn = keep(services, "mattress warranty years", source="warranty")

    def rate(helpful: bool | None) -> list[tuple[str, int, str | None]]:
        services.conversations.thumb(turn.conversation, turn=turn.id, helpful=helpful)
        return [(gap.question, gap.wrong, gap.lang) for gap in services.curation.gaps().gaps]

    down = [("mattress warranty years", 1, "en")]
    assert [rate(False), rate(False), rate(True), rate(False), rate(None)] == [down, down, [], down, []]


def test_thumb_down_for_an_honest_i_do_not_know_is_no_second_gap(services: Services) -> None:
    turn = keep(services, "do you rent sofas?")
    services.conversations.thumb(turn.conversation, turn=turn.id, helpful=False)
    (gap,) = services.curation.gaps().gaps
    assert (gap.count, gap.wrong, gap.customers) == (1, 0, 1)
    services.conversations.thumb(turn.conversation, turn=turn.id, helpful=True)
    assert len(services.curation.gaps().gaps) == 1


def test_what_was_asked_back_about_is_a_gap_until_an_entry_answers(services: Services) -> None:
    def say(question: str, reason: str, *, source: str | None = None, before: Turn | None = None) -> Turn:
        conversation = before.conversation if before else uuid4()
        turn = Turn(question, conversation, Who("chat"), at=services.now(), number=before.number + 1 if before else 1)
        turn.action, turn.reason = "answer" if source else "clarify", reason
        turn.source = Source(source, "?") if source else None
        services.books.write(turn, finished=True)
        return turn

    left = say("do you rent sofas?", "close")
    chose = say("do you sell tea?", "close")
    none = say("is there a café?", "close")
    say("something else", "none_meant", before=none)
    with Session(services.engine) as session:
        assert {gap.question for gap in open_gaps(session)} == {left.question, chose.question, none.question}
        say("the warranty", "clarified", source="warranty", before=chose)
        session.expire_all()
        assert {gap.question for gap in open_gaps(session)} == {left.question, none.question}


def test_gap_costs_what_the_desk_took_once_a_colleague_handled_it(services: Services, client: TestClient) -> None:
    turn = keep(services, "do you rent sofas?")
    assert [gap.money for gap in services.curation.gaps().gaps] == [services.baseline.cost("chat")]
    visit(services, client, turn, "No.", outcome="unsolved")
    (gap,) = services.curation.gaps().gaps
    assert gap.money is not None and gap.money < services.baseline.cost("chat")


def test_solved_visit_makes_a_draft_of_the_vain_question_and_the_reply(services: Services, client: TestClient) -> None:
    visit(services, client, keep(services, "do you rent sofas?"), "Hi Ann!", "Let me check.", "No, we only sell them.")
    visit(services, client, keep(services, "do you rent  sofas"), "Sorry, we do not.")
    visit(services, client, keep(services, "is there a café?"), "We do not know.", outcome="unsolved")
    visit(services, client, keep(services, "is there a café?"), "One moment, please.")
    visit(services, client, keep(services, "mattress warranty years", source="warranty"), "Ten years.")
    (draft,) = services.curation.drafts.listed()
    assert (draft.question, draft.answer, draft.evidence) == ("do you rent sofas?", "No, we only sell them.", 2)
    assert draft.origin == "desk"
    assert draft.seconds is not None


def test_visit_closes_although_no_draft_can_be_made(services: Services, client: TestClient) -> None:
    services.index = object()  # type: ignore[assignment]
    visit(services, client, keep(services, "do you rent sofas?"), "No.")
    assert services.curation.drafts.listed() == []


def test_transcript_becomes_drafts_of_what_is_not_known(services: Services) -> None:
    text = "Customer: Do you rent sofas?\nAgent: No.\nCustomer: mattress warranty years\nAgent: Ten."
    assert services.curation.learn(text, name="chat.txt") == [
        ("Do you rent sofas?", "new"),
        ("mattress warranty years", "answered"),
    ]


def test_taught_question_closes_its_gap(services: Services) -> None:
    services.library.write(Entry("returns", "How long?", "30 days", source="editor"))
    keep(services, "give my couch back")
    services.curation.teach("Give my couch back?", "returns")
    assert services.curation.gaps().gaps == []


@pytest.mark.real
def test_editor_learns_a_running_servers_next_answer(make_server: Callable[..., Server], tmp_path: Path) -> None:
    server, pasted = make_server(), tmp_path / "chat.txt"
    question = "can I rent a table for a wedding?"
    pasted.write_text(f"Customer: {question}\nAgent: Hi Ann, yes, for $199. Have a nice day!\n")

    def dime(*arguments: str) -> Any:
        done = run_dime("knowledge", *arguments, home=server.home)
        assert done.returncode == 0, done.stderr
        return json.loads(done.stdout) if "--json" in arguments else done.stdout

    with httpx.Client(base_url=server.url, timeout=30) as client:
        assert client.post("/api/v1/ask", json={"question": question}).json()["action"] == "unknown"
        (gap,) = dime("gaps", "--json")["gaps"]
        assert (gap["question"], gap["count"], gap["money"]["currency"]) == (question, 1, "USD")
        assert dime("learn", str(pasted), "--json")["questions"] == [{"question": question, "outcome": "new"}]
        assert client.post("/api/v1/ask", json={"question": question}).json()["action"] == "unknown"
        (draft,) = dime("drafts", "--json")["drafts"]
        UUID(draft["id"])
        dime("accept", draft["id"][:8])
        for _ in range(200):
            answer = client.post("/api/v1/ask", json={"question": question}).json()
            if answer["action"] == "answer":
                break
            time.sleep(0.2)  # the server is busy enough
        assert answer["answer"] == "Yes, for $199."
        assert dime("gaps", "--json")["gaps"] == []
        dime("teach", "may I hand the couch back", "returns-sofa")
        assert "may I hand the couch back" in dime("export")
        assert [pair["one"]["id"] for pair in dime("check", "--json")["pairs"]] == ["cancel-before-dispatch"]


@pytest.mark.real
def test_adding_a_file_tells_how_often_it_clashes(tmp_path: Path) -> None:
    faq, more = tmp_path / "faq.csv", tmp_path / "more.csv"
    faq.write_text("question,answer\nHow long can I return a sofa?,Sofas can be returned within 30 days.\n")
    more.write_text("id,question,answer\nx,How long can I return a sofa?,Sofas can be returned within 14 days.\n")
    assert "contradicts" not in run_dime("knowledge", "add", str(faq), home=tmp_path / "home").stdout
    added = run_dime("knowledge", "add", str(more), home=tmp_path / "home")
    assert "repeats the knowledge 0 times and contradicts it 1 times" in added.stdout
