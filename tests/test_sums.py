"""The sums beside the lines are always those of the lines, whoever wrote, corrected or fell over; drift is named."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from alembic import command
from hypothesis import given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from agent.turn import Who
from agent.usage import Usage
from knowledge.rows import Company
from roi.books.ledger import CostLine, corrected, lines_for
from roi.books.period import Period
from roi.books.sums import differing, fill
from roi.books.tally import Scope, groups, merged
from roi.books.verify import verify
from roi.books.writer import Writer
from tests.ledgers import FIRST, NOVEMBER, PRICES, empty_books, usages
from tests.postgresql import debian, running
from web.database import migrations, open_database

UNKNOWN = Usage("llm", "acme", "brain", "call", Decimal(1), FIRST)
SCOPE = Scope("default", NOVEMBER, with_demo=True)


def wrong(engine: Engine) -> int:
    with engine.connect() as connection:
        return differing(connection)


def book(engine: Engine, writer: Writer, used: list[Usage], *, currency: str = "USD", talk: Any = None) -> None:
    with Session(engine) as session:
        lines = lines_for(used, Who("chat"), conversation=talk, turn=None, prices=PRICES, currency=currency)
        writer.book(session, lines)
        session.commit()


def settle(engine: Engine, writer: Writer, *, times: int = 1) -> None:
    with Session(engine) as session:
        of = session.exec(select(CostLine).where(CostLine.vendor == "acme", CostLine.corrects == None)).all()  # noqa: E711
        writer.book(session, [corrected(line, because="", at_amount=Decimal(2), grade="A") for line in of])
        session.commit()
    if times > 1:
        settle(engine, writer, times=times - 1)


steps = st.lists(
    st.tuples(
        st.sampled_from(["known", "unknown", "settle", "huge", "fail", "day"]),
        st.sampled_from(["server", "command"]),
        st.sampled_from(["USD", "CNY"]),
        st.integers(0, 3),
    ),
    max_size=14,
)


@pytest.mark.slow
@settings(max_examples=25, deadline=None)
@given(steps)
def test_sums_are_those_of_their_lines_in_any_order_of_events(told: list[Any]) -> None:
    engine, clock = empty_books(), [FIRST]
    writers = {name: Writer(name, now=lambda: clock[0]) for name in ("server", "command")}
    talks = [None, *(uuid4() for _ in range(3))]
    for step, name, currency, n in told:
        at = FIRST + timedelta(minutes=11 * n)
        match step:
            case "known":
                book(engine, writers[name], usages(at), currency=currency, talk=talks[n])
            case "unknown":
                book(engine, writers[name], [UNKNOWN, *usages(at, vendor="acme")], currency=currency, talk=talks[n])
            case "huge":
                large = Usage("stt", "local", "whisper-base", "heard_ms", Decimal(8_999_999_999), at)
                book(engine, writers[name], [large] * 3, talk=talks[n])
            case "settle":
                settle(engine, writers[name], times=n)
            case "fail":
                with Session(engine) as session:
                    lines = lines_for(
                        usages(at), Who("chat"), conversation=None, turn=None, prices=PRICES, currency="USD"
                    )
                    writers[name].book(session, lines)
                    session.rollback()
            case "day":
                clock[0] += timedelta(days=1)
    assert wrong(engine) == 0
    assert verify(engine).is_whole
    with engine.begin() as connection:
        before = added_up(connection)
        fill(connection)
        assert added_up(connection) == before
        assert differing(connection) == 0


def added_up(connection: Any) -> Any:
    return merged(found for part in NOVEMBER.slices() for found in groups(connection, SCOPE, part))


def test_a_line_and_its_correction_booked_together_leave_nothing_unknown() -> None:
    engine = empty_books()
    (line,) = lines_for([UNKNOWN], Who("chat"), conversation=uuid4(), turn=None, prices=PRICES, currency="USD")
    with Session(engine) as session:
        Writer().book(session, [line, corrected(line, because="", at_amount=Decimal(3), grade="A")])
        session.commit()
    with engine.connect() as connection:
        (group,) = added_up(connection)
    assert (group.amount, group.count, wrong(engine)) == (Decimal(3), 1, 0)


@pytest.mark.parametrize(
    "meddling",
    [
        "UPDATE cost_sum SET amount_rest = amount_rest + 1",
        "UPDATE cost_sum SET unknown = 1",
        "UPDATE cost_sum SET grade = 'A'",
        "DELETE FROM cost_sum WHERE meter = 'cpu'",
        "UPDATE conversation_cost SET own_whole = own_whole - 1",
        "DELETE FROM conversation_cost",
        "UPDATE cost_line SET amount = amount + 1 WHERE meter = 'cpu'",
        "DELETE FROM cost_line WHERE meter = 'cpu'",
    ],
)
def test_sums_that_drifted_are_told_and_made_anew(meddling: str) -> None:
    engine = empty_books()
    book(engine, Writer(), usages(FIRST), talk=uuid4())
    with engine.begin() as connection:
        connection.execute(text(meddling))
    assert any("not those of their lines" in fault for fault in verify(engine).faults)
    with engine.begin() as connection:
        fill(connection)
    assert wrong(engine) == 0


def test_days_of_a_zone_that_is_off_by_a_quarter_of_an_hour_are_cut_where_they_end() -> None:
    engine, writer = empty_books(), Writer()
    for minute in (14, 15):
        at = datetime(2026, 11, 2, 18, minute, tzinfo=UTC)
        book(engine, writer, [Usage("cpu", "local", "machine", "cpu_second", Decimal(1), at)])
    period = Period(NOVEMBER.first, NOVEMBER.last, "Asia/Kathmandu")
    with engine.connect() as connection:
        days = {
            part.first.day: sum(group.count for group in groups(connection, Scope("default", period, True), part))
            for part in period.slices()
        }
    assert (days[2], days[3], sum(days.values())) == (1, 1, 2)


def test_books_from_before_the_sums_get_them(tmp_path: Path) -> None:
    path = f"sqlite:///{tmp_path / 'a.sqlite'}"
    engine = open_database(path, lock_folder=tmp_path)
    with Session(engine) as session:
        session.add(Company(name="Alder & Finch"))
        session.commit()
    book(engine, Writer(), [UNKNOWN, *usages(FIRST)], talk=uuid4())
    settle(engine, Writer())
    downgraded(engine)
    assert wrong(open_database(path, lock_folder=tmp_path)) == 0


def downgraded(engine: Engine) -> None:
    with engine.begin() as connection:
        command.downgrade(migrations(connection), "0008")
    engine.dispose()


@pytest.mark.real
def test_sums_of_writers_at_once_are_right_on_postgresql(tmp_path: Path) -> None:
    from concurrent.futures import ThreadPoolExecutor

    with running(debian(), tmp_path) as server:
        engine = open_database(server.url, lock_folder=tmp_path)
        with Session(engine) as session:
            session.add(Company(name="Alder & Finch"))
            session.commit()
        writers, talk = [Writer(), Writer()], uuid4()
        for writer in writers:
            book(engine, writer, [UNKNOWN, *usages(FIRST)], talk=talk)
        with ThreadPoolExecutor(12) as pool:
            for _ in range(8):
                at_once = [pool.submit(settle, engine, writer) for writer in (*writers, *writers)]
                at_once += [pool.submit(book, engine, writer, usages(FIRST), talk=talk) for writer in writers * 4]
                for each in at_once:
                    each.result(timeout=60)  # nobody gave way: no deadlock
        found = verify(engine)
        with engine.begin() as connection:
            before = added_up(connection)
            fill(connection)
            after = added_up(connection)
        engine.dispose()
    assert (found.faults, before) == ([], after)
    assert all(group.amount is not None for group in after)
