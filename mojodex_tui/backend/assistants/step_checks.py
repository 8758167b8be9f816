"""Looks for what would fail a step of a workflow only once it runs."""

from collections.abc import Iterator
from datetime import UTC, datetime
from importlib.metadata import entry_points
from itertools import product
from typing import Final

from pydantic import JsonValue

from mojodex_tui.backend.assistants.prompts import render_text
from mojodex_tui.backend.assistants.step_runs import GROUP
from mojodex_tui.backend.catalog.files import Catalog, Problem
from mojodex_tui.backend.catalog.format import StepSpec, TaskFile
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflows import Learned, PastResult

_SAMPLES: Final[dict[str, str | float | bool]] = {"text": "2", "number": 2.0, "yes_no": True}
"""A text that is a number too, as forms give numbers as texts."""
_NO_PLACE: Final = "has no element"
"""Said of a place in a list, which other results may have."""


def unknown_python_steps(catalog: Catalog) -> tuple[Problem, ...]:
    """Return the steps that are done in Python by nothing that is installed."""
    asked = [
        (task, index, name)
        for task in catalog.tasks
        for index, step in enumerate(task.steps or ())
        if (name := _python(step)) is not None
    ]
    if not asked:
        return ()  # looking through all that is installed takes a while
    known = {point.name for point in entry_points(group=GROUP)}
    return tuple(
        _problem(catalog, task, index, f"the Python step '{name}' is not installed")
        for task, index, name in asked
        if name not in known
    )


def bad_prompts(catalog: Catalog) -> tuple[Problem, ...]:
    """Return the prompts that are no templates, or name what they are not given.

    Each is filled with samples: as in the first run of its step, and as after others, with every
    choice of every drop-down list, since a template may depend on it.
    """
    return tuple(
        _problem(catalog, task, index, reason)
        for task in catalog.tasks
        for index, step in enumerate(task.steps or ())
        if step.work is not None and step.work.prompt is not None
        for reason in _faults(task, index, step.work.prompt)
    )


def _python(step: StepSpec) -> str | None:
    if step.work is None:
        return step.name_for_system
    return step.work.python


def _problem(catalog: Catalog, task: TaskFile, index: int, reason: str) -> Problem:
    return Problem(catalog.files[task.name_for_system], f"steps[{index}].work", reason)


def _faults(task: TaskFile, index: int, prompt: str) -> Iterator[str]:
    """Yield the first fault of a prompt, if it has one."""
    from jinja2 import TemplateSyntaxError, UndefinedError

    steps = task.steps or ()
    items = [_item(step) for step in steps]
    past = [
        PastResult(step.name_for_system, item, (item,), "2")
        for step, item in zip(steps[: index + 1], items, strict=False)
    ]
    learned = [Learned((items[index],), "2")]
    for inputs, (runs, lessons) in product(_forms(task), (((), ()), (past, learned))):
        try:
            render_text(
                prompt,
                parameter=inputs if index == 0 else items[index - 1],
                inputs=inputs,
                learned=lessons,
                past=runs,
                language="en",
                user="2",
                date=datetime.now(UTC).date(),
            )
        except TemplateSyntaxError as error:
            yield f"the prompt is no template: line {error.lineno}: {error.message}"
            return
        except UndefinedError as error:
            if _NO_PLACE not in str(error):
                yield f"the prompt names what it is not given: {error.message}"
                return
        except (TypeError, ValueError, ArithmeticError):
            continue  # of the samples rather than of the prompt


def _forms(task: TaskFile) -> Iterator[JsonObject]:
    """Yield forms filled with samples; each choice of each drop-down list is in one of them."""
    fields = [field for words in task.task_displayed_data for field in words.json_input]
    choices = {
        field.input_name: [choice.value for choice in field.possible_values or ()] or ["2"]
        for field in fields
    }
    usual: JsonObject = {name: values[0] for name, values in choices.items()}
    yield usual
    for name, (_, *others) in choices.items():
        for value in others:
            yield {**usual, name: value}


def _item(step: StepSpec) -> JsonObject:
    """Return an item of a step's result."""
    if step.work is None or step.work.python is not None:
        return _Anything()
    return {field.name: _SAMPLES[field.kind] for field in step.work.fields}


class _Anything(dict[str, JsonValue]):
    """An item with any key, because nobody knows what a Python step gives."""

    def __missing__(self, key: str) -> JsonValue:
        return "2"
