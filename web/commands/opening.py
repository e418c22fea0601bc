"""Opens Dime for a command that works in-process on DIME_HOME, with or without a server running."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING

from web.commands.console import tell
from web.operating.logs import set_up_logs
from web.settings import Settings

if TYPE_CHECKING:
    from web.services import Services


def open_settings(**changes: object) -> Settings:
    settings = Settings(**{name: value for name, value in changes.items() if value is not None})  # type: ignore[arg-type]
    set_up_logs(settings.log_level)
    return settings


def open_services(settings: Settings, *, now: Callable[[], datetime] | None = None) -> "Services":
    from web.assembly import assemble

    return assemble(settings, now=now)


def open_quietly() -> "Services":
    """For a command whose words are its result: warnings alone are logged."""
    return open_services(open_settings(log_level="WARNING"))


def open_answering(*, now: Callable[[], datetime] | None = None) -> "Services":
    """Ready to answer; on a home without knowledge the demo company's is laid, and said so."""
    from web.assembly import seed_demo

    services = open_services(open_settings(log_level="WARNING"), now=now)
    if seed_demo(services):
        tell("There was no knowledge yet: the demo company's was added. `dime knowledge add FILE` replaces it.")
    services.index.build()
    services.track_record.recall()
    return services
