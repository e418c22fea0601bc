"""Amounts, shares and dates as the reader's locale writes them. For machines they stay as they are."""

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_EVEN, Decimal

from babel.dates import format_date, format_datetime
from babel.numbers import format_currency, format_decimal

LOCALES = {"en": "en_US", "zh": "zh_CN"}


@dataclass(frozen=True)
class Written:
    lang: str
    currency: str

    @property
    def locale(self) -> str:
        return LOCALES.get(self.lang, "en_US")

    def money(self, amount: Decimal | float | None, *, unknown: str = "–", sign: bool = False) -> str:
        """Small amounts keep two figures that are not zero: an answer costs thousandths of a cent."""
        if amount is None:
            return unknown
        exact = amount if isinstance(amount, Decimal) else Decimal(repr(amount))
        written = self.currency_of(rounded(exact), self.currency)
        return f"+{written}" if sign and exact > 0 else written

    def exact(self, amount: Decimal, currency: str) -> str:
        """To the last digit, as it rests in the books."""
        return self.currency_of(amount.normalize() if amount else Decimal(0), currency)

    def currency_of(self, amount: Decimal, currency: str) -> str:
        written: str = format_currency(
            amount, currency, locale=self.locale, currency_digits=False, decimal_quantization=False
        )
        return written.replace("-", "\u2212", 1) if amount < 0 else written

    def number(self, value: Decimal | float, *, places: int = 0) -> str:
        written: str = format_decimal(value, "#,##0" + ("." + "#" * places if places else ""), locale=self.locale)
        return written.replace("-", "\u2212", 1)

    def share(self, part: Decimal | float, whole: Decimal | float = 1, *, places: int = 1) -> str:
        if not whole:
            return "–"
        share = 100 * Decimal(str(part)) / Decimal(str(whole))
        digits: str = format_decimal(share, "#,##0." + "0" * places if places else "#,##0", locale=self.locale)
        return f"{digits}%".replace("-", "\u2212", 1)

    def ratio(self, value: float) -> str:
        """Three figures: 4.61, 41.7, 2,520."""
        if value == 0:
            return "0"
        exact = Decimal(value)
        places = max(0, min(9, 2 - exact.adjusted()))
        written: str = format_decimal(
            round(exact, 2 - exact.adjusted()), "#,##0" + ("." + "0" * places if places else ""), locale=self.locale
        )
        return written

    def day(self, of: date) -> str:
        return str(format_date(of, "medium", locale=self.locale))

    def short_day(self, of: date) -> str:
        return str(format_date(of, "M/d" if self.lang == "zh" else "MMM d", locale=self.locale))

    def moment(self, of: datetime) -> str:
        return str(format_datetime(of, "medium", locale=self.locale).replace("\u202f", " "))


def rounded(amount: Decimal) -> Decimal:
    places = 2 if amount == 0 or abs(amount) >= 1 else min(9, 1 - amount.adjusted())
    return amount.quantize(Decimal(1).scaleb(-places), rounding=ROUND_HALF_EVEN)
