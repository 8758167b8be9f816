"""`task list` and `task run N`: a form answered here, then a talk until the text is right."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from typing import Final

from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.commands import Arguments, Command, Misused
from mojodex_tui.console.conversation import Conversation
from mojodex_tui.console.forms import ask_fields
from mojodex_tui.console.numbered import Numbered
from mojodex_tui.console.options import options_in
from mojodex_tui.console.talk import Talk, ask_yes
from mojodex_tui.files import FileUnreadable, inputs_and_files
from mojodex_tui.state.catalog import TaskEntry, entry_of
from mojodex_tui.state.form import FormField, field_of
from mojodex_tui.state.runs import Run, run_of_task
from mojodex_tui.state.session import Drafted, Said, SessionState

_CHANGE: Final = "What should change? (empty line: nothing) "


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


class Tasks:
    """The commands about single tasks.

    Args:
        talk: Where to speak.
        mojodex: The backend.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex) -> None:
        self._talk = talk
        self._mojodex = mojodex
        self._tasks = Numbered[TaskEntry]("task", lambda task: task.name)

    def commands(self) -> tuple[Command, ...]:
        """Return them, as `help` lists them."""
        return (
            Command(("task", "list"), "", "tasks you can run", self._list),
            Command(("task", "run"), "N", "run task number N, asking its questions", self._run),
        )

    async def _list(self, _arguments: Arguments) -> None:
        for number, task in self._tasks.show(await listed(self._mojodex, workflows=False)):
            self._talk.say(line_of(number, task))

    async def _run(self, arguments: Arguments) -> None:
        if not arguments:
            raise Misused("Which one? 'task run N' runs task number N of 'task list'.")
        self._tasks.show(await listed(self._mojodex, workflows=False))
        task = self._tasks.find(arguments[0])
        given = options_in(arguments[1:])
        run = await started(
            self._mojodex, task, lambda fields: ask_fields(self._talk, fields, given)
        )
        await talk_about(self._talk, self._mojodex, run)


async def talk_about(talk: Talk, mojodex: Mojodex, run: Run) -> None:
    """Follow a run: print what the assistant gives, and send what the user wants changed.

    Raises:
        NotSent: the server will not have what was sent.
        ApiError: the run could not be read.
    """
    talk.is_about(run)
    async with Conversation(mojodex, run) as conversation:
        shown = _last_pk(conversation.state) if run.started is not None else 0
        if run.started is not None and conversation.state is not None:
            show_standing(talk, conversation.state)
        while True:
            state = await conversation.answered()
            if state.failure is not None:
                talk.say(f"! {state.failure.sentence}")
                if not await ask_yes(talk, "Try again"):
                    return
                await conversation.try_again()
                continue
            _show_after(talk, state, shown)
            shown = _last_pk(state)
            is_question = isinstance(state.entries[-1], Said) if state.entries else False
            answer = (await talk.ask("> " if is_question else _CHANGE)).strip()
            if not answer:
                talk.say(f"Kept in the history as “{state.title}”.")
                return
            await conversation.say(answer)


def show_standing(talk: Talk, state: SessionState) -> None:
    """Print where a run stands: its last words and its draft."""
    said = [entry for entry in state.entries if isinstance(entry, Said)][-2:]
    for entry in said:
        talk.say(f"{'You' if entry.by_user else 'Mojo'}: {entry.text}")
    _show_draft(talk, state)


def _show_after(talk: Talk, state: SessionState, shown: int) -> None:
    """Print what the assistant gave since the message `shown`."""
    for entry in state.entries:
        match entry:
            case Said(message_pk=pk, by_user=False, text=text) if pk > shown:
                talk.say(f"Mojo: {text}")
            case Drafted(message_pk=pk) if pk > shown:
                _show_draft(talk, state)


def _show_draft(talk: Talk, state: SessionState) -> None:
    if state.draft is not None:
        talk.say()
        talk.say(state.draft.title)
        talk.say()
        talk.say(state.draft.body)
        talk.say()
        talk.say(f"(version {state.draft.index})")


def _last_pk(state: SessionState | None) -> int:
    entries = state.entries if state is not None else ()
    return max((one.message_pk for one in entries if isinstance(one, Said | Drafted)), default=0)
