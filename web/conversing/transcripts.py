"""Transcripts as the sockets and the API send them."""

from agent.transcript import Line
from web.chat.messages import LineOut, SourceOut


def lines_out(lines: list[Line], *, with_mood: bool = False) -> list[LineOut]:
    """The mood is for colleagues, never for the customer's own page."""
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
            mood=line.mood if with_mood else None,
        )
        for line in lines
    ]
