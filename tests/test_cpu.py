"""CPU time is shared among open turns, and what is handed out is what was burnt."""

import sys
import threading
from uuid import UUID, uuid4

from hypothesis import given
from hypothesis import strategies as st

from agent.cpu import CpuShares


class Burner:
    def __init__(self) -> None:
        self.seconds = 0.0

    def __call__(self) -> float:
        return self.seconds


def test_two_open_turns_share_evenly() -> None:
    burner = Burner()
    shares, first, second = CpuShares(burner), uuid4(), uuid4()
    shares.open(first)
    burner.seconds = 1.0
    shares.open(second)
    burner.seconds = 3.0
    assert (shares.take(first), shares.take(second)) == (2.0, 1.0)


def test_time_with_no_turn_open_belongs_to_nobody() -> None:
    burner = Burner()
    shares, turn = CpuShares(burner), uuid4()
    burner.seconds = 5.0
    shares.open(turn)
    assert shares.take(turn) == 0.0


def test_who_types_during_a_call_does_not_end_its_share() -> None:
    burner = Burner()
    shares, conversation = CpuShares(burner), uuid4()
    shares.open(conversation)
    shares.open(conversation)
    shares.close(conversation)
    burner.seconds = 2.0
    assert shares.take(conversation) == 2.0
    shares.close(conversation)
    burner.seconds = 5.0
    assert shares.take(conversation) == 0.0


def test_time_is_shared_while_another_thread_writes_the_books() -> None:
    shares, failures = CpuShares(), list[Exception]()

    def write() -> None:
        try:
            for number in range(20_000):
                shares.take(UUID(int=number % 7))
        except Exception as error:  # noqa: BLE001 - asserted below
            failures.append(error)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-6)
    try:
        writer = threading.Thread(target=write)
        writer.start()
        number = 0
        while writer.is_alive():
            number += 1
            shares.open(UUID(int=number % 7))
            shares.close(UUID(int=(number + 3) % 7))
        writer.join()
    finally:
        sys.setswitchinterval(before)
    assert failures == []


@given(st.lists(st.tuples(st.sampled_from(["open", "take", "close"]), st.integers(0, 3), st.integers(0, 9))))
def test_never_more_is_handed_out_than_was_burnt(steps: list[tuple[str, int, int]]) -> None:
    burner, taken = Burner(), 0.0
    shares, turns = CpuShares(burner), [UUID(int=number) for number in range(4)]
    for step, number, seconds in steps:
        burner.seconds += seconds
        match step:
            case "open":
                shares.open(turns[number])
            case "take":
                taken += shares.take(turns[number])
            case _:
                shares.close(turns[number])
    assert taken <= burner.seconds + 1e-9
