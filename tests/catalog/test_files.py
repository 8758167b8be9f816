import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, Problem, read_catalog, read_task_file
from mojodex_tui.backend.domain.limits import Limits

# The content of a task file, on its way to be decoded.
Content = dict[str, Any]
NOTE = SHIPPED_TASKS / "meeting_recap.yaml"


def content() -> Content:
    loaded: Content = yaml.safe_load(NOTE.read_text("utf-8"))
    loaded["predefined_actions"] = []
    return loaded


def write(folder: Path, name: str, what: Content | str) -> Path:
    folder.mkdir(exist_ok=True)
    path = folder / name
    text = what if isinstance(what, str) else yaml.safe_dump(what, allow_unicode=True)
    path.write_text(text, "utf-8")
    return path


def test_yaml_and_json_are_read_and_other_files_left_alone(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", content())
    write(tmp_path, "b.json", json.dumps(content() | {"name_for_system": "other"}, indent="\t"))
    write(tmp_path, "notes.txt", "not a task")
    catalog = read_catalog(tmp_path)
    assert [task.name_for_system for task in catalog.tasks] == ["meeting_recap", "other"]
    assert catalog.problems == ()


def test_a_folder_that_does_not_exist_holds_no_tasks(tmp_path: Path) -> None:
    catalog = read_catalog(tmp_path / "missing")
    assert (catalog.tasks, catalog.problems) == ((), ())


def _set(*path: str | int, to: object) -> Callable[[Content], None]:
    def change(task: Content) -> None:
        place: Any = task
        for part in path[:-1]:
            place = place[part]
        place[path[-1]] = to

    return change


def _drop(*path: str | int) -> Callable[[Content], None]:
    def change(task: Content) -> None:
        place: Any = task
        for part in path[:-1]:
            place = place[part]
        del place[path[-1]]

    return change


FIRST_INPUT = ("task_displayed_data", 0, "json_input", 0)


@pytest.mark.parametrize(
    ("change", "key", "reason"),
    [
        (_set("colour", to="red"), "colour", "is no key of a task file"),
        (_drop("icon"), "icon", "is missing"),
        (_set("name_for_system", to="Meeting Recap"), "name_for_system", "does not match"),
        (_set("task_type", to="chat"), "task_type", "must be one of 'instruct' or 'workflow'"),
        (_set("output_type", to=7), "output_type", "must be a text, not 7"),
        (_drop("final_instruction"), "final_instruction", "a task of type instruct needs it"),
        (_set("steps", to=[]), "steps", "has no meaning in a task of type instruct"),
        (_drop("task_displayed_data", 0), "task_displayed_data", "the language 'en' is missing"),
        (
            _set("task_displayed_data", 1, "language_code", to="en"),
            "task_displayed_data",
            "the language 'en' stands twice",
        ),
        (
            _set("task_displayed_data", 1, "json_input", 0, "type", to="text"),
            "task_displayed_data[1].json_input[0].type",
            "must be one of 'text_area'",
        ),
        (
            _drop("task_displayed_data", 2, "json_input", 3),
            "task_displayed_data[2].json_input",
            "must hold the same input names and types as for 'en'",
        ),
        (
            _set(*FIRST_INPUT, "max_megabytes", to=3),
            "task_displayed_data[0].json_input[0].max_megabytes",
            "has no meaning for an input of type text_area",
        ),
        (
            _set(*FIRST_INPUT, "type", to="drop_down_list"),
            "task_displayed_data[0].json_input[0].possible_values",
            "a drop_down_list needs at least one value",
        ),
        (
            _set(*FIRST_INPUT, "input_name", to="detail"),
            "task_displayed_data[0].json_input",
            "the input_name 'detail' stands twice",
        ),
        (
            _set("output_format_instruction_title", to="x" * 256),
            "output_format_instruction_title",
            "at most 255 characters",
        ),
        (_set("tools", to=["dates", "rockets"]), "tools[1]", "There are no tools named 'rockets'"),
        (_set("limits", to={"tokens": 0}), "limits.tokens", "greater than or equal to 1"),
        (_set("limits", to={"turns": "ten"}), "limits.turns", "should be a valid integer"),
        (_set("limits", to={"cost": -1}), "limits.cost", "greater than 0"),
        (_set("limits", to={"errors": None}), "limits.errors", "should be a valid integer"),
        (_set("limits", to={"minutes": 5}), "limits.minutes", "is no key of a task file"),
        (_set("limits", to=5), "limits", "must be a mapping of keys, not 5"),
        (_set("predefined_actions", to="none"), "predefined_actions", "should be a valid tuple"),
        (_set("task_displayed_data", 0, to="en"), "task_displayed_data[0]", "must be a mapping"),
    ],
)
def test_a_refusal_names_file_key_and_reason(
    tmp_path: Path, change: Callable[[Content], None], key: str, reason: str
) -> None:
    task = content()
    change(task)
    read, problems = read_task_file(write(tmp_path, "recap.yaml", task))
    assert read is None
    (problem,) = (one for one in problems if one.key == key)
    assert reason in problem.reason
    assert str(problem).startswith(f"recap.yaml: {key}: ")


@pytest.mark.parametrize(
    ("name", "text", "reason"),
    [
        ("a.yaml", "icon: x\nname: [1, 2\nother: 3\n", "line 3, column 6: not valid YAML"),
        ("a.yaml", "- just\n- a list\n", "must be a mapping of keys"),
        ("a.yaml", "", "must be a mapping of keys"),
        ("a.yaml", "day: 2026-13-45", "cannot be read: month must be in 1..12"),
        ("a.json", '{"icon": }', "cannot be read: Expecting value: line 1 column 10"),
    ],
)
def test_a_file_that_cannot_be_parsed_says_where(
    tmp_path: Path, name: str, text: str, reason: str
) -> None:
    read, (problem,) = read_task_file(write(tmp_path, name, text))
    assert read is None
    assert (problem.file, problem.key) == (name, "")
    assert reason in problem.reason


def test_a_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("icon: é".encode("latin-1"))
    assert read_task_file(path) == (None, (Problem("latin.yaml", "", "is not a text in UTF-8"),))


def test_a_broken_file_does_not_stop_the_rest(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", "icon: [")
    write(tmp_path, "b.yaml", content())
    catalog = read_catalog(tmp_path)
    assert [task.name_for_system for task in catalog.tasks] == ["meeting_recap"]
    assert [problem.file for problem in catalog.problems] == ["a.yaml"]


def test_the_users_task_replaces_the_shipped_one_and_it_is_told(tmp_path: Path) -> None:
    write(tmp_path, "mine.yaml", content() | {"icon": "🦊"})
    catalog = read_catalog(SHIPPED_TASKS, tmp_path)
    (task,) = (one for one in catalog.tasks if one.name_for_system == "meeting_recap")
    assert task.icon == "🦊"
    (problem,) = catalog.problems
    assert (problem.file, problem.key) == ("mine.yaml", "name_for_system")
    assert "replaces the task 'meeting_recap'" in problem.reason


def test_inside_a_folder_the_first_file_of_a_name_is_kept(tmp_path: Path) -> None:
    write(tmp_path, "a.yaml", content() | {"icon": "1"})
    write(tmp_path, "b.yaml", content() | {"icon": "2"})
    catalog = read_catalog(tmp_path)
    assert [task.icon for task in catalog.tasks] == ["1"]
    (problem,) = catalog.problems
    assert str(problem) == (
        "b.yaml: name_for_system: 'meeting_recap' is already the name of the task in a.yaml"
    )


def test_a_follow_up_that_does_not_exist_is_told_and_the_task_kept(tmp_path: Path) -> None:
    action = yaml.safe_load(NOTE.read_text("utf-8"))["predefined_actions"][0]
    write(tmp_path, "a.yaml", content() | {"predefined_actions": [action]})
    catalog = read_catalog(tmp_path)
    assert len(catalog.tasks) == 1
    assert [str(problem) for problem in catalog.problems] == [
        "a.yaml: predefined_actions[0].task: there is no task 'follow_up_email'"
    ]


def test_a_workflow_is_read_with_its_steps(tmp_path: Path) -> None:
    step = {
        "name_for_system": "stanza_writer",
        "definition_for_system": "Write one stanza",
        "step_displayed_data": [
            {"language_code": "en", "name_for_user": "Write", "definition_for_user": "One stanza"}
        ],
    }
    task = content() | {"task_type": "workflow", "steps": [step]}
    for key in (
        "final_instruction",
        "output_format_instruction_title",
        "output_format_instruction_draft",
        "infos_to_extract",
        "tools",
    ):
        del task[key]
    limited = task | {"limits": {"turns": 5}}
    _, (problem,) = read_task_file(write(tmp_path, "limited.yaml", limited))
    assert str(problem) == "limited.yaml: limits: has no meaning in a task of type workflow"
    read, problems = read_task_file(write(tmp_path, "poem.yaml", task))
    assert problems == ()
    assert read is not None
    assert read.steps is not None
    assert (read.steps[0].user_validation_required, read.steps[0].review_chat_enabled) == (
        True,
        False,
    )


def test_the_example_of_the_documentation_is_a_task(tmp_path: Path) -> None:
    page = (Path(__file__).parents[2] / "docs" / "tasks.md").read_text("utf-8")
    example = page.split("```yaml\n")[1].split("```")[0]
    write(tmp_path, "visit_note.yaml", example)
    catalog = read_catalog(SHIPPED_TASKS, tmp_path)
    assert catalog.problems == ()
    assert "visit_note" in {task.name_for_system for task in catalog.tasks}


def test_what_limits_leave_out_is_as_usual_and_null_is_none(tmp_path: Path) -> None:
    task = content() | {"limits": {"turns": 5, "seconds": None}}
    read, _ = read_task_file(write(tmp_path, "recap.yaml", task))
    assert read is not None
    assert read.limits is not None
    assert read.limits.limits == replace(Limits(), turns=5, seconds=None)
