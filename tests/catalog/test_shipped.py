from typing import get_args

import pytest

from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, read_catalog
from mojodex_tui.backend.catalog.format import FILE_TYPES, InputType, TaskFile

CATALOG = read_catalog(SHIPPED_TASKS)
LANGUAGES = {"en", "fr", "es"}
every_task = pytest.mark.parametrize("task", CATALOG.tasks, ids=lambda task: task.name_for_system)


def test_nothing_is_wrong_with_the_shipped_tasks() -> None:
    assert CATALOG.problems == ()
    assert len(CATALOG.tasks) == len(list(SHIPPED_TASKS.iterdir())) >= 12


@every_task
def test_a_task_speaks_every_language(task: TaskFile) -> None:
    assert {shown.language_code for shown in task.task_displayed_data} == LANGUAGES
    for action in task.predefined_actions:
        assert {shown.language_code for shown in action.displayed_data} == LANGUAGES


@every_task
def test_its_file_has_its_name(task: TaskFile) -> None:
    assert (SHIPPED_TASKS / f"{task.name_for_system}.yaml").is_file()


@every_task
def test_translations_are_translated(task: TaskFile) -> None:
    names = [shown.name_for_user for shown in task.task_displayed_data]
    assert len(set(names)) == len(names)
    for others in zip(*(shown.json_input for shown in task.task_displayed_data), strict=True):
        labels = {item.description_for_user for item in others}
        assert len(labels) == len(LANGUAGES), labels


@every_task
def test_text_fields_show_an_example_and_files_are_never_needed(task: TaskFile) -> None:
    for shown in task.task_displayed_data:
        for item in shown.json_input:
            if item.type == "text_area":
                assert item.placeholder
                assert item.lines
            if item.type in FILE_TYPES:
                assert not item.required
                assert item.accepted
                assert item.max_megabytes
        assert any(item.required for item in shown.json_input)


@every_task
def test_choices_are_the_same_in_every_language(task: TaskFile) -> None:
    first, *others = task.task_displayed_data
    for other in others:
        for one, two in zip(first.json_input, other.json_input, strict=True):
            assert [choice.value for choice in one.possible_values or ()] == [
                choice.value for choice in two.possible_values or ()
            ]


def test_every_kind_of_input_is_used() -> None:
    used = {item.type for task in CATALOG.tasks for item in task.task_displayed_data[0].json_input}
    assert used == set(get_args(InputType))


def test_an_unknown_language_falls_back_to_english() -> None:
    (task,) = (one for one in CATALOG.tasks if one.name_for_system == "meeting_recap")
    assert task.shown_in("de").name_for_user == "Meeting recap"
    assert task.shown_in("fr").name_for_user == "Compte rendu de réunion"


def test_clients_get_the_input_as_an_object_without_empty_keys() -> None:
    (task,) = (one for one in CATALOG.tasks if one.name_for_system == "meeting_recap")
    date = task.shown_in("en").json_input[1].as_wire()
    assert date == {
        "type": "text_area",
        "input_name": "meeting_date",
        "description_for_user": "When was the meeting?",
        "description_for_system": "The day of the meeting, if it is not in the notes",
        "placeholder": "e.g. yesterday, or 3 December",
        "required": False,
        "lines": 1,
    }
