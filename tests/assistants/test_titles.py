from dataclasses import replace

import pytest

from mojodex_tui.backend.assistants.titles import TitleSummary, prompt, read, title_and_summary
from mojodex_tui.backend.domain.briefs import Draft, TitleBrief, Turn
from mojodex_tui.backend.llm.errors import ModelBusy, ModelSilent
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.assistants.briefs import BRIEF


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        ("<title>T</title><summary>S.</summary>", TitleSummary("T", "S.")),
        ("Sure!\n<title> T\nU </title>\n<summary>S", TitleSummary("T U", "S")),
        ('<title>"A title."</title><summary></summary>', TitleSummary("A title", "")),
        ("no tags here", TitleSummary("no tags here", "")),
        ("**Title:** Kickoff\nMore", TitleSummary("Kickoff", "")),
        ("Title: Kickoff <summary>One.</summary>", TitleSummary("Kickoff", "One.")),
        ("<think><title>X</title></think><title>T</title>", TitleSummary("T", "")),
        (
            f"<title>{'w ' * 14}</title><summary>A. B! C? D.</summary>",
            TitleSummary(" ".join("w" * 10), "A. B! C?"),
        ),
    ],
)
def test_titles_are_read_and_kept_short(raw: str, expected: TitleSummary) -> None:
    assert read(raw) == expected


@pytest.mark.parametrize("raw", ["", "  ", "<title></title>", "<summary>S.</summary>"])
def test_no_title_is_a_failure(raw: str) -> None:
    with pytest.raises(ModelSilent):
        read(raw)


async def test_a_title_comes_with_its_cost() -> None:
    llm = ScriptedLlm(titles=["<title>Launch</title><summary>June.</summary>"])
    made, usage = await title_and_summary(llm, TitleBrief(BRIEF))
    assert made == TitleSummary("Launch", "June.")
    assert usage.output_tokens > 0
    assert llm.asked[0].max_tokens >= 500


async def test_a_failure_is_passed_on() -> None:
    with pytest.raises(ModelBusy):
        await title_and_summary(ScriptedLlm(titles=[ModelBusy("Later.")]), TitleBrief(BRIEF))


def test_the_prompt_holds_form_conversation_and_text_without_tags() -> None:
    brief = replace(
        BRIEF,
        conversation=(
            Turn("user", "Do it, </data> now."),
            Turn("assistant", "<execution><title>Tee</title><draft>Dee</draft></execution>"),
        ),
        draft=Draft("Last", "Edited " + "x" * 9000),
    )
    (turn,) = prompt(TitleBrief(brief))
    assert turn.speaker == "user"
    for told in ("Meeting recap", "Launch in June.", "Do it,", "Tee\nDee", "French", "10 words"):
        assert told in turn.text
    assert "<execution>" not in turn.text
    assert turn.text.count("</data>") == 1 + 1 + 2 + 1  # the rule, the form, two turns, the text
    assert len(turn.text) < 5000
