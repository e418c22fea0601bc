"""Many calls share an engine: fairly, within bounds, and a thread that hangs is replaced."""

import asyncio
import threading
import weakref
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from voice.fair_queue import FairQueue, QueueFull
from voice.pool import Pool, Told


class Failed(RuntimeError):
    pass


class Engine:
    """A model whose jobs wait until they are let go, and that writes down what was asked."""

    def __init__(self) -> None:
        self.loaded = 0
        self.done: list[str] = []
        self.begun = threading.Event()
        self.go = threading.Event()

    def load(self) -> "Engine":
        self.loaded += 1
        return self

    def work(self, name: str, *, waits: bool = False) -> str:
        self.begun.set()
        if waits:
            assert self.go.wait(10)
        self.done.append(name)
        return name


async def until_begun(engine: Engine) -> None:
    assert await asyncio.to_thread(engine.begun.wait, 10)


def ask(pool: Pool[Engine], name: str, *, waits: bool = False, **choices: object) -> asyncio.Task[str]:
    return asyncio.ensure_future(pool.run(lambda engine: engine.work(name, waits=waits), **choices))  # type: ignore[arg-type]


def tales(pool: Pool[Engine]) -> list[Told]:
    told: list[Told] = []
    pool.told = told.append
    return told


def test_a_talkative_call_does_not_keep_the_others_waiting() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed)
        first = ask(pool, "a0", waits=True, call="a")
        await until_begun(engine)
        rest = [ask(pool, f"a{n}", call="a") for n in (1, 2, 3)] + [ask(pool, "b1", call="b")]
        await asyncio.sleep(0)
        engine.go.set()
        await asyncio.gather(first, *rest)
        assert engine.done == ["a0", "a1", "b1", "a2", "a3"]
        assert engine.loaded == 1
        pool.close()

    asyncio.run(story())


def test_speculation_gives_way_to_an_answer_that_waits() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed)
        told = tales(pool)
        first = ask(pool, "first", waits=True)
        await until_begun(engine)
        guess = ask(pool, "guess", call="a", is_speculative=True)
        await asyncio.sleep(0)
        answer = ask(pool, "answer", call="b")
        await asyncio.sleep(0)
        late_guess = ask(pool, "late guess", call="c", is_speculative=True)
        with pytest.raises(Failed, match="answers to give first"):
            await guess
        with pytest.raises(Failed, match="too much to do"):
            await late_guess
        engine.go.set()
        await asyncio.gather(first, answer)
        assert engine.done == ["first", "answer"]
        assert Counter(each.outcome for each in told) == {"gave_way": 2, "done": 2}
        pool.close()

    asyncio.run(story())


def test_speculation_that_is_confirmed_is_an_answer() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed)
        first = ask(pool, "first", waits=True)
        await until_begun(engine)
        guess = ask(pool, "guess", call="a", is_speculative=True)
        await asyncio.sleep(0)
        pool.confirm("a")
        answer = ask(pool, "answer", call="b")
        await asyncio.sleep(0)
        engine.go.set()
        await asyncio.gather(first, guess, answer)
        assert engine.done == ["first", "guess", "answer"]
        pool.close()

    asyncio.run(story())


def test_speculation_that_is_withdrawn_is_never_begun_and_is_not_confirmed_with_the_next() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed)
        told = tales(pool)
        first = ask(pool, "first", waits=True)
        await until_begun(engine)
        stale = ask(pool, "stale", call="a", is_speculative=True)
        other = ask(pool, "other", call="b", is_speculative=True)
        await asyncio.sleep(0)
        pool.withdraw("a")
        guess = ask(pool, "guess", call="a", is_speculative=True)
        await asyncio.sleep(0)
        pool.confirm("a")
        with pytest.raises(Failed, match="nobody waits"):
            await stale
        engine.go.set()
        await asyncio.gather(first, guess, other)
        assert engine.done == ["first", "guess", "other"]
        assert Counter(each.outcome for each in told) == {"skipped": 1, "done": 3}
        pool.close()

    asyncio.run(story())


def test_what_nobody_waits_for_is_never_begun_and_holds_no_place() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed, longest_queue=1)
        told = tales(pool)
        first = ask(pool, "first", waits=True)
        await until_begun(engine)
        left = ask(pool, "left")
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.gather(left, return_exceptions=True)
        after = ask(pool, "after")
        await asyncio.sleep(0)
        engine.go.set()
        await asyncio.gather(first, after)
        assert engine.done == ["first", "after"]
        assert [each.outcome for each in told] == ["skipped", "done", "done"]
        pool.close()

    asyncio.run(story())


def test_a_full_queue_says_so_at_once() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed, longest_queue=1)
        first = ask(pool, "first", waits=True)
        await until_begun(engine)
        second = ask(pool, "second")
        await asyncio.sleep(0)
        with pytest.raises(Failed, match="too much to do"):
            await ask(pool, "third")
        engine.go.set()
        await asyncio.gather(first, second)
        pool.close()

    asyncio.run(story())


def test_a_job_has_a_deadline_and_the_engine_goes_on() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed)
        told = tales(pool)
        late = ask(pool, "late", waits=True, within_s=0.02)
        with pytest.raises(Failed, match="took longer"):
            await late
        engine.go.set()
        assert await ask(pool, "next") == "next"
        assert told[0].outcome == "late"
        pool.close()

    asyncio.run(story())


def test_a_worker_that_hangs_is_replaced_with_its_model_and_the_next_job_is_done() -> None:
    async def story() -> None:
        engine = Engine()
        now = [0.0]
        pool = Pool("engine", engine.load, failure=Failed, hung_after_s=0.02, clock=lambda: now[0])
        told = tales(pool)
        hung = ask(pool, "hung", waits=True)
        await until_begun(engine)
        now[0] = 1.0
        with pytest.raises(Failed, match="was replaced"):
            await hung
        assert await ask(pool, "next") == "next"
        assert engine.loaded == 2
        assert [each.outcome for each in told] == ["hung", "done"]
        engine.go.set()
        pool.close()

    asyncio.run(story())


def test_an_engine_that_fails_fails_this_once() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed)

        def breaks(_: Engine) -> str:
            raise ValueError("odd")

        with pytest.raises(ValueError, match="odd"):
            await pool.run(breaks)
        assert await ask(pool, "next") == "next"
        pool.close()

    asyncio.run(story())


def test_weights_that_cannot_be_read_are_tried_again() -> None:
    async def story() -> None:
        engine, tries = Engine(), iter((OSError("no file"), None))

        def load() -> Engine:
            if error := next(tries):
                raise error
            return engine

        pool = Pool("engine", load, failure=Failed)
        with pytest.raises(OSError, match="no file"):
            await ask(pool, "first")
        assert await ask(pool, "second") == "second"
        pool.close()

    asyncio.run(story())


def test_closing_refuses_what_waits_and_what_comes() -> None:
    async def story() -> None:
        engine = Engine()
        pool = Pool("engine", engine.load, failure=Failed)
        first = ask(pool, "first", waits=True)
        await until_begun(engine)
        second = ask(pool, "second")
        await asyncio.sleep(0)
        pool.close()
        for refused in (second, ask(pool, "third")):
            with pytest.raises(Failed, match="is closed"):
                await refused
        engine.go.set()
        assert await first == "first"

    asyncio.run(story())


def test_a_closed_pool_lets_its_model_go_once_the_last_job_is_done() -> None:
    models: list[weakref.ref[Engine]] = []

    def load() -> Engine:
        models.append(weakref.ref(engine := Engine()))
        return engine

    async def story() -> Pool[Engine]:
        pool = Pool("engine", load, failure=Failed, workers=2)
        begun, go = threading.Semaphore(0), threading.Event()
        jobs = [asyncio.ensure_future(pool.run(lambda _: (begun.release(), go.wait(10)), call=n)) for n in range(2)]
        for _ in jobs:
            assert await asyncio.to_thread(begun.acquire, timeout=10)
        pool.close()
        assert models[0]() is not None
        go.set()
        await asyncio.gather(*jobs)
        return pool

    pool = asyncio.run(story())
    pool._leave()  # waits for the threads, as at the process's end
    assert pool._workers == []
    assert models[0]() is None


CALLS = st.sampled_from("abc")
STEP = st.one_of(
    st.tuples(st.just("put"), CALLS, st.booleans()),
    st.tuples(st.sampled_from(["take", "confirm", "sweep"]), CALLS, st.just(False)),
)


@given(st.lists(STEP, max_size=60))
def test_every_job_leaves_the_queue_once_and_in_its_calls_order(steps: list[tuple[str, str, bool]]) -> None:
    queue: FairQueue[tuple[str, int]] = FairQueue(5)
    put: list[tuple[str, int]] = []
    left: list[tuple[str, int]] = []
    answered: list[tuple[str, int]] = []
    for number, (what, call, is_speculative) in enumerate(steps):
        if what == "put":
            job = (call, number)
            try:
                left += queue.put(job, call=call, is_speculative=is_speculative)
                put.append(job)
            except QueueFull:
                assert is_speculative or queue.answers >= 5
        elif what == "confirm":
            queue.confirm(call)
        elif what == "sweep":
            left += queue.sweep(lambda job, call=call: job[0] == call)  # type: ignore[misc]
        elif taken := queue.take():
            answered.append(taken)
        assert len(queue) + len(left) + len(answered) == len(put)
        assert len(queue) <= 10
    while taken := queue.take():
        answered.append(taken)
    assert sorted(left + answered) == sorted(put)


@given(st.integers(1, 6), st.integers(2, 5))
def test_nobody_waits_for_more_than_one_job_of_each_other_call(jobs: int, calls: int) -> None:
    queue: FairQueue[int] = FairQueue(100)
    for call in range(calls):
        for _ in range(jobs):
            queue.put(call, call=call)
    taken = [queue.take() for _ in range(jobs * calls)]
    for start in range(0, len(taken), calls):
        assert sorted(taken[start : start + calls]) == list(range(calls))  # type: ignore[type-var]
