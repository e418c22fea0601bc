"""Plays a month of conversations through the real agent, so that a manager has something to look at.

The customers and the colleague's replies are written, their number, hours and handling times are drawn from a seed;
what Dime answers, and what that costs, is whatever it really does.
"""

import csv
import math
import random
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from pathlib import Path
from uuid import UUID, uuid4
from zoneinfo import ZoneInfo

from agent.events import HandedOver
from agent.turn import Who
from web.desk.desk import Outcome
from web.reporting.sales import shop_of, take_from_shop
from web.services import Services
from web.shop.orders import ORDERS

SCRIPT = Path(__file__).with_name("month.csv")
COLLEAGUES = ("Ana", "Ben", "Mei")
WAIT_SECONDS = 45.0
"""Mean time to be taken at the desk."""
HANDLING_SECONDS = 480.0
"""Median time a colleague works on a conversation; drawn from a lognormal, so that some take long."""
TYPING_SECONDS = 25.0
FEEDBACK_SHARE = 0.15
"""How many customers give a thumb."""
RATING_SHARE = 0.3
"""How many of those who are asked rate a contact."""
SCORE_WEIGHTS = (4, 5, 13, 33, 45)
"""Of 1 to 5, the same for Dime and for colleagues: a difference between them would be made up."""
ORDER_SHARE = 0.03
"""How many conversations are followed by an order, and within how many hours; answered or not."""
ORDER_HOURS = 48.0
HOUR_WEIGHTS = (2, 4, 7, 9, 10, 9, 8, 8, 8, 7, 7, 6, 6, 5, 4, 2)
OPEN_HOURS = dict(zip(range(7, 23), HOUR_WEIGHTS, strict=True))


@dataclass(frozen=True)
class Step:
    text: str
    kind: str


@dataclass(frozen=True)
class Dialogue:
    name: str
    lang: str
    channel: str
    weight: int
    steps: tuple[Step, ...]


@dataclass
class Played:
    conversations: int = 0
    turns: int = 0
    handed_over: int = 0


class Clock:
    """The demo's own time, handed to the services in place of the real one."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at

    def pass_seconds(self, seconds: float) -> None:
        self.at += timedelta(seconds=seconds)


def dialogues(*, channel: str, path: Path = SCRIPT) -> list[Dialogue]:
    with path.open(encoding="utf-8", newline="") as script:
        rows = list(csv.DictReader(script))
    found = []
    for name, steps in groupby(rows, key=lambda row: row["dialogue"]):
        listed = list(steps)
        first = listed[0]
        written = tuple(Step(row["text"], row["kind"]) for row in listed)
        found.append(Dialogue(name, first["lang"], first["channel"], int(first["weight"]), written))
    return [dialogue for dialogue in found if dialogue.channel == channel]


def begin_times(*, count: int, days: int, until: datetime, zone: ZoneInfo, chance: random.Random) -> list[datetime]:
    """When conversations begin: more on weekdays, most late in the morning, in the company's own time."""
    times: list[datetime] = []
    today = until.astimezone(zone).replace(minute=0, second=0, microsecond=0)
    while len(times) < count:
        day = today - timedelta(days=chance.uniform(0, days))
        if day.weekday() >= 5 and chance.random() < 0.45:
            continue
        hour = chance.choices(list(OPEN_HOURS), list(OPEN_HOURS.values()))[0]
        at = day.replace(hour=hour, minute=chance.randrange(60), second=chance.randrange(60))
        if at < until:
            times.append(at.astimezone(until.tzinfo))
    return sorted(times)


class Month:
    def __init__(self, services: Services, *, clock: Clock, seed: int = 1) -> None:
        self._services = services
        self._clock = clock
        self._chance = random.Random(seed)
        self._afterwards = random.Random(f"{seed} afterwards")
        """Apart, so that what customers do afterwards does not change whom the month is made of."""
        self._visitors = [f"demo-{seed}-{number}" for number in range(400)]

    async def play(
        self, *, count: int, days: int, until: datetime, progress: Callable[[int], None] = lambda _: None
    ) -> Played:
        played = Played()
        chats = dialogues(channel="chat")
        weights = [dialogue.weight for dialogue in chats]
        zone = ZoneInfo(self._services.settings.time_zone)
        times = begin_times(count=count, days=days, until=until, zone=zone, chance=self._chance)
        for number, at in enumerate(times, 1):
            self._clock.at = at
            await self._play_chat(self._chance.choices(chats, weights)[0], played, until=until)
            progress(number)
        take_from_shop(self._services)
        return played

    async def _play_chat(self, dialogue: Dialogue, played: Played, *, until: datetime) -> None:
        services, conversation = self._services, uuid4()
        visitor = services.visitor(self._chance.choice(self._visitors))
        who = Who("chat", lang=dialogue.lang if dialogue.lang == "zh" else "en", customer=visitor, demo=True)
        waiting, by = False, "timeout"
        replies = [step.text for step in dialogue.steps if step.kind == "colleague_reply"]
        turns: list[UUID] = []
        for step in _customer_steps(dialogue):
            self._clock.pass_seconds(self._chance.expovariate(1 / TYPING_SECONDS))
            if waiting:
                heard = await services.heard(step.text, conversation=conversation)
                services.desk.hear(conversation, text=heard, at=self._clock())
                continue
            async with services.turn(step.text, conversation=conversation, who=who) as (turn, earlier):
                async for event in services.answer(turn, earlier=earlier):
                    if isinstance(event, HandedOver):
                        services.desk.queue(who, conversation=conversation, reason=event.reason, at=self._clock())
                        waiting = True
            turns.append(turn.id)
            played.turns += 1
            by = "customer" if turn.reason == "goodbye" else "timeout"
        if waiting:
            self._handle(conversation, replies=replies)
            played.handed_over += 1
        else:
            self._rate(conversation, turns=turns)
            services.conversations.close(conversation, by=by, at=self._clock())
        played.conversations += 1
        self._afterwards_of(conversation, visitor=visitor, until=until)

    def _handle(self, conversation: UUID, *, replies: list[str]) -> None:
        desk, colleague = self._services.desk, self._chance.choice(COLLEAGUES)
        self._clock.pass_seconds(self._chance.expovariate(1 / WAIT_SECONDS))
        desk.take(conversation, colleague=colleague, at=self._clock())
        seconds = min(3_600.0, self._chance.lognormvariate(math.log(HANDLING_SECONDS), 0.5))
        for reply in replies or ["Let me look into this for you."]:
            self._clock.pass_seconds(seconds / (len(replies) + 1))
            desk.reply(conversation, colleague=colleague, text=reply, at=self._clock())
        self._clock.pass_seconds(seconds / (len(replies) + 1))
        outcome: Outcome = "solved" if self._chance.random() < 0.85 else "unsolved"
        desk.close(conversation, colleague=colleague, outcome=outcome, at=self._clock())

    def _rate(self, conversation: UUID, *, turns: list[UUID]) -> None:
        if turns and self._chance.random() < FEEDBACK_SHARE:
            helpful = self._chance.random() < 0.85
            self._services.conversations.thumb(conversation, turn=turns[-1], helpful=helpful)

    def _afterwards_of(self, conversation: UUID, *, visitor: str, until: datetime) -> None:
        """A rating, perhaps, and perhaps an order in the shop."""
        services, chance = self._services, self._afterwards
        services.ratings.ask(conversation, at=self._clock())
        if chance.random() < RATING_SHARE:
            score = chance.choices(range(1, 6), SCORE_WEIGHTS)[0]
            services.ratings.rate(conversation, score=score, at=self._clock())
        ordered = chance.random() < ORDER_SHARE
        at = self._clock() + timedelta(hours=chance.uniform(0, ORDER_HOURS))
        amount = chance.choice(ORDERS).price
        if ordered and at < until:
            shop_of(services).place(visitor, at=at, amount=amount, currency="USD")


def _customer_steps(dialogue: Dialogue) -> Iterator[Step]:
    return (step for step in dialogue.steps if step.kind != "colleague_reply")
