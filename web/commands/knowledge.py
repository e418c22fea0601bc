"""dime knowledge: what may be answered, and what could not be."""

import asyncio
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from knowledge.reading.bounds import Bounds, Progress
from web.commands.console import JSON_FLAG, show, tell
from web.commands.opening import open_answering, open_services, open_settings

if TYPE_CHECKING:
    from knowledge.library import Added, Library
    from web.explaining import Explained

app = typer.Typer(no_args_is_help=True, help="Add, list, search, export and remove what may be answered.")
QUIET = "WARNING"


@app.command()
def add(
    sources: Annotated[list[str], typer.Argument(help="Files, folders of them, or addresses of web pages.")],
    site: Annotated[bool, typer.Option("--site", help="Read the pages that an address links to, too.")] = False,
    depth: Annotated[int, typer.Option(help="How many links away from the first page.", min=0)] = Bounds.depth,
    pages: Annotated[int, typer.Option(help="How many pages of a site at most.", min=1)] = Bounds.pages,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Add files, pages and sites; adding one again updates what changed and retires what vanished."""
    from knowledge.problem import UnreadableDocument
    from knowledge.reading.documents import READABLE, read_document

    services = open_services(open_settings(log_level=QUIET))
    results, failed = [], []
    for source in _expanded(sources, READABLE):
        try:
            if _is_address(source):
                added = _add_address(services.library, source, site=site, bounds=Bounds(depth=depth, pages=pages))
            else:
                added = services.library.add(read_document(source))
        except UnreadableDocument as error:
            failed.append(str(error))
            tell(f"dime: {error}")
            continue
        for problem in added.problems:
            tell(f"{source if _is_address(source) else Path(source).name}: {problem}")
        results.append({"file": source, **{field: getattr(added, field) for field in _COUNTS}})
        results[-1]["problems"] = [str(problem) for problem in added.problems]
    retired_demo = services.library.retire_demo() if results else 0
    if retired_demo:
        tell(f"The demo company's {retired_demo} entries were retired.")
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
def remove(name: Annotated[str, typer.Argument(help="A document's name, a page's address or an entry's id.")]) -> None:
    """Retire a document's entries, or one entry."""
    from web.adding import known_as

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
    from web.explaining import search_explained

    explained = search_explained(open_answering(), question, lang=lang)
    show(explained, as_json=as_json, text=lambda: "\n".join(_laid_open(explained)) or "Nothing comes near.")


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


_COUNTS = ("added", "updated", "retired", "unchanged", "kept")


def _counted(result: dict[str, object]) -> str:
    counts = ", ".join(f"{result[name]} {name}" for name in _COUNTS if name != "kept" or result[name])
    return f"{result['file']}: {counts}"


def _is_address(source: str) -> bool:
    return source.casefold().startswith(("http://", "https://"))


def _add_address(library: "Library", url: str, *, site: bool, bounds: Bounds) -> "Added":
    """The operator's own doing, so it may lie in the operator's own network."""
    from knowledge.reading.fetching import Fetcher
    from web.adding import add_address

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


def _expanded(sources: list[str], endings: tuple[str, ...]) -> list[str]:
    """Folders as the readable files below them."""
    found: list[str] = []
    for source in sources:
        if not _is_address(source) and Path(source).is_dir():
            inside = sorted(str(file) for file in Path(source).rglob("*") if file.suffix.lower() in endings)
            if not inside:
                raise ValueError(f"{source} holds no file that can be read; these can: {', '.join(endings)}")
            found += inside
        else:
            found.append(source)
    return found
