"""The agent as this company wants it: its people, its tools, its models and its rules."""

from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from agent.acting.actor import Actor, Veil
from agent.agent import Agent
from agent.ahead import Ahead
from agent.people.attending import People
from agent.people.handing_over import topics_of
from agent.people.hours import back_at
from agent.turn import Turn
from web.answering.errands import callback_noter
from web.operating.metrics import observe_ahead, observe_call

if TYPE_CHECKING:
    from web.services import Services


def agent_of(services: "Services") -> Agent:
    """Whatever may change while the server runs is asked of the services anew each turn."""
    cascade = services.cascade
    cascade.may_spend, cascade.tell = services.books.may_spend, observe_call
    return Agent(
        people=_people(services),
        actor=_actor(services),
        searcher=services.index.current,
        costs=services.costs,
        model=cascade,
        now=services.now,
        rules=services.rules.rules,
        ahead=Ahead(observe_ahead, beside=services.books.beside),
    )


def _people(services: "Services") -> People:
    return People(
        is_staffed=services.is_staffed,
        back_at=lambda lang: back_at(services.hours, services.now(), lang=lang),
        note_call_back=services.note_call_back,
        topics=topics_of(services.settings.person_topics),
        restore=lambda turn: services.vault.restore(turn.question, conversation=turn.conversation),
    )


def _actor(services: "Services") -> Actor | None:
    if services.errands is None:
        return None
    zone = ZoneInfo(services.settings.time_zone)
    note = callback_noter(
        services.engine,
        services.desk,
        now=services.now,
        mask=lambda text, conversation: services.kept(text, conversation=conversation),
        tell=services.hub.tell_desks_from_thread,
    )
    services.errands.open_shop(note, now=services.now)

    def veil(turn: Turn) -> Veil:
        return Veil(
            restore=lambda text: services.vault.restore(text, conversation=turn.conversation),
            conceal=lambda text: services.vault.mask(text, conversation=turn.conversation),
        )

    return Actor(
        errands=services.errands.offered,
        audit=lambda: services.audit,
        today=lambda: services.now().astimezone(zone).date(),
        timeout_s=services.settings.tool_timeout_s,
        veil=veil,
    )
