"""Headings and subjects: a few words, cut where a phrase ends."""

import pytest

from mojodex_tui.backend.llm.offline.headlines import headline, subject
from mojodex_tui.backend.llm.offline.lexicon import Language


@pytest.mark.parametrize(
    ("text", "language", "cut"),
    [
        ("Support is still there", "en", "Support is still there"),
        ("Started in March 2025 as a test of six months, 23 people", "en", "Started in March 2025"),
        ("Sick days went down from 7.1 to 4.8 a year", "en", "Sick days went down"),
        (
            "Customers noticed nothing except the answering machine",
            "en",
            "Customers noticed nothing",
        ),
        ("The first month was chaos: meetings were the problem", "en", "The first month was chaos"),
        (
            "Les commandes viennent surtout de restaurants de la région",
            "fr",
            "Les commandes viennent surtout de restaurants",
        ),
        ("El horno gasta menos gas porque está mejor aislado", "es", "El horno gasta menos gas"),
        ("Onewordthatneverendsinanyway", "en", "Onewordthatneverendsinanyway"),
    ],
)
def test_a_heading_ends_where_a_phrase_does(text: str, language: Language, cut: str) -> None:
    assert headline(text, 6, language) == cut


@pytest.mark.parametrize(
    ("wish", "language", "about"),
    [
        ("spring", "en", "spring"),
        ("Beauty of life at spring", "en", "Beauty of life at spring"),
        (
            "Please write a poem about the beauty of life at spring, with birds, for my mother.",
            "en",
            "the beauty of life at spring",
        ),
        (
            "I want something funny for my colleague Tom who leaves us\nand loves coffee",
            "en",
            "my colleague Tom",
        ),
        ("La beauté de la vie", "fr", "La beauté de la vie"),
        (
            "Je voudrais un poème pour l'anniversaire de ma mère, qui aime les roses.",
            "fr",
            "l'anniversaire de ma mère",
        ),
        ("El mar", "es", "El mar"),
        (
            "Quiero un poema sobre mi abuela, que cocinaba los domingos para toda la familia.",
            "es",
            "mi abuela",
        ),
        ("...", "en", ""),
    ],
)
def test_a_poem_is_about_a_few_words_of_the_wish(wish: str, language: Language, about: str) -> None:
    assert subject(wish, language) == about
