"""dime trouble: what many customers have suddenly asked about."""

from typing import Annotated
from zoneinfo import ZoneInfo

from pydantic_core import to_jsonable_python

from web.commands.console import JSON_FLAG, show
from web.commands.opening import open_quietly


def trouble(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """List the alerts of the last day: many questions about one new thing within an hour, as a running server found."""
    services = open_quietly()
    now, zone = services.now(), ZoneInfo(services.settings.time_zone)
    found = services.alerts.listed(now)
    lines = []
    for alert in found:
        period = f"{alert.at.astimezone(zone):%H:%M} to {alert.last_at.astimezone(zone):%H:%M}"
        state = "going on" if alert.is_open(now) else "over"
        lines.append(f"{alert.count:>4} customers, {period} ({state}): {alert.question}")
        lines += [f"       {example}" for example in alert.examples if example != alert.question]
    alerts = [{**to_jsonable_python(alert), "is_going_on": alert.is_open(now)} for alert in found]
    show({"alerts": alerts}, as_json=as_json, text=lambda: "\n".join(lines) or "There is no trouble.")
