"""Is it alive, can it answer, and how is it doing: for the container, the load balancer and Prometheus."""

from fastapi import APIRouter, Response
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, Counter, Histogram, generate_latest

from agent.turn import Turn
from web.access import Wired

router = APIRouter(include_in_schema=False)
TURNS = Counter("dime_turns_total", "Turns answered", ["channel", "action"])
STAGE_SECONDS = Histogram(
    "dime_stage_seconds",
    "Time a stage of a turn took",
    ["stage"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.2, 0.3, 0.5, 0.8, 1.2, 2.0, 5.0),
)


def observe(turn: Turn) -> None:
    TURNS.labels(turn.who.channel, turn.action or "none").inc()
    for stage, ms in turn.budget.spent_ms.items():
        STAGE_SECONDS.labels(stage).observe(ms / 1000)


@router.get("/healthz")
async def healthz() -> dict[str, str]:
    return {"status": "alive"}


@router.get("/readyz")
async def readyz(services: Wired) -> JSONResponse:
    """200 as soon as text questions can be answered verbatim; the rest is told, and delays nothing."""
    ready = services.index.is_ready
    body = {"ready": ready, "knowledge": "read" if ready else "being read", "model": services.model_name}
    return JSONResponse(body, status_code=200 if ready else 503)


@router.get("/metrics")
async def metrics() -> Response:
    return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)
