"""Is it alive, can it answer, and how is it doing: for the container, the load balancer and Prometheus."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest

from knowledge.matching.e5 import E5_WEIGHTS
from knowledge.matching.minilm import MINILM
from knowledge.weights import laid
from voice.weights import KOKORO, PIPER, WHISPER
from web.access import Wired

router = APIRouter(include_in_schema=False)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(services: Wired) -> JSONResponse:
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
        "missing": missing,
    }
    return JSONResponse(body, status_code=200 if ready else 503)


@router.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
