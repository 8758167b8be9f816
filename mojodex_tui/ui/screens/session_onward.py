"""What comes of a run: another one, from its draft, from its inputs, or just like it."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.widgets import TextArea

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.catalog import TaskEntry
from mojodex_tui.state.runs import Run
from mojodex_tui.state.session import Said, SessionState, given_inputs, has_files
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.screens.picking import Picking
from mojodex_tui.ui.screens.question import Question

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.ui.screens.framed import Framed
    from mojodex_tui.wire.executions import CreatedExecution, PredefinedAction


class SessionOnward(Container):
    """Holds the panes of a session, and the keys that begin another run from this one.

    Args:
        mojodex: The backend the run is on.
        run: The run.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("n", "next_task", "next task", id="run.next_task", tooltip="Go on with it"),
        Binding("D", "duplicate", "again", id="run.duplicate", tooltip="Run it again", show=False),
        Binding(
            "I",
            "inputs",
            "inputs",
            id="run.inputs",
            tooltip="Read what the run was given, and change it for another run",
            show=False,
        ),
    ]

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        super().__init__()
        self._mojodex = mojodex
        self._run = run
        self._state: SessionState | None = None

    def follow(self, state: SessionState) -> None:
        """Take in what the session is now."""
        self._state = state

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    @work(group="next task")
    async def action_next_task(self) -> None:
        """Give the draft to another task, after a look at what that will be given."""
        from mojodex_tui.ui.screens.next_task import NextTaskPreview

        state = self._state
        action = await self._chosen_action()
        if action is None or state is None or state.draft is None:
            return
        name = action.button_text or action.name or "The next task"
        text = f"{action.message_prefix or ''}{state.draft.body}"
        while True:
            agreed = await ask(self, NextTaskPreview(name, text))
            if agreed is None:
                return
            text = agreed
            try:
                run = await self._begin_next(action, state.title)
            except ApiError as error:
                # The text may have been changed: it is shown again, not thrown away.
                self._frame.say_failed(error, f"{name} was not started; its text is kept.")
                continue
            if run is None:
                self._frame.warn(f"{name} is not among your tasks.")
                return
            await self._mojodex.outbox.send_message(run.session_id, run.execution_pk, text)
            self._frame.shell.open_session(run)
            return

    async def _chosen_action(self) -> PredefinedAction | None:
        """Return the action to go on with; the user is only asked if there are several."""
        actions: Sequence[PredefinedAction] = ()
        if self._state is not None:
            actions = self._state.execution.actions
        place: int | None = 0
        if len(actions) > 1:
            lines = [Content(one.button_text or one.name or "") for one in actions]
            place = await ask(self, Picking("Next task", lines))
        return None if place is None or not actions else actions[place]

    async def _begin_next(self, action: PredefinedAction, came_from: str) -> Run | None:
        """Create the run of a predefined action; `None` if the user does not have its task."""
        api, follows = self._mojodex.api, self._run.execution_pk
        offered = await self._frame.shell.ask(api.catalog)
        tasks = {one.task.task_pk: one.task for one in offered if one.task.enabled}
        task = tasks.get(action.task_pk)
        if task is None or task.user_task_pk is None:
            return None
        create = partial(api.create_execution, task.user_task_pk, follows=follows)
        created = await self._frame.shell.ask(create)
        name = task.task_name or ""
        return _run_of(created, name, task.user_task_pk, came_from)

    @work(group="duplicate")
    async def action_duplicate(self) -> None:
        """Run the task once more with the same inputs, in a run of its own."""
        state = self._state
        user_task_pk = None if state is None else state.execution.user_task_pk
        if state is None or user_task_pk is None:
            return
        if has_files(state.execution):
            self._frame.warn("This run was given files: open the form with ^N and name them again.")
            return
        inputs = given_inputs(state.execution)
        said = next((one for one in state.entries if isinstance(one, Said) and one.by_user), None)
        if not inputs and said is None:
            self._frame.warn("This run was given nothing yet that could be given again.")
            return
        words = " · ".join(one.input_value for one in inputs) or (said.text if said else "")
        sentence = f"A new run of {state.execution.task_name or 'this task'} gets: {_short(words)}"
        if not await ask(self, Question("Run it again?", sentence)):
            return
        api, outbox = self._mojodex.api, self._mojodex.outbox
        create = partial(api.create_execution, user_task_pk, follows=self._run.execution_pk)
        try:
            created = await self._frame.shell.ask(create)
        except ApiError as error:
            self._frame.say_failed(error, "No new run was begun.")
            return
        run = _run_of(created, state.execution.task_name or "", user_task_pk, state.title)
        if inputs:
            await outbox.run_form(run.session_id, run.execution_pk, inputs)
        elif said is not None:
            await outbox.send_message(run.session_id, run.execution_pk, said.text)
        self._frame.shell.open_session(run)

    def action_inputs(self) -> None:
        """Show what the run was given."""
        from mojodex_tui.ui.screens.run_inputs import RunInputs

        given = None if self._state is None else self._state.answers
        if given is not None:
            self.app.push_screen(RunInputs(given, self._open_form))

    def _open_form(self) -> None:
        """Open the form of another run of the task, filled with what this one was given."""
        if self._state is None:
            return
        execution = self._state.execution
        task = TaskEntry(
            task_pk=0,
            name=execution.task_name or self._run.task_name,
            icon=execution.icon or "",
            user_task_pk=execution.user_task_pk,
        )
        answers = {one.input_name: one.input_value for one in given_inputs(execution)}
        self._frame.shell.open_form(task, answers=answers)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        state = self._state
        if state is None or isinstance(self.screen.focused, TextArea):
            return False
        match action:
            case "inputs":
                return state.answers is not None
            case "next_task":
                rests = state.draft is not None and not state.phase.is_busy
                return rests and bool(state.execution.actions)
            case _:
                return True


def _run_of(created: CreatedExecution, name: str, user_task_pk: int, came_from: str) -> Run:
    return Run(
        execution_pk=created.user_task_execution_pk,
        session_id=created.session_id,
        title=name or "New task",
        task_name=name,
        user_task_pk=user_task_pk,
        came_from=came_from,
    )


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 300 else f"{line[:299]}…"
