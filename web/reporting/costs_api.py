"""REST under /api/v1/roi/costs: costs of a period, entered and listed."""

import asyncio
from datetime import date
from decimal import Decimal
from typing import Any

from fastapi import APIRouter, HTTPException
from pydantic import BaseModel, ConfigDict, Field
from sqlmodel import Session

from roi.books.period_costs import CostError, Entered, Method, PeriodKind
from roi.books.period_entries import entries
from web.access import Colleague, Wired
from web.reporting.period_costs import enter_cost

router = APIRouter(prefix="/api/v1/roi/costs", dependencies=[Colleague], tags=["roi"])


class CostIn(BaseModel):
    """Money as a decimal string; an amount or hours, a last day or a number of months."""

    model_config = ConfigDict(extra="forbid", populate_by_name=True)

    kind: PeriodKind
    first: date = Field(alias="from")
    last: date | None = Field(default=None, alias="to")
    amount: Decimal | None = None
    hours: Decimal | None = None
    rate: Decimal | None = None
    currency: str | None = None
    months: int | None = None
    method: Method = "straight"
    yearly_rate: Decimal = Decimal(0)
    volumes: list[int] = Field(default=[], max_length=600)
    vendor: str = Field(default="own", max_length=200)
    note: str = Field(default="", max_length=2000)
    assumed: bool = False
    discount: bool = False
    again: bool = False


@router.get("")
async def list_costs(services: Wired) -> list[dict[str, Any]]:
    """By the first day, with what corrections made of them."""

    def found() -> list[dict[str, Any]]:
        with Session(services.engine) as session:
            return [entry.as_json() for entry in entries(session)]

    return await asyncio.to_thread(found)


@router.post("", status_code=201)
async def add_cost(services: Wired, cost: CostIn) -> dict[str, Any]:
    """Books a cost of a period. 422 where it cannot be right."""
    given = cost.model_dump(exclude={"assumed", "discount"})
    entered = Entered(**given, is_assumed=cost.assumed, is_discount=cost.discount)
    try:
        entry = await asyncio.to_thread(enter_cost, services, entered)
    except CostError as error:
        raise HTTPException(422, str(error)) from error
    return entry.as_json()
