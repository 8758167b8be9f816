"""The catalog of the recorded server, as task files of ours.

Names, icons and forms are taken from the recordings; of what only a model reads nothing was
recorded, so it is made up.
"""

import json
from collections.abc import Iterator
from pathlib import Path

from pydantic import JsonValue

from mojodex_tui.wire.base import JsonObject
from tests.wire.recording import exchanges

_CATALOG = "02_user_tasks"
_IS_EMAIL = 2
"""The recorded task whose texts are e-mails; it is the one that is run."""


def write_tasks(folder: Path) -> None:
    """Write the recorded catalog into a folder."""
    folder.mkdir(parents=True)
    english, french, web = _listed("platform mobile"), _listed("list in French"), _listed("default")
    on_web = {task["task_pk"] for task in web}
    words_in_french = {task["task_pk"]: task for task in french}
    for task in english:
        pk = task["task_pk"]
        shown = {"en": task}
        in_french = words_in_french.get(pk, task)
        if in_french["task_name"] != task["task_name"]:
            shown["fr"] = in_french
        platforms: list[JsonValue] = ["webapp", "mobile"] if pk in on_web else ["mobile"]
        file = _file(task, shown, platforms)
        # The catalog numbers its tasks in the order of their names.
        (folder / f"task_{pk}.json").write_text(json.dumps(file), "utf-8")


def write_workflows(folder: Path) -> None:
    """Write the workflows that were made through the recorded back office into a folder."""
    for scenario in ("07a_workflow_create", "07f_workflow_three_steps"):
        for exchange in exchanges(scenario):
            if (exchange.method, exchange.path) == ("PUT", "/task") and exchange.good:
                name = exchange.fields["name_for_system"]
                (folder / f"{name}.json").write_text(json.dumps(exchange.fields), "utf-8")


def _listed(label: str) -> list[JsonObject]:
    """Return the tasks of a recorded list, by the start of its label."""
    for exchange in exchanges(_CATALOG):
        if exchange.label.startswith(label) and isinstance(exchange.body, dict):
            return list(_items(exchange.body, "user_tasks"))
    raise LookupError(label)


def _items(body: JsonObject, key: str) -> Iterator[JsonObject]:
    listed = body[key]
    assert isinstance(listed, list)
    return (item for item in listed if isinstance(item, dict))


def _file(task: JsonObject, shown: dict[str, JsonObject], platforms: list[JsonValue]) -> JsonObject:
    pk = task["task_pk"]
    return {
        "task_type": "instruct",
        "platforms": platforms,
        "name_for_system": f"task_{pk}",
        "definition_for_system": "A recorded task.",
        "icon": task["task_icon"],
        "output_type": "email" if pk == _IS_EMAIL else "document",
        "final_instruction": "Write what the recording has.",
        "output_format_instruction_title": "As recorded.",
        "output_format_instruction_draft": "As recorded.",
        "infos_to_extract": [],
        "task_displayed_data": [
            {
                "language_code": code,
                "name_for_user": words["task_name"],
                "definition_for_user": words["task_description"],
                "json_input": _form(),
            }
            for code, words in shown.items()
        ],
    }


def _form() -> JsonValue:
    """Return the one form that was recorded."""
    for exchange in exchanges("00_socketio_raw_frames"):
        if isinstance(exchange.body, dict) and "json_input" in exchange.body:
            return exchange.body["json_input"]
    raise LookupError("json_input")
