"""What a switch posts is short, and it is read before it can be known who sent it: so it is read with a limit."""

import asyncio

from fastapi import HTTPException, Request
from starlette.requests import ClientDisconnect
from starlette.types import Message

LARGEST = 64 * 1024
ARRIVES_WITHIN_S = 10


async def short(request: Request) -> Request:
    """The same request with its body in hand. Raises 413 and 408."""
    body = bytearray()
    try:
        async with asyncio.timeout(ARRIVES_WITHIN_S):
            async for piece in request.stream():
                body += piece
                if len(body) > LARGEST:
                    raise HTTPException(413, f"This may have {LARGEST} bytes: a switch posts a few hundred.")
    except (TimeoutError, ClientDisconnect) as error:
        raise HTTPException(408, "The request did not arrive.") from error

    async def received() -> Message:
        return {"type": "http.request", "body": bytes(body), "more_body": False}

    return Request(request.scope, received)
