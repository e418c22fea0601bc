"""Money and quantities: exact decimals in the program, integers of 1e-9 at rest.

A database's own decimals are not exact (SQLite keeps floats), and a total must equal the sum of its lines to the last
digit, so amounts rest as integers, are rounded half-even once, and are summed as integers.
"""

from decimal import ROUND_HALF_EVEN, Context, Decimal, InvalidOperation, localcontext
from fractions import Fraction
from functools import lru_cache
from typing import Any

from sqlalchemy import BigInteger, ColumnElement, func, type_coerce
from sqlalchemy.engine import Dialect
from sqlalchemy.types import TypeDecorator

NANO = 10**9
LARGEST_NANO = 2**63 - 1
ONE_NANO = Decimal("1e-9")
WIDE = Context(prec=60, rounding=ROUND_HALF_EVEN)
"""For nearly all decimals a tenth of the time that fractions take; the rest are fractions."""

ISO_4217 = (
    "AED AFN ALL AMD ANG AOA ARS AUD AWG AZN BAM BBD BDT BGN BHD BIF BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF "
    "CLP CNY COP CRC CUP CVE CZK DJF DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GNF GTQ GYD HKD HNL HTG "
    "HUF IDR ILS INR IQD IRR ISK JMD JOD JPY KES KGS KHR KMF KPW KRW KWD KYD KZT LAK LBP LKR LRD LSL LYD MAD MDL MGA "
    "MKD MMK MNT MOP MRU MUR MVR MWK MXN MYR MZN NAD NGN NIO NOK NPR NZD OMR PAB PEN PGK PHP PKR PLN PYG QAR RON RSD "
    "RUB RWF SAR SBD SCR SDG SEK SGD SHP SLE SOS SRD SSP STN SYP SZL THB TJS TMT TND TOP TRY TTD TWD TZS UAH UGX USD "
    "UYU UZS VED VES VND VUV WST XAF XCD XOF XPF YER ZAR ZMW ZWG"
)
"""The currencies in use."""


def is_currency(code: str) -> bool:
    return code in ISO_4217.split()


@lru_cache(4096)  # a turn's lines ask for each amount four times, to be linked, stored and added up
def to_nano(amount: Decimal | Fraction | int) -> int:
    """The amount in units of 1e-9, rounded half-even; OverflowError beyond about 9.2 thousand million."""
    try:
        nano = int(WIDE.quantize(amount, ONE_NANO).scaleb(9, WIDE)) if isinstance(amount, Decimal) else None
    except InvalidOperation:
        nano = None
    nano = round(Fraction(amount) * NANO) if nano is None else nano
    if abs(nano) > LARGEST_NANO:
        raise OverflowError(f"{float(amount):g} does not fit a column of 1e-9 units")
    return nano


def from_nano(nano: int) -> Decimal:
    """Exact at any size: a report's totals may be larger than one column holds."""
    with localcontext() as context:
        context.prec = max(28, len(str(nano)))
        return Decimal(nano).scaleb(-9)


class Nano(TypeDecorator[Decimal]):
    """A Decimal in Python, a BIGINT of 1e-9 units at rest, the same on SQLite and PostgreSQL."""

    impl = BigInteger
    cache_ok = True

    def process_bind_param(self, value: Decimal | None, dialect: Dialect) -> int | None:  # noqa: ARG002
        return None if value is None else to_nano(value)

    def process_result_value(self, value: int | None, dialect: Dialect) -> Decimal | None:  # noqa: ARG002
        return None if value is None else from_nano(int(value))


def nano_sums(column: Any) -> tuple[ColumnElement[int], ColumnElement[int]]:
    """Two SQL sums, of whole units and of the rest, which together are the exact sum of a Nano column.

    One sum of integers overflows SQLite's 64 bits at nine thousand million units, which heard milliseconds reach.
    """
    resting = type_coerce(column, BigInteger)
    return func.sum(resting // NANO, type_=BigInteger), func.sum(resting % NANO, type_=BigInteger)


def joined(whole: int | None, rest: int | None) -> int:
    """The exact sum in 1e-9 units, of what `nano_sums` returned; nothing summed is 0."""
    return int(whole or 0) * NANO + int(rest or 0)
