"""The minutes of a telephone call, as whoever carries them counts them."""

from datetime import datetime
from decimal import Decimal

from agent.usage import Usage
from web.telephony.arrivals import SWITCHES

CARRIERS = {"twilio": "twilio"}
"""By door; behind a switch of one's own it is the trunk's."""


def minutes(door: str, duration_s: float, *, at: datetime) -> Usage | None:
    """None behind a door that no telephone company stands before, and where no time went by."""
    if door not in SWITCHES or duration_s <= 0:
        return None
    spent = Decimal(round(duration_s * 1000)) / 60_000
    return Usage("telephony", CARRIERS.get(door, "trunk"), door, "minute", round(spent, 6), at)
