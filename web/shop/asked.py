"""How the demo company's customers ask for what its tools do."""

ORDER_STATUS = {
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
        "where is my parcel",
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
        "我的包裹在哪里",
    ),
}
RETURN_CHECK = {
    "en": (
        "can I still return order 10042",
        "can I still return it",
        "and is it too late to send it back",
        "can I still return my order",
        "is it too late to return order 10044",
        "until when can I return order 10043",
        "how much do I get back if I return order 10044",
        "is my order still returnable",
    ),
    "zh": (
        "订单10042还能退吗",
        "还能退吗",
        "那现在还能退货吗",
        "我的订单还能退货吗",
        "订单10044退货能退多少钱",
        "我这个订单最晚什么时候能退",
        "订单10043现在退来得及吗",
    ),
}
RETURN_LABEL = {
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
}
WAREHOUSE_VISIT = {
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
}
CALL_BACK = {
    "en": (
        "call me back",
        "can somebody call me back",
        "please call me on 503-555-0142",
        "I would like a call back",
        "have someone phone me",
        "request a callback",
    ),
    "zh": ("给我回个电话", "请给我回电", "让客服打电话给我", "能不能打我电话13800138000", "我要预约回电"),
}
