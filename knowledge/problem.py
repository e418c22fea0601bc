"""What can be wrong with a document: a row that is named and passed over, or a file that cannot be read at all."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Problem:
    line: int | None
    """Physical line in the file, counted from 1."""
    message: str
    hides_entry: bool = True
    """The row was not understood, so an entry already known may still be in it: nothing is retired on its account."""

    def __str__(self) -> str:
        return self.message if self.line is None else f"line {self.line}: {self.message}"


class UnreadableDocument(ValueError):
    """Nothing of the document can be used; the message is one sentence for the person who added it."""
