"""A draft answers nobody: an editor accepts it, and only then is it knowledge; what was refused stays refused."""

from dataclasses import replace

import pytest
from sqlalchemy import Engine
from sqlmodel import Session, SQLModel, create_engine

from knowledge.curating.drafts import MOST_EXAMPLES, Drafts, NoSuchDraft, Outcome, Proposal, write_entry
from knowledge.curating.gaps import open_gaps, record_gap
from knowledge.library import Library
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.phrasings import TakenQuestion
from knowledge.reading.documents import parse_document
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import SHOP

pytestmark = pytest.mark.slow

RENTING = Proposal("Do you rent sofas?", "No, but we sell used ones.", "desk", seconds=90.0)
FAQ = parse_document(b"id,question,answer,lang\nreturns,How long can I return a sofa?,30 days,en\n", name="faq.csv")


@pytest.fixture
def engine(tmp_path) -> Engine:  # type: ignore[no-untyped-def]
    engine = create_engine(f"sqlite:///{tmp_path}/dime.db")
    SQLModel.metadata.create_all(engine)
    return engine


@pytest.fixture
def drafts(engine: Engine) -> Drafts:
    return Drafts(engine)


@pytest.fixture
def library(engine: Engine) -> Library:
    library = Library(engine)
    library.add(FAQ)
    return library


@pytest.fixture(scope="module")
def retriever() -> Retriever:
    return Retriever.fit(SHOP, Vectors(LetterEmbeddings()))


def propose(drafts: Drafts, retriever: Retriever, proposal: Proposal = RENTING, **changes: object) -> Outcome:
    return drafts.propose(replace(proposal, **changes), retriever, threshold=0.6)  # type: ignore[arg-type]


def test_the_same_question_from_another_contact_is_more_evidence(drafts: Drafts, retriever: Retriever) -> None:
    assert propose(drafts, retriever) == "new"
    assert propose(drafts, retriever, question="do you rent sofas ?", answer="Sorry, no.") == "joined"
    assert propose(drafts, retriever, question="Do you rent out sofas?", seconds=None) == "joined"
    assert propose(drafts, retriever, question="Is there a café?") == "new"
    renting, coffee = drafts.listed()
    assert (renting.evidence, renting.seconds, renting.answer) == (3, 180.0, "No, but we sell used ones.")
    assert renting.examples == ["Do you rent sofas?", "do you rent sofas ?", "Do you rent out sofas?"]
    assert coffee.evidence == 1


def test_examples_are_kept_up_to_a_number_the_latest_last(drafts: Drafts, retriever: Retriever) -> None:
    for mark in range(MOST_EXAMPLES + 5):
        propose(drafts, retriever, question="Do you rent sofas" + "?" * (mark + 1))
    (draft,) = drafts.listed()
    assert (draft.evidence, len(draft.examples)) == (MOST_EXAMPLES + 5, MOST_EXAMPLES)
    assert draft.examples[-1].endswith("?" * (MOST_EXAMPLES + 5))


def test_transcript_pasted_twice_counts_once(drafts: Drafts, retriever: Retriever) -> None:
    assert propose(drafts, retriever, origin="transcript") == "new"
    assert propose(drafts, retriever, origin="transcript") == "known"
    assert drafts.listed()[0].evidence == 1


def test_what_the_knowledge_answers_needs_no_draft_unless_it_answered_wrongly(
    drafts: Drafts, retriever: Retriever
) -> None:
    known = replace(RENTING, question="mattress warranty years")
    assert propose(drafts, retriever, known) == "answered"
    assert propose(drafts, retriever, known, is_wrong=True) == "new"


def test_accepted_draft_is_knowledge_that_no_file_retires_and_closes_its_gaps(
    engine: Engine, drafts: Drafts, library: Library, retriever: Retriever
) -> None:
    with Session(engine) as session:
        for question in ("do you rent sofas", "Do you rent out sofas?", "Is there a café?"):
            record_gap(session, question)
        session.commit()
    propose(drafts, retriever)
    propose(drafts, retriever, question="Do you rent out sofas?")
    propose(drafts, retriever, question="Do you rent sofas? Mail ann@example.org")
    version = library.version()
    draft = next(draft for draft in drafts.listed() if draft.evidence > 1)
    entry = drafts.accept(draft.id, library, question="Can I rent a sofa?", answer="No.")
    assert library.version() == version + 1
    library.add(FAQ)
    found = next(known for known in library.entries() if known.id == entry.id)
    assert (found.question, found.answer, found.source) == ("Can I rent a sofa?", "No.", "editor")
    assert found.variants == ("Do you rent sofas?", "Do you rent out sofas?")
    with Session(engine) as session:
        assert [gap.question for gap in open_gaps(session)] == ["Is there a café?"]
    assert draft.id not in [left.id for left in drafts.listed()]
    with pytest.raises(NoSuchDraft):
        drafts.accept(draft.id, library)


def test_refused_draft_is_not_proposed_again(drafts: Drafts, library: Library, retriever: Retriever) -> None:
    propose(drafts, retriever)
    draft = drafts.find(str(drafts.listed()[0].id)[:8])
    drafts.refuse(draft.id)
    assert propose(drafts, retriever, question="do you rent sofas") == "refused"
    assert propose(drafts, retriever, question="Do you rent out sofas?") == "refused"
    assert drafts.listed() == []
    with pytest.raises(NoSuchDraft):
        drafts.refuse(draft.id)
    assert [entry.id for entry in library.entries()] == ["returns"]


def test_phrasing_draft_teaches_its_entry(drafts: Drafts, library: Library) -> None:
    (returns,) = library.entries()
    assert drafts.propose_phrasing("give my couch back", returns) == "new"
    assert drafts.propose_phrasing("Give my couch back?", returns) == "joined"
    assert drafts.propose_phrasing("how long can I return a sofa", returns) == "answered"
    assert drafts.propose_phrasing("my couch, order 10043, can it go back?", returns) == "refused"
    assert drafts.propose_phrasing("I am at [email], can it go back?", returns) == "refused"
    assert library.entries() == [returns]
    (draft,) = drafts.listed()
    drafts.accept(draft.id, library)
    assert library.entries()[0].variants == ("give my couch back",)


def test_what_cannot_be_an_entry_leaves_draft_and_knowledge_as_they_were(
    drafts: Drafts, library: Library, retriever: Retriever
) -> None:
    propose(drafts, retriever, answer="")
    (draft,) = drafts.listed()
    with pytest.raises(ValueError, match="answer"):
        drafts.accept(draft.id, library)
    with pytest.raises(ValueError, match="2,000"):
        drafts.accept(draft.id, library, question="x" * 2_001, answer="No.")
    with pytest.raises(TakenQuestion, match="returns"):
        drafts.accept(draft.id, library, question="how long can I return a sofa", answer="No.")
    assert [entry.id for entry in library.entries()] == ["returns"]
    assert len(drafts.listed()) == 1
    with pytest.raises(NoSuchDraft):
        drafts.find("")
    with pytest.raises(ValueError, match="1 to 2,000"):
        propose(drafts, retriever, question=" \n")


def test_entry_written_twice_is_written_once(library: Library) -> None:
    first = write_entry(library, "Do you\nrent | sofas?", "No.\0\n", asked=["rent?", "Do you rent sofas?"])
    version = library.version()
    assert write_entry(library, "Do you rent sofas?", "No.", asked=["rent?"]) == first
    assert library.version() == version
    again = parse_document(library.export().encode(), name="faq.csv")
    assert library.add(again).unchanged == 2
