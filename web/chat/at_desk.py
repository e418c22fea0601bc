"""A conversation that a person has, or had, for doors without a line of its own: the message goes to the desk, and
what was said there meanwhile comes back as the answer, or before it."""

import asyncio
from collections.abc import Sequence
from itertools import takewhile
from uuid import UUID

from agent.telling.phrases import phrase
from agent.transcript import Line
from web.services import Services


async def heard_at_desk(services: Services, question: str, *, conversation: UUID) -> list[Line]:
    """The conversation as it stands once the desk has the message."""
    text = await services.heard(question, conversation=conversation)
    await asyncio.to_thread(services.desk.hear, conversation, text=text, at=services.now())
    services.hub.tell_desks(conversation)
    return await asyncio.to_thread(services.conversations.read, conversation)


def said_meanwhile(lines: Sequence[Line]) -> list[str]:
    """A colleague's replies between the customer's last two messages: each is brought once."""
    asked = [at for at, line in enumerate(lines) if line.author == "customer"]
    return said_last(lines[: asked[-1]] if asked else lines)


def said_last(lines: Sequence[Line]) -> list[str]:
    """A colleague's replies since the customer's last message."""
    latest = takewhile(lambda line: line.author != "customer", reversed(lines))
    return [line.text for line in latest if line.author == "colleague"][::-1]


def not_shown(lines: Sequence[Line], answers: Sequence[str]) -> list[str]:
    """A colleague's replies that none of these answers brought: replies are brought in order, each once, as an answer's
    first paragraphs. A client may have dropped the beginning."""
    replies = [line.text for line in lines if line.author == "colleague"]
    brought = 0
    for answer in map(_paragraphs, answers):
        for start in range(brought, len(replies)):
            if end := _brought(replies, answer, start=start):
                brought = end
                break
    return replies[brought:]


def _brought(replies: Sequence[str], answer: Sequence[str], *, start: int) -> int:
    """The end of the replies from `start` on that the answer begins with; 0 where it begins with none."""
    at, end = 0, 0
    for number, reply in enumerate(map(_paragraphs, replies[start:]), start=start + 1):
        if answer[at : at + len(reply)] != reply:
            break
        at, end = at + len(reply), number
    return end


def _paragraphs(text: str) -> list[str]:
    return [" ".join(paragraph.split()) for paragraph in text.strip().split("\n\n")]


async def left_behind(services: Services, conversation: UUID) -> list[Line]:
    """What was said in a conversation that a colleague has closed; nothing in one that goes on, or ended otherwise."""
    row = await asyncio.to_thread(services.conversations.find, conversation)
    if row is None or row.state != "closed" or row.closed_by != "colleague":
        return []
    return await asyncio.to_thread(services.conversations.read, conversation)


def in_words(replies: Sequence[str], *, state: str, lang: str) -> str:
    """Who has the conversation, where nobody has said anything yet."""
    return "\n\n".join(replies) or phrase("with_colleague" if state == "colleague" else "waiting", lang=lang)
