"""dime history: starting from what the company has; exported tickets, chats and call records."""

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from web.commands.console import JSON_FLAG, show, tell
from web.commands.opening import open_quietly

if TYPE_CHECKING:
    from knowledge.history.contacts import Export
    from web.reporting.past import Study
    from web.services import Services

app = typer.Typer(no_args_is_help=True, help="Import past tickets, chats and calls, and see what Dime would have done.")
SAMPLE = typer.Option(min=1, help="Look at so many different questions; 25 to 45 are read a second.")
_LARGE_BYTES = 20_000_000
_MOST_PROBLEMS = 20
_MOST_INTENTS = 40
_MOST_DISAGREEMENTS = 8


@app.command(name="import")
def import_files(
    files: Annotated[list[Path], typer.Argument(help="CSV, JSON or JSON Lines.")],
    columns: Annotated[
        list[str] | None, typer.Option("--map", help="question=Subject,answer=Reply: what a column means.")
    ] = None,
    channel: Annotated[
        Literal["chat", "phone", "email", "ticket"] | None, typer.Option(help="Where the file does not say.")
    ] = None,
    dates: Annotated[Literal["day-first", "month-first"] | None, typer.Option(help="How 3/4/2026 is meant.")] = None,
    sample: Annotated[int, SAMPLE] = 2_000,
    group: Annotated[int, typer.Option(min=2, help="So many contacts that ask the same make a draft.")] = 2,
    only: Annotated[bool, typer.Option("--only", help="Import, without drafts and replay.")] = False,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Import exports; importing one again changes nothing. Names are kept as keys, numbers and addresses are masked."""
    from knowledge.history.contacts import read_export
    from knowledge.history.past import Past
    from knowledge.problem import UnreadableDocument
    from web.assembly import DEMO_HISTORY, seed_demo
    from web.conversing.customers import key_of_named

    given = _given(columns or [])
    services = open_quietly()
    past = Past(services.engine)
    imported, failed = [], []
    for path in files:
        if path.is_file() and path.stat().st_size > _LARGE_BYTES:
            tell(f"reading {path.name}, {path.stat().st_size / 1e6:.0f} MB; this takes minutes")
        try:
            export = read_export(
                path,
                key=lambda role, value: key_of_named(services.secret, role, value),
                zone=services.settings.time_zone,
                given=given,
                channel=channel,
                order=None if dates is None else "day first" if dates == "day-first" else "month first",
            )
        except UnreadableDocument as error:
            failed.append(str(error))
            tell(f"dime: {error}")
            continue
        _tell_reading(export)
        is_demo = path.resolve() == DEMO_HISTORY
        if is_demo and seed_demo(services):
            tell("There was no knowledge yet: the demo company's was added.")
        elif not is_demo and (gone := past.forget_demo()):
            tell(f"The demo company's {gone} contacts were removed.")
        done = past.add(export, demo=is_demo)
        imported.append({"file": path.name, **vars(done), "problems": len(export.problems)} | _meanings(export))
        tell(f"{path.name}: {done.added} added, {done.updated} updated, {done.unchanged} unchanged")
    if not imported:
        raise typer.Exit(1)
    made = None if only else _study(services, sample=sample, group=group)
    result = {"files": imported, "failed": failed, "replay": made and _json(made)}
    show(result, as_json=as_json, text=lambda: _page(made) if made else _counted(imported))
    if failed:
        raise typer.Exit(1)


@app.command()
def replay(sample: Annotated[int, SAMPLE] = 2_000, as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """How many of the past questions today's knowledge would have answered, and how many rightly."""
    services = open_quietly()
    made = _study(services, sample=sample, group=None)
    show(_json(made), as_json=as_json, text=lambda: _page(made))


@app.command(name="list")
def list_files(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """What was imported."""
    from knowledge.history.past import Past

    services = open_quietly()
    sources = [vars(source) for source in Past(services.engine).sources()]
    show(
        {"sources": sources},
        as_json=as_json,
        text=lambda: (
            "\n".join(
                f"{source['name']}: {source['contacts']} contacts, {source['with_question']} with a question, "
                f"{source['with_handling']} with a handling time{_period(source['first_at'], source['last_at'])}"
                for source in sources
            )
            or "Nothing was imported yet: `dime history import FILE`."
        ),
    )


@app.command()
def forget(name: Annotated[str, typer.Argument(help="A file's name, as `dime history list` shows it.")]) -> None:
    """Remove an import, with what drafts that nobody accepted yet say in its customers' words."""
    from knowledge.history.past import Past
    from web.reporting.past import forget_vectors

    services = open_quietly()
    gone = Past(services.engine).forget(Path(name).name)
    if not gone:
        raise ValueError(f"nothing was imported from a file called {name}")
    forget_vectors(services)
    typer.echo(f"{gone} contacts were removed.")


def _study(services: "Services", *, sample: int, group: int | None) -> "Study":
    from web.reporting.past import study

    services.index.build()
    made = study(services, most=sample, at_least=group, progress=_progress)
    if not made.replay.questions:
        tell("No imported contact has a question, so there is nothing to replay.")
    elif made.replay.questions < made.replay.of:
        tell(f"{made.replay.questions} of {made.replay.of} contacts were looked at (--sample {sample}).")
    return made


def _progress(what: str, done: int, of: int) -> None:
    if of > 100:
        tell(f"reading {what}: {done} of {of}")


def _given(options: list[str]) -> dict[str, str]:
    given = {}
    for pair in ",".join(options).split(",") if options else []:
        meaning, _, column = pair.partition("=")
        if not column:
            raise ValueError(f"--map {pair}: say question=COLUMN")
        given[meaning.strip()] = column.strip()
    return given


def _tell_reading(export: "Export") -> None:
    """What was recognised comes before anything else."""
    tell(f"{export.name}:")
    for meaning, names in export.columns.by_meaning.items():
        tell(f"  {meaning:<11} {', '.join(names)}")
    if export.columns.unknown:
        tell(f"  not used    {', '.join(export.columns.unknown)[:600]}")
    for remark in export.remarks:
        tell(f"  note: {remark}")
    for problem in export.problems[:_MOST_PROBLEMS]:
        tell(f"  {export.place} {problem.line}: {problem.message}")
    if len(export.problems) > _MOST_PROBLEMS:
        tell(f"  and {len(export.problems) - _MOST_PROBLEMS} more rows that were left out")


def _meanings(export: "Export") -> dict[str, Any]:
    return {"columns": {meaning: list(names) for meaning, names in export.columns.by_meaning.items()},
            "not_used": list(export.columns.unknown)}  # fmt: skip


def _counted(imported: list[dict[str, Any]]) -> str:
    return "\n".join(
        f"{one['file']}: {one['added']} added, {one['updated']} updated, {one['unchanged']} unchanged"
        for one in imported
    )


def _json(made: "Study") -> dict[str, Any]:
    from web.reporting.past import study_json

    return study_json(made)


def _page(made: "Study") -> str:
    """The replay for a reader."""
    told = _json(made)
    if not made.replay.questions:
        return "There are no past questions to replay: `dime history import FILE`."
    held, rightly = told["containment"], told["judged"]["rightly"]
    months = told["period"]["months"]
    lines = [
        f"questions     {told['questions']} of {told['of']}{_period(told['period']['from'], told['period']['to'])}",
        f"answered      {told['answered']}, {_percent(held)} of them"
        + (f"; {told['composed']} left to the model" if told["composed"] else ""),
        f"rightly       {made.replay.right} of {made.replay.right + made.replay.wrong} judged, {_percent(rightly)}",
        f"judged        {told['judged']['how']}",
    ]
    if made.mined:
        drafts = made.mined
        lines.append(
            f"drafts        {drafts.new_drafts} new, {drafts.updated_drafts} updated, from {drafts.grouped} contacts; "
            f"{drafts.single} asked what nobody else did"
        )
    money = f"{told['currency']}/month" if months else ""
    lines += ["", f"{'share':>6} {'answered':>9} {'mean s':>7} {'median':>7} {money:>12}  intent"]
    for line in told["intents"][:_MOST_INTENTS]:
        cost = f"{float(line['cost_a_month']):,.2f}" if line["cost_a_month"] else "-"
        lines.append(
            f"{line['share']:>6.1%} {line['answered_share']:>9.0%} {_whole(line['mean_handling_seconds']):>7} "
            f"{_whole(line['median_handling_seconds']):>7} {cost:>12}  {line['intent'] or '(asked once)'}"
        )
    if len(told["intents"]) > _MOST_INTENTS:
        lines.append(f"       and {len(told['intents']) - _MOST_INTENTS} more (--json)")
    if told["disagreements"]:
        lines += ["", "Answered otherwise than the colleague did:"]
    for one in told["disagreements"][:_MOST_DISAGREEMENTS]:
        lines += [
            f"  {one['question'][:110]!r} -> {one['entry']}",
            f"      dime       {(one['answer'] or '')[:100]}",
            f"      colleague  {(one['colleague'] or '-')[:100]}",
        ]
    return "\n".join(lines)


def _percent(share: dict[str, float]) -> str:
    if share["value"] is None:
        return "not known"
    return f"{share['value']:.1%} (95 %: {share['lower']:.1%} to {share['upper']:.1%})"


def _whole(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.0f}"


def _period(first: Any, last: Any) -> str:
    return f", {first:%Y-%m-%d} to {last:%Y-%m-%d}" if first and last else ""
