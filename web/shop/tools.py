"""The shop's tools, ordinary LangChain tools over its database. Each gives facts with an `outcome`; the sentences are
elsewhere. An order is shown only with the e-mail address or postcode that belong to it."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any

from web.shop.orders import Order
from web.shop.rules import PICKUP_FEE, delivery_day, judged, visit_problem
from web.shop.store import Shop

if TYPE_CHECKING:
    from langchain_core.tools import BaseTool

Facts = dict[str, Any]
NOT_FOUND: Facts = {"outcome": "not_found"}


@dataclass(frozen=True)
class ShopTools:
    shop: Shop
    note_callback: Callable[[str, str, str], None]
    """Conversation, phone number and topic; puts the call-back on the colleagues' list."""

    def tool(self, name: str) -> "BaseTool":
        return self._tools[name]

    @cached_property
    def _tools(self) -> "dict[str, BaseTool]":
        from langchain_core.tools import tool

        @tool
        def order_status(order: str, proof: str) -> Facts:
            """Where an order is. `proof` is the e-mail address or postcode it is under."""
            found = self.shop.order(order, proof)
            return self._status(found) if found else NOT_FOUND

        @tool
        def return_check(order: str, proof: str) -> Facts:
            """Whether an order can still be returned, until when, and what is paid back."""
            found = self.shop.order(order, proof)
            return self._return(found) if found else NOT_FOUND

        @tool
        def return_label(order: str, proof: str, idempotency_key: str) -> Facts:
            """Sends a return label to the order's e-mail address."""
            found = self.shop.order(order, proof)
            if found is None:
                return NOT_FOUND
            facts = self._return(found)
            if facts["outcome"] != "small":
                return facts
            label = self.shop.send_label(order, key=idempotency_key)
            return {**facts, "outcome": "label_sent", "label": label}

        @tool
        def warehouse_visit(order: str, proof: str, day: str, half: str, idempotency_key: str) -> Facts:
            """Books an appointment to bring furniture back to the warehouse; `half` is morning or afternoon."""
            found = self.shop.order(order, proof)
            if found is None:
                return NOT_FOUND
            wished = date.fromisoformat(day)
            if problem := visit_problem(wished, today=self.shop.today()):
                return {"outcome": problem, "day": day}
            self.shop.book_visit(order, wished, half, key=idempotency_key)
            return {"outcome": f"booked_{half}", "order": order, "day": day}

        @tool
        def call_back(phone: str, when: str, topic: str, conversation: str) -> Facts:
            """Puts a call-back on the colleagues' list."""
            self.note_callback(conversation, phone, f"{topic} ({when})")
            return {"outcome": "noted", "phone": phone}

        made = (order_status, return_check, return_label, warehouse_visit, call_back)
        return {each.name: each for each in made}

    def _status(self, order: Order) -> Facts:
        return {"outcome": order.status, **self._named(order)}

    def _return(self, order: Order) -> Facts:
        found = judged(order, today=self.shop.today())
        until = found.until.isoformat() if found.until else None
        refund = str(found.refund) if found.refund is not None else None
        facts = {"outcome": found.verdict, "until": until, "days_left": found.days_left, "refund": refund}
        return {**self._named(order), **facts, "fee": str(PICKUP_FEE)}

    def _named(self, order: Order) -> Facts:
        delivery = delivery_day(order, today=self.shop.today()).isoformat()
        return {"order": order.number, "piece_en": order.piece_en, "piece_zh": order.piece_zh, "delivery": delivery}
