"""What the demo company's customers may ask its tools for."""

from agent.acting.errand import Errand, Slot
from web.shop import asked, told
from web.shop.tools import ShopTools

ORDER = Slot("order", "order_number", pattern=r"\d{5}")
PROOF = Slot("proof", "proof")
WHEN = Slot("when", "time", without={"en": "at any time", "zh": "随时"})
TOPIC = Slot("topic", "text", without={"en": "nothing in particular", "zh": "未说明"})
_HALVES = {"morning": {"en": "morning", "zh": "上午"}, "afternoon": {"en": "afternoon", "zh": "下午"}}


def shop_errands(tools: ShopTools) -> list[Errand]:
    return_check = Errand(
        "return_check",
        lambda: tools.tool("return_check"),
        (ORDER, PROOF),
        phrasings=asked.RETURN_CHECK,
        told=told.RETURN_CHECK,
    )
    return [
        Errand(
            "order_status",
            lambda: tools.tool("order_status"),
            (ORDER, PROOF),
            phrasings=asked.ORDER_STATUS,
            told=told.ORDER_STATUS,
        ),
        return_check,
        Errand(
            "return_label",
            lambda: tools.tool("return_label"),
            (ORDER, PROOF),
            phrasings=asked.RETURN_LABEL,
            told=told.RETURN_LABEL,
            confirm=told.CONFIRM_RETURN_LABEL,
            takes=frozenset({"idempotency_key"}),
            check=return_check,
            fit=frozenset({"small"}),
        ),
        Errand(
            "warehouse_visit",
            lambda: tools.tool("warehouse_visit"),
            (
                ORDER,
                PROOF,
                Slot("day", "date", question={"en": "Which day would you come?", "zh": "您打算哪一天来？"}),
                Slot(
                    "half",
                    "choice",
                    question={"en": "In the morning or in the afternoon?", "zh": "上午还是下午？"},
                    options=_HALVES,
                ),
            ),
            phrasings=asked.WAREHOUSE_VISIT,
            told=told.WAREHOUSE_VISIT,
            confirm=told.CONFIRM_WAREHOUSE_VISIT,
            takes=frozenset({"idempotency_key"}),
            check=return_check,
            fit=frozenset({"returnable", "mattress", "small"}),
        ),
        Errand(
            "call_back",
            lambda: tools.tool("call_back"),
            (Slot("phone", "phone"), WHEN, TOPIC),
            phrasings=asked.CALL_BACK,
            told=told.CALL_BACK,
            confirm=told.CONFIRM_CALL_BACK,
            takes=frozenset({"conversation"}),
        ),
    ]
