"""Mouth to ear with a language model in the loop: SmolLM2, on the same two cores, asked in every turn by `dime bench`.

python -m tests.measure.composed [--minutes 31] [--calls 1]
"""

import argparse
import os
import subprocess
import sys

from tests.model_server import MODEL, ModelServer


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--minutes", default="31")
    parser.add_argument("--calls", default="1")
    parser.add_argument("--threads", type=int, default=2, help="of the model's server")
    wanted = parser.parse_args()
    model = ModelServer(threads=wanted.threads)
    try:
        given = {**os.environ, "DIME_LLM_BASE_URL": model.url, "DIME_LLM_MODEL": MODEL, "DIME_LLM_API_KEY": "none"}
        bench = ["bench", "--model", "--calls", wanted.calls, "--minutes", wanted.minutes]
        subprocess.run([sys.executable, "-m", "web.cli", *bench], env=given, check=True)
    finally:
        model.kill()


if __name__ == "__main__":
    main()
