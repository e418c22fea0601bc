"""Figures for machines' texts and logs: as many digits as mean something. For readers see locales.py."""

from decimal import Decimal


def ratio(value: float) -> str:
    """Three figures: 4.61, 41.7, 2,520."""
    if value == 0:
        return "0"
    places = max(0, 2 - Decimal(value).adjusted())
    rounded = round(value, 2 - Decimal(value).adjusted())
    return f"{rounded:,.{min(places, 9)}f}"
