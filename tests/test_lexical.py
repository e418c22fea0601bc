"""Words and letters: English by stems, Chinese by characters, both in one sentence, and typing errors forgiven."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from knowledge.matching.lexical import Bm25, Ngrams, terms


def test_english_is_stemmed_and_chinese_cut_into_characters_and_pairs() -> None:
    assert terms("Returning SOFAS") == terms("return sofa")
    assert terms("退货费") == ["退", "货", "费", "退货", "货费"]
    assert terms("退sofa的") == ["退", "sofa", "的"]


def test_words_nobody_knows_make_a_match_worth_less() -> None:
    words = Bm25(["return a sofa", "clean a chair", "open on sunday"])
    plain, strange = words.scores("return a sofa"), words.scores("return a sofa by helicopter")
    assert plain.argmax() == strange.argmax() == 0
    assert plain[0] > strange[0] > 0
    assert not words.scores("helicopter").any()


def test_misspelt_word_is_nearest_to_what_was_meant() -> None:
    letters = Ngrams(["mattress warranty", "sofa delivery", "password reset"])
    assert letters.nearness(letters.embed(["matres waranty"])).argmax() == 0


@given(st.text(max_size=40))
@settings(max_examples=30, deadline=None)
def test_any_text_is_at_most_as_near_as_itself(text: str) -> None:
    letters = Ngrams([text, "sofa"])
    near = letters.nearness(letters.embed([text]))[0]
    assert np.isfinite(near).all()
    assert near.max() <= 1 + 1e-5
    assert not terms(text) or near[0] > 1 - 1e-5


@given(st.lists(st.text(alphabet="abc 退货单", max_size=30), min_size=1, max_size=12), st.text("abc 退货", max_size=12))
def test_counts_of_a_large_knowledge_weigh_what_weights_weigh(texts: list[str], question: str) -> None:
    weights, counts = Ngrams(texts), Ngrams(texts, is_large=True)
    asked = weights.embed([question, texts[0]])
    np.testing.assert_allclose(counts.nearness(asked), weights.nearness(asked), atol=1e-5)
    chosen = np.arange(len(texts))[::2]
    np.testing.assert_allclose(counts.own_nearness(chosen), weights.own_nearness(chosen), atol=1e-5)


def test_many_questions_are_compared_as_each_alone() -> None:
    texts = ["mattress warranty", "sofa delivery", "password reset", "退货"]
    letters = Ngrams(texts)
    asked = ["sofas", "pass word", "我要退货"]
    alone = np.vstack([letters.nearness(letters.embed([text])) for text in asked])
    assert (letters.nearness(letters.embed(asked)) == alone).all()
