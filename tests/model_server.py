"""A real model behind a real OpenAI-compatible server: SmolLM2 in xllamacpp, in a process that can be killed."""

import os
import select
import subprocess
import sys
from pathlib import Path

from knowledge.weights import MEND, laid
from tests.conftest import CACHE, ROOT
from voice.weights import SMOLLM2

MODEL = "smollm2"
LOADING_AT_MOST_S = 120


class ModelServer:
    """Runs until stopped or killed; ends by itself when the tests do, since its standard input ends then."""

    def __init__(self, *, threads: int = 2) -> None:
        folder = laid(SMOLLM2, CACHE)
        assert folder is not None, f"The weights of SmolLM2 are missing in {CACHE}: {MEND}."
        self.process = subprocess.Popen(
            [sys.executable, "-m", "tests.model_server", str(folder / SMOLLM2.files[0].name), str(threads)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=ROOT,
            text=True,
        )
        assert self.process.stdout is not None
        is_there, _, _ = select.select([self.process.stdout], [], [], LOADING_AT_MOST_S)
        address = self.process.stdout.readline().strip() if is_there else ""
        if not address.startswith("http://127.0.0.1:"):
            self.kill()
            raise AssertionError(f"the model's server did not start: {address!r}")
        self.url = f"{address}/v1"

    def kill(self) -> None:
        """As a power cut would; a second time does nothing."""
        self.process.kill()
        self.process.communicate(timeout=20)


def serve(weights: Path, *, threads: int) -> None:
    """Tells its address on stdout and serves until stdin ends; what the C++ side writes goes to stderr."""
    import xllamacpp

    told = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    params = xllamacpp.CommonParams()
    params.model.path = str(weights)
    params.model_alias = {MODEL}
    params.hostnames = ["127.0.0.1"]
    params.n_ctx = 4096
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    server = xllamacpp.Server(params)
    told.write(f"{server.listening_address}\n")
    told.flush()
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    serve(Path(sys.argv[1]), threads=int(sys.argv[2]))
