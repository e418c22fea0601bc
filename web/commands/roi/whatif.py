"""dime roi whatif: the company's own month with one thing otherwise."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from web.commands.console import DAY, JSON_FLAG, show
from web.commands.opening import open_quietly

if TYPE_CHECKING:
    from roi.planning.settings import Wishes
    from roi.planning.whatif import WhatIf


def whatif(
    since: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="First day; default 31 days back.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=DAY, help="Last day, included; default today.")
    ] = None,
    chosen: Annotated[
        list[str] | None, typer.Option("--set", help="name=number, such as resolution=60% or years=5; may be repeated.")
    ] = None,
    scenario: Annotated[
        Path | None,
        typer.Option(help="A TOML file with a month and a plan of its own, instead of the company's month."),
    ] = None,
    demo: Annotated[
        Literal["auto", "include", "exclude"],
        typer.Option(help="Demo conversations: auto counts them while there are no real ones."),
    ] = "auto",
    as_json: Annotated[bool, JSON_FLAG] = False,
    lang: Annotated[Literal["en", "zh"], typer.Option()] = "en",
) -> None:
    """Prices, baselines, resolution and volume otherwise; what matters most, break-even, years, and dear accuracy."""
    from roi.planning import wording
    from roi.planning.scenario import from_pairs, read_scenario
    from roi.planning.settings import Wishes, wishes
    from roi.planning.start import start
    from roi.planning.whatif import what_if
    from web.reporting.plans import usual_offshore

    month, plan = from_pairs(chosen or [])
    remarks: list[str] = []
    if scenario is not None:
        if since or until:
            raise ValueError("--scenario brings a month of its own: leave --from and --to out")
        stated, wished, currency = read_scenario(scenario)
        asked = wishes({**changed(wished), **plan})
        begun = start({}, chosen={**stated, **month}, currency=currency or "USD")
        dollars = asked.per_resolution_usd if begun.currency == "USD" else None
        made = what_if(begun, asked, per_resolution=dollars, offshore=usual_offshore(begun.currency))
    else:
        asked = wishes(plan) if plan else Wishes()
        made, remarks = own_month(since, until, demo, month, asked, lang)
    text = "\n\n".join([*remarks, wording.page(made, lang)])
    show(wording.as_json(made, lang) | {"remarks": remarks}, as_json=as_json, text=lambda: text)


def own_month(
    since: datetime | None,
    until: datetime | None,
    demo: Literal["auto", "include", "exclude"],
    chosen: dict[str, float],
    wished: "Wishes",
    lang: str,
) -> "tuple[WhatIf, list[str]]":
    from roi.planning.wording import say
    from web.reporting.plans import plan_of
    from web.reporting.reports import make_report

    services = open_quietly()
    first, last = since.date() if since else None, until.date() if until else None
    made = make_report(services, since=first, until=last, demo=demo)
    remarks = [say("page", "demo", lang)] if made.demo else []
    if not made.with_demo and made.demo_conversations:
        remarks.append(say("page", "demo_left_out", lang, demo=made.demo_conversations))
    planned = plan_of(services, made, chosen=chosen, wished=wished)
    if any(one.key == "volume" and one.basis == "assumed" for one in planned.start.inputs):
        remarks.append(say("page", "nothing", lang))
    return planned, remarks


def changed(wished: "Wishes") -> dict[str, Any]:
    """As it would stand in a file."""
    given = {key: value for key, value in asdict(wished).items() if value is not None}
    return {key: list(value) if isinstance(value, tuple) else value for key, value in given.items()}
