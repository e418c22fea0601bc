"""Cuts a stream of text into clauses, the unit in which a model's answer is checked and released."""

import re

_END = re.compile(
    r"(?<=[.!?])(?<!\b[A-Z]\.)(?<!\b(?:St|Mr|Dr|No)\.)(?<!\bMrs\.)(?<!\be\.g\.)(?<!\bi\.e\.)[\"')\]]*\s+|(?<=[。!?;])|\n+"
)


class Clauses:
    """Feed it pieces as they stream in; it gives back whole clauses with their own spacing."""

    def __init__(self) -> None:
        self._rest = ""

    def feed(self, piece: str) -> list[str]:
        self._rest += piece
        clauses: list[str] = []
        while match := _END.search(self._rest):
            clause, self._rest = self._rest[: match.end()], self._rest[match.end() :]
            if clause.strip():
                clauses.append(clause)
        return clauses

    def flush(self) -> list[str]:
        rest, self._rest = self._rest, ""
        return [rest] if rest.strip() else []
