"""dime roi staffing-need: how many people the calls need, before and after the AI takes its share."""

from dataclasses import asdict
from decimal import Decimal
from typing import Annotated, Any

import typer

from web.commands.console import JSON_FLAG, show


def staffing_need(
    calls: Annotated[float, typer.Option(help="Calls in the busiest half hour.")],
    handling: Annotated[float | None, typer.Option(help="Seconds of a call; default the baseline's.")] = None,
    automation: Annotated[float, typer.Option(help="Share of the calls that the AI resolves.")] = 0.5,
    harder: Annotated[float, typer.Option(help="Handling time of those left, over that of all.")] = 1.2,
    level: Annotated[float, typer.Option(help="Share of calls answered in time.")] = 0.8,
    within: Annotated[float, typer.Option(help="Seconds that are in time.")] = 20.0,
    shrinkage: Annotated[float | None, typer.Option(help="Paid time not at the desk; default the baseline's.")] = None,
    minutes: Annotated[float, typer.Option(help="Length of the interval.")] = 30.0,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Erlang C: halving the calls does not halve the staff, and less so when the AI keeps the easy ones."""
    from roi.people.baselinefile import choose
    from roi.people.staffing import before_and_after
    from web.assembly import own_files
    from web.commands.opening import open_settings

    settings = open_settings(log_level="WARNING")
    baseline = choose(settings.baseline, *own_files(settings))
    needed = before_and_after(
        calls,
        interval_s=60 * minutes,
        aht_s=float(baseline.aht["phone"].value) if handling is None else handling,
        automation=automation,
        harder=harder,
        service_level=level,
        threshold_s=within,
        shrinkage=baseline.shrinkage.value if shrinkage is None else Decimal(str(shrinkage)),
    )
    rows: list[dict[str, Any]] = [
        {"when": need.when, "calls": need.calls, "aht_s": need.aht_s, **asdict(need.staff)} for need in needed
    ]
    before, *_, after = needed
    text = [
        f"{'':<22} {'calls':>8} {'seconds':>8} {'Erlangs':>8} {'agents':>7} {'roster':>7} {'in time':>8} {'wait s':>7}"
    ]
    text += [
        f"{need.when:<22} {need.calls:>8.1f} {need.aht_s:>8.0f} {need.staff.erlangs:>8.2f} {need.staff.agents:>7} "
        f"{need.staff.roster:>7} {need.staff.service_level:>8.1%} {need.staff.asa_s:>7.1f}"
        for need in needed
    ]
    text += [
        "",
        f"{automation:.0%} of the calls fewer, {1 - after.staff.roster / before.staff.roster:.0%} of the people: "
        f"{before.staff.roster - after.staff.roster} of {before.staff.roster}.",
        f"Shrinkage and handling time are the baseline's ({baseline.id}) unless given.",
    ]
    show({"needs": rows, "baseline": baseline.id}, as_json=as_json, text=lambda: "\n".join(text))
