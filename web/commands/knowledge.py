"""dime knowledge: what may be answered, and what could not be."""

from pathlib import Path
from typing import Annotated

import typer

from web.commands.console import JSON_FLAG, show, tell
from web.commands.opening import open_answering, open_services, open_settings

app = typer.Typer(no_args_is_help=True, help="Add, list, search, export and remove what may be answered.")
QUIET = "WARNING"


@app.command()
def add(
    files: Annotated[list[Path], typer.Argument(help="CSV or Markdown files, or folders of them.")],
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Add files; adding one again updates what changed and retires what vanished."""
    from knowledge.problem import UnreadableDocument
    from knowledge.reading.documents import READABLE, read_document

    services = open_services(open_settings(log_level=QUIET))
    retired_demo = services.library.retire_demo()
    if retired_demo:
        tell(f"The demo company's {retired_demo} entries were retired.")
    results, failed = [], []
    for path in _expanded(files, READABLE):
        try:
            added = services.library.add(read_document(path))
        except UnreadableDocument as error:
            failed.append(str(error))
            tell(f"dime: {error}")
            continue
        for problem in added.problems:
            tell(f"{path.name}: {problem}")
        results.append({"file": str(path), **{field: getattr(added, field) for field in _COUNTS}})
        results[-1]["problems"] = [str(problem) for problem in added.problems]
    show({"files": results, "failed": failed}, as_json=as_json, text=lambda: "\n".join(map(_counted, results)))
    if failed or not results:
        raise typer.Exit(1)


@app.command(name="list")
def list_sources(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """The documents and how many entries came from each."""
    services = open_services(open_settings(log_level=QUIET))
    sources = [vars(source) for source in services.library.sources()]
    show(
        {"sources": sources},
        as_json=as_json,
        text=lambda: (
            "\n".join(
                f"{source['name']}: {source['active']} entries, {source['retired']} retired" for source in sources
            )
            or "There is no knowledge yet: `dime knowledge add FILE`."
        ),
    )


@app.command()
def remove(name: Annotated[str, typer.Argument(help="A document's name or an entry's id.")]) -> None:
    """Retire a document's entries, or one entry."""
    services = open_services(open_settings(log_level=QUIET))
    retired = services.library.remove(name)
    if not retired:
        raise ValueError(f"nothing in the knowledge is called {name}")
    typer.echo(f"{retired} entries were retired.")


@app.command()
def search(
    question: str,
    lang: Annotated[str | None, typer.Option(help="Prefer this language.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """The entries that come nearest, with each signal's score."""
    services = open_answering()
    matches = services.index.current().search(question, lang=lang, limit=5)
    rows = [
        {
            "id": match.entry.id,
            "lang": match.entry.lang,
            "question": match.entry.question,
            "confidence": round(match.confidence, 4),
            "score": round(match.score, 4),
            "signals": {name: round(value, 4) for name, value in match.signals.items()},
        }
        for match in matches
    ]
    show(
        {"question": question, "matches": rows},
        as_json=as_json,
        text=lambda: "\n".join(
            f"{row['confidence']:.3f}  {row['id']} ({row['lang']})  {row['question']}" for row in rows
        ),
    )


@app.command()
def gaps(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """Questions that nothing answered, most asked first."""
    from sqlmodel import Session

    from knowledge.curating.gaps import list_gaps

    services = open_services(open_settings(log_level=QUIET))
    with Session(services.engine) as session:
        found = [vars(gap) for gap in list_gaps(session)]
    show(
        {"gaps": found},
        as_json=as_json,
        text=lambda: "\n".join(f"{gap['count']:>4}  {gap['question']}" for gap in found) or "There are no gaps.",
    )


@app.command()
def export(lang: Annotated[str | None, typer.Option(help="Only this language.")] = None) -> None:
    """The entries as an FAQ file on stdout."""
    typer.echo(open_services(open_settings(log_level=QUIET)).library.export(lang), nl=False)


_COUNTS = ("added", "updated", "retired", "unchanged")


def _counted(result: dict[str, object]) -> str:
    counts = ", ".join(f"{result[name]} {name}" for name in _COUNTS)
    return f"{result['file']}: {counts}"


def _expanded(paths: list[Path], endings: tuple[str, ...]) -> list[Path]:
    """Folders as the readable files below them."""
    files: list[Path] = []
    for path in paths:
        if path.is_dir():
            inside = sorted(file for file in path.rglob("*") if file.suffix.lower() in endings)
            if not inside:
                raise ValueError(f"{path} holds no file that can be read; these can: {', '.join(endings)}")
            files += inside
        else:
            files.append(path)
    return files
