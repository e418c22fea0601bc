"""dime weights: lays the engines' weights in DIME_CACHE; `make install` calls it."""

from typing import Annotated

import typer

from web.commands.console import tell
from web.commands.opening import open_settings


def weights(
    dev: Annotated[bool, typer.Option("--dev", help="Also the small language model that the tests run.")] = False,
) -> None:
    """Fetch what is missing of the weights, checked by SHA-256; quick when all are there."""
    from knowledge.matching.e5 import E5_WEIGHTS
    from knowledge.matching.minilm import MINILM
    from knowledge.weights import lay
    from voice.weights import KOKORO, PIPER, SMOLLM2, WHISPER

    settings = open_settings(log_level="WARNING")
    lay(settings.cache, tell, wanted=(E5_WEIGHTS, MINILM, WHISPER, PIPER, KOKORO, *((SMOLLM2,) if dev else ())))
