from datetime import UTC, date, datetime

import pytest

from mojodex_tui.backend.assistants.todos import extract, reschedule
from mojodex_tui.backend.domain.briefs import Draft, Turn
from mojodex_tui.backend.domain.todos import (
    ExtractionBrief,
    FoundTodo,
    Rejected,
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


async def test_finds_what_was_meant_on_days_that_exist() -> None:
    llm = lines(FOUND)
    found, usage = await extract(Engine(MemoryLog()), llm, TEXT)
    assert found == (FoundTodo("Send the quote", date(2026, 11, 23)),)
    assert usage.output_tokens > 0
    system, material = llm.asked[0].prompt
    for told in ("Ana", "Ship it", "2026-11-21", "Call Bob", "Water the plants (not work)"):
        assert told in system.text
    assert "I send the quote on Monday." in material.text
    assert material.text.count("</data>") == 2


async def test_what_cannot_be_read_is_told_to_the_model_which_is_asked_again() -> None:
    llm = lines("I found nothing.", '{"todo": []}', '{"todos": []}')
    found, usage = await extract(Engine(MemoryLog()), llm, TEXT)
    assert found == ()
    assert len(llm.asked) == 3
    assert "mapping" in llm.asked[1].prompt[-1].text
    assert "todos" in llm.asked[2].prompt[-1].text
    assert usage.output_tokens > 3


async def test_gives_up_after_four_tries() -> None:
    llm = lines(*["Nothing."] * 9)
    with pytest.raises(ModelFailed, match="no answer that can be read"):
        await extract(Engine(MemoryLog()), llm, TEXT)
    assert len(llm.asked) == 4


async def test_a_model_that_failed_is_not_asked_again() -> None:
    llm = lines(ModelBusy("Busy."))
    with pytest.raises(ModelBusy, match="Busy"):
        await extract(Engine(MemoryLog()), llm, TEXT)
    assert len(llm.asked) == 1


@pytest.mark.parametrize("key", ["reschedule_date", "date"])
async def test_finds_a_new_day_and_says_why(key: str) -> None:
    llm = lines('{"argument": ""}', f'{{"{key}": "2026-11-24", "argument": "Tuesday is free."}}')
    chosen, _ = await reschedule(Engine(MemoryLog()), llm, OVERDUE)
    assert chosen == Rescheduling(date(2026, 11, 24), "Tuesday is free.")
    assert "put on 2 other days" in llm.asked[0].prompt[0].text
