from itertools import pairwise

import pytest

from mojodex_tui.backend.assistants.tags import inner
from mojodex_tui.backend.domain.briefs import InputValue, InstructBrief, TaskBrief, TitleBrief, Turn
from mojodex_tui.backend.llm.offline.actions import read_facts
from mojodex_tui.backend.llm.offline.assistant import answer
from mojodex_tui.backend.llm.offline.lexicon import language_of
from mojodex_tui.backend.llm.offline.phrases import PHRASES
from tests.offline.cases import LANGUAGES, NOW, Case, brief, cases, shipped

every_case = pytest.mark.parametrize("case", cases(), ids=str)


def test_there_is_a_fixture_for_each_task_in_each_language() -> None:
    assert {(case.task, case.language) for case in cases()} == {
        (task, language) for task in shipped() for language in LANGUAGES
    }


@every_case
def test_a_draft_holds_what_the_user_gave(case: Case) -> None:
    raw = answer(brief(case.task, case.language, case.inputs))
    body = inner(inner(raw, "execution"), "draft")
    for expected in case.expect:
        assert expected in body
    for unwanted in case.without:
        assert unwanted not in body
    if case.title is not None:
        assert inner(raw, "title") == case.title


@every_case
def test_a_draft_says_that_no_model_wrote_it(case: Case) -> None:
    body = inner(answer(brief(case.task, case.language, case.inputs)), "draft")
    note = next(words.note for code, words in PHRASES.items() if code == case.language)
    assert body.endswith(f"_{note}_")
    assert body.count(note) == 1


@every_case
def test_no_section_is_empty(case: Case) -> None:
    body = inner(answer(brief(case.task, case.language, case.inputs)), "draft")
    lines = [line for line in body.splitlines() if line.strip()]
    for line, following in pairwise(lines):
        assert not (line.startswith("## ") and following.startswith(("## ", "---")))


@every_case
def test_the_same_brief_gets_the_same_answer(case: Case) -> None:
    asked = brief(case.task, case.language, case.inputs)
    assert answer(asked) == answer(asked)


@every_case
def test_the_chat_gives_a_draft_too(case: Case) -> None:
    text = case.inputs[case.main]
    assert isinstance(text, str)
    raw = answer(brief(case.task, case.language, said=[Turn("user", text)]))
    assert len(inner(inner(raw, "execution"), "draft")) > 100


@pytest.mark.parametrize(
    "case", [case for case in cases() if len(str(case.inputs[case.main]).split()) > 12], ids=str
)
def test_the_language_of_the_text_is_found(case: Case) -> None:
    text = str(case.inputs[case.main])
    assert language_of(text, "en") == case.language


@pytest.mark.parametrize("case", [case for case in cases() if case.actions is not None], ids=str)
def test_action_items_have_owner_and_day(case: Case) -> None:
    text = case.inputs[case.main]
    assert isinstance(text, str)
    facts = read_facts(text, NOW.date(), language_of(text, case.language), "Demo")
    if case.task != "email_reply":
        assert [(one.owner, one.what, one.due) for one in facts.actions] == case.actions
    if case.people is not None:
        assert list(facts.people) == list(case.people)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("task", sorted(shipped()))
def test_an_empty_form_is_asked_for_in_the_words_of_the_form(task: str, language: str) -> None:
    raw = answer(brief(task, language))
    main = next(case.main for case in cases() if case.task == task)
    labels = {
        item.input_name: item.description_for_user
        for item in shipped()[task].shown_in(language).json_input
    }
    assert labels[main] in inner(raw, "ask_user_primary_info")
    assert "<execution>" not in raw


@pytest.mark.parametrize(
    ("language", "order"),
    [
        ("en", "Hello, can you write a meeting recap please?"),
        ("fr", "Bonjour, peux-tu rédiger un compte rendu de réunion ?"),
        ("es", "Hola, ¿puedes escribir un acta de la reunión?"),
    ],
)
def test_an_order_without_content_is_answered_with_a_question(language: str, order: str) -> None:
    raw = answer(brief("meeting_recap", language, said=[Turn("user", order)]))
    assert raw.startswith("<ask_user_primary_info>")


def test_who_was_asked_once_is_not_asked_again() -> None:
    first = Turn("user", "write a meeting recap")
    question = Turn("assistant", answer(brief("meeting_recap", said=[first])))
    raw = answer(brief("meeting_recap", said=[first, question, Turn("user", "Ana resigned")]))
    assert "Ana resigned." in inner(raw, "draft")


def test_the_order_is_no_part_of_the_text() -> None:
    prefix = "Write the follow-up e-mail to this meeting:\n\n"
    notes = "We agreed to meet in March. Ana sends the plan on Friday."
    raw = answer(brief("follow_up_email", said=[Turn("user", prefix + notes)]))
    assert "Write the follow-up" not in raw
    assert "Ana sends the plan on Friday (27 November)." in raw


def test_a_recording_alone_is_asked_about() -> None:
    raw = answer(brief("meeting_recap", inputs={"recording": "talk.mp3"}))
    assert "talk.mp3" in inner(raw, "ask_user_primary_info")


def test_a_task_of_the_users_own_gets_a_structured_draft() -> None:
    task = TaskBrief("my_own", "Visit note", "d", "i", "document", "t", "d")
    inputs = (
        InputValue("who", "Whom did you visit?", "", "Maria at the bakery in Lyon"),
        InputValue(
            "talk", "What was said?", "", "She likes it. I call her back on Friday. Who pays?"
        ),
        InputValue("photo", "A photo", "", "oven.jpg"),
    )
    raw = answer(InstructBrief(task, "en", "Demo", NOW, inputs))
    body = inner(raw, "draft")
    assert "## Whom did you visit\n\nMaria at the bakery in Lyon." in body
    assert "**Demo**: call her back — due: Friday 27 November (2026-11-27)" in body
    assert "## Open questions\n\n- Who pays?" in body
    assert "`oven.jpg`" in body


def test_other_languages_get_english_headings() -> None:
    asked = brief("meeting_recap", inputs={"meeting_notes": "Ana sends the plan by Friday."})
    german = InstructBrief(asked.task, "de", "Demo", NOW, asked.inputs)
    assert "## Next steps" in answer(german)


@every_case
def test_title_and_summary_are_short(case: Case) -> None:
    raw = answer(TitleBrief(brief(case.task, case.language, case.inputs)))
    assert 1 <= len(inner(raw, "title").split()) <= 10
    assert inner(raw, "summary")
    assert "<execution>" not in raw


def test_title_of_nothing_is_the_tasks_name() -> None:
    raw = answer(TitleBrief(brief("meeting_recap", "fr")))
    assert inner(raw, "title") == "Compte rendu de réunion"
