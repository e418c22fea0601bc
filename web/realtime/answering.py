"""Makes a response: waits for the words, asks the agent, has the answer said, and keeps the turn.

It runs as a task that may be cancelled between any two events; what was sent until then is what may have been heard.
"""

import asyncio
import json
import logging
from collections.abc import AsyncGenerator, Callable, Sequence
from contextlib import aclosing
from typing import Literal, assert_never

from agent.budget import Budget
from agent.events import AgentEvent, Announced, Cited, Decided, Finished, HandedOver, Holding, Said
from agent.models.clauses import Sentences, clauses
from agent.telling.phrases import phrase
from agent.turn import Channel, Turn
from agent.usage import Usage
from voice.in_hand import as_speculation
from voice.manner import Manners
from web.chat.messages import MAX_TEXT
from web.desk.handovers import Transfer
from web.realtime.dialogue import Dialogue
from web.realtime.ears import Ears, Words
from web.realtime.items import Item, Message, words_of
from web.realtime.orders import Out
from web.realtime.response import Response
from web.realtime.session import Session
from web.realtime.settings import Tool
from web.realtime.speaking import Cut, Speaker

log = logging.getLogger(__name__)
HAND_OVER = ("transfer_to_human", "hand_over")
"""A client's function of this name is called when a person should take over."""
AGENT_PATIENCE_S = 12.0
"""Between two events of an answer."""
HOLDING_MS = 1_400
"""From the last word said: still no sound, so a holding phrase is spoken."""


class Answering:
    def __init__(
        self,
        session: Session,
        *,
        dialogue: Dialogue,
        ears: Ears,
        speaker: Speaker,
        emit: Callable[[Sequence[Out]], object],
    ) -> None:
        self._session = session
        self._dialogue = dialogue
        self._ears = ears
        self._speaker = speaker
        self._emit = emit
        self._manners = Manners()
        self._misheard = 0
        self._carried: list[Usage] = []
        """Used where there was no turn to write it on; the next turn takes it."""

    @property
    def left_over(self) -> list[Usage]:
        """Used since the last turn: once the session is over there is none to book it with."""
        return as_speculation(self._carried)

    async def answer(self, response: Response) -> None:
        channel: Channel = "phone" if response.is_spoken else "chat"
        budget = self._dialogue.budget(channel)
        if response.wanted.pause_ms:
            budget.started -= response.wanted.pause_ms / 1000
            budget.spend("end_of_turn", response.wanted.pause_ms)
        try:
            async with asyncio.TaskGroup() as beside:
                holding = beside.create_task(self._hold(response, budget), name="realtime-holding")
                try:
                    await self._answer(response, channel, budget)
                finally:
                    holding.cancel()
        except Exception:
            log.exception("response_failed", extra={"response": response.id})
            if response.status == "in_progress":
                self._emit(response.fail("Something went wrong on our side.", code="failed"))
        self._emit(self._session.over(response))

    async def leave_off(self, response: Response, *, is_barge_in: bool) -> None:
        """After the task has ended: what it used and what was heard of it stay."""
        if is_barge_in:
            self._manners.interrupted()
        if turn := response.turn:
            turn.interrupted = True
            await self._keep(response, turn)

    async def rebook(self, message: Message) -> None:
        """The client has told how much was heard."""
        turn, sound = message.turn, message.parts[0].sound
        if turn is None or sound is None or not sound.pieces:
            return
        heard, _ = sound.heard()
        if heard.strip() != turn.answer.strip():
            turn.interrupted, turn.heard_answer = True, heard
            await self._dialogue.keep(turn)

    async def _hold(self, response: Response, budget: Budget) -> None:
        """A late answer is announced, so that no stalled engine leaves the caller in silence."""
        if response.is_spoken:
            await asyncio.sleep(max(0.0, HOLDING_MS - budget.elapsed_ms) / 1000)
            words = phrase("holding", lang=self._lang)
            await self._speaker.hold(response, words, lang=self._lang, usage=self._carried)

    async def _answer(self, response: Response, channel: Channel, budget: Budget) -> None:
        before = _before(response)
        with budget.stage("transcribe"):
            heard = [await self._ears.words(message) for message in response.asks]
        self._carried += [used for words in heard for used in words.usage]
        question = words_of(response.asks)
        if not question.strip():
            await self._say_without_question(response, heard, channel, budget)
            return
        if len(question) > MAX_TEXT:
            message = f"A question may have {MAX_TEXT} characters, this one has {len(question)}."
            self._emit(response.fail(message, code="context_length_exceeded"))
            return
        self._misheard = 0
        lang = next((words.lang for words in reversed(heard) if words.lang), None) or self._lang
        turn = self._open(response, question, channel=channel, lang=lang, budget=budget)
        spoken_ms = sum(words.spoken_ms for words in heard)
        turn.manner = self._manners.heard(question, spoken_ms=spoken_ms) if spoken_ms else None
        await self._respond(response, turn, before)

    async def _respond(self, response: Response, turn: Turn, before: Sequence[Item]) -> None:
        handed: tuple[str, Transfer | None] | None = None
        try:
            async with aclosing(self._dialogue.answer(turn, before=before)) as events:
                handed = await self._tell(response, turn, events)
        except Cut:
            self._emit(response.stop("max_output_tokens"))
        except Exception:
            log.exception("answer_failed", extra={"turn": str(turn.id)})
            handed = "technical", await self._say_instead(response, turn, "technical")
        if response.status == "in_progress":
            if handed and (tool := _hand_over_tool(response.wanted.tools)):
                self._emit(response.call(tool.name, _arguments(tool, *handed)))
            await self._finish(response, turn)
        else:
            turn.interrupted = True
            await self._keep(response, turn)

    async def _tell(
        self, response: Response, turn: Turn, events: AsyncGenerator[AgentEvent, None]
    ) -> tuple[str, Transfer | None] | None:
        """Why a person should take over, and what goes with it."""
        sentences = Sentences()
        handed: tuple[str, Transfer | None] | None = None
        while True:
            async with asyncio.timeout(AGENT_PATIENCE_S):
                event = await anext(events, None)
            match event:
                case None:
                    break
                case Announced():
                    await self._speaker.announce(response, event.text, turn)
                case Said():
                    for clause in sentences.feed(event.text):
                        await self._speaker.say(response, clause, turn)
                case HandedOver():
                    handed = event.reason, await self._dialogue.hand_over(turn, event.reason)
                case Decided() | Cited() | Holding() | Finished():
                    pass
                case _:
                    assert_never(event)
        for clause in sentences.flush():
            await self._speaker.say(response, clause, turn)
        if turn.left_open.choices and not response.is_spoken:
            choices = "\n".join(f"- {choice}" for choice in turn.left_open.choices)
            await self._speaker.say(response, f"\n\n{choices}", turn)
        return handed

    async def _say_without_question(
        self, response: Response, heard: Sequence[Words], channel: Channel, budget: Budget
    ) -> None:
        """Nothing was said: the recogniser failed, it was noise, or the client wants Dime to begin."""
        if any(words.failed for words in heard):
            self._misheard += 1
            turn = self._open(response, "", channel=channel, lang=self._lang, budget=budget)
            await self._say_instead(response, turn, "not_understood" if self._misheard == 1 else "technical")
            await self._finish(response, turn)
            return
        self._carried = as_speculation(self._carried)
        if not response.context.items:
            words = phrase("greeting", lang=self._lang)
            await self._speaker.say_ourselves(response, words, lang=self._lang, usage=self._carried)
        self._emit(response.finish())

    async def _say_instead(
        self, response: Response, turn: Turn, name: Literal["not_understood", "technical"]
    ) -> Transfer | None:
        words = phrase(name, lang=turn.lang) if name == "not_understood" else self._dialogue.technical(turn)
        turn.action, turn.reason = ("clarify", "not_heard") if name == "not_understood" else ("handoff", "technical")
        turn.answer = f"{turn.answer.rstrip()} {words}".lstrip()
        await self._dialogue.keep(turn)
        transfer = await self._dialogue.hand_over(turn, "technical") if name == "technical" else None
        try:
            for clause in clauses(words if response.words[-1:].isspace() or not response.words else f" {words}"):
                await self._speaker.say(response, clause, turn)
        except Cut:
            self._emit(response.stop("max_output_tokens"))
        return transfer

    async def _finish(self, response: Response, turn: Turn) -> None:
        await self._keep(response, turn)
        if response.status != "in_progress":
            return
        response.cost = await self._dialogue.cost(turn)
        if response.is_mute:
            self._emit(response.fail("The voice could not say it; the transcript has the words.", code="no_voice"))
        else:
            self._emit(response.finish())

    def _open(self, response: Response, question: str, *, channel: Channel, lang: str, budget: Budget) -> Turn:
        has_tool = _hand_over_tool(response.wanted.tools) is not None
        turn = self._dialogue.new_turn(
            question, channel=channel, lang=lang, budget=budget, can_be_passed_on=response.is_spoken and has_tool
        )
        turn.usage.extend(self._carried)
        self._carried.clear()
        response.belongs_to(turn)
        return turn

    async def _keep(self, response: Response, turn: Turn) -> None:
        heard, announced = response.heard
        if turn.interrupted or (response.is_spoken and heard.strip() != turn.answer.strip()):
            turn.heard_answer = heard
        turn.announced = [told for told in turn.announced if told.text in announced]
        await self._dialogue.keep(turn, is_over=True)

    @property
    def _lang(self) -> str:
        return self._session.language or self._ears.lang or "en"


def _before(response: Response) -> list[Item]:
    """What stands before the question."""
    items = response.context.items
    asked = [items.index(message) for message in response.asks if message in items]
    return items[: min(asked, default=len(items))]


def _hand_over_tool(tools: Sequence[Tool]) -> Tool | None:
    return next((tool for tool in tools if tool.name in HAND_OVER), None)


def _arguments(tool: Tool, reason: str, transfer: Transfer | None) -> dict[str, str]:
    """The reason, and of what else Dime knows whatever the function has a parameter for."""
    known: dict[str, str] = json.loads(transfer.model_dump_json(exclude_none=True)) if transfer else {}
    wanted = (tool.parameters or {}).get("properties", {})
    return {"reason": reason, **{name: value for name, value in known.items() if name in wanted}}
