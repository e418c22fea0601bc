"""Which entry to write next, because it saves most."""

from roi.page.beyond import Beyond
from roi.page.parts import Cell, Section, table
from roi.page.told import Told

MOST = 10


def section(told: Told, beyond: Beyond) -> Section:
    if not beyond.gaps:
        missing = told("no_gaps" if beyond.gaps is not None else "no_gaps_here")
        return Section("gaps", told("gaps"), missing=missing)
    number = told.written.number
    rows = [
        (
            Cell(gap.question, told.links.knowledge if told.links else None),
            number(gap.asked),
            number(gap.contacts),
            told.written.money(gap.money, unknown=told("unknown")),
            gap.nearest or "–",
        )
        for gap in beyond.gaps[:MOST]
    ]
    heads = [told(head) for head in ("question", "asked", "contacts", "gap_cost", "nearest")]
    link = Cell(told("write_it"), told.links.knowledge) if told.links else None
    found = table(heads, rows, kinds="tnnnt")
    return Section("gaps", told("gaps"), says=(told("gaps_says"),), tables=(found,), link=link)
