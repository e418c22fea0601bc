"""Worked figures of prices, lines and the human baseline."""

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from agent.usage import Meter, Unit, Usage
from roi.books.ledger import CostLine, amount, total
from roi.people.baseline import Baseline, Figure
from roi.pricing.pricefile import PriceRow, RateRow
from roi.pricing.prices import PriceBook
from roi.report import Sum
from tests.oracles import Given, covers

PRICE_UNITS = {"input_text": "input_token", "input_cached": "cached_token", "input_audio": "input_audio_token",
               "output_text": "output_token", "output_audio": "output_audio_token"}  # fmt: skip
THEN = datetime(2025, 6, 1, tzinfo=UTC)


def book(prices: dict[str, str], *, per: int = 10**6, **dates: Any) -> list[PriceRow]:
    return [
        PriceRow(vendor="v", model="m", unit=unit, amount=Decimal(price), per=per, currency="USD", source="s",
                 grade="A", **dates)
        for unit, price in prices.items()
    ]  # fmt: skip


def cost(prices: PriceBook, unit: Unit, quantity: int | str, *, at: datetime = THEN, meter: Meter = "llm") -> Decimal:
    price = prices.price(Usage(meter, "v", "m", unit, Decimal(quantity), at))
    assert price is not None
    return price.of(Decimal(quantity))


def token_book(given: Given) -> PriceBook:
    by_unit = {PRICE_UNITS[name]: price for name, price in given["price_per_million_usd"].items()}
    return PriceBook((book(by_unit),), listed=False)


def tokens(given: Given) -> dict[Unit, int]:
    cached, audio = given["cached_input_tokens"], given.get("audio_input_tokens", 0)
    return {
        "input_token": given["input_tokens_total"] - cached - audio,
        "cached_token": cached,
        "input_audio_token": audio,
        "output_token": given.get("output_tokens", given.get("output_text_tokens")),
        "output_audio_token": given.get("output_audio_tokens", 0),
    }


@covers("token_cost")
def token_cost(given: Given) -> dict[str, Any]:
    prices, buckets = token_book(given), tokens(given)
    usd = sum((cost(prices, unit, n) for unit, n in buckets.items() if n), Decimal(0))
    twice = usd + cost(prices, "input_token", buckets["cached_token"])
    return {"input_text_tokens": buckets["input_token"], "usd": usd, "naive_usd": twice}


@covers("price_effective_dating")
def effective(given: Given) -> dict[str, Any]:
    rows = [
        row
        for dated in given["prices"]
        for row in book(
            {"input_token": dated["input"], "output_token": dated["output"]},
            effective_from=dated["effective_from"],
            effective_to=dated["effective_to"],
        )
    ]

    def on(day: str) -> Decimal:
        at = datetime.fromisoformat(day).replace(tzinfo=UTC)
        used = given["usage"]
        prices = PriceBook((rows,), listed=False)
        return cost(prices, "input_token", used["input"], at=at) + cost(prices, "output_token", used["output"], at=at)

    first, second = on(given["first_date"]), on(given["second_date"])
    return {"as_incurred_first_usd": first, "as_incurred_second_usd": second, "repriced_usd": second}


@covers("voice_call")
def voice_call(given: Given) -> dict[str, Any]:
    def minutes(price: str) -> Decimal:
        return cost(PriceBook((book({"minute": price}, per=1),), listed=False), "minute", given["minutes"])

    spoken = PriceBook((book({"spoken_character": given["tts_per_million_characters"]}),), listed=False)
    parts = {
        "telephony": minutes(given["telephony_per_min"]),
        "stt": minutes(given["stt_per_min"]),
        "recording": minutes(given["recording_per_min"]),
        "llm": token_cost(given)["usd"],
        "tts": cost(spoken, "spoken_character", given["tts_characters"], meter="tts"),
    }
    return {**parts, "total": sum(parts.values(), Decimal(0))}


def line(of: str | None) -> CostLine:
    known = None if of is None else Decimal(of)
    return CostLine(kind="llm", meter="llm", vendor="v", model="m", unit="call", quantity=Decimal(1), amount=known,
                    currency="USD", grade="D")  # fmt: skip


@covers("unknown_price")
def unknown_price(given: Given) -> dict[str, Any]:
    lines = [line(of) for of in given["lines"]]
    known = [of.amount for of in lines if of.amount is not None]
    summed = Sum(sum(known, Decimal(0)), len(lines), len(known))
    return {"total": total(lines), "lower_bound": summed.known, "priced_lines": summed.priced,
            "coverage": summed.coverage, "complete": summed.is_complete}  # fmt: skip


@covers("price_coverage")
def price_coverage(given: Given) -> dict[str, Any]:
    summed = Sum(Decimal(given["known_total"]), given["events"], given["priced_events"])
    return {"coverage": summed.coverage, "lower_bound": summed.known, "mean_imputed": summed.imputed}


@covers("fx")
def fx(given: Given) -> dict[str, Any]:
    def usd(rate: str) -> Decimal:
        one = PriceBook(rates=(rate_row(rate),)).rate("CNY", "USD", date(2026, 1, 2))
        assert one is not None
        return amount(Decimal(given["amount_cny"]), unit_price=Decimal(1), per=1, fx_rate=one.rate)

    first, second = usd(given["rate_first"]), usd(given["rate_second"])
    return {"usd_first": first, "usd_second": second, "percent_change": 100 * (second / first - 1)}


def rate_row(rate: str) -> RateRow:
    return RateRow.model_validate(
        {"from": "USD", "to": "CNY", "date": "2026-01-01", "rate": rate, "source": "s", "grade": "D"}
    )


def figure(value: Any) -> Figure:
    return Figure("f", "f", Decimal(str(value)), "", "", "", "", "D")


def human(given: Given, *, salary: float, paid_hours: float, **aht: float) -> Baseline:
    return Baseline(
        id="b", name={"en": "b"}, geography="", currency="USD", offshore=False, salary=figure(salary),
        burden=figure(given.get("burden", 1)), overhead=figure(given.get("overhead", 0)), paid_hours=figure(paid_hours),
        shrinkage=figure(given["shrinkage"]), occupancy=figure(given["occupancy"]),
        concurrency=figure(given.get("chat_concurrency", 1)), aht={name: figure(s) for name, s in aht.items()},
        fcr=figure(1), human_durability=figure(1),
    )  # fmt: skip


@covers("human_china")
def china(given: Given) -> dict[str, Any]:
    of = human(given, salary=given["annual_cost"], paid_hours=12 * given["paid_hours_month"], phone=given["aht_s"])
    return {"per_handling_hour": of.per_handling_hour, "per_call": of.cost("phone")}


@covers("human_salary", "human_us", "human_philippines")
def salaried(given: Given) -> dict[str, Any]:
    aht = {"phone": given["voice_aht_s"], "chat": given["chat_aht_s"], "email": given["email_aht_s"]}
    of = human(given, salary=given["salary"], paid_hours=given["paid_hours"], **aht)
    return {"loaded": of.loaded, "handling_hours": of.handling_hours, "per_handling_hour": of.per_handling_hour,
            "voice": of.cost("phone"), "chat": of.cost("chat"), "email": of.cost("email")}  # fmt: skip
