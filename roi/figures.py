"""Figures as a manager reads them: as many digits as mean something, and a currency that cannot be mistaken."""

from decimal import ROUND_HALF_EVEN, Decimal


def money(amount: Decimal | None, currency: str, *, unknown: str = "?") -> str:
    """`12,345.60 USD`; small amounts keep two figures that are not zero: an answer costs thousandths of a cent."""
    return unknown if amount is None else f"{plain(amount)} {currency}"


def plain(amount: Decimal) -> str:
    places = 2 if amount == 0 or abs(amount) >= 1 else min(9, 1 - amount.adjusted())
    rounded = amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
    return f"{rounded:,f}"


def quantity(amount: Decimal) -> str:
    return f"{amount:,.0f}" if amount == amount.to_integral_value() else f"{amount:,.2f}"


def ratio(value: float) -> str:
    """Three figures: 4.61, 41.7, 2,520."""
    if value == 0:
        return "0"
    places = max(0, 2 - Decimal(value).adjusted())
    rounded = round(value, 2 - Decimal(value).adjusted())
    return f"{rounded:,.{min(places, 9)}f}"


def percent(part: float, whole: float) -> str:
    return f"{100 * part / whole:.1f}" if whole else "0.0"
