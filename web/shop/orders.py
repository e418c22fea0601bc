"""The demo company's orders. Everybody in them is invented; days count from today, so that the shop never ages."""

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Status = Literal["made_to_order", "preparing", "on_its_way", "delivered", "cancelled", "returned"]
Kind = Literal["furniture", "small", "mattress", "made_to_order"]


@dataclass(frozen=True)
class Order:
    number: str
    email: str
    postcode: str
    name: str
    piece_en: str
    piece_zh: str
    kind: Kind
    price: Decimal
    status: Status
    ordered_days_ago: int
    delivery_in_days: int
    """Negative once it was delivered."""


_ANNA = ("anna.lee@example.com", "97205", "Anna Lee")
_TOM = ("tom.becker@example.com", "97214", "Tom Becker")
_MING = ("xiaoming.wang@example.com", "98101", "王小明")
_SOFIA = ("sofia.reyes@example.com", "83702", "Sofia Reyes")
_LIN = ("lin.chen@example.com", "97401", "陈琳")
_SAM = ("sam.okafor@example.com", "94110", "Sam Okafor")

ORDERS = tuple(
    Order(number, *who, en, zh, kind, Decimal(price), status, ordered, delivery)  # type: ignore[arg-type]
    for number, who, en, zh, kind, price, status, ordered, delivery in (
        ("10041", _TOM, "the Cedar dining table", "Cedar 餐桌", "furniture", "749", "preparing", 2, 8),
        ("10042", _ANNA, "the Willow sofa", "Willow 沙发", "furniture", "1299", "on_its_way", 6, 3),
        ("10043", _ANNA, "the Aurora lamp", "Aurora 台灯", "small", "89", "delivered", 15, -10),
        ("10044", _MING, "the Harbor bed", "Harbor 床架", "furniture", "899", "delivered", 25, -12),
        ("10045", _MING, "the Meadow mattress", "Meadow 床垫", "mattress", "649", "delivered", 25, -12),
        ("10046", _SOFIA, "the Linden sofa in green velvet", "Linden 绿丝绒沙发", "made_to_order", "1899",
         "made_to_order", 20, 44),
        ("10047", _SOFIA, "the Finch bedside table", "Finch 床头柜", "small", "129", "delivered", 90, -80),
        ("10048", _LIN, "the Orchard wardrobe", "Orchard 衣柜", "furniture", "1149", "delivered", 60, -45),
        ("10049", _LIN, "the Pebble cushion set", "Pebble 靠垫套装", "small", "59", "on_its_way", 2, 1),
        ("10050", _SAM, "the Slate standing desk", "Slate 升降桌", "furniture", "599", "cancelled", 9, 0),
        ("10051", _SAM, "the Birch bookshelf", "Birch 书架", "furniture", "329", "returned", 50, -38),
        ("10052", _TOM, "the Ember floor lamp", "Ember 落地灯", "small", "159", "delivered", 40, -33),
    )
)  # fmt: skip
