"""Two colleagues who do not see one another grade a random sample; what they find, and how far they agree."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from itertools import count
from pathlib import Path
from uuid import UUID, uuid4

import pytest
from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine
from sqlmodel import Session, col, select

from agent.history import Conversation, TurnRow
from knowledge.curating.gaps import GapRow
from roi.books.period import Period
from roi.books.tally import Scope
from roi.quality.agreement import agreed, kappa, settled
from roi.quality.audits import WORST_LAST, AuditGrade, AuditItem, AuditSummary, audits
from tests.ledgers import NOVEMBER, converse, empty_books
from tests.test_chat import hear, say
from tests.test_people_chat import SOFA, open_shop
from web.app import create_app
from web.desk.audits import AlreadySettled, Audits, NoSuchAudit, NotAGrade, sample

ANSWER = WORST_LAST["answer"]
GRADES = st.sampled_from(ANSWER)


def of_table(*rows: tuple[str, str, int]) -> list[tuple[str, str]]:
    return [(first, second) for first, second, count in rows for _ in range(count)]


def test_kappa_of_the_worked_examples() -> None:
    both = of_table(("yes", "yes", 20), ("yes", "no", 5), ("no", "yes", 10), ("no", "no", 15))
    assert kappa(both) == pytest.approx(0.4)
    same = of_table(("yes", "yes", 45), ("yes", "no", 15), ("no", "yes", 25), ("no", "no", 15))
    assert kappa(same) == pytest.approx(0.1304, abs=5e-5)
    assert kappa(of_table(("right", "wrong", 5), ("wrong", "right", 5))) == -1
    assert kappa(of_table(("right", "right", 9), ("wrong", "wrong", 1))) == 1


def test_kappa_says_nothing_where_chance_alone_would_agree() -> None:
    assert kappa([]) is None
    assert kappa([("right", "right")] * 40) is None


@given(st.lists(st.tuples(GRADES, GRADES), min_size=1, max_size=60))
def test_kappa_is_full_only_in_full_agreement_and_never_above_the_share_that_agrees(
    pairs: list[tuple[str, str]],
) -> None:
    found = kappa(pairs)
    if found is not None:
        assert -1 <= found <= agreed(pairs) / len(pairs) + 1e-12
        assert (abs(found - 1) < 1e-12) == (agreed(pairs) == len(pairs))
        assert found == pytest.approx(kappa([(b, a) for a, b in pairs]))


def test_a_disagreement_counts_as_the_worse_until_a_third_has_looked() -> None:
    assert settled([], worst_last=ANSWER) is None
    assert settled(["right"], worst_last=ANSWER) == "right"
    assert settled(["right", "wrong"], worst_last=ANSWER) == "wrong"
    assert settled(["right", "wrong", "right"], worst_last=ANSWER) == "right"
    assert settled(["right", "harmful", "wrong"], worst_last=ANSWER) == "wrong"


@given(st.lists(GRADES, min_size=1, max_size=7), st.randoms(use_true_random=False))
def test_what_is_settled_does_not_depend_on_who_came_first(grades: list[str], chance: object) -> None:
    shuffled = grades[:]
    chance.shuffle(shuffled)  # type: ignore[attr-defined]
    assert settled(shuffled, worst_last=ANSWER) == settled(grades, worst_last=ANSWER)
    worse = [*grades, "harmful"]
    assert ANSWER.index(settled(worse, worst_last=ANSWER)) >= ANSWER.index(settled(grades, worst_last=ANSWER))  # type: ignore[arg-type]


NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
SECONDS = count()
WHOLE = Scope("default", NOVEMBER, with_demo=True)


@pytest.fixture
def books() -> Engine:
    return empty_books()


def answered(engine: Engine, number: int, *, demo: bool = False, helpful: bool | None = None) -> list[UUID]:
    """The turns of so many conversations, each answered from an entry."""
    with Session(engine) as session:
        made = [converse(session, customer=f"c{n}", demo=demo, helpful=helpful) for n in range(number)]
        turns = list(session.exec(select(TurnRow).where(col(TurnRow.conversation_id).in_(made))))
        for turn in turns:
            turn.action, turn.answer, turn.source_entry = "answer", "Within 30 days.", "sofa-returns"
            turn.source = {"id": "sofa-returns", "question": "How long can I return a sofa?", "url": None}
        session.commit()
        return [turn.id for turn in turns]


def found(engine: Engine) -> AuditSummary:
    with engine.connect() as connection:
        return audits(connection, WHOLE)


def grade_all(desk: Audits, grader: str, *, answer: str = "right", contact: str = "resolved") -> int:
    done, at = 0, NOW + timedelta(seconds=next(SECONDS))
    while shown := desk.next(grader, now=NOW):
        desk.grade(shown.id, grader=grader, grade=answer if shown.subject == "answer" else contact, now=at)
        done += 1
    return done


def test_two_graders_see_each_thing_once_and_never_one_another(books: Engine) -> None:
    answered(books, 3)
    desk = Audits(books, share=0.02)
    assert grade_all(desk, "Ana") == 6
    assert desk.next(" ana ", now=NOW) is None
    assert grade_all(desk, "Ben") == 6
    assert desk.next("Mei", now=NOW) is None
    summary = found(books)
    assert (summary.graded, summary.wrong, summary.pairs, summary.agreed) == (3, 0, 3, 3)
    assert (summary.silent_graded, summary.silent_resolved, summary.kappa) == (3, 3, None)


def test_graders_who_begin_at_once_draw_everything_once(books: Engine) -> None:
    answered(books, 3)
    desk = Audits(books, share=0.02)
    with ThreadPoolExecutor(4) as pool:
        shown = [pool.submit(desk.next, name, now=NOW) for name in ("Ana", "Ben", "Mei", "Kim")]
        assert all(one.result(timeout=60) for one in shown)
    with Session(books) as session:
        assert len(session.exec(select(AuditItem)).all()) == 6


def test_a_disagreement_waits_for_a_third_and_counts_as_wrong_meanwhile(books: Engine) -> None:
    answered(books, 4)
    desk = Audits(books, share=0.02)
    grade_all(desk, "Ana")
    grade_all(desk, "Ben", answer="harmful", contact="cannot_tell")
    assert found(books).harmful == found(books).wrong == 4
    assert found(books).silent_resolved == 0
    assert desk.progress(now=NOW).disputed == 8
    assert grade_all(desk, "Mei") == 8
    summary = found(books)
    assert (summary.wrong, summary.silent_resolved, summary.pairs, summary.agreed) == (0, 4, 4, 0)
    assert desk.progress(now=NOW).open == 0


def test_an_answer_audited_as_wrong_is_a_gap_until_it_is_settled_as_right(books: Engine) -> None:
    (turn,) = answered(books, 1)
    desk = Audits(books, share=0.02)

    def gaps() -> list[UUID | None]:
        with Session(books) as session:
            return [gap.turn_id for gap in session.exec(select(GapRow).where(col(GapRow.is_wrong)))]

    grade_all(desk, "Ana", answer="wrong")
    assert gaps() == [turn]
    grade_all(desk, "Ben")
    assert gaps() == [turn]
    grade_all(desk, "Mei")
    assert gaps() == []


def test_a_grader_may_think_better_of_it_and_counts_once(books: Engine) -> None:
    answered(books, 1)
    desk = Audits(books, share=0.02)
    shown = desk.next("Ana", now=NOW)
    assert shown is not None
    for grade in shown.grades:
        desk.grade(shown.id, grader="Ana", grade=grade, now=NOW)
    with Session(books) as session:
        assert len(session.exec(select(AuditGrade)).all()) == 1


def test_what_no_grade_is_named_and_nothing_is_kept(books: Engine) -> None:
    answered(books, 1)
    desk = Audits(books, share=0.02)
    shown = desk.next("Ana", now=NOW)
    assert shown is not None
    for refused, grader, grade, item in (
        (NotAGrade, "Ana", "fine", shown.id),
        (NotAGrade, " ", "right", shown.id),
        (NoSuchAudit, "Ana", "right", uuid4()),
    ):
        with pytest.raises(refused):
            desk.grade(item, grader=grader, grade=grade, now=NOW)
    for grader in ("Ana", "Ben"):
        desk.grade(shown.id, grader=grader, grade=shown.grades[0], now=NOW)
    with pytest.raises(AlreadySettled):
        desk.grade(shown.id, grader="Mei", grade=shown.grades[0], now=NOW)


def test_the_sample_is_the_share_of_many_about_a_hundred_of_fewer_and_all_of_a_few() -> None:
    many = [UUID(int=n) for n in range(20_000)]
    drawn = sample(many, share=0.02)
    assert 340 < len(drawn) < 460
    assert set(sample(many, share=0.01)) < set(drawn)
    assert 70 < len(sample(many[:1_000], share=0.02)) < 130
    assert sample(many[:60], share=0.02) == many[:60]
    assert sample([], share=0.02) == []


def test_drawing_again_adds_only_what_is_new_and_no_share_draws_nothing(books: Engine) -> None:
    answered(books, 5)
    desk = Audits(books, share=0.02)
    assert desk.draw(NOW) == 10
    assert desk.draw(NOW) == 0
    answered(books, 2)
    assert desk.draw(NOW) == 4
    assert Audits(books, share=0).draw(NOW) == 0


def test_demo_conversations_are_graded_only_while_there_are_no_others(books: Engine) -> None:
    answered(books, 2, demo=True)
    desk = Audits(books, share=0.02)
    assert desk.draw(NOW) == 4
    answered(books, 3)
    assert desk.draw(NOW) == 6
    with Session(books) as session:
        assert sorted(item.demo for item in session.exec(select(AuditItem))) == [False] * 6 + [True] * 4


def test_a_contact_that_was_confirmed_or_went_to_a_person_is_silent_no_more(books: Engine) -> None:
    answered(books, 2)
    desk = Audits(books, share=0.02)
    grade_all(desk, "Ana")
    assert found(books).silent_graded == 2
    with Session(books) as session:
        thanked, handed = session.exec(select(Conversation))
        thanked.helpful, handed.handoff_reason = True, "asked_for_person"
        session.commit()
    assert (found(books).silent_graded, found(books).graded) == (0, 2)


def test_only_what_the_report_calls_unverified_is_drawn_as_silent(books: Engine) -> None:
    with Session(books) as session:
        converse(session, customer="acted", completed="done")
        converse(session, customer="cut off", blocked=True)
        silent = converse(session, customer="silent")
        session.commit()
    Audits(books, share=0.02).draw(NOW)
    with Session(books) as session:
        drawn = session.exec(select(AuditItem.about).where(AuditItem.subject == "contact"))
        assert list(drawn) == [silent]


def test_what_was_graded_stays_in_its_own_period(books: Engine) -> None:
    answered(books, 2)
    grade_all(Audits(books, share=0.02), "Ana")
    december = Scope("default", Period(NOW.date() + timedelta(days=1), NOW.date() + timedelta(days=2)), True)
    with books.connect() as connection:
        assert audits(connection, december).graded == 0


def test_rest_hands_out_an_answer_with_its_entry_keeps_grades_and_sums_them_up(tmp_path: Path) -> None:
    services = open_shop(tmp_path)
    services.library.write(SOFA)
    with TestClient(create_app(services), base_url="http://127.0.0.1") as client:
        with client.websocket_connect("/chat") as chat:
            say(chat, type="hello")
            for question in ("hello", "how long can I return a sofa?"):
                say(chat, type="message", text=question)
                hear(chat, "answer")
        shown = client.get("/api/v1/audits/next?grader=Ana").json()["audit"]
        assert (shown["subject"], shown["answer"], shown["cited"]["answer"]) == ("answer", SOFA.answer, SOFA.answer)
        assert [line["author"] for line in shown["lines"]] == ["customer", "dime"]
        path = f"/api/v1/audits/{shown['id']}"
        for grader, grade in (("Ana", "right"), ("Ben", "wrong")):
            assert client.post(path, json={"grader": grader, "grade": grade}).status_code == 204
        assert client.get("/api/v1/audits/next?grader=Ana").json() == {"audit": None, "open": 1}
        third = client.get("/api/v1/audits/next?grader=Mei").json()["audit"]
        assert "right" not in str({name: value for name, value in third.items() if name != "grades"})
        summary = client.get("/api/v1/audits").json()
        assert (summary["graded"], summary["wrong"], summary["disputed"], summary["agreement"]) == (1, 1, 1, 0.0)
        assert client.post(path, json={"grader": "Mei", "grade": "right"}).status_code == 204
        refused = [
            client.post(path, json={"grader": "Kim", "grade": "right"}),
            client.post(path, json={"grader": "Mei", "grade": "fine"}),
            client.post(path, json={"grader": "  ", "grade": "right"}),
            client.post(f"/api/v1/audits/{uuid4()}", json={"grader": "Mei", "grade": "right"}),
            client.get("/api/v1/audits/next?grader=%20"),
        ]
        assert [response.status_code for response in refused] == [409, 422, 422, 404, 422]
        assert client.get("/api/v1/audits").json()["wrong"] == 0
