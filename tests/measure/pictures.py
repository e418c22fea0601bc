"""Ten calls as pictures: what the caller said, what they heard, and the stages between, one SVG each.

    python -m tests.measure.pictures [--out docs/calls] [--only 4 7] [--sound FOLDER]

Each call is held over AudioSocket, in real time, with a server of its own with the demo company's knowledge and real
engines. The callers are our own voices, the noises are made here: nobody's recording is drawn. Stages and words are the
books' own; when something sounded is read off what came over the line. Figures to judge each call by are printed.
"""

import argparse
import asyncio
import os
import time
import urllib.request
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from urllib.parse import urlencode

import numpy as np
from sqlmodel import Session, col, select

from agent.history import TurnRow
from agent.telling.aloud import aloud
from agent.telling.phrases import phrase
from knowledge.reading.documents import read_document
from tests.measure.call_drawing import STAGES, Answered, Drawn, Words, draw
from tests.measure.call_figures import (
    between,
    clipped,
    edge_step,
    largest_step,
    pauses_ms,
    soundings,
    speech_dbfs,
)
from tests.measure.call_stories import STORIES, HearOut, Listen, Pause, Say, Sound, Story, cough, room
from tests.measure.scripted_caller import ScriptedCaller, Utterance
from tests.real_engines import CACHE, word_errors
from voice.audio import RATE_HZ, Samples, Speech, level_dbfs, trimmed
from voice.engines import Engines, open_engines
from voice.loudness import levelled
from voice.wires.recording import write_recording
from web.assembly import DEMO_KNOWLEDGE
from web.bench.machine import machine
from web.bench.serving import Serving, serving
from web.calling.calls import choices_of
from web.calling.rendering import fixed_phrases
from web.database import open_database
from web.settings import Settings
from web.telephony.call_rows import CallRow

AFTER_WORDS = ("retrieve", "model", "speak")
"""Stages between the words and the first clause's sound."""
BOOKED_S = 20.0
"""After a call has ended, until it is in the books."""
CHINESE = {phrase("greeting", lang="zh"), phrase("holding", lang="zh"), "returns-sofa"}
"""What is rendered of it; all of it would take ten minutes."""


# A call


@dataclass(frozen=True, eq=False)
class Held:
    story: Story
    caller: Samples
    dime: Samples
    as_it_came: Samples
    late_ms: float
    said: list[Utterance]
    began_at: datetime
    booked: CallRow
    turns: list[TurnRow]
    first_sounds_s: dict[int, float] = field(default_factory=dict)
    """By turn: when the answer began at the ear."""

    def answered(self, number: int) -> Answered:
        row = self.turns[number]
        at_s, spent = self.at_s(row), dict(row.stages_ms)
        before_ms = spent.get("end_of_turn", 0.0) + spent.get("transcribe", 0.0)
        since_s = self.at_s(self.turns[number - 1]) if number else 0.0
        ends = [one.ends_s for one in self.said if since_s < one.ends_s <= at_s]
        begins_s = at_s - before_ms / 1000
        stages = []
        for name in STAGES:
            if name in spent:
                stages.append((name, begins_s, spent[name]))
                begins_s += spent[name] / 1000
        return Answered(max(ends, default=at_s - before_ms / 1000), tuple(stages), self.first_sounds_s.get(number))

    def at_s(self, row: TurnRow) -> float:
        """When its words were known."""
        return (row.at - self.began_at).total_seconds()

    def spoken(self, number: int) -> Samples:
        """What was heard of a turn's answer."""
        if number not in self.first_sounds_s:
            return self.dime[:0]
        later = [at_s for other, at_s in self.first_sounds_s.items() if other > number]
        return between(self.dime, self.first_sounds_s[number] - 0.02, min(later, default=len(self.dime) / RATE_HZ))


def heard_words(row: TurnRow) -> str:
    return row.answer if row.heard_answer is None else row.heard_answer


async def hold(story: Story, server: Serving, lines: dict[str, Samples]) -> Held:
    speech = np.concatenate([lines[step.words] for step in story.script if isinstance(step, Say)])
    noise = None if story.noise_db is None else room(level_dbfs(speech) - story.noise_db)
    caller = ScriptedCaller("127.0.0.1", server.telephone, noise=noise)
    if story.lang:
        url = f"http://127.0.0.1:{server.port}/api/v1/calls/{caller.id}"
        await asyncio.to_thread(
            lambda: urllib.request.urlopen(url, urlencode({"lang": story.lang}).encode(), timeout=5).close()
        )

    async def follow(caller: ScriptedCaller) -> None:
        for step in story.script:
            match step:
                case Say():
                    await caller.say(step.words, lines[step.words])
                case Sound():
                    await caller.say(step.name, lines[step.name], is_sound=True)
                case Pause():
                    await caller.pause(step.seconds)
                case Listen():
                    await caller.until_spoken_to(seconds=step.seconds, patience_s=step.patience_s)
                case HearOut():
                    await caller.until_answered(quiet_s=step.quiet_s)

    await caller.hold(follow)
    booked, turns = await asyncio.to_thread(books_of, server, caller)
    mine, ours = caller.sides()
    held = Held(
        story, mine, ours, caller.heard.as_it_came(), caller.heard.late_ms, caller.said, caller.began_at, booked, turns
    )
    for number, row in enumerate(turns):
        later_s = held.at_s(turns[number + 1]) if number + 1 < len(turns) else len(ours) / RATE_HZ
        ready_s = held.at_s(row) + sum(row.stages_ms.get(stage, 0.0) for stage in AFTER_WORDS) / 1000
        heard = soundings(between(ours, ready_s, later_s), pause_ms=100)  # before that only a holding phrase sounds
        if heard and heard_words(row):
            held.first_sounds_s[number] = ready_s + heard[0].begins_s
    return held


def books_of(server: Serving, caller: ScriptedCaller) -> tuple[CallRow, list[TurnRow]]:
    engine = open_database(f"sqlite:///{server.home / 'dime.sqlite'}", lock_folder=server.home)
    until = time.monotonic() + BOOKED_S
    try:
        while time.monotonic() < until:
            with Session(engine, expire_on_commit=False) as session:
                call = session.exec(select(CallRow).where(CallRow.line_id == caller.id)).first()
                if call and call.ended_at:
                    of_call = select(TurnRow).where(TurnRow.conversation_id == call.conversation_id)
                    return call, list(session.exec(of_call.order_by(col(TurnRow.number))))
            time.sleep(0.1)
    finally:
        engine.dispose()
    raise RuntimeError("the call is not in the books")


# What is drawn, and what is told


def drawn(held: Held) -> Drawn:
    said, last = list[Words](), 0.0
    for row in held.turns:
        own = [one for one in held.said if last < one.ends_s <= held.at_s(row) and not one.is_sound]
        said.append(Words(own[0].begins_s if own else held.at_s(row), row.question or "(nothing understood)"))
        last = held.at_s(row)
    said += [Words(one.begins_s, f"({one.words})", is_aside=True) for one in held.said if one.is_sound]
    answered = [
        Words(held.first_sounds_s[n], f"{heard_words(row)}{' ✂' if row.interrupted else ''}")
        for n, row in enumerate(held.turns) if n in held.first_sounds_s
    ]  # fmt: skip
    first_s = min(held.first_sounds_s.values(), default=len(held.dime) / RATE_HZ)
    prompts = soundings(between(held.dime, 0.0, min([first_s - 0.05, *map(held.at_s, held.turns)])), pause_ms=1_000)
    answered += [Words(one.begins_s, phrase(name, lang=held.story.lang or "en"), is_aside=True)
                 for name, one in zip(held.story.prompts, prompts, strict=False)]  # fmt: skip
    for number, first_s in held.first_sounds_s.items():
        row = held.turns[number]
        for one in soundings(between(held.dime, held.at_s(row), first_s - 0.05), pause_ms=1_000):
            answered.append(Words(held.at_s(row) + one.begins_s, phrase("holding", lang=row.lang), is_aside=True))
    turns = [held.answered(number) for number in range(len(held.turns))]
    return Drawn(held.story.title, held.caller, held.dime, said, answered, turns)


async def tell(held: Held, engines: Engines) -> None:
    print(f"\n{held.story.title}   {len(held.dime) / RATE_HZ:.1f} s, ending {held.booked.ending}, "
          f"caller {speech_dbfs(held.caller):.1f} dBFS, Dime {speech_dbfs(held.dime):.1f} dBFS, "
          f"clipped {clipped(held.dime)}; late {held.late_ms:.0f} ms at the ear, "
          f"frames late {held.booked.frames_late}, dropped {held.booked.frames_dropped}; server's own median "
          f"{held.booked.mouth_to_ear_ms_median}")  # fmt: skip
    (edge, edge_at), (step, step_at) = edge_step(held.as_it_came), largest_step(held.as_it_came)
    print(f"  largest step at a joint {edge:.3f} ({edge_at:.2f} s), anywhere {step:.3f} ({step_at:.2f} s)")
    for one in held.said:
        print(f"  said   {one.begins_s:6.2f} to {one.ends_s:6.2f}  {one.words}")
    for one in soundings(held.dime, pause_ms=300):
        print(f"  heard  {one.begins_s:6.2f} to {one.ends_s:6.2f}")
    for number, row in enumerate(held.turns):
        answered, spoken = held.answered(number), held.spoken(number)
        lang = "zh" if held.story.lang == "zh" else "en"
        understood = (await engines.transcriber.transcribe(Speech(spoken), lang=lang)).text if len(spoken) else ""
        stages = ", ".join(f"{name} {ms:.0f}" for name, _, ms in answered.stages)
        ear = "none" if answered.mouth_to_ear_ms is None else f"{answered.mouth_to_ear_ms:.0f}"
        print(f"  turn {number + 1} at {held.at_s(row):.2f}: mouth to ear {ear} ms = {stages}, line "
              f"{answered.line_ms:.0f}; {row.action} ({row.reason}), {row.source_entry}, "
              f"{'interrupted' if row.interrupted else 'whole'}")  # fmt: skip
        print(f"    understood: {row.question}\n    answered:   {row.answer}")
        if row.heard_answer is not None:
            print(f"    heard:      {row.heard_answer}")
        words = heard_words(row)
        counted = (" ".join(words), " ".join(understood)) if lang == "zh" else (words, understood)
        print(
            f"    our speech as recognised ({word_errors(*counted)} of {len(counted[0].split())} wrong): {understood}"
        )
        gaps = ", ".join(f"{ms:.0f} ms after {at:.2f} s" for ms, at in pauses_ms(spoken))
        print(f"    level {speech_dbfs(spoken):.1f} dBFS; longest pauses {gaps}")


# Putting it together


async def prepared(engines: Engines, stories: Sequence[Story]) -> dict[str, Samples]:
    """What the callers say; and on disk what a server has rendered that has been up for a while."""
    lines = {"cough": cough(), "mhm": trimmed(levelled((await engines.voice.speak("Mhm.", lang="en")).samples))}
    for story in stories:
        for step in story.script:
            if isinstance(step, Say) and step.words not in lines:
                spoken = await engines.voice.speak(step.words, lang=story.lang or "en")
                lines[step.words] = trimmed(levelled(spoken.samples), lead_ms=0, tail_ms=0)
    for text, lang in fixed_phrases():
        if lang == "en" or text in CHINESE:
            await engines.voice.render(text, lang=lang)
    for entry in (entry for path in DEMO_KNOWLEDGE for entry in read_document(path).entries):
        if entry.lang == "en" or entry.id in CHINESE:
            for text in aloud(entry):
                await engines.voice.render(text, lang=entry.lang)
    return lines


async def main(out: Path, *, only: Sequence[int], sound: Path | None) -> None:
    stories = [story for number, story in enumerate(STORIES, 1) if not only or number in only]
    settings = Settings(cache=CACHE)
    engines = open_engines(choices_of(settings))
    if engines.missing:
        raise SystemExit(" ".join(engines.missing))
    await engines.warm()
    lines = await prepared(engines, stories)
    today = datetime.now(UTC).date().isoformat()
    closed = {"DIME_TIME_ZONE": "UTC", "DIME_HOURS": "mon-fri 09:00-18:00", "DIME_HOLIDAYS": today}
    held = []
    with serving(cache=settings.cache, calls=1, DIME_RENDER_AHEAD="false", **closed) as server:
        for story in stories:
            held.append(await hold(story, server, lines))
            keep(held[-1], out, sound=sound)
    print(f"{machine()}, load {os.getloadavg()[0]:.1f}")
    for call in held:
        await tell(call, engines)
    await engines.close()


def keep(held: Held, out: Path, *, sound: Path | None) -> None:
    out.mkdir(parents=True, exist_ok=True)
    (out / f"{held.story.name}.svg").write_text(draw(drawn(held)), encoding="utf-8")
    if sound:
        sound.mkdir(parents=True, exist_ok=True)
        write_recording(sound / f"{held.story.name}.wav", caller=held.caller, agent=held.dime)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, default=Path("docs/calls"))
    numbers = range(1, len(STORIES) + 1)
    parser.add_argument("--only", type=int, nargs="+", choices=numbers, default=(), metavar="N", help="these calls")
    parser.add_argument("--sound", type=Path, help="keep the calls' sound in this folder, too")
    wanted = parser.parse_args()
    asyncio.run(main(wanted.out, only=wanted.only, sound=wanted.sound))
