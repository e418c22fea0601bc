"""dime doctor: which engines are ready, what is missing, and the command that mends it."""

from typing import Annotated

import typer

from web.commands.console import JSON_FLAG, show
from web.commands.opening import open_settings

MARKS = {True: "ready  ", False: "missing"}


def doctor(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """Use everything Dime uses. Exit code 1 when text questions cannot be answered, or what is configured fails."""
    from web.operating.diagnosis import examine

    findings = examine(open_settings(log_level="ERROR"))
    show(
        {"findings": [vars(finding) for finding in findings]},
        as_json=as_json,
        text=lambda: "\n".join(
            f"{MARKS[finding.ready]}  {finding.part:<22} {finding.note}"
            + (f"\n{'':<9}{'':<23}mend: {finding.mend}" if finding.mend else "")
            for finding in findings
        ),
    )
    if any(finding.needed and not finding.ready for finding in findings):
        raise typer.Exit(1)
