"""Twilio's door: a request is answered with where to stream to, the stream is the call, and then Twilio asks again."""

import asyncio
from collections.abc import Sequence
from uuid import UUID, uuid4

from fastapi import APIRouter, HTTPException, Request, Response, WebSocket
from starlette.requests import HTTPConnection

from voice.wires.dialect import BadMessage, Opened
from voice.wires.twilio import TwilioDialect
from web.access import may_enter, services_of
from web.telephony.arrivals import Arrival, lang_of, number_of, uuid_of
from web.telephony.call_book import outcome_of
from web.telephony.short_post import short
from web.telephony.sockets import NO_ENTRY, hold_socket, switchboard_of
from web.telephony.tickets import is_good, ticket
from web.telephony.twilio_signature import is_signed
from web.telephony.twiml import HANG_UP, connect, pass_on, redirect, response

router = APIRouter(include_in_schema=False)
SIGNATURE = "x-twilio-signature"


@router.post("/twilio/voice")
async def voice(request: Request, lang: str | None = None) -> Response:
    """A call has come in. `?lang=zh` in the address says which language its callers speak."""
    told = await _told(request)
    call = uuid4()
    switchboard_of(request).announced.announce(
        Arrival(
            "twilio",
            id=call,
            caller=number_of(told.get("From")),
            dialled=number_of(told.get("To")),
            lang=lang_of(lang),
        )
    )
    base = _public(request)
    stream = f"ws{base.removeprefix('http')}/twilio/media"
    parameters = {"call": str(call), "ticket": ticket(services_of(request).secret, call)}
    return _xml(response(connect(stream, parameters), redirect(f"{base}/twilio/after/{call}")))


@router.post("/twilio/after/{call}")
async def after(request: Request, call: UUID) -> Response:
    """The stream is over: on to a person, or good-bye."""
    await _told(request)
    row = await asyncio.to_thread(switchboard_of(request).book.find, call)
    target = row.transferred_to if row and outcome_of(row) in ("transfer", "queue") else None
    return _xml(response(pass_on(target) if target else HANG_UP))


@router.websocket("/twilio/media")
async def media(socket: WebSocket) -> None:
    services = services_of(socket)
    has_token = services.settings.twilio_auth_token is not None
    is_ours = not has_token and may_enter(socket)
    if has_token and not _is_signed(socket, []):
        await socket.close(NO_ENTRY)
        return

    def arrival_of(opened: Opened) -> Arrival:
        call = uuid_of(opened.said.get("call"))
        good = call is not None and is_good(opened.said.get("ticket", ""), secret=services.secret, call=call)
        if call is not None and good and call in switchboard_of(socket).announced:
            return Arrival("twilio", id=call)
        if not is_ours:
            raise BadMessage("this stream was not asked for", code=NO_ENTRY)
        said = opened.said
        return Arrival(
            "twilio", id=call or uuid4(), caller=number_of(said.get("caller")), lang=lang_of(said.get("lang"))
        )

    await socket.accept()
    await hold_socket(socket, TwilioDialect(), door="twilio", arrival_of=arrival_of, is_known=has_token or is_ours)


async def _told(request: Request) -> dict[str, str]:
    """The form that Twilio posts. Raises 403 for anybody else, 413 for what is no form."""
    posted = await (await short(request)).form()
    form = [(name, value) for name, value in posted.multi_items() if isinstance(value, str)]
    if services_of(request).settings.twilio_auth_token is None:
        if not may_enter(request):
            raise HTTPException(
                403, "Without DIME_TWILIO_AUTH_TOKEN only the server's own machine may call here, or the admin token."
            )
    elif not _is_signed(request, form):
        raise HTTPException(403, "X-Twilio-Signature does not fit: check DIME_TWILIO_AUTH_TOKEN and DIME_PUBLIC_URL.")
    return dict(form)


def _is_signed(connection: HTTPConnection, form: Sequence[tuple[str, str]]) -> bool:
    token = services_of(connection).settings.twilio_auth_token
    assert token is not None
    url = connection.url
    rest = url.path + (f"?{url.query}" if url.query else "")
    is_socket = connection.scope["type"] == "websocket"
    public = services_of(connection).settings.public_url
    bases = [public.rstrip("/")] if public else [f"https://{url.netloc}", f"http://{url.netloc}"]
    addresses = [f"{base}{rest}" for base in bases]
    if is_socket:
        addresses += [f"ws{address.removeprefix('http')}" for address in addresses]
    shown = connection.headers.get(SIGNATURE, "")
    return is_signed(shown, token=token.get_secret_value(), addresses=addresses, parameters=form)


def _public(request: Request) -> str:
    public = services_of(request).settings.public_url
    return public.rstrip("/") if public else f"{request.url.scheme}://{request.url.netloc}"


def _xml(page: str) -> Response:
    return Response(page, media_type="application/xml")
