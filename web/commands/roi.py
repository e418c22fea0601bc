"""dime roi: what it cost, against what it would have cost with people."""

import json
from datetime import datetime
from pathlib import Path
from typing import Annotated, Literal

import typer

from web.commands.console import JSON_FLAG, show, tell
from web.commands.opening import open_services, open_settings

app = typer.Typer(no_args_is_help=True, help="The report on cost, and the baselines it compares with.")
Format = Literal["html", "json", "csv"]
DAY = ["%Y-%m-%d"]


@app.command()
def report(
    since: Annotated[
        datetime | None, typer.Option("--from", formats=DAY, help="First day; default 31 days back.")
    ] = None,
    until: Annotated[
        datetime | None, typer.Option("--to", formats=DAY, help="Last day, included; default today.")
    ] = None,
    form: Annotated[Format, typer.Option("--format", help="csv is a row for each cost line.")] = "html",
    out: Annotated[Path | None, typer.Option("-o", "--out", help="Write here instead of stdout.")] = None,
    lang: Annotated[Literal["en", "zh"], typer.Option()] = "en",
    demo: Annotated[
        Literal["auto", "include", "exclude"],
        typer.Option(help="Demo conversations: auto counts them while there are no real ones."),
    ] = "auto",
) -> None:
    """Cost per conversation, the human baseline beside it, and what can be said of the claim."""
    from roi.export import as_json
    from web.report_page import html
    from web.reports import make_report, sheet_rows

    services = open_services(open_settings(log_level="WARNING"))
    first, last = since.date() if since else None, until.date() if until else None
    if form == "csv":
        with_demo = make_report(services, since=first, until=last, demo=demo).with_demo
        text = "".join(sheet_rows(services, "lines", since=first, until=last, with_demo=with_demo))
    else:
        made = make_report(services, since=first, until=last, demo=demo)
        as_text = json.dumps(as_json(made, lang=lang), ensure_ascii=False, indent=1)
        text = as_text if form == "json" else html(made, lang=lang, company=services.settings.company)
    if out is None:
        typer.echo(text)
        return
    out.write_text(text, encoding="utf-8")
    tell(f"The report was written to {out}.")


@app.command()
def baselines(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """The human baselines that DIME_BASELINE may name, with a contact's cost and its grade."""
    from roi.baselinefile import baselines as known_baselines

    rows = [
        {
            "id": baseline.id,
            "name": baseline.name.get("en", baseline.id),
            "currency": baseline.currency,
            "call": format(baseline.cost("phone"), "f"),
            "chat": format(baseline.cost("chat"), "f"),
            "grade": baseline.grade("phone"),
        }
        for baseline in known_baselines().values()
    ]
    show(
        {"baselines": rows},
        as_json=as_json,
        text=lambda: "\n".join(
            f"{row['id']:<26} call {row['call']:>8.8} chat {row['chat']:>8.8} {row['currency']}  grade {row['grade']}  "
            f"{row['name']}"
            for row in rows
        ),
    )
