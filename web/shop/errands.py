"""What the demo company's customers may ask its tools for: in which words, with which questions, and what is said."""

from agent.acting.errand import Errand, Slot
from web.shop.tools import ShopTools

ORDER = Slot("order", "order_number", pattern=r"\d{5}")
PROOF = Slot("proof", "proof")
_NO_RETURN = {
    "too_late": {
        "en": "Order {order}, {piece}, could be returned until {until:date}; that day is past.",
        "zh": "订单{order}({piece})的退货期限是{until:date},现在已经过了。",
    },
    "made_to_order": {
        "en": "Order {order}, {piece}, is made to order, so it cannot be returned. If it arrives faulty, we repair or "
        "replace it.",
        "zh": "订单{order}({piece})是定制商品,不能退货;如有质量问题,我们负责维修或更换。",
    },
    "not_delivered": {
        "en": "Order {order}, {piece}, has not been delivered yet; it is due on {delivery:date}. Its return period "
        "begins that day.",
        "zh": "订单{order}({piece})还没有送达,预计{delivery:date}送到,退货期从那天算起。",
    },
    "closed": {
        "en": "Order {order} was cancelled or returned already.",
        "zh": "订单{order}已经取消或退货了。",
    },
}
_RETURN = {
    **_NO_RETURN,
    "returnable": {
        "en": "Yes, order {order}, {piece}, can be returned until {until:date}. You would get {refund:money} back: the "
        "price less {fee:money} for the pickup. If you bring it to our warehouse yourself, nothing is deducted.",
        "zh": "可以,订单{order}({piece})在{until:date}之前都能退。扣除{fee:money}上门取件费后退给您{refund:money};"
        "自己送到仓库则不扣费。",
    },
    "small": {
        "en": "Yes, order {order}, {piece}, can be returned free of charge until {until:date}. You would get "
        "{refund:money} back.",
        "zh": "可以,订单{order}({piece})在{until:date}之前都能免费退货,退款{refund:money}。",
    },
    "mattress": {
        "en": "Order {order}, {piece}, can be returned until {until:date}, but only while it is still sealed. You would "
        "get {refund:money} back: the price less {fee:money} for the pickup.",
        "zh": "订单{order}({piece})在{until:date}之前可以退,但必须未拆封。扣除{fee:money}上门取件费后退给您"
        "{refund:money}。",
    },
}
_HALVES = {"morning": {"en": "Morning", "zh": "上午"}, "afternoon": {"en": "Afternoon", "zh": "下午"}}


def shop_errands(tools: ShopTools) -> list[Errand]:
    return [
        Errand(
            "order_status",
            lambda: tools.tool("order_status"),
            (ORDER, PROOF),
            phrasings={
                "en": (
                    "where is my order",
                    "where is my order 10042",
                    "check order status",
                    "status of order 10042",
                    "when will my order arrive",
                    "has my order been sent yet",
                    "has my table been sent yet",
                    "when is my sofa coming",
                    "can you look up my order",
                    "what is happening with my order number 20311",
                    "my order has not arrived",
                    "I want to know when order 10311 will be delivered",
                ),
                "zh": (
                    "我的订单到哪了",
                    "帮我查一下订单",
                    "查一下订单10042",
                    "订单10042到哪儿了",
                    "我的沙发什么时候送到",
                    "我的订单发货了吗",
                    "我的订单怎么还没到",
                    "查询订单状态",
                    "我买的桌子到哪里了",
                ),
            },
            told={
                "made_to_order": {
                    "en": "Order {order}, {piece}, is being made for you. It is due on {delivery:date}.",
                    "zh": "订单{order}({piece})正在为您定制,预计{delivery:date}送到。",
                },
                "preparing": {
                    "en": "Order {order}, {piece}, is in preparation. It is due on {delivery:date}.",
                    "zh": "订单{order}({piece})正在备货,预计{delivery:date}送到。",
                },
                "on_its_way": {
                    "en": "Order {order}, {piece}, is on its way. It is due on {delivery:date}.",
                    "zh": "订单{order}({piece})已在路上,预计{delivery:date}送到。",
                },
                "delivered": {
                    "en": "Order {order}, {piece}, was delivered on {delivery:date}.",
                    "zh": "订单{order}({piece})已于{delivery:date}送达。",
                },
                "cancelled": {"en": "Order {order}, {piece}, was cancelled.", "zh": "订单{order}({piece})已取消。"},
                "returned": {
                    "en": "Order {order}, {piece}, was delivered on {delivery:date} and has been returned.",
                    "zh": "订单{order}({piece})于{delivery:date}送达,已办理退货。",
                },
            },
        ),
        Errand(
            "return_check",
            lambda: tools.tool("return_check"),
            (ORDER, PROOF),
            phrasings={
                "en": (
                    "can I still return order 10042",
                    "can I still return my order",
                    "is it too late to return order 10044",
                    "until when can I return order 10043",
                    "how much do I get back if I return order 10044",
                    "is my order still returnable",
                ),
                "zh": (
                    "订单10042还能退吗",
                    "我的订单还能退货吗",
                    "订单10044退货能退多少钱",
                    "我这个订单最晚什么时候能退",
                    "订单10043现在退来得及吗",
                ),
            },
            told=_RETURN,
        ),
        Errand(
            "return_label",
            lambda: tools.tool("return_label"),
            (ORDER, PROOF),
            phrasings={
                "en": (
                    "send me a return label",
                    "I need a return label for order 10043",
                    "can you email me a return label",
                    "please send a return label for my lamp",
                    "make me a return label",
                    "I want to return order 10043, send me the label",
                ),
                "zh": (
                    "给我发一张退货标签",
                    "我要订单10043的退货标签",
                    "请把退货标签发到我邮箱",
                    "帮我开一张退货单",
                    "我要退订单10043,发个退货标签",
                ),
            },
            confirm={
                "en": "I will send a return label for order {order} to the e-mail address of the order. Shall I?",
                "zh": "我会把订单{order}的退货标签发到下单时用的邮箱。确认发送吗?",
            },
            told={
                **_NO_RETURN,
                "label_sent": {
                    "en": "Done. Return label {label} for order {order}, {piece}, is on its way to the e-mail address of "
                    "the order. Please send it back by {until:date}.",
                    "zh": "已办好。订单{order}({piece})的退货标签{label}已发往下单时用的邮箱,请在{until:date}之前寄回。",
                },
                "returnable": {
                    "en": "Order {order}, {piece}, is furniture, which goes back without a label: a pickup costs "
                    "{fee:money}, or you bring it to our warehouse by {until:date}. Shall I book an appointment there? Then "
                    "say: book a warehouse appointment.",
                    "zh": "订单{order}({piece})是大件家具,不用退货标签:上门取件收费{fee:money},"
                    "也可以在{until:date}之前送到仓库。需要预约的话,请说“预约仓库退货”。",
                },
                "mattress": {
                    "en": "Order {order}, {piece}, goes back without a label, and only while it is sealed: a pickup costs "
                    "{fee:money}, or you bring it to our warehouse by {until:date}.",
                    "zh": "订单{order}({piece})不用退货标签,且必须未拆封:上门取件收费{fee:money},"
                    "也可以在{until:date}之前送到仓库。",
                },
            },
            takes=frozenset({"idempotency_key"}),
        ),
        Errand(
            "warehouse_visit",
            lambda: tools.tool("warehouse_visit"),
            (
                ORDER,
                PROOF,
                Slot("day", "date", question={"en": "Which day would you come?", "zh": "您打算哪一天来?"}),
                Slot(
                    "half",
                    "choice",
                    question={"en": "In the morning or in the afternoon?", "zh": "上午还是下午?"},
                    options=_HALVES,
                ),
            ),
            phrasings={
                "en": (
                    "book a warehouse appointment",
                    "make an appointment to bring my furniture back",
                    "I want an appointment at the warehouse",
                    "book a slot to drop off my return tomorrow",
                    "can I book a visit to return my bed at the warehouse on Friday",
                ),
                "zh": (
                    "预约仓库退货",
                    "我想预约去仓库退家具",
                    "帮我预约明天送货到仓库退",
                    "约个时间把家具送回仓库",
                ),
            },
            confirm={
                "en": "I will book an appointment at our Portland warehouse for order {order} on {day}: {half}. Shall I?",
                "zh": "我会为订单{order}预约{day}{half}到波特兰仓库。确认预约吗?",
            },
            told={
                "booked_morning": {
                    "en": "Done. We expect you with order {order} on {day:date} between 9 am and 1 pm at the Portland "
                    "warehouse. Please have the order number with you.",
                    "zh": "已预约。{day:date}上午9点到下午1点,请带订单{order}的商品到波特兰仓库,并带上订单号。",
                },
                "booked_afternoon": {
                    "en": "Done. We expect you with order {order} on {day:date} between 1 pm and 5 pm at the Portland "
                    "warehouse. Please have the order number with you.",
                    "zh": "已预约。{day:date}下午1点到5点,请带订单{order}的商品到波特兰仓库,并带上订单号。",
                },
                "too_soon": {
                    "en": "The warehouse needs a day's notice, so {day:date} is too soon. Say another day, for example: no, "
                    "on Friday.",
                    "zh": "仓库需要至少提前一天预约,{day:date}太早了。请换一天,例如说:改成周五。",
                },
                "sunday": {
                    "en": "The warehouse is closed on Sundays. Say another day, for example: no, on Friday.",
                    "zh": "仓库周日不开门。请换一天,例如说:改成周五。",
                },
            },
            takes=frozenset({"idempotency_key"}),
        ),
        Errand(
            "call_back",
            lambda: tools.tool("call_back"),
            (Slot("phone", "phone"), Slot("topic", "text")),
            phrasings={
                "en": (
                    "call me back",
                    "can somebody call me back",
                    "please call me on 503-555-0142",
                    "I would like a call back",
                    "have someone phone me",
                    "request a callback",
                ),
                "zh": ("给我回个电话", "请给我回电", "让客服打电话给我", "能不能打我电话13800138000", "我要预约回电"),
            },
            confirm={
                "en": "A colleague will call you at {phone} about: {topic}. Is that right?",
                "zh": "我会请同事拨打{phone}联系您,事由:{topic}。对吗?",
            },
            told={
                "": {"en": "Noted. A colleague will call you back.", "zh": "已记录,同事会给您回电。"},
            },
            takes=frozenset({"conversation"}),
        ),
    ]
