"""dime knowledge rules: what no model's answer may say, in plain language."""

from typing import TYPE_CHECKING, Annotated

import typer

from web.commands.console import JSON_FLAG, show
from web.commands.opening import open_quietly

if TYPE_CHECKING:
    from agent.grounding.rule_book import Kept, RuleBook

app = typer.Typer(no_args_is_help=True, help="What is never said: “never promise a delivery date”, “不要承诺到货日期”.")


@app.command(name="list")
def list_rules(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """The rules, and how each is checked."""
    _show(_open().listed(), as_json=as_json)


@app.command()
def add(
    text: Annotated[str, typer.Argument(help="Begins with “never”, “do not” or “不要”.")],
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Check every sentence of a model's answer against this, from the next answer on."""
    _show([_open().add(text)], as_json=as_json)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(metavar="ID", help="The id, its beginning, or the rule's words.")],
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Check it no more."""
    _show([_open().remove(name)], as_json=as_json)


@app.command(name="try")
def try_sentence(sentence: str, as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """Which rules a sentence would break."""
    found = [(rule.text, claim.text) for rule in _open().rules() if (claim := rule.broken_by(sentence))]
    rows = [{"rule": rule, "claim": claim} for rule, claim in found]
    text = "\n".join(f"{rule}: {claim}" for rule, claim in found)
    show({"broken": rows}, as_json=as_json, text=lambda: text or "It breaks no rule.")


def _open() -> "RuleBook":
    return open_quietly().rules


def _show(found: "list[Kept]", *, as_json: bool) -> None:
    rows = [kept.as_json() for kept in found]
    text = "\n".join(
        f"{str(kept.id)[:8]}  {kept.rule.text}\n          {kept.rule.told('en')}\n          {kept.rule.told('zh')}"
        for kept in found
    )
    show({"rules": rows}, as_json=as_json, text=lambda: text or "There are no rules.")
