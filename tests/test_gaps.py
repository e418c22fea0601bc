"""What was asked in vain is counted, in the transaction of the turn that failed to answer it."""

from datetime import UTC, datetime
from pathlib import Path
from uuid import uuid4

import pytest
from sqlmodel import Session, SQLModel, create_engine, select

from agent.telling.left_open import LeftOpen, Offer
from agent.turn import Source, Turn, Who
from knowledge.curating.gaps import GapRow, open_gaps, record_gap, resolve_gaps
from knowledge.rows import Provenance
from web.assembly import assemble
from web.settings import Settings


@pytest.fixture
def session() -> Session:
    engine = create_engine("sqlite://")
    SQLModel.metadata.create_all(engine)
    return Session(engine)


def test_gap_carries_who_asked_and_what_came_nearest(session: Session) -> None:
    who = Provenance(
        customer="abc", channel="phone", lang="zh", arm="b", demo=True, at=datetime(2026, 5, 1, tzinfo=UTC)
    )
    conversation = uuid4()
    record_gap(
        session, "可以租沙发吗？", identity=who, conversation_id=conversation, best_entry="returns", confidence=0.2
    )
    session.commit()
    row = session.exec(select(GapRow)).one()
    assert (row.customer, row.channel, row.lang, row.arm, row.demo) == ("abc", "phone", "zh", "b", True)
    assert (row.at, row.conversation_id, row.best_entry) == (who.at, conversation, "returns")


def test_gap_of_a_turn_that_is_rolled_back_never_was(session: Session) -> None:
    record_gap(session, "Do you rent sofas?")
    session.rollback()
    assert open_gaps(session) == []


def test_resolved_gap_is_open_again_when_it_is_asked_again(session: Session) -> None:
    record_gap(session, "Do you rent sofas?")
    record_gap(session, "Is there a café?")
    assert resolve_gaps(session, ["do you  rent sofas", "What?"]) == 1
    assert [gap.question for gap in open_gaps(session)] == ["Is there a café?"]
    record_gap(session, "Do you rent sofas?")
    assert len(open_gaps(session)) == 2


def test_gaps_are_listed_by_company_and_language(session: Session) -> None:
    record_gap(session, "Hm?", identity=Provenance(company="other", lang="en"))
    record_gap(session, "嗯？", identity=Provenance(lang="zh"))
    assert [gap.question for gap in open_gaps(session, lang="zh")] == ["嗯？"]
    assert open_gaps(session, lang="en") == []
    assert [gap.question for gap in open_gaps(session, company="other")] == ["Hm?"]


def test_gaps_of_demo_data_can_be_left_out(session: Session) -> None:
    record_gap(session, "Made up?", identity=Provenance(lang="en", demo=True))
    record_gap(session, "Asked?", identity=Provenance(lang="en"))
    assert [gap.question for gap in open_gaps(session, with_demo=False)] == ["Asked?"]


TOLD, OTHER = Source("sofa-returns", "How long can I return a sofa?"), Source("hours", "When do you open?")
TELLING = ("clarified", "confident", "guide", "condition_named")


@pytest.mark.parametrize(
    ("reasons", "left"),
    [
        (("close",), 1),
        (("close", "clarified"), 0),
        (("close", "confident"), 0),
        (("close", "none_meant"), 1),
        (("close", "none_meant", "clarified"), 0),
        (("close", "none_meant", "confident"), 1),
        (("unknown", "clarified"), 0),
        (("unknown", "confident"), 1),
        (("unknown", "thanks", "clarified"), 1),
        (("unknown", "guide"), 0),
        (("unknown", "condition", "condition_named"), 0),
        (("close", "none_meant", "condition", "unclear", "condition_named"), 0),
    ],
)
def test_what_was_answered_after_all_is_no_gap(reasons: tuple[str, ...], left: int, tmp_path: Path) -> None:
    services = assemble(Settings(home=tmp_path))
    conversation = uuid4()
    for number, reason in enumerate(reasons, 1):
        turn = Turn(f"question {number}", conversation, Who("chat"), at=datetime.now(UTC), number=number)
        turn.action, turn.reason = "answer", reason
        is_other = reason == "confident" and number > 1 and reasons[number - 2] != "close"
        turn.source = OTHER if is_other else TOLD if reason in TELLING else None
        if reason in ("unknown", "none_meant"):
            turn.left_open = LeftOpen(suggested=(Offer(TOLD.id, "en", TOLD.question, 0.2),))
        services.books.write(turn, finished=True)
    with Session(services.engine) as session:
        assert len(open_gaps(session)) == left
    services.books.shut()
