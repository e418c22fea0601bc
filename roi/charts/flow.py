"""Where the conversations went: bands from what came in to how it ended, as thick as there are many."""

from collections.abc import Iterator
from dataclasses import dataclass

from roi.charts.drawing import WIDTH, Drawing, Words, drawing, rect, spread, width_of, wrapped

TOP, HEIGHT, BAR, GAP = 12.0, 260.0, 14.0, 12.0


@dataclass(frozen=True)
class Node:
    id: str
    column: int
    name: str
    text: str
    """Its count and share, as the reader's locale writes them."""
    kind: str


@dataclass(frozen=True)
class Band:
    start: str
    end: str
    count: float


@dataclass(frozen=True)
class Flow:
    title: str
    nodes: tuple[Node, ...]
    bands: tuple[Band, ...]


@dataclass(frozen=True)
class Box:
    node: Node
    x: float
    y: float
    height: float


def flow(of: Flow) -> Drawing | None:
    bands = [band for band in of.bands if band.count > 0]
    sizes = {node.id: size for node in of.nodes if (size := size_of(node, bands)) > 0}
    nodes = [node for node in of.nodes if node.id in sizes]
    if not nodes:
        return None
    boxes = laid(nodes, sizes)
    height = max(box.y + box.height for box in boxes.values())

    def parts() -> Iterator[str | Words]:
        unit = scale(nodes, sizes)
        out = {name: box.y for name, box in boxes.items()}
        into = dict(out)
        for band in bands:
            start, end, thick = boxes[band.start], boxes[band.end], band.count * unit
            yield ribbon(start.x + BAR, out[band.start], end.x, into[band.end], thick, end.node.kind)
            out[band.start] += thick
            into[band.end] += thick
        for box in boxes.values():
            yield rect(box.x, box.y, BAR, max(1.5, box.height), box.node.kind)
        yield from names()

    def names() -> Iterator[Words]:
        columns = sorted({node.column for node in nodes})
        for column in columns:
            own = [box for box in boxes.values() if box.node.column == column]
            middles = spread(
                [box.y + box.height / 2 for box in own],
                apart=34,
                low=TOP + 12,
                high=max(height, TOP + 34 * len(own)) - 8,
            )
            room = gap_of(nodes) - BAR - 16 if column != columns[-1] else last_room(nodes)
            for box, middle in zip(own, middles, strict=True):
                name = wrapped(box.node.name, room, lines=1)[0]
                yield Words(box.x + BAR + 8, middle - 2, name, tone="strong")
                yield Words(box.x + BAR + 8, middle + 13, box.node.text, small=True)

    told = "; ".join(f"{node.name}: {node.text}" for node in nodes)
    last = max(sum(1 for node in nodes if node.column == column) for column in {node.column for node in nodes})
    return drawing(of.title, max(height, TOP + 34 * last) + 14, parts(), tells=told)


def size_of(node: Node, bands: list[Band]) -> float:
    into = sum(band.count for band in bands if band.end == node.id)
    return max(into, sum(band.count for band in bands if band.start == node.id))


def scale(nodes: list[Node], sizes: dict[str, float]) -> float:
    """Units of height for one conversation, so that the fullest column fits."""
    columns = {node.column for node in nodes}
    return min(
        (HEIGHT - GAP * (sum(node.column == column for node in nodes) - 1))
        / sum(sizes[node.id] for node in nodes if node.column == column)
        for column in columns
    )


def gap_of(nodes: list[Node]) -> float:
    return (WIDTH - last_room(nodes) - BAR - 10) / max(1, *(node.column for node in nodes))


def last_room(nodes: list[Node]) -> float:
    """What the words right of the last column need."""
    last = max(node.column for node in nodes)
    widest = max(
        max(width_of(node.name, is_bold=True), width_of(node.text, 11.5)) for node in nodes if node.column == last
    )
    return min(280.0, widest + 4)


def laid(nodes: list[Node], sizes: dict[str, float]) -> dict[str, Box]:
    unit, gap = scale(nodes, sizes), gap_of(nodes)
    boxes: dict[str, Box] = {}
    for column in sorted({node.column for node in nodes}):
        y = TOP
        for node in (node for node in nodes if node.column == column):
            thick = sizes[node.id] * unit
            boxes[node.id] = Box(node, column * gap, y, thick)
            y += max(thick, 1.5) + GAP
    return boxes


def ribbon(x1: float, y1: float, x2: float, y2: float, thick: float, kind: str) -> str:
    bend = (x1 + x2) / 2
    thick = max(thick, 1.0)
    return (
        f'<path d="M{x1:.1f} {y1:.1f}C{bend:.1f} {y1:.1f} {bend:.1f} {y2:.1f} {x2:.1f} {y2:.1f}'
        f"L{x2:.1f} {y2 + thick:.1f}C{bend:.1f} {y2 + thick:.1f} {bend:.1f} {y1 + thick:.1f} {x1:.1f} {y1 + thick:.1f}"
        f'Z" class="band {kind}"/>'
    )
