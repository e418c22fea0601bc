"""dime serve: the server with all its doors."""

from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from web.commands.console import tell
from web.commands.opening import open_services, open_settings

if TYPE_CHECKING:
    from voice.engines import Engines
    from web.services import Services


def engines_opener(services: "Services") -> "Callable[[], Engines] | None":
    """Opens the speech engines, whose libraries take a second to load; None where no calls are to be held."""
    if not services.settings.calls_most:
        return None

    def open_engines() -> "Engines":
        from web.calling.calls import engines_of

        return engines_of(services)

    return open_engines


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on (DIME_HOST).")] = None,
    port: Annotated[int | None, typer.Option(help="Port to listen on (DIME_PORT).")] = None,
) -> None:
    """Serve chat, desk, reports and the API."""
    import uvicorn

    from web.app import create_app
    from web.assembly import seed_demo
    from web.calling.rendering import RenderingAhead
    from web.telephony.switchboard import Switchboard

    settings = open_settings(host=host, port=port)
    services = open_services(settings)
    if seed_demo(services):
        tell("There was no knowledge yet: the demo company's was added. `dime knowledge add FILE` replaces it.")
    if settings.render_ahead:
        services.rendering = RenderingAhead(services)
    tell(f"Dime answers on http://{settings.host}:{settings.port}")
    uvicorn.run(
        create_app(services, Switchboard(services, open_engines=engines_opener(services))),
        host=settings.host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        access_log=False,
        proxy_headers=False,
        ws_max_size=16 * 1024 * 1024,
        ws_ping_interval=20,
        ws_ping_timeout=20,
        timeout_graceful_shutdown=5,
    )
