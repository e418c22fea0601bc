"""dime bench: how long callers hear nothing, and how many at once this machine serves."""

import asyncio
from typing import Annotated, Any

import typer

from web.commands.console import JSON_FLAG, show, tell
from web.commands.opening import open_settings


def bench(
    calls: Annotated[
        int, typer.Option(min=1, max=200, help="Calls at once, each asking ten seconds after the answer is over.")
    ] = 1,
    minutes: Annotated[float, typer.Option(min=0.2, max=600, help="For how long.")] = 3.0,
    model: Annotated[bool, typer.Option("--model", help="Ask the model that the settings name in every turn.")] = False,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Telephone a server of its own in real time: from the last word said to the first word heard."""
    from web.bench.figures import HEADINGS
    from web.bench.machine import machine

    tell(f"{calls} calls for {minutes:g} minutes, in real time, with this machine's own engines …")
    heard, stages, composed = asyncio.run(_heard(calls, minutes, with_model=model))
    told: dict[str, Any] = {"machine": machine(), **heard.as_json(), **({"model": vars(composed)} if model else {})}

    def text() -> str:
        widths = [max(len(a), len(b)) for a, b in zip(HEADINGS, heard.row(), strict=True)]
        lines = ["  ".join(cell.rjust(width) for cell, width in zip(row, widths, strict=True))
                 for row in (HEADINGS, heard.row())]  # fmt: skip
        asked = [str(composed)] if model else []
        return "\n".join([machine(), *lines, f"stages, median ms: {stages}", *asked])

    show(told, as_json=as_json, text=text)


async def _heard(calls: int, minutes: float, *, with_model: bool) -> tuple[Any, str, Any]:
    from knowledge.reading.documents import read_document
    from voice.engines import open_engines
    from web.assembly import DEMO_KNOWLEDGE
    from web.bench.bench import holding_phrase, render, spoken_questions, telephone
    from web.bench.serving import engines_named_in, model_named_in, serving
    from web.calling.calls import choices_of

    settings = open_settings()
    named = engines_named_in(settings) | (model_named_in(settings) if with_model else {})
    engines = open_engines(choices_of(settings))
    try:
        await engines.warm("en")
        entries = [entry for path in DEMO_KNOWLEDGE for entry in read_document(path).entries]  # as the server has them
        questions = await spoken_questions(entries, engines)
        tell("Rendering answers ahead, as a server does that has been up for a while …")
        await render(entries, engines)
        holding = await holding_phrase(engines)
    finally:
        await engines.close()
    with serving(cache=settings.cache, calls=calls, DIME_RENDER_AHEAD="false", **named) as server:
        heard = await telephone(server, questions, calls=calls, minutes=minutes, holding=holding)
        composed = server.composed()
    return heard, ", ".join(f"{name} {ms:g}" for name, ms in heard.stages_ms.items()), composed
