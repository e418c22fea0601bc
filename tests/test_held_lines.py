"""Lines whose sockets misbehave, in virtual time: whoever is gone, or takes nothing, is let go in time."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field

import numpy as np
import pytest

from tests.telephones import CALL, DOORS, Telephone
from tests.virtual_time import in_virtual_time
from voice.wire import Wire
from voice.wires.dialect import BadMessage, Message, Opened
from voice.wires.line import OPENING_S, SILENT_S, STALLED_S, UNSENT, Line
from web.telephony.arrivals import Arrival
from web.telephony.holding import LAST_WORDS_S, hold_line

TONE = np.full(320, 0.1, dtype=np.float32)


@dataclass
class Operator:
    """Stands where the switchboard stands: talks without a pause until the line ends."""

    answered: list[str] = field(default_factory=list)
    broken: list[Arrival] = field(default_factory=list)

    async def answer(self, arrival: Arrival, line: Wire) -> str:
        assert arrival.id == CALL
        try:
            async for _ in line.frames():
                await line.play(TONE)
            self.answered.append("hangup")
        except ConnectionError:
            self.answered.append("lost")
        return self.answered[-1]

    async def note_broken(self, arrival: Arrival) -> None:
        self.broken.append(arrival)


@dataclass
class Told:
    operator: Operator
    line: Line
    seconds: float
    bad: BadMessage | None


def held(
    received: Callable[[], AsyncIterator[Message]],
    send: Callable[[Message], Awaitable[None]],
    *,
    telephone: Telephone,
    arrival_of: Callable[[Opened], Arrival] = lambda _: Arrival("test", id=CALL),
) -> Told:
    async def story() -> Told:
        operator, line = Operator(), Line(telephone.dialect())
        bad = await hold_line(
            line,
            door="test",
            switchboard=operator,  # type: ignore[arg-type]
            arrival_of=arrival_of,
            received=received(),
            send=send,
        )
        return Told(operator, line, asyncio.get_running_loop().time(), bad)

    return in_virtual_time(story())


@pytest.fixture(params=list(DOORS))
def telephone(request: pytest.FixtureRequest) -> Telephone:
    return DOORS[request.param]()


def talks(telephone: Telephone, *, seconds: float) -> Callable[[], AsyncIterator[Message]]:
    """Sends silence for so long, and then nothing more, without hanging up."""
    size = telephone.rate_hz // 50 * (2 if telephone.encoding == "s16le" else 1)

    async def received() -> AsyncIterator[Message]:
        for message in telephone.opening():
            yield message
        for _ in range(round(seconds * 50)):
            yield telephone.says(bytes(size))
            await asyncio.sleep(0.02)
        await asyncio.Event().wait()

    return received


async def takes(_: Message) -> None:
    return


def test_a_half_open_line_is_lost_after_half_a_minute(telephone: Telephone) -> None:
    told = held(talks(telephone, seconds=2), takes, telephone=telephone)
    assert told.operator.answered == ["lost"]
    assert told.seconds == pytest.approx(2 + SILENT_S, abs=0.2)


def test_a_reader_that_takes_nothing_is_lost_and_its_backlog_stays_small(telephone: Telephone) -> None:

    async def hangs(_: Message) -> None:
        await asyncio.Event().wait()

    told = held(talks(telephone, seconds=60), hangs, telephone=telephone)
    assert told.operator.answered == ["lost"]
    assert told.seconds == pytest.approx(STALLED_S, abs=0.2 + LAST_WORDS_S)
    assert told.line.losses.dropped > 5 * UNSENT


def test_a_reader_whose_socket_breaks_is_lost(telephone: Telephone) -> None:
    async def breaks(_: Message) -> None:
        raise BrokenPipeError

    told = held(talks(telephone, seconds=60), breaks, telephone=telephone)
    assert told.operator.answered == ["lost"]
    assert told.seconds < 1


def test_a_line_that_is_never_opened_is_given_up(telephone: Telephone) -> None:
    said: list[Message] = []

    async def received() -> AsyncIterator[Message]:
        first = telephone.opening()[0]
        yield first[:10] if isinstance(first, bytes) else '{"event": "connected"}'
        await asyncio.Event().wait()

    async def send(message: Message) -> None:
        said.append(message)

    told = held(received, send, telephone=telephone)
    assert told.operator.answered == []
    assert told.seconds == pytest.approx(OPENING_S, abs=0.2)
    assert told.bad is not None
    assert len(told.operator.broken) == 1


def test_whoever_may_not_call_is_refused_before_the_call(telephone: Telephone) -> None:
    def nobody(_: Opened) -> Arrival:
        raise BadMessage("no entry", code=100)

    told = held(talks(telephone, seconds=1), takes, telephone=telephone, arrival_of=nobody)
    assert told.operator.answered == []
    assert told.bad is not None
    assert told.bad.code == 100


def test_a_line_whose_marks_stay_away_is_stalled() -> None:
    telephone = DOORS["twilio"]()
    marks: list[str] = []

    async def notes(message: Message) -> None:
        telephone.hears(message)
        marks.extend(piece for piece in telephone.buffered if isinstance(piece, str))
        telephone.buffered.clear()

    async def received() -> AsyncIterator[Message]:
        async for message in talks(telephone, seconds=60)():
            yield message
            if len(marks) == 1:
                yield telephone.marked(marks[0])

    told = held(received, notes, telephone=telephone)
    assert told.operator.answered == ["lost"]
    assert told.seconds == pytest.approx(STALLED_S, abs=0.6)


def test_the_last_words_are_heard_before_the_line_is_closed() -> None:
    telephone = DOORS["asterisk ulaw"]()

    async def story() -> float:
        line = Line(telephone.dialect())
        for message in telephone.opening():
            line.receive(message)
        for _ in range(25):
            await line.play(TONE)
        line.receive(telephone.marked("m1"))
        clock = asyncio.get_running_loop().time
        asyncio.get_running_loop().call_later(0.3, lambda: line.receive(telephone.marked("m5")))
        await line.settle()
        return clock()

    assert in_virtual_time(story()) == pytest.approx(0.3, abs=0.05)
