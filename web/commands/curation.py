"""dime knowledge: what was asked in vain, what colleagues answered, and what should not be said twice."""

from decimal import Decimal
from typing import Annotated

import typer

from web.commands.console import JSON_FLAG, show
from web.commands.curating import (
    drafts_as_text,
    findings_as_json,
    findings_as_text,
    gaps_as_text,
    learnt_as_text,
    read_text,
)
from web.commands.opening import open_answering, open_quietly


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


def drafts(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """What colleagues answered and Dime could not, and what customers chose, for you to accept or refuse."""
    found = open_quietly().curation.drafts.listed()
    rows = [draft.model_dump(mode="json") for draft in found]
    show({"drafts": rows}, as_json=as_json, text=lambda: drafts_as_text(found))


def accept(
    draft: Annotated[str, typer.Argument(help="The draft's id, or how it begins.")],
    question: Annotated[str | None, typer.Option(help="In place of the draft's.")] = None,
    answer: Annotated[str | None, typer.Option(help="In place of the draft's.")] = None,
) -> None:
    """Put a draft into the knowledge."""
    entry = open_quietly().curation.accept(draft, question=question, answer=answer)
    typer.echo(f"{entry.id} answers now: {entry.question}")


def refuse(draft: Annotated[str, typer.Argument(help="The draft's id, or how it begins.")]) -> None:
    """Drop a draft; the same question is not proposed again."""
    open_quietly().curation.refuse(draft)
    typer.echo("The draft was refused.")


def teach(
    question: Annotated[str, typer.Argument(help="As customers put it.")],
    entry_id: Annotated[str, typer.Argument(help="The entry that answers it.")],
) -> None:
    """Say which entry answers a question; adding its file again keeps that."""
    entry = open_quietly().curation.teach(question, entry_id)
    typer.echo(f"{entry.id} is asked that way too now: {entry.question}")


def check(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """Entries that contradict or repeat each other, have no answer, or run out."""
    found = open_answering().curation.check()
    show(findings_as_json(found), as_json=as_json, text=lambda: findings_as_text(found))


def _money(amount: Decimal | None, currency: str) -> dict[str, str] | None:
    return None if amount is None else {"amount": format(round(amount, 2), "f"), "currency": currency}


COMMANDS = (gaps, learn, drafts, accept, refuse, teach, check)
