"""The company's past against today's knowledge: imported once, grouped into drafts, replayed and judged."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, select

from knowledge.curating.clusters import cluster, nearest_to_middle
from knowledge.curating.draft_rows import DraftRow
from knowledge.facts.figures import plain_numbers
from knowledge.history.agreement import verdict
from knowledge.history.answering import Found, find
from knowledge.history.columns import Columns
from knowledge.history.contact_rows import ContactRow
from knowledge.history.contacts import Export, PastContact
from knowledge.history.mining import Mined, groups_of, keep
from knowledge.history.past import Past
from knowledge.history.replay import Judged, Replay, judge, replay
from knowledge.history.sampling import Sample, draw
from knowledge.history.volumes import count, read_volumes
from knowledge.matching.embeddings import unit
from knowledge.matching.retriever import Retriever
from knowledge.matching.vectors import Vectors
from knowledge.rows import Company
from tests.letter_embeddings import LetterEmbeddings
from tests.shop import ENGLISH
from web.database import open_database

MONDAY = datetime(2026, 11, 2, 9, tzinfo=UTC)
RETURN_REPLY = ENGLISH[0].answer
ABROAD = ("do you ship to Mexico", "do you ship to Mexico please", "do you also ship to Mexico")


def contact(number: int, question: str, **more: object) -> PastContact:
    facts = {"channel": "chat", "lang": "en", "started_at": MONDAY + timedelta(days=number), "handling_seconds": 300.0}
    return PastContact(external_id=str(number), question=question, **{**facts, **more})  # type: ignore[arg-type]


HISTORY = (
    contact(1, "How long can I return a sofa?", answer=RETURN_REPLY, topic="Returns"),
    contact(2, "days to return furniture", answer=RETURN_REPLY, topic="Returns", channel="phone"),
    *(contact(3 + n, text, answer="No, only inside the US.", topic="Abroad") for n, text in enumerate(ABROAD)),
    contact(6, "my neighbour plays the trumpet", handling_seconds=None),
)


def export(*contacts: PastContact, name: str = "tickets.csv") -> Export:
    return Export(name, Columns({}), contacts)


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    opened = open_database(f"sqlite:///{tmp_path / 'a.sqlite'}", lock_folder=tmp_path)
    with Session(opened) as session:
        session.add(Company(id="default", name="Shop"))
        session.commit()
    return opened


@cache
def knowledge() -> tuple[Vectors, Retriever]:
    vectors = Vectors(LetterEmbeddings())
    return vectors, Retriever.fit(ENGLISH, vectors)


class Desk:
    """The steps as `dime history` takes them, on a knowledge that reads letters."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine
        self.past = Past(engine)
        self.vectors, self.retriever = knowledge()

    def sample(self, most: int = 100) -> Sample:
        return draw(self.past.contacts(), self.vectors, most=most, progress=lambda *_: None)

    def found(self, sample: Sample) -> list[Found]:
        return find(
            sample,
            self.retriever,
            decide=lambda _, confidences: "answer" if confidences and confidences[0] > 0.6 else "handoff",
            today=date(2026, 11, 22),
        )

    def mine(self) -> Mined:
        sample = self.sample()
        found = self.found(sample)
        strangers = {one.found.contact.id for one in self.judged(found) if one.by_answer == "differs"}
        groups = groups_of(
            found,
            sample,
            strangers=strangers,
            meanings=self.retriever.place(sample.vectors),
            at_least=2,
            of_answers=self.vectors.of_answers,
            progress=lambda *_: None,
        )
        return keep(self.engine, found, groups, strangers=strangers)

    def judged(self, found: list[Found]) -> list[Judged]:
        answers = [entry.answer for entry in ENGLISH]
        return judge(found, entry_answers=answers, of_answers=self.vectors.of_answers, progress=lambda *_: None)

    def replay(self) -> Replay:
        sample = self.sample()
        found = self.found(sample)
        return replay(found, self.judged(found), of=sample.of)

    def drafts(self) -> list[DraftRow]:
        with Session(self.engine) as session:
            return list(session.exec(select(DraftRow)).all())


@pytest.fixture
def desk(engine: Engine) -> Desk:
    made = Desk(engine)
    made.past.add(export(*HISTORY))
    return made


def test_importing_twice_changes_nothing(desk: Desk) -> None:
    again = desk.past.add(export(*HISTORY))
    assert (again.added, again.updated, again.unchanged) == (0, 0, 6)
    assert len(desk.past.contacts()) == 6


def test_a_later_export_brings_a_contact_up_to_date_and_takes_nothing_away(desk: Desk) -> None:
    later = replace(HISTORY[0], answer="", ended_at=MONDAY + timedelta(days=9))
    assert desk.past.add(export(later, name="december.csv")).updated == 1
    row = next(row for row in desk.past.contacts() if row.external_id == "1")
    assert (row.answer, row.ended_at, row.source) == (RETURN_REPLY, later.ended_at, "tickets.csv")


def test_the_same_number_in_another_system_is_another_contact(desk: Desk) -> None:
    call = contact(1, "is my mattress ready", channel="phone", started_at=MONDAY - timedelta(days=40))
    assert desk.past.add(export(call, name="calls.csv")).added == 1
    assert desk.past.add(export(call, name="calls.csv")).unchanged == 1
    assert len(desk.past.contacts()) == 7


def test_known_questions_are_filed_and_the_others_become_a_draft(desk: Desk) -> None:
    mined = desk.mine()
    assert (mined.known, mined.grouped, mined.single, mined.new_drafts) == (2, 3, 1, 1)
    draft = desk.drafts()[0]
    assert (draft.kind, draft.origin, draft.status, draft.lang) == ("entry", "history", "open", "en")
    assert draft.question in ABROAD
    assert draft.answer == "No, only inside the US."
    assert draft.examples == list(ABROAD)
    assert (draft.evidence, draft.seconds) == (3, 900)
    intents = {row.external_id: row.intent for row in desk.past.contacts()}
    assert intents["1"] == intents["2"] == "returns"
    assert intents["3"] == intents["4"] == intents["5"] is not None
    assert intents["6"] is None


def test_the_same_group_again_moves_the_evidence_of_its_draft(desk: Desk) -> None:
    desk.mine()
    desk.past.add(export(contact(9, "and do you ship to Mexico", answer="No."), name="december.csv"))
    mined = desk.mine()
    assert (mined.new_drafts, mined.updated_drafts) == (0, 1)
    assert [(draft.evidence, draft.seconds) for draft in desk.drafts()] == [(4, 1200)]


def test_a_refused_draft_is_not_proposed_again(desk: Desk, engine: Engine) -> None:
    desk.mine()
    with Session(engine) as session:
        session.exec(select(DraftRow)).one().status = "refused"
        session.commit()
    desk.mine()
    assert [draft.status for draft in desk.drafts()] == ["refused"]


def test_answer_that_contradicts_the_colleague_goes_to_the_drafts(desk: Desk) -> None:
    said = "Custom pieces stay with you, sorry: 0 of them went back since 1999."
    desk.past.add(
        export(*(contact(20 + n, f"sofa return period{'?' * n}", answer=said) for n in range(2)), name="b.csv")
    )
    assert desk.mine().known == 2
    assert {draft.answer for draft in desk.drafts()} == {"No, only inside the US.", said}


def test_forgetting_a_file_takes_its_words_out_of_the_drafts(desk: Desk) -> None:
    desk.past.add(export(contact(9, "and do you ship to Mexico", answer="No."), name="december.csv"))
    desk.mine()
    assert desk.past.forget("tickets.csv") == 6
    assert [(draft.examples, draft.evidence) for draft in desk.drafts()] == [(["and do you ship to Mexico"], 1)]
    assert desk.past.forget("december.csv") == 1
    assert desk.drafts() == []
    assert desk.past.forget("december.csv") == 0


def test_replay_counts_what_would_be_answered_and_how_it_was_judged(desk: Desk) -> None:
    desk.mine()
    done = desk.replay()
    assert (done.questions, done.of, done.answered) == (6, 6, 2)
    assert (done.right, done.wrong, done.unjudged) == (2, 0, 0)
    lines = {line.intent: line for line in done.intents}
    assert lines["returns"].by_channel == {"chat": (1, (300.0,)), "phone": (1, (300.0,))}
    assert (lines["returns"].answered, lines["returns"].mean_seconds) == (2, 300)


def test_replay_shows_what_the_colleague_answered_otherwise(desk: Desk) -> None:
    desk.past.add(export(contact(30, "sofa return period", answer="Ask again in 1999 weeks, thank you."), name="b.csv"))
    disagreement = desk.replay().disagreements(5)
    assert [one.found.contact.external_id for one in disagreement] == ["30"]


def test_a_reply_that_says_nothing_is_left_unjudged(desk: Desk) -> None:
    desk.past.add(export(contact(30, "sofa return period", answer="Done!"), name="b.csv"))
    assert desk.replay().unjudged == 1


def test_sample_is_the_same_every_time_and_says_of_how_many(desk: Desk) -> None:
    first, again = desk.sample(3), desk.sample(3)
    assert [row.id for row in first.contacts] == [row.id for row in again.contacts]
    assert (len(first), first.of) == (3, 6)


def test_volumes_tell_share_and_handling_by_intent_and_channel(desk: Desk, engine: Engine) -> None:
    desk.mine()
    with Session(engine) as session:
        volumes = read_volumes(session)
    assert (volumes.contacts, volumes.days) == (6, 5)
    assert sum(line.share for line in volumes.lines) == pytest.approx(1)
    first = volumes.lines[0]
    assert (first.channel, first.contacts, first.mean_seconds, first.sd_seconds) == ("chat", 3, 300, 0)
    assert next(line for line in volumes.lines if line.intent is None).mean_seconds is None


def test_volumes_of_nothing_are_empty() -> None:
    assert count([]).lines == ()
    assert count([ContactRow(external_id="1", source="a", channel="chat")]).days is None


@pytest.mark.parametrize(
    ("answer", "reply", "likeness", "judged"),
    [
        ("within 30 days", "you have 30 days for it", 0.9, "agrees"),
        ("within 30 days", "you have 14 days for it", 0.9, "differs"),
        ("it costs $1,150.00", "that will be 1150 dollars", 0.3, "agrees"),
        ("we do not ship abroad", "no shipping abroad, sorry", 0.5, "agrees"),
        ("we do not ship abroad", "please call the store first", 0.1, "differs"),
        ("we do not ship abroad", "please call the store first", 0.35, None),
        ("within 30 days", "Done!", 0.9, None),
    ],
)
def test_answers_are_judged_by_likeness_and_figures(
    answer: str, reply: str, likeness: float, judged: str | None
) -> None:
    assert verdict(answer, reply, likeness=likeness) == judged


def test_figures_are_compared_as_numbers() -> None:
    assert plain_numbers("$1,150.00 or 9.50 by 10:30") == {"1150", "9.5", "10:30"}


@given(st.integers(0, 60), st.integers(0, 2**32 - 1))
def test_every_question_is_in_exactly_one_group(rows: int, seed: int) -> None:
    vectors = unit(np.random.default_rng(seed).normal(size=(rows, 8)).astype(np.float32))
    groups = cluster(vectors)
    assert sorted(row for members in groups for row in members) == list(range(rows))
    assert [len(members) for members in groups] == sorted((len(members) for members in groups), reverse=True)


@pytest.mark.parametrize("copies", [3, 300])
def test_near_copies_are_one_group_and_strangers_are_not(copies: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.curating.clusters._MANY", 100)
    directions = np.eye(6, dtype=np.float32)
    noise = np.random.default_rng(0).normal(scale=0.02, size=(6 * copies, 6)).astype(np.float32)
    groups = cluster(unit(np.repeat(directions, copies, axis=0) + noise))
    assert sorted(map(sorted, groups)) == [list(range(n * copies, (n + 1) * copies)) for n in range(6)]


def test_most_central_is_the_one_nearest_to_all() -> None:
    vectors = unit(np.array([[1, 0], [1, 1], [0, 1]], dtype=np.float32))
    assert nearest_to_middle(vectors, [0, 1, 2], weights=[1, 1, 1]) == 1
