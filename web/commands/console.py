"""What all commands share: results to stdout, words about the work to stderr."""

import json
import sys
from collections.abc import Callable
from typing import Any

import typer
from pydantic import BaseModel

DAY = ["%Y-%m-%d"]
"""How a day is written."""
JSON_FLAG = typer.Option("--json", help="Print one JSON object.")


def tell(sentence: str) -> None:
    """Progress and remarks."""
    typer.echo(sentence, err=True)


def show(result: BaseModel | dict[str, Any], *, as_json: bool, text: Callable[[], str]) -> None:
    """The result, for a program or for a reader."""
    if not as_json:
        typer.echo(text())
    elif isinstance(result, BaseModel):
        typer.echo(result.model_dump_json(exclude_none=False))
    else:
        json.dump(result, sys.stdout, ensure_ascii=False, default=str)
        sys.stdout.write("\n")
