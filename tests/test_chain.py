"""What was changed in the books after it was written shows; what nobody touched verifies, whoever wrote it."""

from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Engine, text
from sqlmodel import Session, select

from agent.turn import Who
from knowledge.rows import Company
from roi.books.ledger import CostLine, lines_for
from roi.books.verify import Verified, verify
from roi.books.writer import Writer
from tests.ledgers import FIRST, PRICES, empty_books, usages
from tests.postgresql import debian, running
from web.database import open_database


class Day:
    """A clock that is set by hand."""

    def __init__(self, at: datetime = FIRST) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


def written(engine: Engine, writer: Writer, *, turns: int = 1) -> None:
    for _ in range(turns):
        with Session(engine) as session:
            lines = lines_for(
                usages(FIRST), Who("chat", customer="c1"), conversation=uuid4(), turn=uuid4(), prices=PRICES,
                currency="USD",
            )  # fmt: skip
            writer.book(session, lines)
            session.commit()


def two_days(engine: Engine) -> None:
    """Eight lines on each of two days, by a server and by a command; the first day is closed."""
    clock = Day()
    server = Writer("server", now=clock)
    written(engine, server)
    written(engine, Writer("command", now=clock))
    clock.at += timedelta(days=1)
    written(engine, server)
    written(engine, Writer("command", now=clock))


def meddled(*statements: str) -> Verified:
    engine = empty_books()
    two_days(engine)
    with engine.begin() as connection:
        for statement in statements:
            assert connection.execute(text(statement)).rowcount > 0
    return verify(engine)


def test_untouched_books_verify_and_the_day_gone_by_has_its_root() -> None:
    engine = empty_books()
    two_days(engine)
    found = verify(engine)
    assert (found.faults, found.lines, found.chains, found.roots) == ([], 16, 4, 1)
    assert verify(engine, expected=found.last_root).is_whole
    assert "noted" in verify(engine, expected="0" * 64).faults[0]


OF_SERVER = "chain = (SELECT id FROM cost_chain WHERE writer = 'server' AND day = '2026-11-02')"
COPIED = ", ".join(name for name in CostLine.model_fields if name not in ("id", "chain", "chain_number"))


@pytest.mark.parametrize(
    ("statements", "said"),
    [
        ([f"UPDATE cost_line SET amount = amount + 1 WHERE {OF_SERVER} AND chain_number = 3"], "line 3: changed"),
        ([f"UPDATE cost_line SET grade = 'A' WHERE {OF_SERVER} AND chain_number = 1"], "line 1: changed"),
        ([f"UPDATE cost_line SET raw = '{{\"a\": 1}}' WHERE {OF_SERVER} AND chain_number = 2"], "line 2: changed"),
        ([f"UPDATE cost_line SET link = 'x' WHERE {OF_SERVER} AND chain_number = 2"], "line 2: changed"),
        ([f"DELETE FROM cost_line WHERE {OF_SERVER} AND chain_number = 2"], "line 2: deleted; 1 of 4"),
        (
            [
                f"DELETE FROM cost_line WHERE {OF_SERVER} AND chain_number = 2",
                f"UPDATE cost_line SET chain_number = 2 WHERE {OF_SERVER} AND chain_number = 3",
                f"UPDATE cost_line SET chain_number = 3 WHERE {OF_SERVER} AND chain_number = 4",
            ],
            "line 2: deleted; 1 of 4",
        ),
        ([f"DELETE FROM cost_line WHERE {OF_SERVER} AND chain_number > 2"], "cut off: 2 of its 4"),
        (
            [
                f"UPDATE cost_line SET chain_number = 99 WHERE {OF_SERVER} AND chain_number = 2",
                f"UPDATE cost_line SET chain_number = 2 WHERE {OF_SERVER} AND chain_number = 3",
                f"UPDATE cost_line SET chain_number = 3 WHERE {OF_SERVER} AND chain_number = 99",
            ],
            "line 2: another order; what belongs here stands at 3",
        ),
        (
            [
                f"UPDATE cost_line SET chain_number = 5 WHERE {OF_SERVER} AND chain_number = 4",
                f"INSERT INTO cost_line (id, chain, chain_number, {COPIED}) SELECT '{uuid4().hex}', chain, 4, {COPIED} "
                f"FROM cost_line WHERE {OF_SERVER} AND chain_number = 1",
            ],
            "line 4: inserted",
        ),
        (
            [f"INSERT INTO cost_line (id, chain, chain_number, {COPIED}) SELECT '{uuid4().hex}', NULL, NULL, {COPIED} "
             f"FROM cost_line WHERE {OF_SERVER} AND chain_number = 1"],
            "1 lines were inserted outside",
        ),
        (["DELETE FROM cost_root"], "The root of 2026-11-02 is missing."),
        (["DELETE FROM cost_root", "UPDATE cost_chain SET is_closed = 0"], "missing, though later"),
        (["UPDATE cost_root SET lines = 7"], "does not fit its chains"),
        (
            [f"DELETE FROM cost_line WHERE {OF_SERVER}",
             "DELETE FROM cost_chain WHERE writer = 'server' AND day = '2026-11-02'"],
            "does not fit its chains",
        ),
        (["DELETE FROM cost_chain WHERE writer = 'command' AND day = '2026-11-03'"], "4 lines name a chain"),
    ],
)  # fmt: skip
def test_each_kind_of_meddling_is_named(statements: list[str], said: str) -> None:
    found = meddled(*statements)
    assert any(said in fault for fault in found.faults), found.faults


def test_a_day_that_was_cut_out_whole_shows_in_the_root_after_it() -> None:
    engine, clock = empty_books(), Day()
    writer = Writer("server", now=clock)
    for _ in range(3):
        written(engine, writer)
        clock.at += timedelta(days=1)
    with engine.begin() as connection:
        connection.execute(text(f"DELETE FROM cost_line WHERE {OF_SERVER}"))
        for table in ("cost_chain", "cost_root"):
            connection.execute(text(f"DELETE FROM {table} WHERE day = '2026-11-02'"))
    assert "A root before that of 2026-11-03 is missing or was changed." in verify(engine).faults


def test_a_customer_may_be_forgotten_without_breaking_the_chain() -> None:
    assert meddled("UPDATE cost_line SET customer = NULL").is_whole


def test_a_clock_that_jumps_back_begins_no_day_again() -> None:
    engine, clock = empty_books(), Day(datetime(2026, 11, 3, 0, 1, tzinfo=UTC))
    written(engine, Writer("server", now=clock))
    clock.at += timedelta(days=1)
    server = Writer("server", now=clock)
    written(engine, server)
    clock.at -= timedelta(days=2)
    written(engine, server)
    written(engine, Writer("command", now=clock))
    assert verify(engine).is_whole
    with Session(engine) as session:
        assert {str(line.chain) for line in session.exec(select(CostLine).where(CostLine.chain_number == 1))} == {
            "1", "2", "3",
        }  # fmt: skip


def test_a_transaction_that_was_rolled_back_leaves_no_hole() -> None:
    engine, clock = empty_books(), Day()
    writer = Writer("server", now=clock)
    written(engine, writer)
    with Session(engine) as session:
        lines = lines_for(usages(FIRST), Who("chat"), conversation=uuid4(), turn=None, prices=PRICES, currency="USD")
        writer.book(session, lines)
        session.rollback()
    written(engine, writer)
    found = verify(engine)
    assert (found.faults, found.lines) == ([], 8)


def test_a_chain_whose_beginning_was_rolled_back_is_not_gone_on_with_in_anothers() -> None:
    engine, clock = empty_books(), Day()
    server, command = (Writer(name, now=clock) for name in ("server", "command"))
    with Session(engine) as session:
        lines = lines_for(usages(FIRST), Who("chat"), conversation=uuid4(), turn=None, prices=PRICES, currency="USD")
        server.book(session, lines)
        session.rollback()
    written(engine, command)
    written(engine, server)
    found = verify(engine)
    assert (found.faults, found.lines, found.chains) == ([], 8, 2)


@pytest.mark.slow
@given(st.lists(st.sampled_from(["server", "command", "day", "back", "fail"]), max_size=25))
def test_any_order_of_writers_days_and_failures_verifies(steps: list[str]) -> None:
    engine, clock = empty_books(), Day()
    writers: dict[str, Writer] = {name: Writer(name, now=clock) for name in ("server", "command")}
    for step in steps:
        match step:
            case "day":
                clock.at += timedelta(days=1)
            case "back":
                clock.at -= timedelta(days=1)
            case "fail":
                with Session(engine) as session:
                    lines = lines_for(
                        usages(FIRST), Who("chat"), conversation=uuid4(), turn=None, prices=PRICES, currency="USD"
                    )
                    writers["server"].book(session, lines)
                    session.rollback()
            case name:
                written(engine, writers[name])
    found = verify(engine)
    assert found.faults == []
    assert found.lines == 4 * sum(step in writers for step in steps)


@pytest.mark.real
def test_writers_at_once_verify_on_postgresql(tmp_path: Path) -> None:
    with running(debian(), tmp_path) as server:
        engine = open_database(server.url, lock_folder=tmp_path)
        with Session(engine) as session:
            session.add(Company(name="Alder & Finch"))
            session.commit()
        clock = Day()
        writers = [Writer(name, now=clock) for name in ("server", "command")]
        with ThreadPoolExecutor(4) as pool:
            for _ in range(2):
                at_once = [pool.submit(written, engine, writer, turns=8) for writer in (*writers, *writers)]
                for each in at_once:
                    each.result(timeout=60)
                clock.at += timedelta(days=1)
        found = verify(engine)
        with engine.begin() as connection:
            connection.execute(text("UPDATE cost_line SET quantity = quantity + 1 WHERE chain_number = 7"))
        broken = verify(engine)
        engine.dispose()
    assert (found.faults, found.lines, found.roots) == ([], 2 * 4 * 8 * 4, 1)
    assert len(broken.faults) == 4 + 1
    assert "not those of their lines" in broken.faults[-1]
