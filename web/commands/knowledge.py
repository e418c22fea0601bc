"""dime knowledge: what may be answered, and what could not be."""

from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Annotated

import typer

from web.commands.console import JSON_FLAG, show, tell
from web.commands.curating import (
    clashes_as_text,
    clashes_of,
    drafts_as_text,
    findings_as_json,
    findings_as_text,
    gaps_as_text,
    learnt_as_text,
    read_text,
)
from web.commands.opening import open_answering, open_services, open_settings

app = typer.Typer(no_args_is_help=True, help="Add, list, search, export and remove what may be answered.")
QUIET = "WARNING"


@app.command()
def add(
    sources: Annotated[list[str], typer.Argument(help="Files, or folders of them: csv xlsx md html pdf docx txt.")],
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Add documents; adding one again updates what changed and retires what vanished."""
    from knowledge.problem import UnreadableDocument
    from knowledge.reading.documents import read_document

    services = open_services(open_settings(log_level=QUIET))
    before = {(entry.id, entry.lang): entry for entry in services.library.shelved()}
    results, failed = list[dict[str, object]](), list[str]()
    for path, name in _documents(sources, failed):
        try:
            document = read_document(path, name=name)
        except UnreadableDocument as error:
            _fail(str(error), failed)
            continue
        if not results and (retired := services.library.retire_demo()):
            tell(f"The demo company's {retired} entries were retired.")
        added = services.library.add(document)
        for problem in added.problems:
            tell(f"{name}: {problem}")
        results.append({"file": str(path), **{field: getattr(added, field) for field in _COUNTS}})
        results[-1]["problems"] = [str(problem) for problem in added.problems]
    clashes = clashes_of(services, before)
    show(
        {"files": results, "failed": failed, **clashes},
        as_json=as_json,
        text=lambda: "\n".join([*map(_counted, results), *clashes_as_text(clashes)]),
    )
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
def gaps(
    lang: Annotated[str | None, typer.Option(help="Only what was asked in this language.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """What was asked in vain or answered wrongly, by meaning; the costliest first."""
    services = open_answering()
    found = services.curation.gaps(lang=lang)
    currency = services.settings.currency
    rows = [{**vars(gap), "money": _money(gap.money, currency)} for gap in found.gaps]
    show(
        {"gaps": rows, "answered_now": [vars(question) for question in found.answered]},
        as_json=as_json,
        text=lambda: gaps_as_text(found, currency=currency),
    )


@app.command()
def export(lang: Annotated[str | None, typer.Option(help="Only this language.")] = None) -> None:
    """The entries as an FAQ file on stdout."""
    typer.echo(open_services(open_settings(log_level=QUIET)).library.export(lang), nl=False)


@app.command()
def learn(
    file: Annotated[str, typer.Argument(help="A pasted conversation; - is stdin.")],
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Make drafts from a conversation between a customer and a colleague (lines `Customer: …`, `Agent: …`)."""
    name, text = read_text(file)
    found = open_answering().curation.learn(text, name=name)
    show(
        {"questions": [{"question": question, "outcome": outcome} for question, outcome in found]},
        as_json=as_json,
        text=lambda: learnt_as_text(found),
    )


@app.command()
def drafts(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """What colleagues answered and Dime could not, for you to accept or refuse."""
    found = open_services(open_settings(log_level=QUIET)).curation.drafts.listed()
    rows = [draft.model_dump(mode="json") for draft in found]
    show({"drafts": rows}, as_json=as_json, text=lambda: drafts_as_text(found))


@app.command()
def accept(
    draft: Annotated[str, typer.Argument(help="The draft's id, or how it begins.")],
    question: Annotated[str | None, typer.Option(help="In place of the draft's.")] = None,
    answer: Annotated[str | None, typer.Option(help="In place of the draft's.")] = None,
) -> None:
    """Put a draft into the knowledge."""
    entry = open_services(open_settings(log_level=QUIET)).curation.accept(draft, question=question, answer=answer)
    typer.echo(f"{entry.id} answers now: {entry.question}")


@app.command()
def refuse(draft: Annotated[str, typer.Argument(help="The draft's id, or how it begins.")]) -> None:
    """Drop a draft; the same question is not proposed again."""
    open_services(open_settings(log_level=QUIET)).curation.refuse(draft)
    typer.echo("The draft was refused.")


@app.command()
def teach(
    question: Annotated[str, typer.Argument(help="As customers put it.")],
    entry_id: Annotated[str, typer.Argument(help="The entry that answers it.")],
) -> None:
    """Say which entry answers a question; adding its file again keeps that."""
    entry = open_services(open_settings(log_level=QUIET)).curation.teach(question, entry_id)
    typer.echo(f"{entry.id} is asked that way too now: {entry.question}")


@app.command()
def check(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """Entries that contradict or repeat each other, have no answer, or run out."""
    found = open_answering().curation.check()
    show(findings_as_json(found), as_json=as_json, text=lambda: findings_as_text(found))


def _money(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    return None if amount is None else {"amount": format(round(amount, 2), "f"), "currency": currency}


_COUNTS = ("added", "updated", "retired", "unchanged")


def _counted(result: dict[str, object]) -> str:
    counts = ", ".join(f"{result[name]} {name}" for name in _COUNTS)
    return f"{result['file']}: {counts}"


def is_url(source: str) -> bool:
    """A web page rather than a path."""
    return source.lower().startswith(("http://", "https://"))


def _documents(sources: list[str], failed: list[str]) -> Iterator[tuple[Path, str]]:
    """Each file with the name it is kept under: below a folder its path from there, since two may share a name."""
    names: set[str] = set()
    for source in sources:
        if is_url(source):
            _fail(f"{source} is a web page; only files and folders can be added.", failed)
            continue
        path = Path(source)
        found = _below(path, failed) if path.is_dir() else [(path, path.name)]
        for document, short in found:
            name = document.as_posix() if short in names else short
            names.add(name)
            yield document, name


def _below(path: Path, failed: list[str]) -> list[tuple[Path, str]]:
    from knowledge.reading.documents import READABLE
    from knowledge.reading.folders import look_through

    folder = look_through(path)
    for closed in folder.closed:
        _fail(f"{closed} may not be looked into.", failed)
    if not folder.documents:
        _fail(f"{path} holds no file that can be read; these can: {', '.join(READABLE)}.", failed)
    if folder.hidden or folder.other:
        tell(f"{path}: {folder.hidden} hidden files and {folder.other} of other kinds were passed over.")
    return [(document, document.relative_to(path).as_posix()) for document in folder.documents]


def _fail(sentence: str, failed: list[str]) -> None:
    failed.append(sentence)
    tell(f"dime: {sentence}")
