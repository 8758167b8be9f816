"""Performs a step of a workflow: by a model, by rules where there is none, or in Python."""

import asyncio
import json
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib.metadata import entry_points
from typing import Annotated, Any

from pydantic import BaseModel, Field, StringConstraints, ValidationError, create_model

from mojodex_tui.backend.assistants.prompts import render, render_text
from mojodex_tui.backend.assistants.typed import Blank, fill
from mojodex_tui.backend.catalog.format import StepWork, TaskFile
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflows import StepCall, StepFailed
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.llm.errors import ModelUnreadable
from mojodex_tui.backend.llm.offline.steps import rule_for
from mojodex_tui.backend.llm.port import LlmSource, Usage

GROUP = "mojodex_tui.workflow_steps"
"""The entry points of steps written in Python."""
PythonStep = Callable[[StepCall], Awaitable[list[JsonObject]]]
"""A step written in Python: all it is given in, its items out."""

_KINDS: Mapping[str, Any] = {
    "text": Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)],
    "number": float,
    "yes_no": bool,
}
_UNREADABLE = (
    "The model gave no result that can be read for the step “{step}”, although it was asked "
    "again. What was done before is safe; try the step again, or use another model."
)
_NO_RULE = (
    "The step “{step}” needs a model, and none is set up. What was done before is safe; set up a "
    "model, then try the step again."
)
_NOT_INSTALLED = (
    "The step “{step}” is done by the Python step '{name}', which is not installed. Install the "
    "package that brings it, then try the step again."
)


@dataclass(frozen=True)
class StepOutcome:
    """What a step gave, and what it cost."""

    items: tuple[JsonObject, ...]
    usage: Usage


def works_of(tasks: Iterable[TaskFile]) -> dict[tuple[str, str], StepWork | None]:
    """Return how each step is done, by the system names of workflow and step."""
    return {
        (task.name_for_system, step.name_for_system): step.work
        for task in tasks
        for step in task.steps or ()
    }


@dataclass(frozen=True)
class StepRunner:
    """Performs steps as the catalog says.

    Args:
        engine: runs a task for each; what cannot be read is told to the model, which tries again.
        source: the model.
        works: how each step is done, as `works_of` returns it.
    """

    engine: Engine
    source: LlmSource
    works: Mapping[tuple[str, str], StepWork | None]

    async def run(
        self,
        call: StepCall,
        progress: Callable[[str], None] | None = None,  # noqa: ARG002 - results come whole
    ) -> StepOutcome:
        """Return what a step gives (wire protocol §6.4).

        Raises:
            StepFailed: it gave nothing; the sentence is for the user.
            LlmError: the model did not answer.
        """
        work = self.works.get((call.workflow, call.step.name))
        if work is None or work.prompt is None:
            name = work.python if work is not None else None
            return StepOutcome(await _in_python(call, name or call.step.name), Usage(""))
        llm = await self.source()
        if not llm.is_model:
            rule = rule_for(call.workflow, call.step.name)
            if rule is None:
                raise StepFailed(_NO_RULE.format(step=call.step.label))
            # Rules over a long text take some tens of milliseconds.
            found = await asyncio.to_thread(rule, call)
            try:
                _kind(work).model_validate({"items": found})
            except ValidationError as error:
                # The user replaced the workflow by one of the same name with other fields.
                raise StepFailed(_NO_RULE.format(step=call.step.label)) from error
            return StepOutcome(tuple(found), Usage(llm.label))
        task = _task(call, work.prompt)
        blank = Blank(
            f"step_work:{call.step.name}",
            call,
            render("step", call=call, work=work, task=task),
            json.dumps(call.parameter, ensure_ascii=False, indent=1),
        )
        try:
            given, usage = await fill(self.engine, llm, blank, _kind(work))
        except ModelUnreadable as error:
            raise StepFailed(_UNREADABLE.format(step=call.step.label)) from error
        items: list[JsonObject] = given.model_dump(mode="json")["items"]
        return StepOutcome(tuple(items), usage)


def _task(call: StepCall, prompt: str) -> str:
    """Fill a step's own template.

    Raises:
        StepFailed: the template cannot be filled.
    """
    from jinja2 import TemplateError

    try:
        return render_text(
            prompt,
            parameter=call.parameter,
            inputs=call.inputs,
            learned=call.learned,
            past=call.past,
            language=call.language,
            user=call.user_name,
            date=call.now.date(),
        )
    except (TemplateError, TypeError, ValueError, ArithmeticError) as error:
        sentence = f"The prompt of the step “{call.step.label}” cannot be filled in: {error}."
        raise StepFailed(f"{sentence} Mend the workflow's file, then try again.") from error


@cache
def _kind(work: StepWork) -> type[BaseModel]:
    """Return the type an answer must have."""
    fields: dict[str, Any] = {field.name: (_KINDS[field.kind], ...) for field in work.fields}
    item = create_model("Item", **fields)
    most = 1 if work.items == "one" else 100
    several: Any = Annotated[list[item], Field(min_length=1, max_length=most)]
    return create_model("Result", items=(several, ...))


async def _in_python(call: StepCall, name: str) -> tuple[JsonObject, ...]:
    found = next(iter(entry_points(group=GROUP, name=name)), None)
    if found is None:
        raise StepFailed(_NOT_INSTALLED.format(step=call.step.label, name=name))
    step: PythonStep = await asyncio.to_thread(found.load)
    return tuple(await step(call))
