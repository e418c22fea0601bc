"""A reply on its way to an OpenAI client: whole, or in chunks, with citation, usage and what Dime adds of its own."""

import json
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin
from uuid import UUID, uuid4

from agent.turn import Turn, Who
from web.chat.messages import SourceOut
from web.completions.messages import (
    MODEL,
    CachedTokens,
    EntryAnnotation,
    EntryCitation,
    Extension,
    MessageAnnotation,
    TokensUsed,
    UrlAnnotation,
    UrlCitation,
)
from web.completions.threads import Thread


@dataclass(frozen=True)
class Asked:
    """A completion as Dime sees it: one question of one customer, in one conversation."""

    question: str
    shown: list[str]
    """All answers before, as the client has them; empty where it sends none."""
    thread: Thread
    who: Who
    base_url: str


@dataclass
class Reply:
    """Fills up while it is answered."""

    asked: Asked
    created: int
    id: str = field(default_factory=lambda: f"chatcmpl-{uuid4().hex}")
    text: str = ""
    turn: Turn | None = None
    cost: dict[str, str] | None = None
    failed: bool = False


def chunk(
    reply: Reply, delta: dict[str, Any], *, with_usage: bool, finish_reason: str | None = None, **more: Any
) -> str:
    choice = {"index": 0, "delta": delta, "logprobs": None, "finish_reason": finish_reason}
    usage = {"usage": None} if with_usage else {}
    return event_line({**_head(reply, "chat.completion.chunk"), "choices": [choice], **usage, **more})


def last_chunk(reply: Reply, *, with_usage: bool) -> str:
    annotations = [annotation.model_dump() for annotation in _annotations(reply)]
    last = {"annotations": annotations} if annotations else {}
    return chunk(reply, last, with_usage=with_usage, finish_reason="stop", dime=_extension(reply).model_dump())


def usage_chunk(reply: Reply) -> str:
    return event_line({**_head(reply, "chat.completion.chunk"), "choices": [], "usage": _usage(reply).model_dump()})


def event_line(document: dict[str, Any]) -> str:
    return f"data: {json.dumps(document)}\n\n"


def whole(reply: Reply) -> dict[str, Any]:
    message = {
        "role": "assistant",
        "content": reply.text,
        "refusal": None,
        "annotations": [annotation.model_dump() for annotation in _annotations(reply)],
    }
    return {
        **_head(reply, "chat.completion"),
        "choices": [{"index": 0, "message": message, "logprobs": None, "finish_reason": "stop"}],
        "usage": _usage(reply).model_dump(),
        "dime": _extension(reply).model_dump(),
    }


def _head(reply: Reply, kind: str) -> dict[str, Any]:
    return {"id": reply.id, "object": kind, "created": reply.created, "model": MODEL}


def _annotations(reply: Reply) -> list[MessageAnnotation]:
    if reply.turn is None or (source := reply.turn.source) is None or reply.failed:
        return []
    start = max(0, reply.text.find(reply.turn.answer))
    end = start + len(reply.turn.answer)
    if source.url is None:
        cited = EntryCitation(start_index=start, end_index=end, title=source.question, id=source.id)
        return [EntryAnnotation(entry_citation=cited)]
    url = urljoin(reply.asked.base_url, source.url)
    return [UrlAnnotation(url_citation=UrlCitation(start_index=start, end_index=end, title=source.question, url=url))]


def _usage(reply: Reply) -> TokensUsed:
    used = reply.turn.usage if reply.turn else []
    count = {
        unit: int(sum(usage.quantity for usage in used if usage.meter == "llm" and usage.unit == unit))
        for unit in ("input_token", "cached_token", "output_token")
    }
    prompt = count["input_token"] + count["cached_token"]
    return TokensUsed(
        prompt_tokens=prompt,
        completion_tokens=count["output_token"],
        total_tokens=prompt + count["output_token"],
        prompt_tokens_details=CachedTokens(cached_tokens=count["cached_token"]),
    )


def _extension(reply: Reply) -> Extension:
    conversation: UUID = reply.asked.thread.conversation
    turn = reply.turn
    if turn is None or reply.failed:
        reason = "technical" if reply.failed else "with_colleague"
        return Extension(
            action="handoff", reason=reason, lang=reply.asked.who.lang, confidence=1.0, conversation=str(conversation)
        )
    return Extension(
        action=turn.action or "unknown",
        reason=turn.reason or "",
        lang=turn.lang,
        confidence=round(turn.confidence or 0.0, 4),
        source=SourceOut(**vars(turn.source)) if turn.source else None,
        choices=list(turn.left_open.choices),
        cost=reply.cost,
        conversation=str(conversation),
        turn=str(turn.id),
    )
