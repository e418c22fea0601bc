"""Is it alive, can it answer, and how is it doing: for the container, the load balancer and Prometheus."""

from fastapi import APIRouter, Request, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from knowledge.matching.e5 import E5_WEIGHTS
from knowledge.matching.minilm import MINILM
from knowledge.weights import laid
from voice.weights import KOKORO, PIPER, WHISPER
from web.access import Wired
from web.telephony.sockets import switchboard_of

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(request: Request, services: Wired) -> JSONResponse:
    """200 as soon as text questions can be answered verbatim; the rest is told, and delays nothing."""
    ready = services.index.is_ready
    wanted = (E5_WEIGHTS, MINILM, WHISPER, PIPER, KOKORO)
    missing = [kept.folder for kept in wanted if laid(kept, services.settings.cache) is None]
    knowledge = "read" if ready else "being read"
    body = {
        "ready": ready,
        "knowledge": knowledge,
        "trouble": services.index.trouble,
        "model": services.model_name,
        "models": [{"name": tier.name, "breaker": tier.breaker.state} for tier in services.cascade.tiers],
        "spend": services.books.spending and services.books.spending.told(),
        "tools": dict(services.errands.unusable) if services.errands else {},
        "missing": missing,
        "calls": _calls(request),
        "rendering": services.rendering and services.rendering.told(),
    }
    return JSONResponse(body, status_code=200 if ready else 503)


def _calls(request: Request) -> dict[str, object]:
    switchboard = switchboard_of(request)
    return {
        "engines": switchboard.room.state,
        "trouble": switchboard.room.trouble,
        "live": switchboard.live,
        "most": switchboard.most,
        "audiosocket": request.app.state.audiosocket.state,
    }


@router.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
