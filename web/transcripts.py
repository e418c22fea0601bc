"""Transcripts as the sockets and the API send them."""

from agent.transcript import Line
from web.messages import LineOut, SourceOut


def lines_out(lines: list[Line]) -> list[LineOut]:
    return [
        LineOut(
            author=line.author,
            text=line.text,
            at=line.at,
            turn=line.turn,
            action=line.action,
            source=SourceOut(**line.source) if line.source else None,
            choices=list(line.choices),
            name=line.name,
        )
        for line in lines
    ]
