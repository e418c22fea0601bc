"""Calls: the same agent and the same books, with ears and a voice."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing
from pathlib import Path
from typing import Any
from uuid import UUID

import structlog

from agent.events import AgentEvent, Decided, Finished, HandedOver, Said
from agent.telling.phrases import phrase
from agent.turn import Turn, Who
from voice.answering import PhraseName
from voice.audio import Speech
from voice.call import Call
from voice.engines import Choices, Engines, open_engines, teach
from voice.silences import Silences
from voice.so_far import Understood
from voice.wire import TurnDone
from voice.wires.recording import hold_recorded_call
from web.chat.page_silences import PageSilences
from web.conversing.talk import Talk
from web.conversing.technical import awaits_call_back, technical_words
from web.desk.handovers import Transfer, transfer_of
from web.operating.metrics import observe, observe_engine
from web.services import Services
from web.settings import Settings

log = structlog.get_logger()


def engines_of(services: Services) -> Engines:
    """The speech engines that the settings name; what is missing is listed in it."""
    return open_engines(choices_of(services.settings), told=observe_engine, beside=services.books.beside)


def choices_of(settings: Settings) -> Choices:
    key = settings.llm_api_key or settings.openai_api_key
    return Choices(
        cache=settings.cache,
        whisper=settings.whisper,
        piper_en=settings.piper_en,
        kokoro_style=settings.kokoro_style,
        api_key=key.get_secret_value() if key else "none",
        server_vendor=settings.speech_vendor,
    )


async def taught(services: Services, engines: Engines) -> Engines:
    """The same, knowing the names that callers may say as the knowledge is now."""
    teach(engines.transcriber, await asyncio.to_thread(services.vocabulary.current))
    return engines


async def make_ready(services: Services, engines: Engines, *, lang: str | None) -> None:
    """For one call: loads and teaches them, and speaks ahead what every caller will hear first; what is on disk already
    costs nothing."""
    await (await taught(services, engines)).warm(lang)
    for one in await asyncio.to_thread(services.announcements.valid, services.now()):
        await engines.voice.render(one.text, lang=one.lang)


class PhoneCall:
    """One call's conversation. Use as a context: it is charged for its CPU from pick-up to hang-up."""

    def __init__(
        self,
        services: Services,
        engines: Engines,
        *,
        who: Who,
        lang: str | None = None,
        caller: str | None = None,
        talk: Talk | None = None,
        aside: Callable[[Turn], str | None] = lambda _: None,
        is_live: bool = False,
    ) -> None:
        """`lang` is announced beforehand, or None: then it is found in the caller's first words. `caller` is the number
        the call comes from, where the line tells it. `talk` is what the call goes on with. `aside` replies to what is
        no question: whether the call may be recorded. A live line is greeted unless it goes on with a chat, asked when
        it says nothing, and hung up after a goodbye; a recording is heard to its end."""
        self._services = services
        self._engines = engines
        self._who = who
        self._caller = caller
        self.transfer: Transfer | None = None
        """What goes with the call once it is handed over."""
        self.transferred_to: str | None = None
        """The number or queue it is passed on to."""
        self._talk = talk or Talk()
        self.conversation: UUID = self._talk.conversation
        self._aside = aside
        silences = PageSilences(talk=self._talk) if self._talk.goes_on else Silences()
        self.call = Call(
            hearing=engines.hearing(),
            transcriber=engines.transcriber,
            voice=engines.voice,
            answer=self._answer,
            new_turn=self._new_turn,
            keep=self._keep,
            phrase=self._phrase,
            understand=self._understand,
            lang=lang,
            silences=silences if is_live else None,
            greets=is_live and not self._talk.goes_on,
            hangs_up=is_live,
        )

    async def __aenter__(self) -> "PhoneCall":
        await self._services.know_what_is_published()
        self._services.books.open(self.conversation)
        return self

    async def __aexit__(self, *_: object) -> None:
        self._services.books.close(self.conversation)
        self._services.agent.ahead.forget(self.conversation)
        for used in self.call.answering.left_over:
            self._services.books.beside(used, self._who, conversation=self.conversation)
        if self._talk.goes_on:
            return
        self._services.vault.forget(self.conversation)
        await asyncio.to_thread(
            self._services.conversations.close, self.conversation, by="hangup", at=self._services.now()
        )

    def _new_turn(self, question: str, *, lang: str) -> Turn:
        words = self._services.kept(question, conversation=self.conversation)
        turn = Turn(words, self.conversation, self._who, at=self._services.now(), number=self._talk.number(), lang=lang)
        turn.caller = self._caller
        return turn

    async def _understand(self, text: str, lang: str) -> Understood:
        """What the agent makes of the words so far; nothing of it is kept."""
        words = self._services.guessed(text, conversation=self.conversation)
        guessed = Turn(words, self.conversation, self._who, at=self._services.now(), lang=lang)
        confidence, is_sure = await self._services.agent.grasp(guessed, earlier=self._talk.earlier())
        return Understood(confidence, is_sure)

    def _phrase(self, name: PhraseName, *, lang: str) -> str:
        if name != "technical":
            return phrase(name, lang=lang)
        has_caller_id = self._caller is not None
        return technical_words(self._services.agent.people, self._who, lang=lang, has_caller_id=has_caller_id)

    async def _answer(self, turn: Turn) -> AsyncGenerator[AgentEvent, None]:
        if reply := self._aside(turn):
            turn.action, turn.reason, turn.answer = "answer", "recording", reply
            await self._services.books.keep(turn, finished=True)
            yield Decided("answer", 1.0)
            yield Said(reply)
            yield Finished()
            return
        earlier = self._talk.earlier()
        self._talk.add(turn)
        async with aclosing(self._services.answer(turn, earlier=earlier)) as events:
            async for event in events:
                if isinstance(event, HandedOver):
                    await self._hand_over(turn, event.reason)
                yield event

    async def _hand_over(self, turn: Turn, reason: str) -> None:
        services = self._services
        if await services.hand_over(turn.who, conversation=turn.conversation, reason=reason):
            self.transfer = await asyncio.to_thread(transfer_of, services.engine, turn.conversation, reason=reason)
            if turn.who.can_be_passed_on and (target := services.transfers.target(turn.lang)):
                self.transferred_to = target
                self.call.end("transfer")

    async def _keep(self, turn: Turn) -> None:
        if turn.reason == "technical" and awaits_call_back(self._services.agent.people, turn):
            self._talk.add(turn)
        await asyncio.shield(self._services.books.keep(turn, finished=True))
        observe(turn)
        if turn.reason == "technical":
            await self._hand_over(turn, "technical")
        try:
            await taught(self._services, self._engines)  # the knowledge may change while the call goes on
        except Exception:
            log.exception("names_not_taught")


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
    recording: Speech,
    *,
    who: Who,
    lang: str | None,
    out: Path | None,
    is_fast: bool,
) -> dict[str, Any]:
    """A whole call from a recording, as the contract prints it."""
    await make_ready(services, engines, lang=lang)
    async with PhoneCall(services, engines, who=who, lang=lang) as phone:
        held = await hold_recorded_call(phone.call, recording, out=out, is_fast=is_fast)
    costs = await asyncio.to_thread(lambda: [services.cost_json(done.turn.id) for done in held.turns])
    return {
        "turns": [turn_json(done, cost=cost) for done, cost in zip(held.turns, costs, strict=True)],
        "out": None if held.out is None else str(held.out),
        "duration_s": round(held.duration_s, 3),
        "transfer": phone.transfer.model_dump(mode="json") if phone.transfer else None,
    }
