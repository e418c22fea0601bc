"""dime roi verify: whether the books are as they were written."""

import sys
from typing import TYPE_CHECKING, Annotated

import typer

from web.commands.console import JSON_FLAG, show
from web.commands.opening import open_quietly

if TYPE_CHECKING:
    from roi.books.verify import Verified


def verify(
    root: Annotated[str | None, typer.Option(help="A root noted earlier, which must still be there.")] = None,
    sums: Annotated[bool, typer.Option("--sums", help="First make the sums anew from the lines.")] = False,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Walk the hash chains of the ledger and add its lines up. Exit code 1 where a line was changed, deleted, inserted
    or moved, or a sum is not that of its lines."""
    from roi.books.sums import fill
    from roi.books.verify import verify as walk

    engine = open_quietly().engine
    if sums:
        with engine.begin() as connection:
            fill(connection)
    found = walk(engine, expected=root)
    told = {
        "whole": found.is_whole,
        "lines": found.lines,
        "chains": found.chains,
        "roots": found.roots,
        "unchained": found.unchained,
        "last_root": found.last_root,
        "last_day": found.last_day,
        "faults": found.faults,
    }
    show(told, as_json=as_json, text=lambda: _as_text(found))
    if not found.is_whole:
        sys.exit(1)


def _as_text(found: "Verified") -> str:
    lines = list(found.faults) or [
        f"The books are as they were written: {found.lines:,} lines in {found.chains:,} chains."
    ]
    if found.unchained:
        lines.append(f"{found.unchained:,} lines were written before there were chains and are not covered.")
    if found.last_root:
        lines.append(f"Last root, of {found.last_day}: {found.last_root}")
    return "\n".join(lines)
