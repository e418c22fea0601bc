"""dime roi baselines: what a contact costs with a person, by country and load, and what was measured here."""

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from web.commands.console import JSON_FLAG, show
from web.commands.opening import open_quietly

if TYPE_CHECKING:
    from roi.people.baseline import Baseline, Handled

CHANNELS = ("phone", "chat", "email")


def baselines(
    as_json: Annotated[bool, JSON_FLAG] = False, lang: Annotated[Literal["en", "zh"], typer.Option()] = "en"
) -> None:
    """The human baselines side by side, onshore and offshore, loaded and unloaded; assumed beside measured times."""
    from roi.books.tally import Scope, handled
    from roi.people.baselinefile import baselines as known_baselines
    from roi.people.past import past_handled
    from web.assembly import own_files
    from web.reporting.reports import period_of

    services = open_quietly()
    known = list(known_baselines(*own_files(services.settings)).values())
    period = period_of(services, since=None, until=None)
    with services.engine.connect() as connection:
        own = handled(connection, Scope("default", period, False))
        past = past_handled(connection)
        demo = not own and not past
        if demo:
            own, past = handled(connection, Scope("default", period, True)), past_handled(connection, demo=True)
    chosen = services.baseline
    used = chosen.measured([*own, *past])
    result = {
        "chosen": chosen.id,
        "baselines": [row(one, lang) for one in known],
        "measured": [time(one, chosen) for one in (*past, *own)],
        "used": [
            {"channel": name, "seconds": format(used.aht[name].value, "f"), "cost": format(used.cost(name), "f"),
             "grade": used.aht[name].grade, "measured": used.aht[name].is_measured, "source": used.aht[name].source,
             "date": used.aht[name].date}
            for name in CHANNELS
        ],
        "demo": demo and bool(own or past),
    }  # fmt: skip
    show(result, as_json=as_json, text=lambda: page(result))


def row(of: "Baseline", lang: str) -> dict[str, Any]:
    return {
        "id": of.id,
        "name": of.name.get(lang, of.name.get("en", of.id)),
        "geography": of.geography,
        "offshore": of.offshore,
        "load": of.load,
        "currency": of.currency,
        "loaded": format(float(of.loaded), ".2f"),
        "per_handling_hour": format(of.per_handling_hour, "f"),
        "call": format(of.cost("phone"), "f"),
        "chat": format(of.cost("chat"), "f"),
        "email": format(of.cost("email"), "f"),
        "fcr": format(of.fcr.value, "f"),
        "call_per_issue": format(of.cost("phone") / of.fcr.value, ".4f"),
        "human_durability": format(of.human_durability.value, "f"),
        "grade": of.grade("phone"),
    }


def time(seen: "Handled", chosen: "Baseline") -> dict[str, Any]:
    return {
        "channel": seen.channel,
        "where": seen.where,
        "contacts": seen.contacts,
        "seconds": format(seen.mean_seconds, "f"),
        "assumed_seconds": format(chosen.aht[seen.channel].value, "f") if seen.channel in chosen.aht else None,
        "cost": format(chosen.cost_of(seen.mean_seconds, seen.channel), "f"),
        "from": str(seen.first) if seen.first else None,
        "to": str(seen.last) if seen.last else None,
        "enough": seen.is_enough,
    }


def page(told: dict[str, Any]) -> str:
    lines = [
        f"  {'':<24} {'':<12} {'':<9} {'':<9} {'an hour':>9} {'call':>8} {'chat':>8} {'e-mail':>8} {'an issue':>9}"
    ]
    for one in told["baselines"]:
        mark = "*" if one["id"] == told["chosen"] else " "
        shore = "offshore" if one["offshore"] else "onshore"
        lines.append(
            f"{mark} {one['id']:<24} {one['geography']:<12} {shore:<9} {one['load'].replace('_', ' '):<9} "
            f"{float(one['per_handling_hour']):>9.2f} {float(one['call']):>8.4f} {float(one['chat']):>8.4f} "
            f"{float(one['email']):>8.4f} {float(one['call_per_issue']):>9.4f} {one['currency']}  "
            f"grade {one['grade']}  {one['name']}"
        )
    lines += ["", f"Handling times that {told['chosen']} goes by:"]
    for one in told["used"]:
        basis = "measured" if one["measured"] else "assumed"
        lines.append(
            f"  {one['channel']:<6} {float(one['seconds']):>7.0f} s  {float(one['cost']):>8.4f}  {basis}, grade "
            f"{one['grade']}: {one['source']} ({one['date']})"
        )
    if told["measured"]:
        lines += ["", "Measured here" + (" (demo data)" if told["demo"] else "") + ":"]
    for one in told["measured"]:
        when = f", {one['from']} to {one['to']}" if one["from"] else ""
        few = "" if one["enough"] else ", too few to go by"
        lines.append(
            f"  {one['channel']:<6} {float(one['seconds']):>7.0f} s  {float(one['cost']):>8.4f}  {one['where']}, "
            f"{one['contacts']} contacts{when}{few}"
        )
    return "\n".join(lines)
