"""An ear that ends turns as the client's settings say, over the same hearing that a call has."""

from typing import assert_never

from voice.endpointing import Endpointing
from voice.engines import Engines
from voice.hearing import Hearing
from web.realtime.settings import SemanticVad, ServerVad

_SILENT_BELOW = 0.7
"""Of the threshold: between the two the last state holds."""
_PAUSE_MS = {"high": 300, "medium": 500, "auto": 500, "low": 1_000}
"""How long an eager listener waits."""


def ear(engines: Engines, wish: ServerVad | SemanticVad) -> Hearing:
    hearing = engines.hearing()
    match wish:
        case ServerVad():
            hearing.endpointing = Endpointing(
                pause_ms=wish.silence_duration_ms,
                preroll_ms=wish.prefix_padding_ms,
                speaks_above=wish.threshold,
                silent_below=wish.threshold * _SILENT_BELOW,
            )
        case SemanticVad():
            hearing.endpointing = Endpointing(pause_ms=_PAUSE_MS[wish.eagerness])
        case _:
            assert_never(wish)
    return hearing
