"""Whether a language model answers: it is asked in earnest, once, and let go at its first words."""

import asyncio
from contextlib import aclosing
from typing import TYPE_CHECKING, cast

from agent.models.chat_model import ChatModel

if TYPE_CHECKING:
    from collections.abc import AsyncGenerator

    from langchain_core.messages import AIMessageChunk

PATIENCE_S = 10.0
ASKED = [("user", "Say yes.")]


def trouble_with(model: ChatModel, *, patience_s: float = PATIENCE_S) -> str | None:
    """One clear sentence, None where it answers. Blocks."""
    return asyncio.run(_trouble_with(model, patience_s))


async def _trouble_with(model: ChatModel, patience_s: float) -> str | None:
    from openai import APIConnectionError, APIStatusError, APITimeoutError

    try:
        async with asyncio.timeout(patience_s):
            chunks = cast("AsyncGenerator[AIMessageChunk]", model.client.astream(ASKED))
            async with aclosing(chunks):
                async for _ in chunks:
                    return None
        return "its server answers with nothing"
    except (TimeoutError, APITimeoutError):
        return f"unreachable: its server gives no word within {patience_s:g} s"
    except APIConnectionError as error:
        return f"unreachable: {error.__cause__ or error}"
    except APIStatusError as error:
        return _refusal(error.status_code, model.name)
    except Exception as error:  # noqa: BLE001 - what a server sends instead of an answer
        return f"its server does not speak the protocol ({type(error).__name__})"


def _refusal(status: int, name: str) -> str:
    match status:
        case 401 | 403:
            return f"wrong key: its server refuses it ({status})"
        case 404:
            return f"model unknown: its server has no {name}, or no chat completions at this address (404)"
        case 429:
            return "its server refuses more requests for now, or the account is used up (429)"
        case _:
            return f"its server answers {status}"
