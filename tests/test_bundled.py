"""The embeddings that come with Dime, as they are converted."""

import numpy as np
import pytest

from knowledge.matching.e5 import E5, E5_WEIGHTS
from knowledge.weights import find
from tests.real_engines import CACHE, real_embeddings

# What the weights' own 4-bit engine says of these pairs.
QUESTIONS = ("How much is delivery?", "配送费是多少？", "can I return a sofa  after 30 days")
PASSAGES = (*QUESTIONS, "Ｌａｍｐ №5 ½")
ORIGINAL = ((0.965, 0.874, 0.795, 0.791), (0.881, 0.969, 0.755, 0.805), (0.761, 0.728, 0.958, 0.724))


@pytest.mark.real
def test_converted_weights_see_what_the_original_engine_sees() -> None:
    e5 = E5(find(E5_WEIGHTS, CACHE))
    similar = e5.questions(QUESTIONS) @ e5.passages(PASSAGES).T
    assert np.abs(similar - np.array(ORIGINAL)).max() < 0.01


@pytest.mark.real
def test_chinese_question_lies_nearest_to_its_english_twin() -> None:
    embed = real_embeddings().embed_questions
    english = embed(["Where is my order?", "How do I return a lamp?", "What does delivery cost?"])[:, : E5.width]
    chinese = embed(["运费多少钱？"])[0, : E5.width]
    assert np.argmax(english @ chinese) == 2


@pytest.mark.real
def test_one_text_and_many_give_the_same_vectors() -> None:
    texts = ["sofa", "How long is the guarantee on a mattress that I bought in a sale?", "", "退货"]
    together = real_embeddings().embed_questions(texts)
    alone = np.vstack([real_embeddings().embed_questions([text]) for text in texts])
    assert np.abs(together - alone).max() < 0.01
