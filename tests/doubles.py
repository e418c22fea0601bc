"""Doubles named for how they behave: a knowledge and a model that find and say what they are told to."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from typing import Any

import numpy as np
from langchain_core.language_models import BaseChatModel
from langchain_core.messages import AIMessageChunk
from langchain_core.outputs import ChatGenerationChunk, ChatResult

from knowledge.entry import Entry
from knowledge.matching.embeddings import Floats
from knowledge.matching.retriever import Match


def entry(answer: str, *, slug: str = "sofa-returns", question: str = "How long can I return a sofa?") -> Entry:
    return Entry(id=slug, question=question, answer=answer, lang="en", url=f"/help/{slug}")


class OneByOne:
    """A searcher that is scripted question by question, and sees no meanings."""

    def search(self, question: str) -> list[Match]:
        raise NotImplementedError

    def find(self, questions: Sequence[str], *, lang: str | None = None, limit: int = 1) -> list[list[Match]]:  # noqa: ARG002
        return [self.search(question)[:limit] for question in questions]

    def meanings(self, questions: Sequence[str]) -> Floats:
        return np.eye(len(questions), dtype=np.float32)

    def nearest(self, thing: str, words: Sequence[str]) -> int:  # noqa: ARG002
        return 0

    def closeness(self, question: str, phrases: tuple[str, ...]) -> Floats:  # noqa: ARG002
        return np.zeros(len(phrases), dtype=np.float32)

    def names(self, words: str) -> bool:  # noqa: ARG002
        return False


class ScriptedSearcher(OneByOne):
    """Finds the given entries, best first, whatever is asked."""

    def __init__(self, *found: tuple[Entry, float]) -> None:
        self.found = found
        self.asked: list[str] = []

    def search(self, question: str, *, lang: str | None = None, limit: int = 5) -> list[Match]:  # noqa: ARG002
        self.asked.append(question)
        return [Match(entry=entry, score=p, confidence=p, signals={}) for entry, p in self.found]

    def entry(self, id: str, lang: str) -> Entry | None:  # noqa: A002
        return next((entry for entry, _ in self.found if (entry.id, entry.lang) == (id, lang)), None)


class ScriptedModel(BaseChatModel):
    """Streams the given pieces; `stalls_at` hangs before that piece, `fails_at` raises there."""

    pieces: list[str]
    stalls_at: int | None = None
    fails_at: int | None = None
    usage: dict[str, Any] | None = None

    @property
    def _llm_type(self) -> str:
        return "scripted"

    def _generate(self, *_: Any, **__: Any) -> ChatResult:
        raise NotImplementedError("streamed only")

    async def _astream(self, *_: Any, **__: Any) -> AsyncIterator[ChatGenerationChunk]:
        for number, piece in enumerate(self.pieces):
            if number == self.stalls_at:
                await asyncio.Event().wait()
            if number == self.fails_at:
                raise ConnectionError("the model went away")
            yield ChatGenerationChunk(message=AIMessageChunk(content=piece))
        if self.usage:
            yield ChatGenerationChunk(message=AIMessageChunk(content="", usage_metadata=self.usage))
