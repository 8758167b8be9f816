"""Briefs as the backend makes them, out of the shipped tasks and the fixtures."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache
from pathlib import Path

import yaml

from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, read_catalog
from mojodex_tui.backend.catalog.format import TaskFile
from mojodex_tui.backend.domain.briefs import (
    Draft,
    InputValue,
    InstructBrief,
    TaskBrief,
    Turn,
    WantedInfo,
)

NOW = datetime(2026, 11, 21, 9, 0, tzinfo=UTC)
"""A Saturday."""
LANGUAGES = ("en", "fr", "es")
FIXTURES = Path(__file__).parent / "fixtures"


@cache
def shipped() -> Mapping[str, TaskFile]:
    return {task.name_for_system: task for task in read_catalog(SHIPPED_TASKS).tasks}


def brief(
    task: str,
    language: str = "en",
    inputs: Mapping[str, str | Sequence[str]] | None = None,
    *,
    said: Sequence[Turn] = (),
    draft: Draft | None = None,
) -> InstructBrief:
    spec = shipped()[task]
    shown = spec.shown_in(language)
    given = dict(inputs or {})
    values = []
    for item in shown.json_input:
        value = given.pop(item.input_name, None)
        kept = value if value is None or isinstance(value, str) else tuple(value)
        label, meaning = item.description_for_user, item.description_for_system
        values.append(InputValue(item.input_name, label, meaning, kept))
    assert not given, f"{task} has no input {set(given)}"
    return InstructBrief(
        task=TaskBrief(
            name=task,
            label=shown.name_for_user,
            definition=spec.definition_for_system,
            instruction=spec.final_instruction or "",
            output_type=spec.output_type,
            title_format=spec.output_format_instruction_title or "",
            draft_format=spec.output_format_instruction_draft or "",
            wanted=tuple(
                WantedInfo(info.info_name, info.description) for info in spec.infos_to_extract or ()
            ),
        ),
        language=language,
        user_name="Demo",
        now=NOW,
        inputs=tuple(values),
        conversation=tuple(said),
        draft=draft,
    )


@dataclass(frozen=True)
class Case:
    """What a user gives to a task in one language, and what must come out."""

    task: str
    language: str
    main: str
    inputs: Mapping[str, str | Sequence[str]]
    expect: Sequence[str]
    without: Sequence[str] = ()
    title: str | None = None
    people: Sequence[str] | None = None
    actions: Sequence[tuple[str | None, str, date | None]] | None = None

    def __str__(self) -> str:
        return f"{self.task}-{self.language}"


@cache
def cases() -> tuple[Case, ...]:
    found: list[Case] = []
    for path in sorted(FIXTURES.glob("*.yaml")):
        content = yaml.safe_load(path.read_text("utf-8"))
        main = content.pop("main")
        for language, given in content.items():
            actions = given.pop("actions", None)
            given["actions"] = None if actions is None else [tuple(one) for one in actions]
            found.append(Case(path.stem, language, main, **given))
    return tuple(found)
