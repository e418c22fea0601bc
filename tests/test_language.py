"""English and Chinese are answered; a third language has to win clearly."""

import pytest

from agent.understanding.language import language_of


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("how long do I have to return a sofa?", "en"),
        ("visa", "en"),
        ("klarna?", "en"),
        ("refund plz", "en"),
        ("沙发多久之内可以退货?", "zh"),
        ("Wie lange kann ich ein Sofa zurückgeben?", "de"),
        ("¿Cuánto cuesta el envío?", "es"),
        ("Quels sont les délais de livraison ?", "fr"),
        ("ソファを返品したい", "ja"),
        ("소파를 반품하고 싶어요", "ko"),
        ("Как вернуть диван?", "ru"),
    ],
)
def test_language_is_told_from_the_text(text: str, lang: str) -> None:
    assert language_of(text) == lang


def test_text_without_words_keeps_the_language_so_far() -> None:
    assert language_of("12345", previous="zh") == "zh"
    assert language_of("👍", previous="zh") == "zh"
