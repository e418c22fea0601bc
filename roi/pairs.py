"""Sets what each customer's contacts cost the AI against what they would have cost with a person, in SQL."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import BigInteger, Connection, Float, String, case, cast, func, literal, select, type_coerce
from sqlmodel import col

from roi.confidence import Moments
from roi.ledger import HUMAN_KINDS, CostLine
from roi.money import NANO
from roi.tally import Scope, is_unknown, number


@dataclass(frozen=True)
class Pairs:
    """Each customer's conversations as one unit: what they cost, and what they would have cost with a person."""

    customers: int
    contacts: int
    unknown: int
    """Lines without an amount: with any, the AI's cost is a lower bound."""
    moments: Moments | None
    """None with fewer than two customers."""


def pairs(connection: Connection, scope: Scope, *, human: Mapping[str, float], currency: str) -> Pairs:
    """AI cost of its own (no person's time, no period costs) against the baseline of each contact's channel.

    The customer is the unit: contacts of one customer are not independent. An unlinked contact is a unit by itself.
    """
    amount = type_coerce(CostLine.amount, BigInteger)
    unit = func.coalesce(col(CostLine.customer), cast(col(CostLine.conversation_id), String(36)))
    each = (
        select(
            unit.label("unit"),
            case(*((col(CostLine.channel) == name, literal(cost, Float)) for name, cost in human.items()), else_=0.0)
            .label("human"),
            func.sum(amount).label("ai"),
            number(is_unknown()).label("unknown"),
        )
        .where(
            scope.of(CostLine),
            col(CostLine.conversation_id).is_not(None),
            col(CostLine.kind).not_in(HUMAN_KINDS),
            col(CostLine.eligible),
            col(CostLine.currency) == currency,
            col(CostLine.channel).in_(list(human)),
        )
        .group_by(col(CostLine.conversation_id), unit, col(CostLine.channel))
        .subquery()
    )  # fmt: skip
    customer = (
        select(
            func.sum(each.c.human).label("h"),
            (func.coalesce(func.sum(each.c.ai), 0) / literal(float(NANO), Float)).label("a"),
            func.count().label("contacts"),
            func.sum(each.c.unknown).label("unknown"),
        )
        .group_by(each.c.unit)
        .subquery()
    )
    h, a = customer.c.h, customer.c.a
    sums = connection.execute(
        select(
            func.count(), func.sum(customer.c.contacts), func.sum(customer.c.unknown),
            func.sum(h), func.sum(a), func.sum(h * h), func.sum(a * a), func.sum(h * a),
        )
    ).one()  # fmt: skip
    count, contacts, unknown = (int(value or 0) for value in sums[:3])
    return Pairs(count, contacts, unknown, moments(count, [float(value or 0) for value in sums[3:]]))


def moments(n: int, sums: Sequence[float]) -> Moments | None:
    if n < 2:
        return None
    h, a, hh, aa, ha = sums
    return Moments(
        human=h / n,
        ai=a / n,
        human_variance=max(0.0, (hh - h * h / n) / (n - 1)),
        ai_variance=max(0.0, (aa - a * a / n) / (n - 1)),
        covariance=(ha - h * a / n) / (n - 1),
    )
