"""The language model, when there is one: any OpenAI-compatible server through LangChain, streamed and metered.

The one file that imports LangChain's OpenAI client, and only once a model is configured: the import takes a second.
"""

from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any, cast

from agent.usage import Unit, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages import AIMessageChunk
    from langchain_core.messages.ai import UsageMetadata

MAX_ANSWER_TOKENS = 220
MAX_ANSWER_CHARACTERS = 8_000
"""A server that heeds no limit is stopped here."""
CHARACTERS_PER_TOKEN = 4
"""Rough, for estimates marked as such; Chinese is counted a token a character."""
CHARACTERS_PER_TOKEN_AT_MOST = 8


class UnusableAnswer(Exception):
    """What came is no text that a customer could read; the message names the kind of it, never the words."""


class TooLong(UnusableAnswer):
    """The model, not its server, knew no end."""


@dataclass(frozen=True)
class ChatModel:
    """A LangChain chat model and the names it is booked under."""

    client: "BaseChatModel"
    vendor: str
    name: str
    says_why_it_ends: bool = False
    """Whether an answer without a reason for its end has been cut off on the way."""

    async def stream(
        self, messages: list[tuple[str, str]], *, meter: Callable[[Usage], None], now: Callable[[], datetime]
    ) -> AsyncGenerator[str, None]:
        """Pieces of text as they come. Raises what the client raises, or UnusableAnswer; what was used is metered.

        A lower bound of the prompt is booked before the first piece, so that a kill on the way does not lose it; what
        is missing to the server's own figures, which come last, is booked with them, or taken back where most of the
        prompt was cached.
        """
        prompt = "".join(text for _, text in messages)
        bound = tokens_at_least(prompt)
        meter(self._usage("input_token", bound, now(), estimated=True))
        reported: UsageMetadata | None = None
        answer = ""
        half, end = "", None
        try:
            chunks = cast("AsyncGenerator[AIMessageChunk]", self.client.astream(messages))
            async with aclosing(chunks):
                async for chunk in chunks:
                    reported = _believable(getattr(chunk, "usage_metadata", None)) or reported
                    piece, half = _whole_characters(half + str(chunk.text))
                    answer += piece
                    end = chunk.response_metadata.get("finish_reason") or end
                    _check(chunk, answer)
                    if piece:
                        yield piece
            if half or (self.says_why_it_ends and end is None):
                raise UnusableAnswer("cut off")
            if end == "length":
                raise TooLong(end)
        finally:
            for usage in self._rest(reported, bound=bound, prompt=prompt, answer=answer, at=now()):
                meter(usage)

    def _rest(
        self, reported: "UsageMetadata | None", *, bound: int, prompt: str, answer: str, at: datetime
    ) -> list[Usage]:
        if reported is None:
            lines = [
                self._usage("input_token", estimated_tokens(prompt) - bound, at, estimated=True),
                self._usage("output_token", estimated_tokens(answer), at, estimated=True),
            ]
        else:
            cached = reported.get("input_token_details", {}).get("cache_read", 0) or 0
            lines = [
                self._usage("input_token", reported["input_tokens"] - cached - bound, at, raw=dict(reported)),
                self._usage("cached_token", cached, at),
                self._usage("output_token", reported["output_tokens"], at),
            ]
        return [line for line in lines if line.quantity or line.raw]

    def _usage(
        self, unit: Unit, quantity: int, at: datetime, *, estimated: bool = False, raw: dict[str, Any] | None = None
    ) -> Usage:
        return Usage(
            "llm", self.vendor, self.name, unit, Decimal(quantity), at,
            estimated=estimated, corrects=quantity < 0, raw=raw or {},
        )  # fmt: skip


def _believable(reported: "UsageMetadata | None") -> "UsageMetadata | None":
    """None where a server's counts cannot be; they are estimated then."""
    if not reported:
        return None
    asked, answered = reported.get("input_tokens"), reported.get("output_tokens")
    cached = (reported.get("input_token_details") or {}).get("cache_read") or 0
    counts = (asked, answered, cached)
    if not all(isinstance(count, int) and count >= 0 for count in counts) or cached > asked:
        return None
    return reported


def _whole_characters(text: str) -> tuple[str, str]:
    """The text, and the first half of a character whose second half is still to come; JSON strings may be cut there."""
    half = text[-1:] if "\ud800" <= text[-1:] <= "\udbff" else ""
    whole = text[: len(text) - len(half)]
    return whole.encode("utf-16", "surrogatepass").decode("utf-16", "replace"), half


def _check(chunk: "AIMessageChunk", answer: str) -> None:
    if getattr(chunk, "tool_call_chunks", None) or getattr(chunk, "invalid_tool_calls", None):
        raise UnusableAnswer("a tool that nobody offered")
    if "\ufffd" in answer or "\0" in answer:
        raise UnusableAnswer("broken characters")
    if len(answer) > MAX_ANSWER_CHARACTERS:
        raise TooLong("characters")


def tokens_at_least(text: str) -> int:
    return len(text) // CHARACTERS_PER_TOKEN_AT_MOST


def estimated_tokens(text: str) -> int:
    wide = sum(character > "\u2e7f" for character in text)
    return wide + (len(text) - wide + CHARACTERS_PER_TOKEN - 1) // CHARACTERS_PER_TOKEN


def openai_compatible(*, base_url: str | None, model: str, api_key: str, vendor: str, timeout_s: float) -> ChatModel:
    """A model behind any server that speaks the chat-completions protocol."""
    from langchain_openai import ChatOpenAI
    from pydantic import SecretStr

    client = ChatOpenAI(
        model=model,
        base_url=base_url,
        api_key=SecretStr(api_key),
        temperature=0,
        max_completion_tokens=MAX_ANSWER_TOKENS,
        timeout=timeout_s,
        max_retries=0,
        stream_usage=True,
        stream_chunk_timeout=timeout_s,
    )
    return ChatModel(client, vendor=vendor, name=model, says_why_it_ends=True)
