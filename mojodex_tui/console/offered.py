"""What a person can run: tasks, or workflows, called by their number."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Literal

from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.commands import Arguments, Misused
from mojodex_tui.console.forms import ask_fields
from mojodex_tui.console.numbered import Numbered
from mojodex_tui.console.options import options_in
from mojodex_tui.console.talk import Talk
from mojodex_tui.files import FileUnreadable, inputs_and_files
from mojodex_tui.state.catalog import TaskEntry, entry_of
from mojodex_tui.state.form import FormField, field_of
from mojodex_tui.state.runs import Run, run_of_task


class Offered:
    """The tasks, or the workflows, of the catalog.

    Args:
        talk: Where to speak.
        mojodex: The backend.
        what: Which of them; also how the commands begin.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex, what: Literal["task", "workflow"]) -> None:
        self._talk = talk
        self._mojodex = mojodex
        self._what = what
        self._numbered = Numbered[TaskEntry](what, lambda task: task.name)

    async def list(self, _arguments: Arguments) -> None:
        """Print them with their numbers."""
        for number, task in await self._shown():
            self._talk.say(line_of(number, task))

    async def run(self, arguments: Arguments) -> Run:
        """Ask the questions of the one that is called, and run it.

        Raises:
            Misused: none is called so, or an answer is wrong.
            ApiError: the backend does not say what there is.
        """
        what = self._what
        if not arguments:
            raise Misused(f"Which one? '{what} run N' runs {what} number N of '{what} list'.")
        await self._shown()
        task = self._numbered.find(arguments[0])
        given = options_in(arguments[1:])
        return await started(
            self._mojodex, task, lambda fields: ask_fields(self._talk, fields, given)
        )

    async def _shown(self) -> Sequence[tuple[int, TaskEntry]]:
        return self._numbered.show(await listed(self._mojodex, workflows=self._what == "workflow"))


async def listed(mojodex: Mojodex, *, workflows: bool) -> tuple[TaskEntry, ...]:
    """Return the tasks, or the workflows, that the user may run, in the catalog's order."""
    entries = map(entry_of, await mojodex.api.catalog())
    return tuple(each for each in entries if each.can_run and each.is_workflow == workflows)


def line_of(number: int, task: TaskEntry) -> str:
    """Return a task as lists show it: `1. 🌸 Write poem - Write a poem stanza by stanza`."""
    name = f"{task.icon} {task.name}".strip()
    return f"{number}. {name} - {task.description}".removesuffix(" - ")


Answering = Callable[[Sequence[FormField]], Awaitable[Mapping[str, str]]]
"""Returns the answers to a form."""


async def started(mojodex: Mojodex, task: TaskEntry, answer: Answering) -> Run:
    """Have a task's form answered, and run it.

    Raises:
        Misused: an answer is wrong, or belongs to no field.
        ApiError: the form could not be fetched.
    """
    if task.user_task_pk is None:
        raise Misused(f"{task.name} is not in your plan.")
    created = await mojodex.api.create_execution(task.user_task_pk)
    fields = tuple(map(field_of, created.json_input))
    answers = await answer(fields)
    try:
        inputs, files = await asyncio.to_thread(inputs_and_files, fields, answers)
    except FileUnreadable as error:
        raise Misused(str(error)) from error
    await mojodex.outbox.run_form(created.session_id, created.user_task_execution_pk, inputs, files)
    await mojodex.pins.remember_use(task.task_pk, inputs)
    return run_of_task(task, created)
