"""No text is embedded twice, and a damaged cache costs time, not answers."""

from pathlib import Path

import numpy as np
import pytest

from knowledge.matching.bundled import BundledEmbeddings
from knowledge.matching.embeddings import MissingEmbeddings
from knowledge.matching.vectors import Vectors
from tests.letter_embeddings import LetterEmbeddings


def test_text_is_embedded_once_even_by_the_next_process(tmp_path: Path) -> None:
    first, second = LetterEmbeddings(), LetterEmbeddings()
    expected = Vectors(first, tmp_path).of_questions(["sofa", "bed", "sofa"])
    assert first.embedded == ["sofa", "bed"]
    found = Vectors(second, tmp_path).of_questions(["bed", "sofa"])
    assert second.embedded == []
    assert np.array_equal(found, expected[[1, 0]])
    assert np.linalg.norm(found, axis=1) == pytest.approx([1, 1], abs=1e-3)


def test_questions_and_answers_are_kept_apart(tmp_path: Path) -> None:
    embeddings = LetterEmbeddings()
    vectors = Vectors(embeddings, tmp_path)
    vectors.of_questions(["sofa"])
    vectors.of_answers(["sofa"])
    vectors.of_questions(["sofa"])
    assert embeddings.embedded == ["sofa"] * 2


def test_another_model_does_not_get_these_vectors(tmp_path: Path) -> None:
    Vectors(LetterEmbeddings(), tmp_path).of_questions(["sofa"])
    other = LetterEmbeddings()
    other.model = "other"
    Vectors(other, tmp_path).of_questions(["sofa"])
    assert other.embedded == ["sofa"]


def test_damaged_file_is_embedded_again(tmp_path: Path) -> None:
    Vectors(LetterEmbeddings(), tmp_path).of_questions(["sofa"])
    for file in tmp_path.rglob("*.vectors.npy"):
        file.write_bytes(b"half a file")
    embeddings = LetterEmbeddings()
    assert Vectors(embeddings, tmp_path).of_questions(["sofa"]).shape == (1, 128)
    assert embeddings.embedded == ["sofa"]


def test_many_small_additions_become_few_files(tmp_path: Path) -> None:
    for number in range(40):
        Vectors(LetterEmbeddings(), tmp_path).of_questions([f"sofa {number}"])
    assert len(list(tmp_path.rglob("*.npy"))) < 40
    embeddings = LetterEmbeddings()
    Vectors(embeddings, tmp_path).of_questions([f"sofa {number}" for number in range(40)])
    assert embeddings.embedded == []


def test_customers_questions_are_remembered_in_memory_at_most(tmp_path: Path) -> None:
    embeddings = LetterEmbeddings()
    vectors = Vectors(embeddings, tmp_path)
    vectors.of_customer("my card number is 4111")
    assert vectors.of_customers(["a", "b", "a"]).shape == (3, 128)
    vectors.of_customers(["b"])
    assert embeddings.embedded == ["my card number is 4111", "a", "b"]
    assert not list(tmp_path.rglob("*"))


def test_machine_without_the_bundled_model_is_told_which_setting_to_use(tmp_path: Path) -> None:
    with pytest.raises(MissingEmbeddings, match="DIME_EMBEDDINGS"):
        BundledEmbeddings(tmp_path)
