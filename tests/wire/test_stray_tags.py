"""Tags that slipped through are not shown; what looks like one is left alone."""

import pytest

from mojodex_tui.wire.stray_tags import without_stray_tags


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("Which meeting?", "Which meeting?"),
        ("<title>Only a title</title>", "Only a title"),
        (
            "Here: <execution><title>T</title><draft>D</draft></execution> Good?",
            "Here: T\nD Good?",
        ),
        ("<user_language>en</user_language>\nHello.", "Hello."),
        ("<missing_call_to_action>no</missing_call_to_action>\n\nHello.", "Hello."),
        ("<ask_user_primary_info>Which one?</ask_user_primary_info>", "Which one?"),
        ("Put a <title> into the page's <head>.", "Put a <title> into the page's <head>."),
        ("if a < b: reports <soon>", "if a < b: reports <soon>"),
        ("", ""),
    ],
)
def test_only_tags_of_the_protocol_go(text: str, shown: str) -> None:
    assert without_stray_tags(text) == shown
