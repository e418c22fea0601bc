"""Every door holds the same conversation, each in its own protocol: heard, answered, interrupted, hung up."""

import asyncio
from collections.abc import Iterator

import numpy as np
import pytest

from tests.scripted_call import Agent, caller, says
from tests.telephones import CALL, DOORS, Telephone, hold
from tests.virtual_time import in_virtual_time
from voice.audio import Samples, silence
from voice.wire import Key
from voice.wires.audiosocket import AudioSocketDialect
from voice.wires.dialect import Message
from voice.wires.line import Line

QUESTION = caller(("waits", 400), ("speaks", 900), ("waits", 4_000))
LOUD = 0.05
"""Of the scripted voice's steady tone of 0.1."""
QUIET = 0.002


@pytest.fixture(params=list(DOORS))
def telephone(request: pytest.FixtureRequest) -> Iterator[Telephone]:
    return DOORS[request.param]()  # type: ignore[return-value]


def test_a_question_is_heard_and_its_answer_reaches_the_ear(telephone: Telephone) -> None:
    held = hold(telephone, QUESTION, "how long?", agent=Agent(words="Thirty days."))
    (done,) = held.turns
    assert done.turn.question == "how long?"
    assert held.ending == "hangup"
    assert held.level(0, 1_300) < QUIET
    assert done.answered_at_ms is not None
    begins = round(done.answered_at_ms)
    assert held.level(begins + 60, begins + 500) > LOUD
    assert held.level(begins + 60 + 12 * 50 + 60, 5_200) < QUIET, "twelve characters last 600 ms"
    assert held.line.losses.dropped == held.line.losses.late == 0


def test_what_is_played_is_never_far_ahead_of_the_ear(telephone: Telephone) -> None:
    ahead: list[int] = []

    def watch(_: int, message: Message) -> list[Message]:
        ahead.append(sum(isinstance(piece, bytes) for piece in telephone.buffered))
        return [message]

    hold(telephone, QUESTION, "how long?", script=watch)
    assert max(ahead) <= 2


def test_a_caller_who_interrupts_is_given_way_to(telephone: Telephone) -> None:
    said = says(("waits", 400), ("speaks", 900, "how long?"), ("waits", 1_200), ("speaks", 1_000, "which beds?"),
                ("waits", 800))  # fmt: skip
    agent = Agent(words="One two three four five six seven eight nine ten.")
    held = hold(telephone, said, agent=agent)
    first = held.turns[0].turn
    assert first.interrupted
    assert first.heard_answer
    assert len(first.heard_answer) < len(first.answer) / 2
    assert held.level(2_000, 2_400) > LOUD
    assert held.level(2_500 + 500, 2_500 + 900) < QUIET


def test_flushing_empties_what_the_line_still_holds(telephone: Telephone) -> None:
    async def flushed() -> tuple[int, float]:
        line = Line(telephone.dialect())
        for message in telephone.opening():
            line.receive(message)
        for _ in range(10):
            await line.play(np.full(320, 0.1, dtype=np.float32))
        line.flush()
        line.hang_up()
        async for message in line.messages():
            telephone.hears(message)
        return telephone.cleared, line.unheard_ms

    cleared, unheard_ms = in_virtual_time(flushed())
    assert not [piece for piece in telephone.buffered if isinstance(piece, bytes)]
    assert cleared == (0 if isinstance(telephone.dialect(), AudioSocketDialect) else 1)
    assert unheard_ms == 0


@pytest.mark.parametrize("door", [door for door in DOORS if "audiosocket" not in door])
def test_a_line_with_marks_says_how_much_is_unheard(door: str) -> None:
    telephone = DOORS[door]()

    async def played() -> list[float]:
        line = Line(telephone.dialect())
        for message in telephone.opening():
            line.receive(message)
        unheard = []
        for _ in range(2):
            for _ in range(10):
                await line.play(np.full(320, 0.1, dtype=np.float32))
            await line.play(silence(20))
            unheard.append(line.unheard_ms)
            sending = aiter(line.messages())
            while line._unsent:
                telephone.hears(await anext(sending))
            for piece in telephone.buffered:
                if isinstance(piece, str):
                    line.receive(telephone.marked(piece))
            telephone.buffered.clear()
            unheard.append(line.unheard_ms)
        return unheard

    assert in_virtual_time(played()) == [0, 0, 200, 0]


def test_keys_arrive_in_their_order_and_only_those_of_a_telephone(telephone: Telephone) -> None:
    async def pressed() -> list[object]:
        line = Line(telephone.dialect())
        for message in telephone.opening():
            line.receive(message)
        for digit in ("1", "x", "#", "D"):
            line.receive(telephone.presses(digit))
        heard: list[object] = []
        async for frame in line.frames():
            heard.append(frame)
            if len(heard) == 3:
                line.receive(telephone.hangs_up())
        return heard

    assert in_virtual_time(pressed()) == [Key("1"), Key("#"), Key("D")]


def test_a_hang_up_during_the_answer_ends_the_call_with_what_was_heard(telephone: Telephone) -> None:
    said = caller(("waits", 400), ("speaks", 900), ("waits", 1_200))
    held = hold(telephone, said, "how long?", agent=Agent(words="One two three four five six seven eight nine ten."))
    assert held.ending == "hangup"
    (kept,) = [turn for turn in held.agent.kept if turn.interrupted]
    assert kept.heard_answer
    assert len(kept.heard_answer) < len(kept.answer)


def test_a_line_without_sound_is_lost_after_half_a_minute_and_not_silent_until_then(telephone: Telephone) -> None:
    async def silent() -> tuple[int, float]:
        line = Line(telephone.dialect())
        for message in telephone.opening():
            line.receive(message)
        frames = 0
        clock = asyncio.get_running_loop().time
        with pytest.raises(ConnectionError):
            async for frame in line.frames():
                assert isinstance(frame, np.ndarray)
                frames += 1
        return frames, clock()

    frames, seconds = in_virtual_time(silent())
    assert seconds == pytest.approx(30, abs=0.1)
    assert frames == pytest.approx(30 * 50, abs=5)


def test_frames_that_stay_away_for_a_while_are_stood_in_for_and_the_answer_goes_on(telephone: Telephone) -> None:
    late: list[Message] = []

    def gap(number: int, message: Message) -> list[Message]:
        """The network holds 400 ms back in the middle of the answer, then gives all of it at once."""
        if 90 <= number < 110:
            late.append(message)
            return []
        if number == 110:
            return [*late, message]
        return [message]

    held = hold(telephone, QUESTION, "how long?", agent=Agent(words="One two three four five six seven."), script=gap)
    (done,) = held.turns
    assert held.ending == "hangup"
    assert held.line.losses.late > 10
    begins = round(done.answered_at_ms or 0)
    heard = held.ear[(begins + 100) * 16 : (begins + 33 * 50) * 16]
    assert float((np.abs(heard) > LOUD).mean()) > 0.9
    whole = float((np.abs(held.ear) > LOUD).sum()) / 16
    assert whole == pytest.approx(34 * 50, abs=60), "nothing of the answer is played twice over or lost"


def test_half_samples_and_odd_cuts_are_put_together_again() -> None:
    async def heard() -> Samples:
        line = Line(AudioSocketDialect())
        tone = (np.sin(np.arange(1_600) / 5) * 8_000).astype("<i2").tobytes()
        telephone = DOORS["audiosocket"]()
        stream = b"".join([*telephone.opening(), *(telephone.says(tone[at : at + 333]) for at in range(0, 3_200, 333))])  # type: ignore[arg-type]
        for at in range(0, len(stream), 7):
            line.receive(stream[at : at + 7])
        line.receive(telephone.hangs_up())
        intake = line._intake
        assert intake is not None
        frames = []
        while (frame := intake.take(now_ms=1e6)) is not None and np.any(frame):
            frames.append(frame)
        return np.concatenate(frames)

    sound = in_virtual_time(heard())
    assert len(sound) == 10 * 320
    assert float(np.abs(sound[320:]).max()) == pytest.approx(8_000 / 32_768, rel=0.05)


def test_the_id_of_a_call_comes_with_its_line() -> None:
    (opened,) = AudioSocketDialect().hear(DOORS["audiosocket"]().opening()[0])
    assert opened.id == CALL  # type: ignore[union-attr]


def test_time_that_passed_before_anybody_listened_is_not_made_up_for(telephone: Telephone) -> None:
    """A fresh start still opens its engines when the first call comes in."""

    async def waited() -> tuple[int, float]:
        line = Line(telephone.dialect())
        for message in telephone.opening():
            line.receive(message)
        await asyncio.sleep(15)
        clock = asyncio.get_running_loop().time
        began, frames = clock(), 0
        async for _ in line.frames():
            frames += 1
            if frames == 100:
                line.receive(telephone.hangs_up())
        return frames, clock() - began

    frames, seconds = in_virtual_time(waited())
    assert frames == 100
    assert seconds == pytest.approx(2.0, abs=0.1)
