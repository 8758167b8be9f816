"""`workflow list`, `workflow run N` and `workflow resume N`: steps decided line by line."""

import asyncio
from collections.abc import Sequence
from typing import Final

from pydantic import JsonValue

from mojodex_tui.client.errors import NotFound
from mojodex_tui.client.port import Mojodex
from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.console.commands import Arguments, Command
from mojodex_tui.console.conversation import Conversation
from mojodex_tui.console.numbered import Numbered
from mojodex_tui.console.offered import Offered
from mojodex_tui.console.talk import Interrupted, Talk, ask_yes
from mojodex_tui.state.runs import Run, run_of
from mojodex_tui.state.session import Said, SessionState
from mojodex_tui.wire.workflow_extensions import RunState, RunStepExecution, WorkflowRun

_CHANGE: Final = "What should change? "
_NAMES: Final = "workflow resume"


class Workflows:
    """The commands about workflows.

    Args:
        talk: Where to speak.
        mojodex: The backend.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex) -> None:
        self._talk = talk
        self._mojodex = mojodex
        self._offered = Offered(talk, mojodex, "workflow")
        self._runs = Numbered[Run](_NAMES, lambda run: run.title)

    def commands(self) -> tuple[Command, ...]:
        """Return them, as `help` lists them."""
        return (
            Command(("workflow", "list"), "", "workflows you can run", self._offered.list),
            Command(
                ("workflow", "run"), "N", "run workflow number N, deciding on each step", self._run
            ),
            Command(
                ("workflow", "resume"),
                "[N]",
                "go on with a run; without N, list them",
                self._resume,
            ),
        )

    async def _run(self, arguments: Arguments) -> None:
        await steer(self._talk, self._mojodex, await self._offered.run(arguments))

    async def _resume(self, arguments: Arguments) -> None:
        rows = map(run_of, await self._mojodex.api.executions())
        numbered = self._runs.show([run for run in rows if run.is_workflow])
        if arguments:
            await steer(self._talk, self._mojodex, self._runs.find(arguments[0]))
            return
        for number, run in numbered:
            self._talk.say(f"{number}. {run.title} - {run.task_name}")
        if not numbered:
            self._talk.say("No workflow was run yet.")


async def steer(talk: Talk, mojodex: Mojodex, run: Run) -> None:
    """Follow a run of a workflow, asking for each decision.

    Raises:
        ApiError: the run could not be read.
    """
    talk.is_about(run)
    async with Steering(talk, mojodex, run) as steering:
        try:
            await steering.follow()
        except (Interrupted, asyncio.CancelledError):
            talk.say(f"“{run.title}” waits. 'workflow resume' lists the runs to go on with.")
            raise


class Steering(Conversation):
    """A run of a workflow, told and decided line by line.

    Args:
        talk: Where to speak.
        mojodex: The backend.
        run: The run.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex, run: Run) -> None:
        super().__init__(mojodex, run)
        self._talk = talk
        self._workflows = mojodex.workflows
        self._told: set[tuple[int, bool]] = set()

    async def follow(self) -> None:
        """Go through the run until it ends, or the user leaves it.

        Raises:
            Interrupted: the user leaves.
            NotSent: the server will not have a decision.
            ApiError: the run could not be read.
        """
        while True:
            steered = await self.next_halt()
            last = steered.run.step_executions[-1] if steered.run.step_executions else None
            if last is None or steered.run.state is RunState.DONE:
                self._tell_end()
                return
            pk = last.user_workflow_step_execution_pk
            if steered.run.state is RunState.PAUSED or _is_between_steps(steered.run):
                if not await ask_yes(self._talk, f"It is {steered.run.state}. Go on"):
                    return
                await self._workflows.pause(self.run.execution_pk, paused=False)
            elif steered.run.state is RunState.FAILED:
                if not await ask_yes(self._talk, "Try again"):
                    self._talk.say("It waits as it is: 'workflow resume' goes on with it.")
                    return
                await self._workflows.relaunch(steered, pk)
            elif steered.run.state is RunState.WAITING and await ask_yes(self._talk, "Continue"):
                await self._workflows.validate(steered, pk)
            elif not await self._reject(steered, pk):
                self._talk.say("It waits as it is: 'workflow resume' goes on with it.")
                return

    async def next_halt(self) -> SteeredRun:
        """Tell what happens until a decision is due, and return the run then."""
        while True:
            self._changed.clear()
            self.check_sent()
            steered = await self._read()
            if steered is not None:
                self._tell(steered.run)
                if steered.run.state in _HALTS and not self._on_their_way():
                    return steered
            await self.wait_for_news()

    async def _read(self) -> SteeredRun | None:
        """Return the run; `None` until the server has it started."""
        try:
            return await self._workflows.read(self.run.execution_pk)
        except NotFound:
            return None

    def _tell(self, run: WorkflowRun) -> None:
        """Tell what was not told yet."""
        for step in run.step_executions:
            pk = step.user_workflow_step_execution_pk
            has_ended = step.result is not None or step.error_status is not None
            if (pk, False) not in self._told:
                again = f" (try {step.try_number})" if step.try_number > 1 else ""
                self._talk.say(f"Step {_name(step)} started{again}")
                self._told.add((pk, False))
            if has_ended and (pk, True) not in self._told:
                self._tell_result(step)
                self._told.add((pk, True))

    def _tell_result(self, step: RunStepExecution) -> None:
        if step.error_status is not None:
            self._talk.say(f"Step {_name(step)} failed: {step.error_status.text}")
            return
        self._talk.say(f"Step {_name(step)} ended")
        self._talk.say("Results:")
        for item in step.result_items:
            self._talk.say(f"- {line_of_item(item)}")

    async def _reject(self, steered: SteeredRun, pk: int) -> bool:
        """Send what should change; the assistant may ask back, or explain that it cannot.

        Returns:
            Whether the step runs again.
        """
        instruction = (await self._talk.ask(_CHANGE)).strip()
        if instruction:
            await self._workflows.reject(steered, pk)
        while instruction:
            said = _last_said(self.state)
            await self.say(instruction)
            if await self._runs_again(pk):
                return True
            answer = _last_said(self.state)
            if self.state is not None and self.state.failure is not None:
                self._talk.say(f"! {self.state.failure.sentence}")
            elif answer is not None and answer != said:
                self._talk.say(f"Mojo: {answer.text}")
            instruction = (await self._talk.ask("> ")).strip()
        return False

    async def _runs_again(self, pk: int) -> bool:
        """Wait until the step was taken back, or the assistant has answered instead."""
        while True:
            self._changed.clear()
            self.check_sent()
            # Looked at before the run is read: what ends the talk may be that the step runs again.
            is_over = self.state is not None and not self.state.phase.is_busy
            steered = await self._read()
            steps = steered.run.step_executions if steered is not None else ()
            if steps and steps[-1].user_workflow_step_execution_pk != pk:
                return True
            if any(
                step.user_workflow_step_execution_pk == pk and step.validated is False
                for step in steps
            ) and (steered is None or steered.run.state is not RunState.STOPPED):
                return True
            if is_over:
                return False
            await self.wait_for_news()

    def _tell_end(self) -> None:
        state = self.state
        if state is not None and state.draft is not None:
            self._talk.say()
            self._talk.say(state.draft.body)
            self._talk.say()
        title = state.title if state is not None else self.run.title
        self._talk.say(f"Kept in the history as “{title}”.")


def _is_between_steps(run: WorkflowRun) -> bool:
    """Whether a run was stopped where no step was at work."""
    last = run.step_executions[-1] if run.step_executions else None
    return run.state is RunState.STOPPED and last is not None and last.validated is not False


_HALTS: Final = frozenset(
    {RunState.WAITING, RunState.FAILED, RunState.STOPPED, RunState.PAUSED, RunState.DONE}
)


def line_of_item(item: dict[str, JsonValue]) -> str:
    """Return an item of a result in one line."""
    return "; ".join(f"{key}: {_in_line(value)}" for key, value in item.items() if key != "types")


def _in_line(value: JsonValue) -> str:
    if isinstance(value, str):
        return " / ".join(filter(None, map(str.strip, value.splitlines())))
    if isinstance(value, Sequence):
        return ", ".join(map(_in_line, value))
    return str(value)


def _name(step: RunStepExecution) -> str:
    return step.step_name or step.step_name_for_user or "?"


def _last_said(state: SessionState | None) -> Said | None:
    entries = state.entries if state is not None else ()
    return next((one for one in reversed(entries) if isinstance(one, Said)), None)
