"""dime call: a whole call from a recording, or over stdin and stdout."""

import asyncio
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from agent.turn import Who
from web.commands.console import JSON_FLAG, show, tell
from web.commands.opening import open_answering

Encoding = Literal["mulaw", "alaw", "s16le"]


def call(
    recording: Annotated[str, typer.Argument(metavar="IN.wav|-", help="The caller's side, or - for stdin.")],
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write the call: caller left, Dime right.")] = None,
    fast: Annotated[bool, typer.Option("--fast", help="As fast as it goes, instead of in real time.")] = False,
    channel: Annotated[int | None, typer.Option(help="Channel of the caller in a stereo recording, from 0.")] = None,
    lang: Annotated[
        str | None, typer.Option(help="The caller's language; found in the first words if not given.")
    ] = None,
    rate: Annotated[int, typer.Option(help="Samples a second on the pipe.")] = 8000,
    encoding: Annotated[Encoding, typer.Option(help="Encoding on the pipe.")] = "mulaw",
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Hold a call with real ears and a real voice; tell what was heard, answered, and how long it took."""
    from voice.wires.recording import read_recording
    from web.calling.calls import engines_of, hold_recorded
    from web.calling.pipe import hold_piped

    speech = None if recording == "-" else read_recording(Path(recording), channel=channel)
    services = open_answering()
    who = Who("phone", lang=lang or "en")
    ready = engines_of(services)
    if speech is None:
        asyncio.run(hold_piped(services, ready, who=who, lang=lang, rate_hz=rate, encoding=encoding, as_json=as_json))
        return
    held = asyncio.run(hold_recorded(services, ready, speech, who=who, lang=lang, out=out, is_fast=fast))
    if not held["turns"]:
        tell("Nobody says anything in this recording.")
    show(held, as_json=as_json, text=lambda: "\n\n".join(_told(turn) for turn in held["turns"]))


def _told(turn: dict[str, Any]) -> str:
    stages = ", ".join(f"{stage} {ms:.0f}" for stage, ms in turn["stages_ms"].items())
    cost = f"{turn['cost']['amount']} {turn['cost']['currency']}" if turn["cost"] else "unknown"
    source = f"\nsource   {turn['source']['id']}" if turn["source"] else ""
    announced = "".join(f"notice   {text}\n" for text in turn["announced"])
    silence, budget = turn["mouth_to_ear_ms"], f"{turn['budget_ms']} ms"
    if silence is None:
        kept = "no answer was heard"
    else:
        kept = f"{silence:.0f} ms{' of ' if silence <= turn['budget_ms'] else ', OVER THE BUDGET of '}{budget}"
    return (
        f"caller   {turn['heard']}\n{announced}dime     {turn['answer']}{source}\n"
        f"action   {turn['action']} ({turn['reason']})\n"
        f"silence  {kept} ({stages})\ncost     {cost}"
    )
