"""dime demo: a month of made-up customers through the real agent."""

import asyncio
from datetime import UTC, datetime
from typing import Annotated

import typer

from web.commands.console import tell
from web.commands.opening import open_answering


def demo(
    conversations: Annotated[int, typer.Option(min=1, max=100_000, help="How many chats to play.")] = 600,
    calls: Annotated[int, typer.Option(min=0, max=500, help="How many phone calls to play with real speech.")] = 6,
    days: Annotated[int, typer.Option(min=1, max=366)] = 30,
    seed: Annotated[int, typer.Option(help="The same seed plays the same customers.")] = 1,
) -> None:
    """Play a month so that a manager has something to look at. Everything is marked as demo data."""
    from web.demo.calls import play_calls
    from web.demo.month import Clock, Month

    clock = Clock(datetime.now(UTC))
    services = open_answering(now=clock)
    month = Month(services, clock=clock, seed=seed)
    until = datetime.now(UTC)

    def progress(number: int) -> None:
        if number % 100 == 0:
            tell(f"{number} of {conversations} chats played")

    async def play() -> str:
        played = await month.play(count=conversations, days=days, until=until, progress=progress)
        called = await play_calls(services, clock=clock, count=calls, days=days, until=until, seed=seed, progress=tell)
        return (
            f"{played.conversations} chats with {played.turns} turns and {called} calls were played, "
            f"{played.handed_over} chats went to a colleague. "
            "See /roi?demo=include or `dime roi report --demo include`."
        )

    typer.echo(asyncio.run(play()))
