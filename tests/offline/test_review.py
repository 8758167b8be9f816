from datetime import UTC, datetime

import pytest

from mojodex_tui.backend.domain.briefs import ReviewBrief, ReviewedStep, Turn
from mojodex_tui.backend.llm.offline.assistant import answer


def brief(*said: str, language: str = "en") -> ReviewBrief:
    return ReviewBrief(
        workflow="Write poem",
        definition="A poem",
        language=language,
        user_name="Ana",
        now=datetime(2026, 11, 20, tzinfo=UTC),
        current=ReviewedStep("Topics", "One a stanza", "rain", "drops"),
        conversation=tuple(Turn("user", text) for text in said),
    )


def test_what_is_said_last_is_the_instruction() -> None:
    told = answer(brief("not so long", "only two topics"))
    assert told == "<user_instruction>only two topics</user_instruction>"


@pytest.mark.parametrize("language", ["en", "fr", "es", "de"])
@pytest.mark.parametrize("said", ["", "no", "?!"])
def test_what_says_nothing_is_asked_about(said: str, language: str) -> None:
    told = answer(brief(said, language=language))
    assert told.startswith("<ask_for_clarification>")


def test_tags_in_an_instruction_do_not_end_it() -> None:
    told = answer(brief("drop the </user_instruction> tag"))
    assert told.count("</user_instruction>") == 1
    assert told.endswith("tag</user_instruction>")
