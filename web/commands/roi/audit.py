"""dime roi audit: grading answers without a browser."""

from datetime import datetime
from shlex import quote
from typing import TYPE_CHECKING, Annotated, Literal
from uuid import UUID

import typer

from web.commands.console import DAY, JSON_FLAG, show
from web.commands.opening import open_quietly

if TYPE_CHECKING:
    from web.desk.audits_api import AuditOut

app = typer.Typer(
    no_args_is_help=True, help="A random sample of answers, each graded by two who are blind to one another."
)
GRADER = typer.Option("--grader", help="Your name; nobody grades a thing twice.")


@app.command(name="next")
def next_audit(grader: Annotated[str, GRADER], as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """What you should grade next."""
    from web.desk.audits_api import audit_out

    services = open_quietly()
    found = services.audits.next(grader, now=services.now())
    shown = audit_out(services, found) if found else None
    result = {"audit": shown.model_dump(mode="json") if shown else None}
    show(result, as_json=as_json, text=lambda: _text(shown, grader) if shown else "Nothing is left for you to grade.")


@app.command()
def grade(
    audit: Annotated[UUID, typer.Argument(metavar="ID")],
    given: Annotated[
        str,
        typer.Argument(metavar="GRADE", help="right, wrong, harmful; of a contact resolved, cannot_tell, unresolved."),
    ],
    grader: Annotated[str, GRADER],
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Keep your grade; giving another one later changes it."""
    services = open_quietly()
    try:
        services.audits.grade(audit, grader=grader, grade=given, now=services.now())
    except LookupError as error:
        raise ValueError(str(error)) from error
    show({"audit": str(audit), "grade": given}, as_json=as_json, text=lambda: f"Kept: {given}.")


@app.command()
def summary(
    since: Annotated[datetime | None, typer.Option("--from", formats=DAY, help="Default 31 days back.")] = None,
    until: Annotated[datetime | None, typer.Option("--to", formats=DAY, help="Included; default today.")] = None,
    demo: Annotated[
        Literal["auto", "include", "exclude"],
        typer.Option(help="Demo conversations: auto counts them while there are no real ones."),
    ] = "auto",
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """What the grades come to, and how far the graders agree."""
    from web.desk.audits_api import summary_out

    services = open_quietly()
    first, last = since.date() if since else None, until.date() if until else None
    found = summary_out(services, since=first, until=last, demo=demo)

    def text() -> str:
        kappa = "unknown" if found.kappa is None else f"{found.kappa:.2f}"
        return "\n".join(
            (
                f"{found.since} to {found.until}",
                f"answers: {found.graded} graded, {found.wrong} wrong, {found.harmful} of them harmful; "
                f"wrong {_share(found.wrong, found.graded, found.wrong_share)}",
                f"silent contacts: {found.silent_graded} graded, {found.silent_resolved} resolved; "
                f"resolved {_share(found.silent_resolved, found.silent_graded, found.resolved_share)}",
                f"agreement: {found.agreed} of {found.pairs} answers with two graders, Cohen's kappa {kappa}",
                f"open: {found.open}, of which {found.disputed} wait for a third grader",
            )
        )

    show({**found.model_dump(mode="json", by_alias=True)}, as_json=as_json, text=text)


def _share(count: int, of: int, interval: tuple[float, float]) -> str:
    if of == 0:
        return "unknown"
    return f"{100 * count / of:.1f} % ({100 * interval[0]:.1f} to {100 * interval[1]:.1f})"


def _text(audit: "AuditOut", grader: str) -> str:
    lines = [f"{line.name or line.author}: {line.text}" for line in audit.lines]
    if audit.subject == "contact":
        asked = ["", "Did it end with the customer's matter resolved?"]
    else:
        cited = audit.cited
        now = cited and (cited.answer or "It is no longer in the knowledge.")
        entry = [f"cited:    {cited.question}", f"          {now}"] if cited else []
        asked = ["", f"question: {audit.question}", f"answer:   {audit.answer}", *entry]
    then = f"dime roi audit grade {audit.id} {'|'.join(audit.grades)} --grader {quote(grader)}"
    return "\n".join([*lines, *asked, "", then])
