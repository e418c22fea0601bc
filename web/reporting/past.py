"""The company's past put to today's knowledge: puts together history, router, costs and the human baseline."""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any

from agent.costs import Costs
from agent.embedding import EmbeddingMeter
from agent.router import route
from agent.turn import Channel
from agent.understanding.language import ANSWERED, language_of
from knowledge.history.answering import Decision, find
from knowledge.history.contact_rows import ContactRow
from knowledge.history.mining import Mined, groups_of, keep
from knowledge.history.past import Past
from knowledge.history.replay import NO_INTENT, IntentLine, Judged, Replay, judge, replay
from knowledge.history.sampling import Progress, draw
from knowledge.history.volumes import Volumes, count
from knowledge.matching.vectors import Vectors
from roi.books.money import from_nano, to_nano
from roi.judging.rates import wilson
from roi.people.baseline import Baseline
from roi.people.past import SAME_WORK
from roi.planning.start import DAYS_A_MONTH
from web.assembly import embeddings
from web.services import Services


@dataclass(frozen=True)
class Study:
    """What the history says about the knowledge of today, and what it cost at the desk."""

    replay: Replay
    volumes: Volumes
    baseline: Baseline
    mined: Mined | None = None

    @property
    def months(self) -> float | None:
        days = self.volumes.days
        return None if days is None else max(1.0, days / DAYS_A_MONTH)

    def a_month(self, line: IntentLine) -> Decimal | None:
        """What people's work on this intent cost a month; None where the history has no times."""
        if self.months is None or not self.replay.questions:
            return None
        scale = self.replay.of / self.replay.questions / self.months
        cost = sum((self._cost(channel, *seen) for channel, seen in line.by_channel.items()), Decimal(0))
        return from_nano(to_nano(cost * Decimal(scale)))

    def _cost(self, channel: str, contacts: int, seconds: Sequence[float]) -> Decimal:
        """By the seconds measured on this intent, else on this channel, else those of the baseline."""
        known = SAME_WORK.get(channel, channel)
        measured = [line for line in self.volumes.lines if line.channel == channel and line.mean_seconds is not None]
        many = sum(line.measured for line in measured)
        if seconds:
            mean = Decimal(sum(seconds) / len(seconds))
        elif many:
            mean = Decimal(sum(line.measured * (line.mean_seconds or 0) for line in measured) / many)
        else:
            mean = self.baseline.aht[known].value
        return contacts * self.baseline.cost_of(mean, known)


def study(services: Services, *, most: int, at_least: int | None, progress: Progress) -> Study:
    """Replays, and with `at_least` mines groups of so many contacts for drafts. The index must be built. Blocks."""
    past = Past(services.engine)
    contacts = past.contacts()
    meter = EmbeddingMeter(vendor=services.settings.embeddings_vendor, beside=services.books.beside)
    vectors = Vectors(embeddings(services.settings), _folder(services), asked=meter.asked)
    sample = draw(contacts, vectors, most=most, progress=progress)
    entries = services.library.entries()
    found = find(
        sample,
        services.index.current(),
        decide=lambda row, confidences: _decide(services, row, confidences),
        today=services.library.today(),
    )
    said = [entry.answer for entry in entries if entry.answer]
    judged = judge(found, entry_answers=said, of_answers=vectors.of_answers, progress=progress)
    mined = None
    if at_least is not None:
        strangers = {one.found.contact.id for one in judged if one.by_answer == "differs"}
        groups = groups_of(
            found,
            sample,
            strangers=strangers,
            meanings=services.index.current().place(sample.vectors),
            at_least=at_least,
            of_answers=vectors.of_answers,
            progress=progress,
        )
        demo = bool(contacts) and all(row.demo for row in contacts)
        mined = keep(services.engine, found, groups, strangers=strangers, demo=demo)
        contacts = past.contacts()
        filed = {row.id: row.intent for row in contacts}
        for one in found:
            one.contact.intent = filed[one.contact.id]
    return Study(replay(found, judged, of=sample.of), count(contacts), services.baseline, mined)


def forget_vectors(services: Services) -> None:
    """What was worked out from the contacts' texts; what is left of them is worked out again."""
    shutil.rmtree(_folder(services), ignore_errors=True)


def study_json(made: Study, *, most_disagreements: int = 20) -> dict[str, Any]:
    done = made.replay
    volumes = made.volumes
    return {
        "questions": done.questions,
        "of": done.of,
        "answered": done.answered,
        "composed": done.composed,
        "containment": _share(done.answered, done.questions),
        "judged": {
            "how": how_judged(done),
            "right": done.right,
            "wrong": done.wrong,
            "unjudged": done.unjudged,
            "rightly": _share(done.right, done.right + done.wrong),
        },
        "period": {
            "from": volumes.first_at,
            "to": volumes.last_at,
            "months": made.months,
            "contacts": volumes.contacts,
        },
        "currency": made.baseline.currency,
        "baseline": made.baseline.id,
        "intents": [_intent_json(made, line) for line in done.intents],
        "disagreements": [_disagreement(one) for one in done.disagreements(most_disagreements)],
        "mined": vars(made.mined) if made.mined else None,
    }


def how_judged(done: Replay) -> str:
    by_answer = sum(one.by_answer is not None for one in done.judged)
    by_topic = sum(one.by_answer is None and one.verdict is not None for one in done.judged)
    return (
        f"{by_answer} of {done.answered} answers by likeness to what the colleague answered (meaning and figures), "
        f"{by_topic} by the export's topic, {done.unjudged} could not be judged"
    )


def _decide(services: Services, row: ContactRow, confidences: list[float]) -> Decision:
    """What the router does at today's costs; e-mails and tickets as if they had been put by chat."""
    if row.lang not in ANSWERED or language_of(row.question, previous=row.lang) not in ANSWERED:
        return "handoff"
    channel: Channel = "phone" if row.channel == "phone" else "chat"
    costs: Costs = services.costs(channel)
    action = route(confidences, costs=costs).action
    return "answer" if action == "answer" else "model" if action == "model" else "handoff"


def _intent_json(made: Study, line: IntentLine) -> dict[str, Any]:
    a_month = made.a_month(line)
    return {
        "intent": None if line.intent == NO_INTENT else line.intent,
        "contacts": line.contacts,
        "share": line.contacts / made.replay.questions,
        "answered_share": line.answered / line.contacts,
        "mean_handling_seconds": line.mean_seconds,
        "median_handling_seconds": line.median_seconds,
        "measured": len(line.handling),
        "by_channel": {channel: contacts for channel, (contacts, _) in line.by_channel.items()},
        "cost_a_month": None if a_month is None else format(a_month, "f"),
    }


def _disagreement(one: Judged) -> dict[str, Any]:
    entry, contact = one.found.entry, one.found.contact
    return {
        "question": contact.question,
        "entry": entry.id if entry else None,
        "answer": entry.answer if entry else None,
        "colleague": contact.answer or None,
        "topic": contact.topic,
        "likeness": one.likeness,
        "contact": contact.external_id,
    }


def _share(count: int, sample: int) -> dict[str, float | None]:
    lower, upper = wilson(count, sample)
    return {"value": count / sample if sample else None, "lower": lower, "upper": upper}


def _folder(services: Services) -> Path:
    return services.settings.home / "history"
