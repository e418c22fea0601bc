"""The session: a pure machine over a client's events, the ear's and the engines', which gives events and orders.

It owns the conversation, the input buffer and the one response there may be; it has no clock, no socket and no engine.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any, assert_never

from voice.audio import Samples
from voice.hearing import Hearing
from web.completions.messages import MODEL
from web.realtime.client_events import (
    Append,
    CancelResponse,
    Clear,
    ClientEvent,
    Commit,
    CreateItem,
    CreateResponse,
    DeleteItem,
    NewCall,
    NewMessage,
    NewOutput,
    RetrieveItem,
    TruncateItem,
    UpdateSession,
)
from web.realtime.items import Conversation, Item, Message, user_sound
from web.realtime.listening import Began, Listening, Over
from web.realtime.new_items import brought, is_reference, is_to_be_heard, made
from web.realtime.orders import Answer, Out, Rebook, Stop, Transcribe
from web.realtime.problem import Problem
from web.realtime.response import Reason, Response
from web.realtime.server_events import (
    Cleared,
    Committed,
    ItemAdded,
    ItemDeleted,
    ItemDone,
    ItemRetrieved,
    ItemTruncated,
    SessionCreated,
    SessionUpdated,
    SpeechStarted,
    SpeechStopped,
)
from web.realtime.settings import (
    ResponseSettings,
    SemanticVad,
    ServerVad,
    SessionSettings,
    changed,
    wanted,
)


class Session:
    def __init__(
        self, *, new_id: Callable[[str], str], ear: Callable[[ServerVad | SemanticVad], Hearing], expires_at: int
    ) -> None:
        """`new_id` gives ids by their prefix, `expires_at` is told to the client."""
        self._new_id = new_id
        self._head = {"object": "realtime.session", "id": new_id("sess"), "model": MODEL, "expires_at": expires_at}
        self._conversation_id = new_id("conv")
        self.conversation = Conversation()
        self.settings = SessionSettings(type="realtime")
        self.response: Response | None = None
        self._listening = Listening(self.settings.audio.input, ear=ear)
        self._speaking: str | None = None
        """The id of the item that what is being said will be."""
        self._is_owed = False
        """Somebody spoke while a response went on that nobody was to interrupt: one more is due."""

    def open(self) -> list[Out]:
        return [SessionCreated(self.as_json())]

    def as_json(self) -> dict[str, Any]:
        return {**self.settings.model_dump(mode="json"), **self._head}

    def prepare(self, event: ClientEvent) -> list[Item]:
        """The new items that an event brings: reading their sound may take long, and changes nothing. Raises
        Problem."""
        return brought(event, make=self._made)

    def take(self, event: ClientEvent, items: list[Item] | None = None) -> list[Out]:
        """Raises Problem, and nothing has changed then. `items` are prepared before, or here. Sound goes through
        `intake` and `hear`."""
        items = self.prepare(event) if items is None else items
        match event:
            case UpdateSession():
                return self._update(event.session)
            case Append():
                return [out for samples in self.intake(event) for out in self.hear(samples)]
            case Commit():
                return self._commit()
            case Clear():
                self._listening.clear()
                self._speaking = None
                return [Cleared()]
            case CreateItem():
                return self._create(event, items[0])
            case RetrieveItem():
                item = self._find(event.item_id, code="item_retrieve_invalid_item_id")
                return [ItemRetrieved(item.as_json(self._format_of(item)))]
            case DeleteItem():
                item = self._find(event.item_id, code="item_delete_invalid_item_id")
                if item.status == "in_progress":
                    raise Problem("This item is still being made.", code="item_in_progress", param="item_id")
                self.conversation.remove(item)
                return [ItemDeleted(item.id)]
            case TruncateItem():
                return self._truncate(event)
            case CreateResponse():
                return self._respond(event.response, new=items)
            case CancelResponse():
                return self._cancel(event.response_id)
            case _:
                assert_never(event)

    def intake(self, event: Append) -> Iterator[Samples]:
        """The sound of an event, slice by slice. Raises Problem before the first."""
        return self._listening.slices(event.audio)

    def hear(self, samples: Samples) -> list[Out]:
        outs: list[Out] = []
        for noticed in self._listening.hear(samples):
            match noticed:
                case Began():
                    outs += self._began(noticed)
                case Over():
                    outs += self._utterance(noticed)
                case _:
                    assert_never(noticed)
        return outs

    def over(self, response: Response) -> list[Out]:
        """The response has come to its end by itself."""
        if self.response is not response:
            return []
        self.response = None
        return self._respond(ResponseSettings()) if self._is_owed else []

    @property
    def language(self) -> str | None:
        """As the client announced it."""
        wish = self.settings.audio.input.transcription
        code = (wish.language or "").lower().partition("-")[0] if wish else ""
        return code if len(code) == 2 and code.isalpha() else None

    @property
    def _detection(self) -> ServerVad | SemanticVad | None:
        return self.settings.audio.input.turn_detection

    def _update(self, change: dict[str, Any]) -> list[Out]:
        before, self.settings = self._detection, changed(self.settings, change)
        self._listening.set(self.settings.audio.input)
        if self._detection != before:
            self._speaking = None
        return [SessionUpdated(self.as_json())]

    def _began(self, began: Began) -> list[Out]:
        self._speaking = self._new_id("item")
        outs: list[Out] = [SpeechStarted(round(began.at_ms), self._speaking)]
        current = self.response
        if current and current.conversation and self._detection and self._detection.interrupt_response:
            outs += self._stop(current, "turn_detected")
        return outs

    def _utterance(self, over: Over) -> list[Out]:
        item_id = self._take_id()
        outs: list[Out] = [SpeechStopped(round(over.to_ms), item_id), *self._committed(item_id, over.samples)]
        if self._detection and self._detection.create_response:
            if self.response is None:
                outs += self._respond(ResponseSettings(), pause_ms=over.pause_ms)
            else:
                self._is_owed = True
        return outs

    def _commit(self) -> list[Out]:
        samples = self._listening.take()
        return self._committed(self._take_id(), samples)

    def _take_id(self) -> str:
        item_id, self._speaking = self._speaking or self._new_id("item"), None
        return item_id

    def _committed(self, item_id: str, samples: Samples) -> list[Out]:
        message = Message(item_id, "user", [user_sound(samples)])
        previous = self.conversation.add(message)
        json = message.as_json()
        committed = Committed(previous, item_id)
        return [committed, ItemAdded(previous, json), ItemDone(previous, json), Transcribe(message)]

    def _create(self, event: CreateItem, item: Item) -> list[Out]:
        if event.item.id and self.conversation.find(event.item.id):
            message = f"There is an item {event.item.id!r} already."
            raise Problem(message, code="item_create_duplicate_item_id", param="item.id")
        at = self._place(event.previous_item_id)
        previous = self.conversation.add(item, at=at)
        json = item.as_json()
        outs: list[Out] = [ItemAdded(previous, json), ItemDone(previous, json)]
        return [*outs, *_to_hear(item)]

    def _place(self, previous: str | None) -> int | None:
        """Where an item goes that comes after this one; None is the end."""
        if previous is None:
            return None
        if previous == "root":
            return 0
        before = self._find(previous, code="item_create_invalid_previous_item_id", param="previous_item_id")
        return self.conversation.items.index(before) + 1

    def _made(self, wish: NewMessage | NewCall | NewOutput) -> Item:
        return made(wish, new_id=self._new_id, intake=self._listening.intake, among=self.conversation.items)

    def _truncate(self, event: TruncateItem) -> list[Out]:
        item = self._find(event.item_id, code="item_truncate_invalid_item_id")
        sound = item.parts[0].sound if isinstance(item, Message) and item.role == "assistant" else None
        if not isinstance(item, Message) or sound is None:
            raise Problem("Only what Dime has spoken can be truncated.", code="invalid_value", param="item_id")
        if event.content_index != 0:
            raise Problem("The only content is 0.", code="invalid_value", param="content_index")
        if event.audio_end_ms > round(sound.duration_ms):
            message = f"The audio has {sound.duration_ms:.0f} ms, which is less than {event.audio_end_ms}."
            raise Problem(message, code="invalid_value", param="audio_end_ms")
        outs: list[Out] = []
        if item.status == "in_progress" and self.response:
            outs += self._stop(self.response, "client_cancelled")
        if sound.pieces:
            sound.truncate(event.audio_end_ms)
            item.parts[0].text = sound.transcript
        truncated = ItemTruncated(item.id, event.content_index, event.audio_end_ms)
        return [*outs, truncated, Rebook(item)]

    def _respond(self, own: ResponseSettings, *, new: Sequence[Item] = (), pause_ms: float = 0.0) -> list[Out]:
        if self.response is not None:
            message = f"The response {self.response.id} is still going on: cancel it, or wait for response.done."
            raise Problem(message, code="conversation_already_has_active_response")
        self._is_owed = False
        wish = wanted(self.settings, own, pause_ms=pause_ms)
        given = self._given(own.input, new)
        unheard = [order for item in new for order in _to_hear(item)]
        is_apart = own.conversation == "none"
        response = Response(
            self._new_id("resp"),
            self._new_id,
            wish,
            asks=given.asked,
            context=given,
            conversation=None if is_apart else self.conversation,
            conversation_id=None if is_apart else self._conversation_id,
        )
        self.response = response
        return [*response.begin(), *unheard, Answer(response)]

    def _given(self, wished: list[dict[str, Any]] | None, new: Sequence[Item]) -> Conversation:
        """What a response answers: the conversation, or the items it was given instead."""
        if wished is None:
            return self.conversation
        given, unplaced = Conversation(), iter(new)
        for wish in wished:
            if is_reference(wish):
                known = str(wish.get("id"))
                given.add(self._find(known, code="item_reference_invalid_item_id", param="response.input"))
            else:
                given.add(next(unplaced))
        return given

    def _cancel(self, response_id: str | None) -> list[Out]:
        if self.response is None or response_id not in (None, self.response.id):
            raise Problem("There is no such response going on.", code="response_cancel_not_active")
        return self._stop(self.response, "client_cancelled")

    def _stop(self, response: Response, reason: Reason) -> list[Out]:
        self.response = None
        outs: list[Out] = [*response.stop(reason), Stop(response, is_barge_in=reason == "turn_detected")]
        return [*outs, *self._respond(ResponseSettings())] if self._is_owed else outs

    def _find(self, item_id: str, *, code: str, param: str = "item_id") -> Item:
        if (item := self.conversation.find(item_id)) is None:
            raise Problem(f"There is no item {item_id[:80]!r} in this conversation.", code=code, param=param)
        return item

    def _format_of(self, item: Item) -> Any:
        audio = self.settings.audio
        is_ours = isinstance(item, Message) and item.role == "assistant"
        return audio.output.format if is_ours else audio.input.format


def _to_hear(item: Item) -> list[Transcribe]:
    return [Transcribe(item)] if isinstance(item, Message) and is_to_be_heard(item) else []
