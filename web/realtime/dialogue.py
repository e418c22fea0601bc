"""One session's conversation in the books: its turns, what went before them, and the person who takes over."""

import asyncio
from collections.abc import AsyncGenerator, Sequence
from typing import Self
from uuid import UUID, uuid4

from agent.budget import Budget
from agent.earlier import Earlier
from agent.events import AgentEvent
from agent.turn import Channel, Turn, Who
from agent.understanding.language import language_of
from agent.usage import Usage
from web.conversing.conversations import LOOK_BACK
from web.conversing.talk import as_earlier, is_unheard
from web.conversing.technical import awaits_call_back, technical_words
from web.desk.handovers import Transfer, transfer_of
from web.operating.metrics import observe
from web.realtime.items import Item, Message, words_of
from web.services import Services
from web.telephony.arrivals import lang_of


class Dialogue:
    """Use as a context: it is charged for its CPU, and closed at its end."""

    def __init__(self, services: Services, *, customer: str | None) -> None:
        self.conversation: UUID = uuid4()
        self._services = services
        self._customer = customer
        self._count = 0
        self._counted: UUID | None = None

    async def __aenter__(self) -> Self:
        await self._services.know_what_is_published()
        self._services.books.open(self.conversation)
        return self

    async def __aexit__(self, *_: object) -> None:
        services = self._services
        services.books.close(self.conversation)
        services.vault.forget(self.conversation)
        await asyncio.to_thread(services.conversations.close, self.conversation, by="hangup", at=services.now())

    def budget(self, channel: Channel) -> Budget:
        return Budget() if channel == "phone" else Budget.chat(self._services.settings.chat_first_words_ms)

    def new_turn(
        self, question: str, *, channel: Channel, lang: str, budget: Budget, can_be_passed_on: bool = False
    ) -> Turn:
        self._count += 1
        who = Who(channel, lang=lang_of(lang) or "en", customer=self._customer, can_be_passed_on=can_be_passed_on)
        words, now = self._kept(question), self._services.now()
        return Turn(words, self.conversation, who, at=now, number=self._count, lang=lang, budget=budget)

    def answer(self, turn: Turn, *, before: Sequence[Item]) -> AsyncGenerator[AgentEvent, None]:
        """The agent's events; the turn is in the books before the first word."""
        return self._services.answer(turn, earlier=self._earlier(before)[-LOOK_BACK:])

    def technical(self, turn: Turn) -> str:
        """What is said when something broke."""
        people = self._services.agent.people
        awaits_call_back(people, turn)
        return technical_words(people, turn.who, lang=turn.lang, has_caller_id=False)

    async def hand_over(self, turn: Turn, reason: str) -> Transfer | None:
        """What goes with the conversation; None where there is nothing to tell yet."""
        await self._services.hand_over(turn.who, conversation=turn.conversation, reason=reason)
        return await asyncio.to_thread(transfer_of, self._services.engine, turn.conversation, reason=reason)

    async def keep(self, turn: Turn, *, is_over: bool = False) -> None:
        """Writes again what is known now; `is_over` counts it, once."""
        await asyncio.shield(self._services.books.keep(turn, finished=True))
        if is_over and turn.id != self._counted:
            self._counted = turn.id
            observe(turn)

    def book_beside(self, usage: Sequence[Usage]) -> None:
        """What no turn of the session took."""
        for used in usage:
            self._services.books.beside(used, Who("phone", customer=self._customer), conversation=self.conversation)

    async def cost(self, turn: Turn) -> dict[str, str] | None:
        return await asyncio.to_thread(self._services.cost_json, turn.id)

    def _earlier(self, items: Sequence[Item]) -> list[Earlier]:
        """Exchanges as the client has them: ours by what we know of them, others by what they say. What was deleted, or
        not heard at all, has not happened."""
        found: list[Earlier] = []
        asked: list[Message] = []
        for item in items:
            if not isinstance(item, Message):
                continue
            if item.role == "user":
                asked.append(item)
            elif item.role == "assistant" and item.has_answered and asked:
                if item.turn is None:
                    question = self._kept(words_of(asked))
                    found.append(Earlier(question, self._kept(item.words), None, language_of(question)))
                elif not is_unheard(item.turn):
                    found.append(as_earlier(item.turn))
                asked = []
        return found

    def _kept(self, words: str) -> str:
        return self._services.kept(words, conversation=self.conversation)
