"""Blocks under the headings they stand below."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.reading.blocks import NOWHERE, Block, Heading, Place
from knowledge.reading.questions import unnumbered


@dataclass
class Section:
    """`above` leaves out the document's title, which says the same about everything."""

    above: tuple[str, ...] = ()
    heading: str = ""
    """Empty for what stands above the first heading."""
    place: Place = NOWHERE
    blocks: list[Block] = field(default_factory=list)
    is_title: bool = False


def outline(blocks: Sequence[Block]) -> list[Section]:
    """The sections that hold something, in order."""
    headings = [block for block in blocks if isinstance(block, Heading) and block.text.strip()]
    title = _title(headings)
    sections = [Section()]
    path: list[Heading] = []
    for block in blocks:
        if not isinstance(block, Heading):
            sections[-1].blocks.append(block)
        elif text := block.text.strip():
            path = [above for above in path if above.level < block.level]
            names = tuple(unnumbered(above.text.strip()) for above in path if above is not title)
            path.append(block)
            sections.append(Section(names, unnumbered(text), block.place, is_title=block is title))
    return [section for section in sections if section.blocks]


def title_of(blocks: Sequence[Block]) -> str:
    """The document's title, or nothing where its headings show none."""
    title = _title([block for block in blocks if isinstance(block, Heading)])
    return title.text.strip() if title else ""


def _title(headings: Sequence[Heading]) -> Heading | None:
    """The first heading, when it is the only one of its rank and that rank is the highest."""
    if not headings or headings[0].level > 1:
        return None
    first = headings[0]
    alone = not any(other.level <= first.level for other in headings[1:])
    return first if alone else None
