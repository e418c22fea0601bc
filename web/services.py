"""Everything that runs, put together once; the doors (chat, calls, command line) are thin around it."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Sequence
from contextlib import aclosing, asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING
from uuid import UUID, uuid4

import structlog
from sqlalchemy import Engine

from agent.acting.audit import Audit
from agent.budget import Budget
from agent.costs import ASKED_BY_EAR, ASKED_BY_EYE, Costs, threshold
from agent.earlier import Earlier
from agent.events import AgentEvent, Announced, Finished, Holding, Said
from agent.grounding.rule_book import RuleBook
from agent.models.cascade import Cascade
from agent.people.contact import says_more
from agent.people.hours import read_hours
from agent.turn import Channel, Turn, Who
from agent.understanding.cleaning import printable
from knowledge.curating.alerts import Alerts
from knowledge.curating.announcements import Announcements
from knowledge.curating.drafts import Drafts
from knowledge.library import Library
from knowledge.matching.retriever import Retriever
from knowledge.privacy.vault import Vault
from roi.people.baseline import Baseline
from roi.pricing.prices import PriceBook
from web.answering.agency import agent_of
from web.answering.errands import Errands
from web.answering.index import LiveIndex
from web.answering.published import Published
from web.answering.rarities import Rarities
from web.books.bookkeeping import Bookkeeper
from web.calling.recordings import Recordings
from web.calling.vocabulary import Vocabulary
from web.chat.news import News
from web.chat.sent_again import OneAtATime
from web.completions.threads import Threads
from web.conversing.conversations import Conversations
from web.conversing.customers import customer_key, read_secret
from web.conversing.holdout import assigned, handed_over, meets_a_person_first
from web.conversing.hub import Hub
from web.desk.audits import Audits
from web.desk.desk import Desk
from web.desk.ratings import Ratings
from web.editor.curation import Curation
from web.editor.reading_jobs import ReadingJobs
from web.operating.metrics import observe
from web.operating.trouble import TroubleWatch
from web.reporting.beyond import CostliestGaps
from web.reporting.track_record import TrackRecord
from web.settings import Settings
from web.telephony.transfer import Transfers

if TYPE_CHECKING:
    from knowledge.reading.fetching import Fetcher
    from web.calling.rendering import RenderingAhead

log = structlog.get_logger()
READING_SECONDS = 120


def _public_fetcher() -> "Fetcher":
    from knowledge.reading.fetching import Fetcher

    return Fetcher(public_only=True)


@dataclass
class Services:
    """What the doors need. Tests hand in doubles; web.assembly makes the real ones."""

    settings: Settings
    engine: Engine
    library: Library
    index: LiveIndex
    books: Bookkeeper
    baseline: Baseline
    prices: PriceBook
    cascade: Cascade = field(default_factory=Cascade)
    errands: Errands | None = None
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    fetcher: Callable[[], "Fetcher"] = _public_fetcher
    """For addresses that come over HTTP."""

    def __post_init__(self) -> None:
        self.hub = Hub()
        self.hours = read_hours(self.settings.hours, zone=self.settings.time_zone, holidays=self.settings.holidays)
        self.transfers = Transfers(self.settings.transfer_to)
        self.jobs = ReadingJobs()
        self.rarities = Rarities(self.library)
        self.published = Published(self.library)
        self.vault = Vault(now=self.now, is_public=self.published.is_public)
        self.conversations = Conversations(self.engine)
        silence = timedelta(minutes=self.settings.conversation_timeout_minutes)
        self.threads = Threads(self.engine, silence=silence, wording=self.kept_together)
        self.under_way = OneAtATime()
        """Widget's messages that are being answered."""
        self.vocabulary = Vocabulary(self.library)
        self.rendering: RenderingAhead | None = None
        """Of the server's own; commands render nothing ahead."""
        self.live_calls = 0
        """Counted by the switchboard, which admits them."""
        self.completing = 0
        """Chat completions under way."""
        self.announcements = Announcements(self.engine, zone=self.settings.time_zone)
        self.rules = RuleBook(self.engine)
        self.audits = Audits(self.engine, share=self.settings.audit_share)
        self.ratings = Ratings(self.engine)
        self.track_record = TrackRecord(self.engine, cascade=self.cascade, now=self.now)
        self.alerts = Alerts(self.engine)
        self.trouble = TroubleWatch(self.engine, alerts=self.alerts, retriever=self.index.current)
        self.news = News(self.announcements, self.conversations, self.now)
        self.desk = Desk(
            self.engine,
            baseline=self.baseline,
            prices=self.prices,
            currency=self.settings.currency,
            writer=self.books.writer,
        )
        self.curation = Curation(
            engine=self.engine,
            library=self.library,
            drafts=Drafts(self.engine),
            retriever=self.retriever,
            threshold=lambda: threshold(self.costs("chat")),
            baseline=self.baseline,
            prices=self.prices,
            currency=self.settings.currency,
        )
        self.gaps = CostliestGaps(
            self.engine, gaps=lambda demo: self.curation.gaps(with_demo=demo), retriever=self.retriever
        )
        self.recordings = Recordings(
            self.settings.home, mode=self.settings.record_calls, zone=self.settings.time_zone, now=self.now
        )
        self.agent = agent_of(self)

    @cached_property
    def audit(self) -> Audit:
        return Audit(self.engine, secret=self.secret)

    def retriever(self) -> Retriever:
        """What answers now."""
        return self.index.current()

    @cached_property
    def secret(self) -> bytes:
        return read_secret(self.settings.home)

    @property
    def model_name(self) -> str | None:
        """Of the first model."""
        return self.cascade.tiers[0].name if self.cascade.tiers else None

    def visitor(self, token: str) -> str:
        """The pseudonymous key of a widget's visitor."""
        return customer_key(self.secret, "visitor", token)

    def caller(self, number: str) -> str:
        """The pseudonymous key of a phone number."""
        return customer_key(self.secret, "caller", number)

    def assigned(self, who: Who) -> Who:
        """With their arm of the experiment, where one runs and they can take part."""
        return assigned(who, share=self.settings.holdout_share, seed=self.settings.holdout_seed)

    def costs(self, channel: Channel) -> Costs:
        """What steers the router, from the books: the human contact by channel, and an assumed wrong answer."""
        return Costs(
            wrong_answer=self.settings.wrong_answer_cost,
            handoff=float(self.baseline.cost(channel)),
            models=self.cascade.candidates(),
            asking=(ASKED_BY_EYE if channel == "chat" else ASKED_BY_EAR) if self.settings.ask_back else None,
        )

    @asynccontextmanager
    async def turn(self, question: str, *, conversation: UUID, who: Who) -> AsyncIterator[tuple[Turn, list[Earlier]]]:
        """A new turn of a conversation and what went before it; while it is open it is charged for the CPU."""
        question = await self.heard(question, conversation=conversation)
        await self._until_ready()
        number, earlier = await asyncio.to_thread(self.conversations.earlier, conversation)
        budget = Budget.chat(self.settings.chat_first_words_ms)
        turn = Turn(question, conversation, who, at=self.now(), number=number + 1, budget=budget, lang=who.lang)
        self.books.open(conversation)
        try:
            yield turn, earlier
        finally:
            observe(turn)
            self.books.close(conversation)

    async def heard(self, words: str, *, conversation: UUID) -> str:
        """A customer's words as they may be kept and sent on; the vault has what they gave away."""
        await self.know_what_is_published()
        return self.kept(words, conversation=conversation)

    async def know_what_is_published(self) -> None:
        """The company's own addresses, which are no customer's."""
        if not self.published.is_read:
            await asyncio.to_thread(self.published.refresh)

    def kept(self, words: str, *, conversation: UUID) -> str:
        """The same where the knowledge's own addresses are read already."""
        return self.vault.mask(printable(words), conversation=conversation)

    def guessed(self, words: str, *, conversation: UUID) -> str:
        """The same for words that are perhaps not said like that: nothing of them is kept."""
        return self.vault.mask(printable(words), conversation=conversation, keeps=False)

    def kept_together(self, words: Sequence[str]) -> list[str]:
        """One conversation's questions as they were kept, wherever it is looked for."""
        vault, conversation = Vault(now=self.now, is_public=self.published.is_public), uuid4()
        return [vault.mask(printable(each), conversation=conversation) for each in words]

    async def _until_ready(self) -> None:
        """A question that comes while a fresh start still reads the knowledge waits for it."""
        if not self.index.is_ready:
            await asyncio.wait_for(self.index.built.wait(), READING_SECONDS)

    async def answer(self, turn: Turn, *, earlier: list[Earlier]) -> AsyncGenerator[AgentEvent, None]:
        """The agent's events; nothing that a customer could notice leaves before the turn is in the books.

        A model's answer is kept before its first clause and again when it is whole. A turn whose reader goes away is
        kept as interrupted, with what was released.
        """
        kept, whole = False, False
        await self.books.count_spending(turn.conversation)
        try:
            async with aclosing(self._answering(turn, earlier)) as events:
                async for event in events:
                    if isinstance(event, Holding) and not kept:
                        await self.books.keep(turn, finished=False)
                    elif isinstance(event, Said) and not kept:
                        whole = turn.action != "model"
                        news = await self.news.due(
                            turn.conversation, lang=turn.lang, channel=turn.who.channel, told=turn.announced
                        )
                        turn.announced += news
                        await self.books.keep(turn, finished=whole)
                        kept = True
                        for told in news:
                            yield Announced(told.text, told.lang)
                    elif isinstance(event, Finished) and not whole:
                        await self.books.keep(turn, finished=True)
                        whole = True
                    yield event
            if turn.reason == "clarified" and earlier:
                await asyncio.to_thread(self.curation.learn_from_choice, turn, earlier[-1])
        finally:
            if not whole:
                turn.interrupted = True
                await asyncio.shield(self.books.keep(turn, finished=True))

    def _answering(self, turn: Turn, earlier: list[Earlier]) -> AsyncGenerator[AgentEvent, None]:
        if meets_a_person_first(turn.who, earlier=earlier, is_staffed=self.is_staffed(turn.who)):
            return handed_over(turn, earlier=earlier)
        return self.agent.answer(turn, earlier=earlier)

    def is_staffed(self, who: Who) -> bool:
        """Within the hours, where there are any: a colleague is at the desk, or the call can be passed on to one."""
        somebody = bool(self.hub.colleagues) or (who.can_be_passed_on and bool(self.transfers))
        return somebody and (self.hours is None or self.hours.is_open(self.now()))

    async def note_call_back(self, turn: Turn, contact: str, wish: str) -> None:
        """One that was arranged in the conversation, by ear or in writing, or the message left with it."""
        is_told = turn.reason == "message_left" or (turn.call_back_in_words and says_more(turn.question))
        await asyncio.to_thread(
            self.desk.note_callback,
            turn.who,
            conversation=turn.conversation,
            contact=contact,
            note=turn.question if is_told else "",
            wish=wish,
            at=self.now(),
        )
        self.hub.tell_desks(turn.conversation)

    async def hand_over(self, who: Who, *, conversation: UUID, reason: str) -> bool:
        """Queues for the desk when somebody is there; False, with the reason noted, when nobody is."""
        if not self.is_staffed(who):
            await asyncio.to_thread(self.desk.note_missed, conversation, reason=reason)
            return False
        await asyncio.to_thread(self.desk.queue, who, conversation=conversation, reason=reason, at=self.now())
        self.hub.tell_desks(conversation)
        return True

    def cost_json(self, turn: UUID) -> dict[str, str] | None:
        """The contract's cost of a turn: the sum of its lines to the last digit, None where one has no price."""
        amount = self.books.cost_of(turn)
        return None if amount is None else {"amount": format(amount, "f"), "currency": self.settings.currency}
