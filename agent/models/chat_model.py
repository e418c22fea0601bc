"""The language model, when there is one: any OpenAI-compatible server through LangChain, streamed and metered.

The one file that imports LangChain's OpenAI client, and only once a model is configured: the import takes a second.
"""

from collections.abc import AsyncGenerator, Callable
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from agent.usage import Unit, Usage

if TYPE_CHECKING:
    from langchain_core.language_models import BaseChatModel
    from langchain_core.messages.ai import UsageMetadata

MAX_ANSWER_TOKENS = 220
CHARACTERS_PER_TOKEN = 4
"""Rough, for estimates marked as such; Chinese is counted a token a character."""
CHARACTERS_PER_TOKEN_AT_MOST = 8


@dataclass(frozen=True)
class ChatModel:
    """A LangChain chat model and the names it is booked under."""

    client: "BaseChatModel"
    vendor: str
    name: str

    async def stream(
        self, messages: list[tuple[str, str]], *, meter: Callable[[Usage], None], now: Callable[[], datetime]
    ) -> AsyncGenerator[str, None]:
        """Pieces of text as they come. Raises what the client raises; whatever was used is metered first.

        A lower bound of the prompt is booked before the first piece, so that a kill on the way does not lose it; what
        is missing to the server's own figures, which come last, is booked with them, or taken back where most of the
        prompt was cached.
        """
        prompt = "".join(text for _, text in messages)
        bound = tokens_at_least(prompt)
        meter(self._usage("input_token", bound, now(), estimated=True))
        reported: UsageMetadata | None = None
        answer = ""
        try:
            async for chunk in self.client.astream(messages):
                reported = getattr(chunk, "usage_metadata", None) or reported
                if piece := str(chunk.text):
                    answer += piece
                    yield piece
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
    return ChatModel(client, vendor=vendor, name=model)
