"""What is wrong with an answer's notation, said to the person who wrote it."""


class BrokenNotation(ValueError):
    """`line` counts from 1 in the answer's own text."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line = line
