"""The pages people open: the demo shop with the widget, the desk, the editor's, and the help page a source links to."""

import asyncio
import json
from pathlib import Path
from typing import Literal

from fastapi import APIRouter, HTTPException, Request
from fastapi.responses import HTMLResponse, Response
from fastapi.templating import Jinja2Templates

from web.access import COOKIE, Colleague, Wired
from web.markup import answer_html

FOLDER = Path(__file__).parent
templates = Jinja2Templates(FOLDER / "templates")
templates.env.filters["answer_html"] = answer_html
router = APIRouter(include_in_schema=False)
Lang = Literal["en", "zh"]


@router.get("/")
async def shop(request: Request, services: Wired, lang: Lang = "en") -> HTMLResponse:
    return templates.TemplateResponse(
        request, "shop.html", {"lang": lang, "company": services.settings.company, "demo": True}
    )


@router.get("/help/{entry}")
async def help_page(request: Request, services: Wired, entry: str, lang: Lang = "en") -> HTMLResponse:
    entries = await asyncio.to_thread(services.library.entries)
    found = sorted((known for known in entries if known.id == entry), key=lambda known: known.lang != lang)
    if not found:
        raise HTTPException(404, "there is no such help page")
    return templates.TemplateResponse(request, "help.html", {"entry": found[0], "lang": found[0].lang})


@router.get("/widget.js")
async def widget() -> Response:
    """One script, with what it needs inside its walls."""
    script = await asyncio.to_thread(_widget)
    return Response(script, media_type="text/javascript", headers={"Cache-Control": "no-cache"})


def _widget() -> str:
    names = ("widget.js", "markdown.js", "widget-call.js", "call-worklet.js")
    script, markdown, call, worklet = ((FOLDER / "static" / name).read_text("utf-8") for name in names)
    call = f"  const WORKLET = {json.dumps(worklet)};\n{call}"
    return script.replace("  // markdown.js\n", markdown).replace("  // widget-call.js\n", call)


@router.get("/desk", dependencies=[Colleague])
async def desk(request: Request, services: Wired, lang: Lang = "en") -> Response:
    page = templates.TemplateResponse(
        request, "desk.html", {"lang": lang, "company": services.settings.company, "zone": services.settings.time_zone}
    )
    return remember_token(request, page)


@router.get("/knowledge", dependencies=[Colleague])
async def knowledge(request: Request, services: Wired, lang: Lang = "en") -> Response:
    page = templates.TemplateResponse(request, "knowledge.html", {"lang": lang, "company": services.settings.company})
    return remember_token(request, page)


def remember_token(request: Request, page: Response) -> Response:
    """A token shown once in the address is kept in a cookie, so that the page's own requests carry it."""
    if token := request.query_params.get("token"):
        page.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=request.url.scheme == "https")
    return page
