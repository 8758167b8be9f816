"""What running workflows needs from outside: where runs are kept, and who performs a step."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Protocol

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflow_rules import Begin
from mojodex_tui.backend.domain.workflow_runs import Standing, StepRun, UnfinishedRun, Version
from mojodex_tui.backend.domain.workflows import StepCall, WorkflowStep
from mojodex_tui.backend.llm.port import Usage


class Outcome(Protocol):
    """What a step gave."""

    @property
    def items(self) -> tuple[JsonObject, ...]:
        """Its result: one item for each execution of the next step."""
        ...

    @property
    def usage(self) -> Usage:
        """What it cost."""
        ...


class Steps(Protocol):
    """Performs steps."""

    async def run(self, call: StepCall, progress: Callable[[str], None] | None = None) -> Outcome:
        """Return what a step gives.

        Raises:
            StepFailed: it gave nothing; the sentence is for the user.
            LlmError: the model did not answer.
        """
        ...


class WorkflowRows(Protocol):
    """Runs of workflows."""

    async def steps(self, task_pk: int, language: str) -> tuple[WorkflowStep, ...]:
        """Return the steps of a workflow by rank, with the words of a language, else English."""
        ...

    async def runs(self, execution_pk: int, after: int = -1) -> list[StepRun]:
        """Return the step executions of a run that changed after a revision, the oldest first."""
        ...

    async def versions(self, execution_pk: int) -> dict[int, list[Version]]:
        """Return the results of every step execution of a run, the oldest first."""
        ...

    async def execution_of(self, step_execution_pk: int) -> int | None:
        """Return the execution a step execution belongs to."""
        ...

    async def begin(self, execution_pk: int, begun: Begin) -> StepRun:
        """Keep a step execution that begins, and return it."""
        ...

    async def end(self, pk: int, items: Sequence[JsonObject], moment: datetime) -> None:
        """Keep the result of a step execution."""
        ...

    async def add_version(self, pk: int, items: Sequence[JsonObject], author: str) -> None:
        """Keep another version of a result."""
        ...

    async def fail(self, pk: int, error: JsonObject, moment: datetime) -> None:
        """Keep why a step execution failed."""
        ...

    async def judge(self, pk: int, *, validated: bool, instruction: str | None = None) -> None:
        """Keep whether a step execution counts, and what is to be different when it does not."""
        ...

    async def standing(self, execution_pk: int) -> Standing:
        """Return what is known of a run besides its step executions."""
        ...

    async def set_paused(self, execution_pk: int, *, paused: bool, stopped: bool = False) -> None:
        """Keep whether a run may begin its next step, and whether the user stopped it there."""
        ...

    async def set_auto(self, execution_pk: int, step_pk: int | None) -> None:
        """Keep the step whose results are taken without asking."""
        ...

    async def set_ended(self, execution_pk: int, moment: datetime) -> None:
        """Keep that a run has ended."""
        ...

    async def unfinished(self, user_id: str) -> list[UnfinishedRun]:
        """Return the runs of a user that have started and not ended, the oldest first."""
        ...

    async def stuck(self, before: datetime) -> list[tuple[int, int]]:
        """Return the step executions that were taken up before a moment and have not ended."""
        ...

    async def last_word_is_question(self, session_id: str, since: datetime) -> bool:
        """Whether the assistant was the last to speak in a session, after a moment."""
        ...
