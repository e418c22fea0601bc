"""The application, put together once: every door on one server."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from fastapi.staticfiles import StaticFiles
from fastapi_offline import FastAPIOffline

from web import api, pages
from web.calling import recordings_api
from web.chat import chat
from web.completions import api as completions
from web.completions.messages import Refused
from web.desk import actions_api, audits_api
from web.desk import api as desk_api
from web.editor import curation_api, knowledge_api, notices_api, rules_api
from web.operating import health
from web.operating.housekeeping import housekeep
from web.realtime import door as realtime
from web.reporting import costs_api, reports
from web.reporting import rows as report_rows
from web.services import Services
from web.telephony import asterisk, calls_api, twilio
from web.telephony.audiosocket import AudioSocketDoor
from web.telephony.switchboard import Switchboard


def create_app(services: Services, switchboard: Switchboard | None = None) -> FastAPI:
    """Takes what it needs, so that tests run the real application on doubles; without a switchboard no call is held."""
    switchboard = switchboard or Switchboard(services)
    settings = services.settings
    audiosocket = AudioSocketDoor(switchboard, host=settings.audiosocket_host, port=settings.audiosocket_port)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        if services.errands:
            await asyncio.to_thread(services.errands.warm)
            services.errands.open_in_background()
        await asyncio.to_thread(services.track_record.recall)
        following = asyncio.create_task(services.index.follow(), name="follow-knowledge")
        keeping = asyncio.create_task(housekeep(services), name="housekeeping")
        reading = asyncio.create_task(services.jobs.run(), name="reading-jobs")
        running = [following, keeping, reading]
        if switchboard.room.holds_calls:
            await audiosocket.open()
            running.append(asyncio.create_task(switchboard.room.run(after=services.index), name="speech-engines"))
        if services.rendering:
            running.append(asyncio.create_task(services.rendering.run(), name="rendering-ahead"))
        try:
            yield
        finally:
            for task in running:
                task.cancel()
            await asyncio.gather(*running, return_exceptions=True)
            await audiosocket.close()
            await switchboard.room.close()
            if services.errands:
                await asyncio.to_thread(services.errands.close)
            services.recordings.shut()
            services.books.shut()

    # /docs with its scripts and styles from here: a page that fetches them elsewhere is blank offline.
    app = FastAPIOffline(
        title="Dime", version="1", summary="Customer service that keeps its own books", lifespan=lifespan
    )
    app.state.services, app.state.switchboard, app.state.audiosocket = services, switchboard, audiosocket
    app.add_exception_handler(reports.NoPeriod, _unprocessable)
    app.add_exception_handler(RequestValidationError, _invalid)
    app.add_exception_handler(Refused, _refused)
    app.mount("/static", StaticFiles(directory=pages.FOLDER / "static"), name="static")
    colleagues = (
        api, actions_api, audits_api, rules_api, knowledge_api, curation_api, notices_api, desk_api, recordings_api,
        costs_api,
    )  # fmt: skip
    doors = (twilio, asterisk, calls_api)
    rooms = (health, pages, reports, report_rows, chat, realtime, completions, *doors, *colleagues)
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
