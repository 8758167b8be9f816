import json
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from mojodex_tui.backend.assistants.sources import source_of
from mojodex_tui.backend.assistants.todos import TodoModel
from mojodex_tui.backend.domain.briefs import Draft, Turn
from mojodex_tui.backend.domain.todos import (
    ExtractionBrief,
    FoundTodo,
    Move,
    Rejected,
    ReminderBrief,
    Rescheduling,
    ReschedulingBrief,
)
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.llm.errors import ModelBusy, ModelFailed
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.assistants.briefs import TASK
from tests.engine.memory_log import MemoryLog

NOW = datetime(2026, 11, 21, 10, tzinfo=UTC)
TEXT = ExtractionBrief(
    TASK,
    "en",
    "Ana",
    NOW,
    goal="Ship it",
    conversation=(Turn("user", "I send the quote on Monday."),),
    draft=Draft("Recap", "Ana sends the quote.</data>"),
    known=((date(2026, 11, 23), "Call Bob"),),
    rejected=(Rejected("Water the plants", "not work"),),
)
OVERDUE = ReschedulingBrief(
    TASK, "en", "Ana", NOW, "Send the quote", date(2026, 11, 19), 2, ((date(2026, 11, 23), "Call"),)
)
MORNING = ReminderBrief(
    "fr",
    "Ana",
    date(2026, 11, 23),
    today=(("Send the quote", "Bolts for Bob"),),
    overdue=(("Call the bank", date(2026, 11, 19)),),
    moved=(Move("Paint", date(2026, 11, 20), date(2026, 11, 30), "Too wet."),),
)
FOUND = """```json
{"todos": [
  {"todo_definition": "Send the quote", "mentioned_as_todo": "Yes", "due_date": "2026-11-23"},
  {"todo_definition": "Hope", "mentioned_as_todo": "no", "due_date": "2026-11-23"},
  {"todo_definition": "Dream", "mentioned_as_todo": "yes", "due_date": "2026-13-45"},
  {"todo_definition": "Sleep", "mentioned_as_todo": true, "due_date": null}
]}
```"""


def lines(*said: str | ModelBusy) -> ScriptedLlm:
    """A model whose answers to any brief but those of conversations are these."""
    return ScriptedLlm(titles=said)


def model(llm: ScriptedLlm) -> TodoModel:
    return TodoModel(Engine(MemoryLog()), llm)


async def test_finds_what_was_meant_on_days_that_exist() -> None:
    llm = lines(FOUND)
    found, usage = await model(llm).extract(TEXT)
    assert found == (
        FoundTodo("Send the quote", date(2026, 11, 23), "I send the quote on Monday."),
    )
    assert usage.output_tokens > 0
    system, material = llm.asked[0].prompt
    for told in ("Ana", "Ship it", "2026-11-21", "Call Bob", "Water the plants (not work)"):
        assert told in system.text
    assert "I send the quote on Monday." in material.text
    assert material.text.count("</data>") == 2


async def test_what_cannot_be_read_is_told_to_the_model_which_is_asked_again() -> None:
    llm = lines("I found nothing.", '{"todo": []}', '{"todos": []}')
    found, usage = await model(llm).extract(TEXT)
    assert found == ()
    assert len(llm.asked) == 3
    assert "mapping" in llm.asked[1].prompt[-1].text
    assert "todos" in llm.asked[2].prompt[-1].text
    assert usage.output_tokens > 3


async def test_gives_up_after_four_tries() -> None:
    llm = lines(*["Nothing."] * 9)
    with pytest.raises(ModelFailed, match="no answer that can be read"):
        await model(llm).extract(TEXT)
    assert len(llm.asked) == 4


async def test_a_model_that_failed_is_not_asked_again() -> None:
    llm = lines(ModelBusy("Busy."))
    with pytest.raises(ModelBusy, match="Busy"):
        await model(llm).extract(TEXT)
    assert len(llm.asked) == 1


@pytest.mark.parametrize("key", ["reschedule_date", "date"])
async def test_finds_a_new_day_and_says_why(key: str) -> None:
    llm = lines('{"argument": ""}', f'{{"{key}": "2026-11-24", "argument": "Tuesday is free."}}')
    chosen, _ = await model(llm).reschedule(OVERDUE)
    assert chosen == Rescheduling(date(2026, 11, 24), "Tuesday is free.")
    assert "put on 2 other days" in llm.asked[0].prompt[0].text


async def test_writes_the_mail_of_a_morning() -> None:
    written = "<p>Two things, <b>Ana</b>.</p><ul><li>The quote<li>The bank</ul>"
    llm = lines(json.dumps({"subject": " Your\nday ", "body": written}))
    mail, usage = await model(llm).remind(MORNING)
    assert mail.subject == "Your day"
    assert mail.text.startswith("Two things, Ana.\n\n- The quote\n- The bank\n\n--\nÉcrit par")
    assert "<ul><li>The quote<li>The bank</li></li></ul>" in mail.html
    assert '<html lang="fr">' in mail.html
    assert usage.output_tokens > 0
    system, material = llm.asked[0].prompt
    assert "Monday, 2026-11-23" in system.text
    assert "French" in system.text
    for told in ("Send the quote", "Bolts for Bob", "Call the bank", "2026-11-19", "Too wet."):
        assert told in material.text


@pytest.mark.parametrize("body", ["", " ", "<p> </p>", "<script>say()</script>"])
async def test_a_mail_that_says_nothing_is_asked_for_again(body: str) -> None:
    empty, good = ({"subject": "Today", "body": each} for each in (body, "Call the bank."))
    llm = lines(json.dumps(empty), json.dumps(good))
    mail, _ = await model(llm).remind(MORNING)
    assert mail.text.startswith("Call the bank.\n")
    assert "says nothing" in llm.asked[1].prompt[-1].text


@pytest.mark.parametrize(
    ("description", "source"),
    [
        ("Call the bank about the loan", "I must call the bank."),
        ("Sending quotes", "I send the quote on Monday."),
        ("Paint the fence", None),
        ("Do it", None),
    ],
)
def test_a_todo_comes_from_the_nearest_of_the_user_s_own_sentences(
    description: str, source: str | None
) -> None:
    said = Turn("user", "It rained. I must call the bank. I send the quote on Monday.")
    written = Turn("assistant", "Paint the fence.")
    assert source_of(description, replace(TEXT, conversation=(said, written))) == source
