"""Calls: the same agent and the same books, with ears and a voice."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

from agent.agent import Earlier
from agent.events import AgentEvent, HandedOver
from agent.people.attending import People
from agent.people.call_back import CallBack
from agent.people.words import joined, sentence
from agent.telling.left_open import LeftOpen
from agent.telling.phrases import phrase
from agent.turn import Turn, Who
from voice.call import Call, PhraseName
from voice.engines import Choices, Engines, open_engines
from voice.wire import TurnDone
from voice.wires.recording import hold_recorded_call, read_recording
from web.conversations import LOOK_BACK
from web.handovers import Transfer, transfer_of
from web.metrics import observe
from web.services import Services
from web.settings import Settings


def engines_of(settings: Settings) -> Engines:
    """The speech engines that the settings name; what is missing is listed in it."""
    key = settings.llm_api_key or settings.openai_api_key
    return open_engines(
        Choices(
            cache=settings.cache,
            whisper=settings.whisper,
            piper_en=settings.piper_en,
            kokoro_style=settings.kokoro_style,
            api_key=key.get_secret_value() if key else "none",
        )
    )


async def render_announcements(services: Services, engines: Engines) -> None:
    """Speaks ahead what every caller will hear first; what is on disk already costs nothing."""
    for one in await asyncio.to_thread(services.announcements.valid, services.now()):
        await engines.voice.render(one.text, lang=one.lang)


class PhoneCall:
    """One call's conversation. Use as a context: it is charged for its CPU from pick-up to hang-up."""

    def __init__(
        self, services: Services, engines: Engines, *, who: Who, lang: str | None = None, caller: str | None = None
    ) -> None:
        """`lang` is announced beforehand, or None: then it is found in the caller's first words. `caller` is the number
        the call comes from, where the line tells it."""
        self._services = services
        self._who = who
        self._caller = caller
        self.transfer: Transfer | None = None
        """What goes with the call once it is handed over."""
        self.conversation: UUID = uuid4()
        self._turns: list[Turn] = []
        self._count = 0
        self.call = Call(
            hearing=engines.hearing(),
            transcriber=engines.transcriber,
            voice=engines.voice,
            answer=self._answer,
            new_turn=self._new_turn,
            keep=self._keep,
            phrase=self._phrase,
            lang=lang,
        )

    async def __aenter__(self) -> "PhoneCall":
        await self._services.know_what_is_published()
        self._services.books.open(self.conversation)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._services.books.close(self.conversation)
        self._services.vault.forget(self.conversation)
        await asyncio.to_thread(
            self._services.conversations.close, self.conversation, by="hangup", at=self._services.now()
        )

    def _new_turn(self, question: str, *, lang: str) -> Turn:
        self._count += 1
        words = self._services.kept(question, conversation=self.conversation)
        turn = Turn(words, self.conversation, self._who, at=self._services.now(), number=self._count, lang=lang)
        turn.caller = self._caller
        return turn

    def _phrase(self, name: PhraseName, *, lang: str) -> str:
        """Nobody is promised a colleague who is not there: then a call-back is offered."""
        people = self._people
        if name != "technical" or people.is_staffed():
            return phrase(name, lang=lang)
        offer = people.offered_call_back(has_caller_id=self._caller is not None, lang=lang)
        return joined(sentence("technical_alone", lang=lang), offer, lang=lang)

    @property
    def _people(self) -> People:
        return self._services.agent.people

    async def _answer(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
        earlier = [_earlier(past) for past in self._turns if not _is_unheard(past)][-LOOK_BACK:]
        self._turns.append(turn)
        async with aclosing(self._services.answer(turn, earlier=earlier)) as events:
            async for event in events:
                if isinstance(event, HandedOver):
                    await self._hand_over(turn, event.reason)
                yield event

    async def _hand_over(self, turn: Turn, reason: str) -> None:
        services = self._services
        if await services.hand_over(turn.who, conversation=turn.conversation, reason=reason):
            self.transfer = await asyncio.to_thread(transfer_of, services.engine, turn.conversation, reason=reason)

    async def _keep(self, turn: Turn) -> None:
        if turn.reason == "technical" and not self._people.is_staffed():
            turn.left_open = LeftOpen(known=turn.left_open.known, call_back=CallBack())
            self._turns += [turn] if turn not in self._turns else []
        await asyncio.shield(self._services.books.keep(turn, finished=True))
        observe(turn)
        if turn.reason == "technical":
            await self._hand_over(turn, "technical")


def _earlier(turn: Turn) -> Earlier:
    return Earlier(
        turn.question,
        turn.answer,
        turn.reason,
        turn.lang,
        turn.left_open,
        action=turn.action,
        source=turn.source.id if turn.source else None,
        mood=turn.mood,
    )


def _is_unheard(turn: Turn) -> bool:
    """The caller went on before a word of the answer was out: what it asked or led to has not happened."""
    return turn.action is None or (turn.interrupted and not turn.heard_answer)


def turn_json(done: TurnDone, *, cost: dict[str, str] | None) -> dict[str, Any]:
    """A turn of a call as the contract prints it."""
    turn = done.turn
    return {
        "heard": turn.question,
        "announced": [told.text for told in turn.announced],
        "answer": turn.answer,
        "action": turn.action,
        "reason": turn.reason,
        "source": vars(turn.source) if turn.source else None,
        "choices": list(turn.left_open.choices),
        "confidence": None if turn.confidence is None else round(turn.confidence, 4),
        "stages_ms": {stage: round(ms, 1) for stage, ms in turn.budget.spent_ms.items()},
        "mouth_to_ear_ms": None if done.mouth_to_ear_ms is None else round(done.mouth_to_ear_ms, 1),
        "budget_ms": turn.budget.total_ms,
        "cost": cost,
        "mood": turn.mood,
        "interrupted": turn.interrupted,
        "heard_answer": turn.heard_answer,
        "lang": turn.lang,
        "conversation": str(turn.conversation),
        "turn": str(turn.id),
    }


async def hold_recorded(
    services: Services,
    engines: Engines,
    path: Path,
    *,
    who: Who,
    lang: str | None,
    out: Path | None,
    is_fast: bool,
    channel: int | None,
) -> dict[str, Any]:
    """A whole call from a recording, as the contract prints it. Raises UnreadableRecording."""
    recording = await asyncio.to_thread(read_recording, path, channel=channel)
    await engines.warm(lang)
    await render_announcements(services, engines)
    async with PhoneCall(services, engines, who=who, lang=lang) as phone:
        held = await hold_recorded_call(phone.call, recording, out=out, is_fast=is_fast)
    costs = await asyncio.to_thread(lambda: [services.cost_json(done.turn.id) for done in held.turns])
    return {
        "turns": [turn_json(done, cost=cost) for done, cost in zip(held.turns, costs, strict=True)],
        "out": None if held.out is None else str(held.out),
        "duration_s": round(held.duration_s, 3),
        "transfer": phone.transfer.model_dump(mode="json") if phone.transfer else None,
    }
