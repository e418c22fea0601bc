"""dime knowledge: what may be answered, and what could not be."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge.reading.bounds import Bounds, Progress
from web.commands.console import JSON_FLAG, show, tell
from web.commands.curating import (
    clashes_as_text,
    clashes_of,
)
from web.commands.opening import open_answering, open_services, open_settings

if TYPE_CHECKING:
    from knowledge.library import Added, Library
    from web.editor.explaining import Explained

app = typer.Typer(no_args_is_help=True, help="Add, list, search, export and remove what may be answered.")
QUIET = "WARNING"


@app.command()
def add(
    sources: Annotated[
        list[str],
        typer.Argument(help="Files (csv xlsx md html pdf docx txt), folders, web addresses."),
    ],
    site: Annotated[bool, typer.Option("--site", help="Read the pages that an address links to, too.")] = False,
    depth: Annotated[int, typer.Option(help="How many links away from the first page.", min=0)] = Bounds.depth,
    pages: Annotated[int, typer.Option(help="How many pages of a site at most.", min=1)] = Bounds.pages,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Add documents, pages and sites; adding one again updates what changed and retires what vanished."""
    from knowledge.problem import UnreadableDocument
    from knowledge.reading.documents import read_document

    services = open_services(open_settings(log_level=QUIET))
    before = {(entry.id, entry.lang): entry for entry in services.library.shelved()}
    results, failed = list[dict[str, object]](), list[str]()
    bounds = Bounds(depth=depth, pages=pages)
    for source, name in _named(sources, failed):
        try:
            if _is_address(source):
                added = _add_address(services.library, source, site=site, bounds=bounds)
            else:
                added = services.library.add(read_document(source, name=name))
        except UnreadableDocument as error:
            _fail(str(error), failed)
            continue
        for problem in added.problems:
            tell(f"{name}: {problem}")
        results.append({"file": source, **{field: getattr(added, field) for field in _COUNTS}})
        results[-1]["problems"] = [str(problem) for problem in added.problems]
    if results and (retired := services.library.retire_demo()):
        tell(f"The demo company's {retired} entries were retired.")
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
def remove(name: Annotated[str, typer.Argument(help="A document's name, a page's address or an entry's id.")]) -> None:
    """Retire a document's entries, or one entry."""
    from web.editor.adding import known_as

    services = open_services(open_settings(log_level=QUIET))
    retired = services.library.remove(known_as(name))
    if not retired:
        raise ValueError(f"nothing in the knowledge is called {name}")
    typer.echo(f"{retired} entries were retired.")


@app.command()
def search(
    question: str,
    lang: Annotated[str | None, typer.Option(help="Prefer this language.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """The entries that come nearest, with every signal and matching word, and why they are answered or not."""
    from web.editor.explaining import search_explained

    explained = search_explained(open_answering(), question, lang=lang)
    show(explained, as_json=as_json, text=lambda: "\n".join(_laid_open(explained)) or "Nothing comes near.")


@app.command()
def export(lang: Annotated[str | None, typer.Option(help="Only this language.")] = None) -> None:
    """The entries as an FAQ file on stdout."""
    typer.echo(open_services(open_settings(log_level=QUIET)).library.export(lang), nl=False)


_COUNTS = ("added", "updated", "retired", "unchanged", "kept")


def _counted(result: dict[str, object]) -> str:
    counts = ", ".join(f"{result[name]} {name}" for name in _COUNTS if name != "kept" or result[name])
    return f"{result['file']}: {counts}"


def _is_address(source: str) -> bool:
    return source.casefold().startswith(("http://", "https://"))


def _add_address(library: "Library", url: str, *, site: bool, bounds: Bounds) -> "Added":
    """The operator's own doing, so it may lie in the operator's own network."""
    from knowledge.reading.fetching import Fetcher
    from web.editor.adding import add_address

    async def read() -> "Added":
        async with Fetcher(public_only=False) as fetcher:
            return await add_address(library, url, fetcher, site=site, bounds=bounds, told=_tell_progress)

    return asyncio.run(read())


def _tell_progress(progress: Progress) -> None:
    if progress.read % 10 == 0:
        tell(f"{progress.read} pages read, {progress.waiting} to go")


def _laid_open(explained: "Explained") -> Iterator[str]:
    if explained.close:
        yield explained.close.reason
    for match in explained.matches:
        yield f"{match.confidence:.3f}  {match.id} ({match.lang})  {match.question}"
        yield f"       {match.reason}"
        yield f"       nearest   {match.phrasing}"
        yield f"       words     {', '.join(f'{word.word} {word.rarity:.1f}' for word in match.words) or '-'}"
        yield f"       signals   {', '.join(f'{name} {value:.2f}' for name, value in match.signals.items())}"


def _named(sources: list[str], failed: list[str]) -> Iterator[tuple[str, str]]:
    """Each file with the name it is kept under: below a folder its path from there, since two may share a name."""
    names: set[str] = set()
    for source in sources:
        if _is_address(source):
            yield source, source
            continue
        path = Path(source)
        found = _below(path, failed) if path.is_dir() else [(path, path.name)]
        for document, short in found:
            name = document.as_posix() if short in names else short
            names.add(name)
            yield str(document), name


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
