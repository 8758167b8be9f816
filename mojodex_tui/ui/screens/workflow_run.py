"""What can be done with a run of a workflow as a whole: paused, begun again, copied."""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType

from mojodex_tui.client.errors import ApiError, NotSupportedByServer
from mojodex_tui.state.catalog import TaskEntry
from mojodex_tui.state.session import given_inputs, has_files
from mojodex_tui.state.workflow import Sign, WorkflowState
from mojodex_tui.ui.screens.workflow_following import FollowedRun
from mojodex_tui.ui.screens.workflow_result import ResultSide
from mojodex_tui.ui.shell import Restart
from mojodex_tui.wire.executions import CreatedExecution
from mojodex_tui.wire.workflow_extensions import RunState

if TYPE_CHECKING:
    from mojodex_tui.wire.executions import Execution


class WorkflowRun(FollowedRun):
    """A followed run with the keys that concern all of it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("A", "auto", "auto", id="workflow.auto", tooltip="Take the rest of this step"),
        Binding("P", "pause", "pause", id="workflow.pause", tooltip="Pause before the next step"),
        Binding("R", "restart", "restart", id="workflow.restart", tooltip="Restart, new inputs"),
        Binding("D", "duplicate", "duplicate", id="workflow.duplicate", tooltip="A new run of it"),
    ]

    _auto_rank: int | None = None
    """The step whose results are taken here, where the server always asks."""

    @property
    def is_auto(self) -> bool:
        """Whether the results of the present step are taken without asking."""
        return self._auto_rank is not None or (self.state is not None and self.state.is_auto)

    async def take_by_itself(self, state: WorkflowState) -> None:
        """Take the result that was just read without asking, where the user wants that."""
        if self._auto_rank is None or state.run.state is RunState.RUNNING:
            return
        row = state.waiting
        last = row.last if row is not None and row.rank == self._auto_rank else None
        if last is None or not last.result_items:
            self._auto_rank = None
        elif not self.result.steering.is_decided(last.user_workflow_step_execution_pk):
            await self.result.steering.validate(state, last.user_workflow_step_execution_pk)

    @on(ResultSide.Deciding)
    async def _stop_auto(self) -> None:
        """Ask about every result again: the user has decided something."""
        self._frame.say_nothing()
        self._auto_rank = None
        state = self.state
        if state is not None and state.is_auto and state.steered.has_extras:
            await self._tell_auto(enabled=False)

    @work(group="auto")
    async def action_auto(self) -> None:
        """Take the results that are left of this step without asking, or ask again."""
        state = self.state
        if state is None or state.current is None:
            return
        if state.steered.has_extras:
            await self._tell_auto(enabled=not state.is_auto)
            return
        self._auto_rank = None if self._auto_rank is not None else state.current.rank
        self.refresh_run()

    async def _tell_auto(self, *, enabled: bool) -> None:
        pk = self.run.execution_pk
        try:
            await self._frame.shell.ask(
                lambda: self._mojodex.workflows.auto_validate(pk, enabled=enabled)
            )
        except ApiError as error:
            self._frame.say_failed(error, "You are asked about every result, as before.")
        self.refresh_run()

    @work(group="pause")
    async def action_pause(self) -> None:
        """Pause before the next step, or go on."""
        state, pk = self.state, self.run.execution_pk
        if state is None:
            return
        self._auto_rank = None
        paused = not state.run.paused
        try:
            await self._frame.shell.ask(lambda: self._mojodex.workflows.pause(pk, paused=paused))
        except NotSupportedByServer:
            self._frame.say("This server does not pause: a run waits at every result you decide.")
        except ApiError as error:
            self._frame.say_failed(error, "The run goes on as it did.")
        else:
            self._frame.say("Paused before the next step." if paused else "The run goes on.")
        self.refresh_run()

    def action_restart(self) -> None:
        """Open the form with the inputs, to begin again at the first step."""
        execution = self.state.execution if self.state is not None else None
        if self.state is None or execution is None:
            return
        created = CreatedExecution(
            user_task_execution_pk=execution.user_task_execution_pk,
            session_id=execution.session_id,
            json_input=execution.json_inputs_values or (),
        )
        self._open_form(execution, restarts=Restart(self.state.steered, created))

    @work(group="duplicate")
    async def action_duplicate(self) -> None:
        """Open the form of another run with the same inputs."""
        state = self.state
        execution = state.execution if state is not None else None
        if state is None or execution is None:
            return
        if not state.steered.has_extras or not has_files(execution):
            self._open_form(execution)
            return
        # Only a run that is there already can keep the files.
        pk = execution.user_task_execution_pk
        try:
            copy = await self._frame.shell.ask(lambda: self._mojodex.workflows.duplicate(pk))
        except ApiError as error:
            self._frame.say_failed(error, "There is no new run.")
            return
        filled = {"json_input": execution.json_inputs_values or ()}
        self._open_form(execution, created=copy.model_copy(update=filled))

    def _open_form(
        self,
        execution: Execution,
        *,
        created: CreatedExecution | None = None,
        restarts: Restart | None = None,
    ) -> None:
        name = execution.task_name or self.run.task_name
        entry = TaskEntry(
            task_pk=0,
            name=name,
            icon=execution.icon or "",
            user_task_pk=execution.user_task_pk,
            is_workflow=True,
        )
        answers = {one.input_name: one.input_value for one in given_inputs(execution)}
        self._frame.shell.open_form(entry, answers=answers, created=created, restarts=restarts)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        state = self.state
        if state is None:
            return False
        ended = state.run.state is RunState.DONE
        match action:
            case "auto":
                current = state.current
                return not ended and current is not None and current.sign is not Sign.FAILED
            case "pause":
                return not ended and state.run.state is not RunState.NEW
            case "restart":
                return not ended and (state.steered.has_extras or _waits_at_its_first(state))
            case _:
                return state.execution is not None


def _waits_at_its_first(state: WorkflowState) -> bool:
    """Whether a run has halted at its first step; else original servers restart nothing (§6.7)."""
    is_first = state.current is not None and state.current.rank == 1
    return is_first and state.run.state in {RunState.WAITING, RunState.FAILED}
