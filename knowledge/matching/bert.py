"""Encoders of BERT's shape at 8 bits by CTranslate2, which faster-whisper brings along; a text is its tokens' mean.

On one core four times as fast as E5's own 4-bit engine for one question and eight times for many, and on every machine
that CTranslate2 has a wheel for. `convert` turns another format's numbers, once, into the quarter of the size that is
run; a test holds the two engines' vectors together.
"""

from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from knowledge.matching.embeddings import Floats, MissingEmbeddings, sound, unit

RUN = ("model.bin", "config.json", "vocabulary.json", "tokenizer.json")
"""The files that `Bert` reads."""
Tensor = Callable[[str], Floats]
_AT_ONCE = 32


class Bert:
    """Texts by the model's width, each of length 1. Blocks. Raises MissingEmbeddings."""

    def __init__(self, folder: Path, *, longest: int) -> None:
        """Of a text longer than `longest` tokens the rest is left out: it says little about what a text is about."""
        import ctranslate2
        from tokenizers import Tokenizer

        try:
            self._tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
            self._encoder = ctranslate2.Encoder(str(folder), device="cpu", inter_threads=1, intra_threads=1)
        except Exception as error:  # tokenizers raises plain Exception
            raise MissingEmbeddings(
                f"The embeddings in {folder} cannot be read ({error}): run `make install`, or set DIME_EMBEDDINGS to "
                f"another LangChain embeddings model."
            ) from error
        self._tokenizer.no_padding()
        self._tokenizer.enable_truncation(longest)

    def embed(self, texts: Sequence[str]) -> Floats:
        tokens = [encoding.ids for encoding in self._tokenizer.encode_batch([sound(text) for text in texts])]
        means: list[Floats] = [np.zeros(0, dtype=np.float32)] * len(tokens)
        in_order = sorted(range(len(tokens)), key=lambda at: len(tokens[at]))
        for start in range(0, len(in_order), _AT_ONCE):
            some = in_order[start : start + _AT_ONCE]
            hidden = np.array(self._encoder.forward_batch([tokens[at] for at in some]).last_hidden_state)
            for states, at in zip(hidden, some, strict=True):
                means[at] = states[: len(tokens[at])].mean(axis=0)
        return unit(np.stack(means))


def convert(folder: Path, *, layers: int, heads: int, vocabulary: list[str], unknown: str, tensor: Tensor) -> None:
    """Writes `RUN` but the tokenizer. `tensor` gives numbers by their name in the original release of BERT."""
    from ctranslate2.converters import utils
    from ctranslate2.specs import common_spec, transformer_spec

    def linear(spec: object, name: str) -> None:
        spec.weight, spec.bias = tensor(f"{name}.weight"), tensor(f"{name}.bias")  # type: ignore[attr-defined]

    def norm(spec: object, name: str) -> None:
        spec.gamma, spec.beta = tensor(f"{name}.weight"), tensor(f"{name}.bias")  # type: ignore[attr-defined]

    encoder = transformer_spec.TransformerEncoderSpec(
        layers, heads, pre_norm=False, activation=common_spec.Activation.GELU, layernorm_embedding=True
    )
    encoder.scale_embeddings = False
    encoder.embeddings[0].weight = tensor("embeddings.word_embeddings.weight")[: len(vocabulary)].copy()
    encoder.position_encodings.encodings = (
        tensor("embeddings.position_embeddings.weight") + tensor("embeddings.token_type_embeddings.weight")[0]
    )
    norm(encoder.layernorm_embedding, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layer):
        name = f"encoder.layer.{number}"
        asked = [common_spec.LinearSpec() for _ in range(3)]
        for spec, role in zip(asked, ("query", "key", "value"), strict=True):
            linear(spec, f"{name}.attention.self.{role}")
        attention, feed = layer.self_attention, layer.ffn
        utils.fuse_linear(attention.linear[0], asked)
        linear(attention.linear[1], f"{name}.attention.output.dense")
        norm(attention.layer_norm, f"{name}.attention.output.LayerNorm")
        linear(feed.linear_0, f"{name}.intermediate.dense")
        linear(feed.linear_1, f"{name}.output.dense")
        norm(feed.layer_norm, f"{name}.output.LayerNorm")
    model = transformer_spec.TransformerEncoderModelSpec(encoder)
    model.register_vocabulary(vocabulary)
    model.config.unk_token = unknown
    model.config.layer_norm_epsilon = 1e-12
    model.validate()
    model.optimize(quantization="int8")
    model.save(str(folder))
