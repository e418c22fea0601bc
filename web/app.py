"""The application, put together once: every door on one server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles

from web import (
    actions_api,
    api,
    chat,
    curation_api,
    desk_api,
    health,
    knowledge_api,
    notices_api,
    openai_api,
    pages,
    reports,
    rules_api,
)
from web.openai_messages import Refused
from web.services import Services


def create_app(services: Services) -> FastAPI:
    """Takes what it needs, so that tests run the real application on doubles."""

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if services.errands:
            await asyncio.to_thread(services.errands.warm)
        following = asyncio.create_task(services.index.follow(), name="follow-knowledge")
        keeping = asyncio.create_task(services.housekeep(), name="housekeeping")
        reading = asyncio.create_task(services.jobs.run(), name="reading-jobs")
        try:
            yield
        finally:
            for task in (following, keeping, reading):
                task.cancel()
            await asyncio.gather(following, keeping, reading, return_exceptions=True)
            services.books.shut()

    app = FastAPI(title="Dime", version="1", summary="Customer service that keeps its own books", lifespan=lifespan)
    app.state.services = services
    app.add_exception_handler(reports.NoPeriod, _unprocessable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Refused, _refused)
    app.mount("/static", StaticFiles(directory=pages.FOLDER / "static"), name="static")
    colleagues = (api, actions_api, rules_api, knowledge_api, curation_api, notices_api, desk_api)
    rooms = (health, pages, reports, chat, openai_api, *colleagues)
    for room in rooms:
        app.include_router(room.router)
    app.include_router(desk_api.live_router)
    return app


async def _unprocessable(_: Request, error: Exception) -> JSONResponse:
    return JSONResponse({"detail": str(error)}, status_code=422)


async def _invalid(_: Request, error: Exception) -> Response:
    """Says where and what, and does not send back what came: it may be long, and need not be Unicode."""
    assert isinstance(error, RequestValidationError)
    problems = [{name: problem[name] for name in ("type", "loc", "msg")} for problem in error.errors()]
    detail = json.dumps({"detail": problems}, default=str, ensure_ascii=False).encode(errors="replace")
    return Response(detail, status_code=422, media_type="application/json")


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return error.response
