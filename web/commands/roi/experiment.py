"""dime roi experiment: whether the holdout is what was planned."""

from datetime import datetime
from typing import Annotated

import typer

from web.commands.console import DAY, JSON_FLAG, show
from web.commands.opening import open_quietly


def experiment(
    since: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="Default 31 days back.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Included; default today.")] = None,
    sd: Annotated[float | None, typer.Option(min=0, help="Standard deviation of a contact's cost.")] = None,
    effect: Annotated[float | None, typer.Option(min=1e-9, help="The smallest saving worth finding.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Share of the holdout, planned and realised, and how many contacts each arm has."""
    from roi.experiment.assignment import experiment as tallied
    from roi.experiment.holdout import sample_per_arm
    from web.reporting.reports import period_of
    from web.reporting.scopes import scope_of

    services = open_quietly()
    period = period_of(services, since=since.date() if since else None, until=until.date() if until else None)
    with services.engine.connect() as connection:
        found = tallied(connection, scope_of(connection, period), share=services.settings.holdout_share)
    needed = sample_per_arm(sd, smallest_effect=effect) if sd and effect else None
    balance = found.balance
    result = {
        "from": str(period.first),
        "to": str(period.last),
        "share": {"planned": found.share, "realised": found.realised},
        "balance": None if balance is None else {**vars(balance), "alarm": balance.is_alarming},
        "arms": {name: vars(arm) for name, arm in found.arms.items()},
        "unassigned": found.unassigned,
        "needed_per_arm": needed,
    }

    def text() -> str:
        if not found.share and not found.customers:
            return "No experiment runs: DIME_HOLDOUT_SHARE is 0."
        realised = "unknown" if found.realised is None else f"{100 * found.realised:.1f} %"
        lines = [f"holdout: {100 * found.share:.1f} % of customers planned, {realised} realised"]
        if balance is not None:
            judged = "ALARM: somebody was left out or moved" if balance.is_alarming else "as drawn"
            lines.append(f"balance: z {balance.z:.2f}, p {balance.p:.4f}, {judged}")
        for name, arm in found.arms.items():
            lines.append(
                f"{name:<8} {arm.customers} customers, {arm.contacts} contacts, {arm.sent_first} with a person first"
            )
        lines.append(f"outside  {found.unassigned} contacts without an arm")
        if needed is not None:
            lines.append(f"needed   {needed} in each arm, for a saving of {effect:g} at a deviation of {sd:g}")
        return "\n".join(lines)

    show(result, as_json=as_json, text=text)
