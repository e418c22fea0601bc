"""What the embeddings of a vendor took: it bills the customers' questions as well as the company's knowledge."""

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import UTC, datetime
from decimal import Decimal

from agent.models.chat_model import estimated_tokens
from agent.usage import Usage
from agent.vendors import vendor_of
from knowledge.matching.embeddings import Embeddings

LOCAL = ("core", "huggingface", "ollama")
"""Of LangChain's packages; any other that has no address asks its vendor's. What langchain_community holds is of many
vendors, and has no price until one is named."""
SPELLED = {"google_genai": "google", "google_vertexai": "google", "mistralai": "mistral"}
ADDRESSES = ("openai_api_base", "azure_endpoint", "base_url", "api_base", "endpoint")

_collected: ContextVar[list[Usage] | None] = ContextVar("collected", default=None)


@contextmanager
def collecting(usage: list[Usage]) -> Iterator[None]:
    """What is embedded within, on this thread, is added there."""
    token = _collected.set(usage)
    try:
        yield
    finally:
        _collected.reset(token)


class EmbeddingMeter:
    """Counts what is asked of one model. Its tokens are estimated: LangChain's Embeddings tell none."""

    def __init__(self, *, vendor: str | None = None, beside: Callable[[Usage], None]) -> None:
        """`vendor` where the user names one; `beside` books what no turn asked for."""
        self._vendor = vendor
        self._beside = beside

    def asked(self, embeddings: Embeddings, texts: Sequence[str]) -> None:
        """One request, which was answered or may have been."""
        vendor = self._vendor or vendor_of_model(embeddings)
        if vendor == "local":  # paid for by its CPU seconds, and counted with them
            return
        tokens = Decimal(sum(estimated_tokens(text) for text in texts))
        named = str(getattr(embeddings, "model", None) or getattr(embeddings, "model_name", None) or "unknown")
        usage = Usage("embed", vendor, named, "input_token", tokens, datetime.now(UTC), estimated=True)
        collected = _collected.get()
        if collected is None:
            self._beside(usage)
        else:
            collected.append(usage)


def vendor_of_model(embeddings: Embeddings) -> str:
    """By its address, else by LangChain's package; a class of one's own is taken to run on one's own machine."""
    for name in ADDRESSES:
        if isinstance(address := getattr(embeddings, name, None), str) and "://" in address:
            return vendor_of(address)
    package = type(embeddings).__module__.split(".")[0]
    vendor = package.removeprefix("langchain_")
    return "local" if vendor in (package, *LOCAL) else SPELLED.get(vendor, vendor)
