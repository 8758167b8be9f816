"""Every step of the shipped workflows, without a model and with one that is scripted."""

import asyncio
import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest

from mojodex_tui.backend.assistants.step_runs import StepRunner, works_of
from mojodex_tui.backend.catalog.files import SHIPPED_WORKFLOWS, read_catalog
from mojodex_tui.backend.catalog.format import StepSpec, TaskFile
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflows import (
    Learned,
    PastResult,
    StepCall,
    StepFailed,
    WorkflowStep,
)
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.llm.errors import ModelFailed
from mojodex_tui.backend.llm.offline.assistant import OfflineAssistant
from mojodex_tui.backend.llm.offline.lexicon import Language
from mojodex_tui.backend.llm.offline.step_words import WORDS
from mojodex_tui.backend.llm.port import Llm
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from tests.engine.memory_log import MemoryLog

CATALOG = read_catalog(SHIPPED_WORKFLOWS)
WORKFLOWS = {task.name_for_system: task for task in CATALOG.tasks}
EVERY_STEP = [
    pytest.param(task, index, id=f"{task.name_for_system}-{step.name_for_system}")
    for task in CATALOG.tasks
    for index, step in enumerate(task.steps or ())
]
NOTES = (
    "Budget review. Present: Ana, Luc. We decided to cut travel by 10%. "
    "Luc will send the new quote on Friday. Ana will call the bank tomorrow."
)
INPUTS: JsonObject = {
    "poem_topic": "spring",
    "n_stanzas": "3",
    "meeting_notes": NOTES,
    "article_topic": "Why we write minutes",
    "points": "Nobody remembers a meeting. Minutes take ten minutes. They end disputes. Start now.",
    "source_text": " ".join(f"The printer has part {name}." for name in "ABCDEFGH"),
}


def runner(llm: Llm) -> StepRunner:
    async def source() -> Llm:
        return llm

    return StepRunner(Engine(MemoryLog()), source, works_of(CATALOG.tasks))


def call_of(task: TaskFile, index: int, parameter: JsonObject = INPUTS) -> StepCall:
    step = (task.steps or ())[index]
    named = WorkflowStep(
        index + 1, step.name_for_system, index + 1, step.name_for_system, "", "Do it", True, True
    )
    now = datetime(2026, 11, 21, 10, tzinfo=UTC)
    return StepCall(
        task.name_for_system, named, parameter, INPUTS, (), (), "en", "Eva", now, None, "u", 1, "s"
    )


def offline(
    task: TaskFile, inputs: JsonObject = INPUTS, language: str = "en"
) -> list[tuple[StepCall, tuple[JsonObject, ...]]]:
    """Run a workflow to its end without a model."""
    done: list[tuple[StepCall, tuple[JsonObject, ...]]] = []
    performer = runner(OfflineAssistant(pace=0))
    parameters: list[JsonObject] = [inputs]
    past: tuple[PastResult, ...] = ()
    for index, step in enumerate(task.steps or ()):
        given: list[JsonObject] = []
        for parameter in parameters:
            call = replace(
                call_of(task, index),
                parameter=parameter,
                past=past,
                inputs=inputs,
                language=language,
            )
            items = asyncio.run(performer.run(call)).items
            past = (*past, PastResult(step.name_for_system, parameter, items, None))
            done.append((call, items))
            given.extend(items)
        parameters = given
    return done


def fields_of(step: StepSpec) -> set[str]:
    assert step.work is not None
    return {field.name for field in step.work.fields}


def test_the_poem_is_the_first_and_nothing_is_wrong_with_any() -> None:
    assert CATALOG.problems == ()
    assert next(iter(WORKFLOWS)) == "write_poem"
    assert len(WORKFLOWS) == 4
    for task in CATALOG.tasks:
        assert {shown.language_code for shown in task.task_displayed_data} == {"en", "fr", "es"}


@pytest.mark.parametrize("task", CATALOG.tasks, ids=lambda task: task.name_for_system)
def test_a_workflow_reaches_its_end_without_a_model_and_says_so_once(task: TaskFile) -> None:
    done = offline(task)
    steps = {step.name_for_system: step for step in task.steps or ()}
    for call, items in done:
        assert items
        for item in items:
            assert fields_of(steps[call.step.name]) <= set(item)
            assert all(str(value).strip() for value in item.values())
    last = [items[0] for call, items in done if call.step.rank == len(steps)]
    final = "\n\n".join(str(next(iter(item.values()))) for item in last)
    assert final.count("Written offline by rules") == 1
    assert offline(task) == done


def test_offline_steps_keep_what_the_notes_say() -> None:
    final = str(offline(WORKFLOWS["write_up_meeting"])[-1][1][0]["email"])
    assert "We decided:\n\n- Cut travel by 10%." in final
    assert "**Luc**: send the new quote, by Friday 27 November" in final
    printer = str(offline(WORKFLOWS["write_up_document"])[-1][1][0]["document"])
    assert all(f"part {name}." in printer for name in "ABCDEFGH")
    article = " ".join(str(items) for _, items in offline(WORKFLOWS["write_up_article"]))
    assert "They end disputes." in article


MEETING = """\
Weekly sync
Attendees: Ana Ruiz, Luc Martin, Tom Becker (remote)

- Decision: ship 4.2 on 25 November
- Tom will merge the fix by Monday
- Luc proposes to switch staging off at night
- everyone agreed
- We decided to make an offer to Carla
- search: no idea how long it takes
- no decision, come back in December
- TODO Ana update the demo account
"""


def test_without_a_model_first_names_act_and_only_decisions_are_decided() -> None:
    done = offline(WORKFLOWS["write_up_meeting"], {"meeting_notes": MEETING})
    assert done[0][1][0]["decisions"] == (
        "- Ship 4.2 on 25 November.\n"
        "- Luc proposes to switch staging off at night.\n"
        "- Make an offer to Carla."
    )
    assert done[1][1][0]["action_items"] == (
        "- **Tom**: merge the fix, by Monday 23 November\n- **Ana**: update the demo account"
    )


LONG_WISHES: dict[Language, tuple[str, str]] = {
    "en": (
        "Please write a poem about the smell of rain, for my grandmother who turns 90 next week.",
        "First sight of the smell of rain",
    ),
    "fr": (
        "Je voudrais un poème pour l'anniversaire de ma mère, qui aime son jardin.",
        "L'anniversaire de ma mère, au premier regard",
    ),
    "es": (
        "Quiero un poema sobre mi abuela, que cocinaba los domingos para toda la familia.",
        "Mi abuela, a primera vista",
    ),
}


@pytest.mark.parametrize("language", LONG_WISHES)
def test_without_a_model_a_long_wish_gives_short_lines_and_no_stanza_twice(
    language: Language,
) -> None:
    wish, first = LONG_WISHES[language]
    inputs: JsonObject = {"poem_topic": wish, "n_stanzas": "7"}
    done = offline(WORKFLOWS["write_poem"], inputs, language)
    topics = [str(item["stanza_topic"]) for item in done[0][1]]
    assert topics[0] == first
    assert all(len(topic.split()) <= 10 for topic in topics)
    stanzas = [str(items[0]["stanza"]).split("\n\n")[0].splitlines() for _, items in done[1:]]
    assert [lines[0] for lines in stanzas] == [f"{topic}," for topic in topics]
    assert len({tuple(lines[1:]) for lines in stanzas}) == len(topics) == 7


@pytest.mark.parametrize(
    ("wish", "count"), [("Two fewer: 2 fewer", 1), ("5 please", 5), ("add The sea", 4)]
)
def test_without_a_model_a_wish_changes_the_plan(wish: str, count: int) -> None:
    call = call_of(WORKFLOWS["write_poem"], 0)
    learned = replace(call, learned=(Learned((), wish),))
    items = asyncio.run(runner(OfflineAssistant(pace=0)).run(learned)).items
    assert len(items) == count
    assert not any("note" in item for item in items)


def test_without_a_model_what_cannot_be_done_is_said() -> None:
    call = call_of(WORKFLOWS["write_poem"], 0)
    learned = replace(call, learned=(Learned((), "Make it sadder"),))
    items = asyncio.run(runner(OfflineAssistant(pace=0)).run(learned)).items
    assert "Without a language model" in str(items[0]["note"])


def good(step: StepSpec) -> str:
    return json.dumps({"items": [dict.fromkeys(sorted(fields_of(step)), "Some words")]})


@pytest.mark.parametrize(("task", "index"), EVERY_STEP)
def test_a_model_is_told_what_it_needs_and_asked_again(task: TaskFile, index: int) -> None:
    step = (task.steps or ())[index]
    before = (task.steps or ())[index - 1]
    item: JsonObject = dict.fromkeys(fields_of(before), "Given before")
    call = replace(call_of(task, index), learned=(Learned(({"x": "Old"},), "Make it sadder"),))
    if index:
        past = PastResult(before.name_for_system, INPUTS, (item,), None)
        same = PastResult(
            step.name_for_system, item, (dict.fromkeys(fields_of(step), "The same step"),), None
        )
        call = replace(call, parameter=item, past=(past, same))
    llm = ScriptedLlm(titles=["No JSON.", '{"items": []}', good(step)])
    outcome = asyncio.run(runner(llm).run(call))
    assert outcome.items == (dict.fromkeys(fields_of(step), "Some words"),)
    assert len(llm.asked) == 3
    system = llm.asked[0].prompt[0].text
    assert "Make it sadder" in system
    assert all(name in system for name in fields_of(step))
    assert "{{" not in system
    assert "{%" not in system


@pytest.mark.parametrize(("task", "index"), EVERY_STEP)
def test_a_model_that_is_never_right_fails_the_step(task: TaskFile, index: int) -> None:
    call = call_of(task, index)
    if index:
        before = (task.steps or ())[index - 1]
        call = replace(call, parameter=dict.fromkeys(fields_of(before), "Given before"))
    with pytest.raises(StepFailed, match="gave no result that can be read"):
        asyncio.run(runner(ScriptedLlm(titles=["Nothing."] * 9)).run(call))


def test_a_model_whose_stream_breaks_off_is_not_said_to_have_been_asked_again() -> None:
    [task, *_] = CATALOG.tasks
    [step, *_] = task.steps or ()
    llm = ScriptedLlm(titles=[ModelFailed("The connection broke."), good(step)])
    with pytest.raises(ModelFailed, match="The connection broke"):
        asyncio.run(runner(llm).run(call_of(task, 0)))
    assert len(llm.asked) == 1


@pytest.mark.parametrize(
    ("language", "notes"),
    [
        ("fr", "Réunion budget. Nous avons décidé de réduire les voyages. Luc enverra le devis."),
        ("es", "Reunión de presupuesto. Decidimos reducir los viajes. Luis enviará la oferta."),
    ],
)
def test_without_a_model_the_language_of_the_user_is_spoken(language: Language, notes: str) -> None:
    inputs: JsonObject = {**INPUTS, "meeting_notes": notes}
    words, english = WORDS[language], WORDS["en"]
    poem = str([items for _, items in offline(WORKFLOWS["write_poem"], inputs, language)])
    assert words.phases[0].replace("{topic}", "") in poem
    assert not any(line in poem for lines in english.verses for line in lines)
    recap = str([items for _, items in offline(WORKFLOWS["write_up_meeting"], inputs, language)])
    assert words.email.partition("\n")[0] in recap
    assert english.email.partition("\n")[0] not in recap
