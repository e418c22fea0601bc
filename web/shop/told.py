"""What the demo company says of what its tools did, and before they do it."""

_NO_RETURN = {
    "too_late": {
        "en": "Order {order}, {piece}, could be returned until {until:date}; that day is past.",
        "zh": "订单{order}（{piece}）的退货期限是{until:date}，现在已经过了。",
    },
    "made_to_order": {
        "en": "Order {order}, {piece}, is made to order, so it cannot be returned. If it arrives faulty, we repair or "
        "replace it.",
        "zh": "订单{order}（{piece}）是定制商品，不能退货；如有质量问题，我们负责维修或更换。",
    },
    "not_delivered": {
        "en": "Order {order}, {piece}, has not been delivered yet; it is due on {delivery:date}. Its return period "
        "begins that day.",
        "zh": "订单{order}（{piece}）还没有送达，预计{delivery:date}送到，退货期从那天算起。",
    },
    "closed": {
        "en": "Order {order} was cancelled or returned already.",
        "zh": "订单{order}已经取消或退货了。",
    },
}
RETURN_CHECK = {
    **_NO_RETURN,
    "returnable": {
        "en": "Yes, order {order}, {piece}, can be returned until {until:date}. You would get {refund:money} back: the "
        "price less {fee:money} for the pickup. If you bring it to our warehouse yourself, nothing is deducted.",
        "zh": "可以，订单{order}（{piece}）在{until:date}之前都能退。扣除{fee:money}上门取件费后退给您{refund:money}；"
        "自己送到仓库则不扣费。",
    },
    "small": {
        "en": "Yes, order {order}, {piece}, can be returned free of charge until {until:date}. You would get "
        "{refund:money} back.",
        "zh": "可以，订单{order}（{piece}）在{until:date}之前都能免费退货，退款{refund:money}。",
    },
    "mattress": {
        "en": "Order {order}, {piece}, can be returned until {until:date}, but only while it is still sealed. You "
        "would get {refund:money} back: the price less {fee:money} for the pickup.",
        "zh": "订单{order}（{piece}）在{until:date}之前可以退，但必须未拆封。扣除{fee:money}上门取件费后退给您"
        "{refund:money}。",
    },
}
ORDER_STATUS = {
    "made_to_order": {
        "en": "Order {order}, {piece}, is being made for you. It is due on {delivery:date}.",
        "zh": "订单{order}（{piece}）正在为您定制，预计{delivery:date}送到。",
    },
    "preparing": {
        "en": "Order {order}, {piece}, is in preparation. It is due on {delivery:date}.",
        "zh": "订单{order}（{piece}）正在备货，预计{delivery:date}送到。",
    },
    "on_its_way": {
        "en": "Order {order}, {piece}, is on its way. It is due on {delivery:date}.",
        "zh": "订单{order}（{piece}）已在路上，预计{delivery:date}送到。",
    },
    "delivered": {
        "en": "Order {order}, {piece}, was delivered on {delivery:date}.",
        "zh": "订单{order}（{piece}）已于{delivery:date}送达。",
    },
    "cancelled": {"en": "Order {order}, {piece}, was cancelled.", "zh": "订单{order}（{piece}）已取消。"},
    "returned": {
        "en": "Order {order}, {piece}, was delivered on {delivery:date} and has been returned.",
        "zh": "订单{order}（{piece}）于{delivery:date}送达，已办理退货。",
    },
}
RETURN_LABEL = {
    **_NO_RETURN,
    "label_sent": {
        "en": "Done. Return label {label} for order {order}, {piece}, is on its way to the e-mail address of "
        "the order. Please send it back by {until:date}.",
        "zh": "已办好。订单{order}（{piece}）的退货标签{label}已发往下单时用的邮箱，请在{until:date}之前寄回。",
    },
    "returnable": {
        "en": "Order {order}, {piece}, is furniture, which goes back without a label: a pickup costs "
        "{fee:money}, or you bring it to our warehouse by {until:date}. Shall I book an appointment there? Then "
        "say: book a warehouse appointment.",
        "zh": "订单{order}（{piece}）是大件家具，不用退货标签：上门取件收费{fee:money}，"
        "也可以在{until:date}之前送到仓库。需要预约的话，请说“预约仓库退货”。",
    },
    "mattress": {
        "en": "Order {order}, {piece}, goes back without a label, and only while it is sealed: a pickup costs "
        "{fee:money}, or you bring it to our warehouse by {until:date}.",
        "zh": "订单{order}（{piece}）不用退货标签，且必须未拆封：上门取件收费{fee:money}，"
        "也可以在{until:date}之前送到仓库。",
    },
}
CONFIRM_RETURN_LABEL = {
    "en": "I will send a return label for order {order} to the e-mail address of the order. Shall I?",
    "zh": "我会把订单{order}的退货标签发到下单时用的邮箱。确认发送吗？",
}
WAREHOUSE_VISIT = {
    "booked_morning": {
        "en": "Done. We expect you with order {order} on {day:date} between 9 am and 1 pm at the Portland "
        "warehouse. Please have the order number with you.",
        "zh": "已预约。{day:date}上午9点到下午1点，请带订单{order}的商品到波特兰仓库，并带上订单号。",
    },
    "booked_afternoon": {
        "en": "Done. We expect you with order {order} on {day:date} between 1 pm and 5 pm at the Portland "
        "warehouse. Please have the order number with you.",
        "zh": "已预约。{day:date}下午1点到5点，请带订单{order}的商品到波特兰仓库，并带上订单号。",
    },
    "too_soon": {
        "en": "The warehouse needs a day's notice, so {day:date} is too soon. Say another day, for example: no, "
        "on Friday.",
        "zh": "仓库需要至少提前一天预约，{day:date}太早了。请换一天，例如说：改成周五。",
    },
    "sunday": {
        "en": "The warehouse is closed on Sundays. Say another day, for example: no, on Friday.",
        "zh": "仓库周日不开门。请换一天，例如说：改成周五。",
    },
}
CONFIRM_WAREHOUSE_VISIT = {
    "en": "I will book an appointment at our Portland warehouse for order {order} on {day}, {half}. Shall I?",
    "zh": "我会为订单{order}预约{day}{half}到波特兰仓库。确认预约吗？",
}
CALL_BACK = {
    "": {"en": "Noted. A colleague will call you back.", "zh": "已记录，同事会给您回电。"},
}
CONFIRM_CALL_BACK = {
    "en": "A colleague will call you at {phone}, {when}, about: {topic}. Is that right?",
    "zh": "我会请同事拨打{phone}联系您，时间：{when}，事由：{topic}。对吗？",
}
