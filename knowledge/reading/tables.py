"""Tables as questions and answers where they hold some, else as lines that can be read out."""

from collections.abc import Sequence

from knowledge.reading.blocks import Pair, Table
from knowledge.reading.faq import column
from knowledge.reading.questions import asks, bare

_MOSTLY = 0.6
Rows = Sequence[Sequence[str]]


def pairs_in(table: Table) -> list[Pair]:
    """From the columns named question and answer, or from a first column that asks; empty where there is neither."""
    rows = [row for row in table.rows if any(row)]
    if not rows:
        return []
    names = [column(name) for name in rows[0]]
    if "question" in names and "answer" in names:
        asked, answered = names.index("question"), names.index("answer")
        return _pairs([(row[asked], row[answered]) for row in rows[1:] if len(row) > max(asked, answered)], table)
    if len(rows[0]) < 2:
        return []
    body = rows if asks(rows[0][0]) else rows[1:]
    first = [row[0] for row in body if row[0]]
    if not first or sum(map(asks, first)) < _MOSTLY * len(first):
        return []
    return _pairs([(row[0], "; ".join(dict.fromkeys(filter(None, row[1:])))) for row in body], table)


def lines_of(table: Table) -> str:
    """A list with a line for each row: "- Zone: A; Price: $5"."""
    rows = [row for row in table.rows if any(row)]
    if not rows:
        return ""
    header, body = (rows[0], rows[1:]) if table.has_header or looks_like_header(rows) else ((), rows)
    if not body:
        return "; ".join(filter(None, header))
    return "\n".join("- " + " ".join(_line(header, row).split("\n")) for row in body)


def _pairs(rows: Sequence[tuple[str, str]], table: Table) -> list[Pair]:
    pairs: list[Pair] = []
    for question, answer in rows:
        if not question and answer and pairs:
            pairs[-1] = Pair(pairs[-1].question, f"{pairs[-1].answer}\n{answer}", table.place)
        elif question and answer and question != answer:
            pairs.append(Pair(bare(question), answer, table.place))
    return pairs


def _line(header: Sequence[str], row: Sequence[str]) -> str:
    if len(row) > 1 and len(set(row)) == 1:
        return row[0]
    if not header:
        return ": ".join(filter(None, row)) if len(row) == 2 else "; ".join(filter(None, row))
    names = [*header, *[""] * (len(row) - len(header))]
    return "; ".join(f"{name}: {cell}" if name else cell for name, cell in zip(names, row, strict=False) if cell)


def looks_like_header(rows: Rows) -> bool:
    """Words in every cell of the first row and figures below, or more than two columns of short words."""
    first, below = rows[0], rows[1:]
    if not below or len(set(first)) < len(first) or not all(cell and len(cell) <= 40 for cell in first[1:]):
        return False
    if any(character.isdigit() for cell in first for character in cell):
        return False
    return len(first) > 2 or any(character.isdigit() for row in below for cell in row[1:] for character in cell)
