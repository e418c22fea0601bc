"""POST /v1/chat/completions and GET /v1/models: the agent as a model, for whatever speaks OpenAI's protocol."""

import asyncio
import json
from collections.abc import AsyncGenerator, Iterator
from contextlib import ExitStack, aclosing, contextmanager
from typing import Any

import structlog
from fastapi import APIRouter, Depends, Request, Response
from starlette.requests import ClientDisconnect, HTTPConnection

from agent.events import Announced, Cited, Decided, Finished, HandedOver, Said
from agent.people.words import sentence
from agent.telling.phrases import phrase
from agent.turn import Who
from agent.understanding.language import ANSWERED
from web.access import Wired, may_enter
from web.chat.at_desk import heard_at_desk, in_words, left_behind, not_shown, said_last, said_meanwhile
from web.completions.event_stream import EventStream, ReaderGone, unless_gone
from web.completions.messages import (
    MADE_AT,
    MAX_BODY_BYTES,
    MODEL,
    CompletionRequest,
    Refused,
    exchanges_of,
    parse,
)
from web.completions.reply import Asked, Reply, chunk, event_line, last_chunk, usage_chunk, whole
from web.conversing.customers import customer_key
from web.services import Services

log = structlog.get_logger()
AT_ONCE = 64
"""Completions under way; one more is told to come back."""
BODY_TIMEOUT_S = 30
CONVERSATION_HEADER = "x-dime-conversation"
GONE = 499
"""Nobody reads it."""
FAILED = "Something went wrong on our side."


def require_key(connection: HTTPConnection) -> None:
    if not may_enter(connection):
        message = "Incorrect API key: send DIME_ADMIN_TOKEN as the key. Without one, only this machine may ask."
        raise Refused(401, message, kind="authentication_error", code="invalid_api_key")


router = APIRouter(prefix="/v1", dependencies=[Depends(require_key)], tags=["OpenAI"])


@router.get("/models")
async def list_models() -> dict[str, Any]:
    return {"object": "list", "data": [_model()]}


@router.get("/models/{name}")
async def read_model(name: str) -> dict[str, Any]:
    if name != MODEL:
        raise Refused(404, f"The model {name[:80]!r} does not exist; it is {MODEL!r}.", code="model_not_found")
    return _model()


@router.post(
    "/chat/completions", openapi_extra={"requestBody": {"content": {"application/json": {}}, "required": True}}
)
async def complete(services: Wired, request: Request) -> Response:
    """As the `openai` package and LangChain's ChatOpenAI send it. The annotations cite the entry; `dime` tells action,
    confidence, source, choices and cost; `usage` is what Dime's own models used."""
    wanted = parse(await _body(request))
    if not services.index.is_ready:
        raise Refused(503, "The knowledge is still being read.", kind="server_error", code="not_ready", retry_after_s=2)
    if services.completing >= AT_ONCE:
        raise Refused(429, "Too many questions at once.", kind="rate_limit_error", code="busy", retry_after_s=1)
    under_way = ExitStack()
    under_way.enter_context(_counted(services))
    with under_way:
        asked = await _asked(services, wanted, request)
        reply = Reply(asked, int(services.now().timestamp()))
        if wanted.stream:
            with_usage = bool(wanted.stream_options and wanted.stream_options.include_usage)
            return EventStream(_events(services, reply, with_usage=with_usage), on_end=under_way.pop_all().close)
        return await _at_once(services, reply, request)


@contextmanager
def _counted(services: Services) -> Iterator[None]:
    services.completing += 1
    try:
        yield
    finally:
        services.completing -= 1


async def _at_once(services: Services, reply: Reply, request: Request) -> Response:
    try:
        await unless_gone(request.receive, _finish(services, reply))
    except ReaderGone:
        return Response(status_code=GONE)
    except Exception as error:
        log.exception("completion_failed")
        raise Refused(500, FAILED, kind="server_error") from error
    return Response(json.dumps(whole(reply)), media_type="application/json")


@router.api_route("/{path:path}", methods=["GET", "POST", "DELETE"], include_in_schema=False)
async def other(path: str) -> None:
    raise Refused(404, f"Dime has no /v1/{path[:80]}: it has /v1/models and /v1/chat/completions.", code="unknown_url")


async def _body(request: Request) -> bytes:
    raw = bytearray()
    try:
        async with asyncio.timeout(BODY_TIMEOUT_S):
            async for piece in request.stream():
                raw += piece
                if len(raw) > MAX_BODY_BYTES:
                    raise Refused(413, f"A request may have {MAX_BODY_BYTES} bytes.", code="request_too_large")
    except (TimeoutError, ClientDisconnect) as error:
        raise Refused(408, "The request did not arrive.", code="timeout") from error
    return bytes(raw)


async def _asked(services: Services, wanted: CompletionRequest, request: Request) -> Asked:
    before, question = exchanges_of(wanted.messages)
    metadata = wanted.metadata or {}
    lang = metadata.get("lang", "en")[:2].lower()
    customer = customer_key(services.secret, "signed_id", wanted.customer) if wanted.customer else None
    who = Who("chat", lang=lang if lang in ANSWERED else "en", customer=customer)
    if name := metadata.get("conversation") or request.headers.get(CONVERSATION_HEADER):
        thread = await asyncio.to_thread(services.threads.named, name, who=who)
    else:
        thread = await asyncio.to_thread(services.threads.of_history, before, who=who, now=services.now())
    return Asked(question, [answer for _, answer in before], thread, who, str(request.base_url))


async def _finish(services: Services, reply: Reply) -> None:
    async with aclosing(_pieces(services, reply)) as pieces:
        async for _ in pieces:
            pass


async def _pieces(services: Services, reply: Reply) -> AsyncGenerator[str, None]:
    """The answer as it may be read. What fails ends in words and a colleague."""
    try:
        source = _from_desk if reply.asked.thread.state in ("waiting", "colleague") else _from_agent
        async with aclosing(source(services, reply)) as pieces:
            async for piece in pieces:
                reply.text += piece
                yield piece
    except Exception:
        log.exception("completion_failed")
        reply.failed = True
        lang = reply.asked.who.lang
        is_staffed = services.is_staffed(reply.asked.who)
        said = phrase("technical", lang=lang) if is_staffed else sentence("technical_alone", lang=lang)
        piece = f"\n\n{said}" if reply.text else said
        reply.text += piece
        await services.hand_over(reply.asked.who, conversation=reply.asked.thread.conversation, reason="technical")
        yield piece


async def _from_agent(services: Services, reply: Reply) -> AsyncGenerator[str, None]:
    asked, conversation = reply.asked, reply.asked.thread.conversation
    if asked.thread.left:
        lines = await left_behind(services, asked.thread.left)
        for said in not_shown(lines, asked.shown) if asked.shown else said_last(lines):
            yield f"{said}\n\n"
    async with services.turn(asked.question, conversation=conversation, who=asked.who) as (turn, known):
        reply.turn = turn
        turn.call_back_in_words = True
        earlier = known if asked.thread.earlier is None else asked.thread.earlier
        async with aclosing(services.answer(turn, earlier=earlier)) as events:
            async for event in events:
                match event:
                    case Announced():
                        yield f"{event.text}\n\n"
                    case Said():
                        yield event.text
                    case HandedOver():
                        await services.hand_over(asked.who, conversation=conversation, reason=event.reason)
                    case Decided() | Cited() | Finished():
                        pass
        is_told = turn.action == "answer" and turn.left_open.suggested
        if turn.left_open.choices and not is_told:
            yield "\n\n" + "\n".join(f"- {choice}" for choice in turn.left_open.choices)
    if turn.reason == "goodbye":
        await asyncio.to_thread(services.conversations.close, conversation, by="customer", at=services.now())
    reply.cost = await asyncio.to_thread(services.cost_json, turn.id)


async def _from_desk(services: Services, reply: Reply) -> AsyncGenerator[str, None]:
    """A person has the conversation: they get the message, and the customer what they have said meanwhile."""
    asked = reply.asked
    lines = await heard_at_desk(services, asked.question, conversation=asked.thread.conversation)
    said = not_shown(lines, asked.shown) if asked.shown else said_meanwhile(lines)
    yield in_words(said, state=asked.thread.state, lang=asked.who.lang)


async def _events(services: Services, reply: Reply, *, with_usage: bool) -> AsyncGenerator[str, None]:
    yield chunk(reply, {"role": "assistant", "content": ""}, with_usage=with_usage)
    try:
        async with aclosing(_pieces(services, reply)) as pieces:
            async for piece in pieces:
                yield chunk(reply, {"content": piece}, with_usage=with_usage)
    except Exception:
        log.exception("stream_failed")
        yield event_line(Refused(500, FAILED, kind="server_error").body)
        return
    yield last_chunk(reply, with_usage=with_usage)
    if with_usage:
        yield usage_chunk(reply)
    yield "data: [DONE]\n\n"


def _model() -> dict[str, Any]:
    return {"id": MODEL, "object": "model", "created": MADE_AT, "owned_by": "dime"}
