"""dime recordings: which calls were recorded, and the deleting of what a customer wants deleted."""

from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from web.commands.console import JSON_FLAG, show
from web.commands.opening import open_services, open_settings

if TYPE_CHECKING:
    from web.services import Services

app = typer.Typer(no_args_is_help=True, help="Recorded calls: list and delete them.")


@app.command(name="list")
def list_recordings(as_json: Annotated[bool, JSON_FLAG] = False) -> None:
    """The newest first."""
    found = _open().recordings.listed()
    told = [{"conversation": one.conversation, "path": one.path, "at": one.at, "bytes": one.bytes} for one in found]
    lines = [f"{one.at:%Y-%m-%d %H:%M}  {one.bytes / 1000:8.1f} kB  {one.path}" for one in found]
    show({"recordings": told}, as_json=as_json, text=lambda: "\n".join(lines) or "No call is recorded.")


@app.command()
def delete(
    conversation: Annotated[UUID | None, typer.Argument(help="The conversation's id.")] = None,
    customer: Annotated[str | None, typer.Option(help="All of the customer with this key.")] = None,
    caller: Annotated[str | None, typer.Option(help="All of the customer who calls from this number.")] = None,
    as_json: Annotated[bool, JSON_FLAG] = False,
) -> None:
    """Delete a conversation's recordings, or all of a customer's. Where a server records the call just now, use its
    DELETE /api/v1/recordings instead, which ends the recording too."""
    if sum(given is not None for given in (conversation, customer, caller)) != 1:
        raise ValueError("give a conversation, or --customer, or --caller")
    services = _open()
    if conversation is None:
        key = customer if customer is not None else services.caller(caller or "")
        wanted = services.conversations.all_of(key)
    else:
        wanted = [conversation]
    gone = services.recordings.delete(wanted, by="command")
    show({"deleted": gone}, as_json=as_json, text=lambda: f"{gone} recording{'' if gone == 1 else 's'} deleted.")


def _open() -> "Services":
    return open_services(open_settings(log_level="INFO"))
