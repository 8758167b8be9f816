"""Find the To-Dos of finished texts (wire protocol §8.2)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

import structlog

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.conversations import Call
from mojodex_tui.backend.domain.jobs import JobKey, JobName, JobRun
from mojodex_tui.backend.domain.todos import EXTRACTION_AGE, DueExecution, FoundTodo
from mojodex_tui.backend.llm.port import Usage
from mojodex_tui.backend.services.errors import NotFound
from mojodex_tui.backend.services.job_runs import JobRunner
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.todo_briefs import extraction_brief
from mojodex_tui.backend.services.todo_ports import TodoWriterSource

_PAGE = 50
_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class LookedAt:
    """What looking at executions brought."""

    execution_pks: tuple[int, ...] = ()
    found: int = 0
    failure: str | None = None


@dataclass(frozen=True)
class TodoExtraction:
    """Looks at executions once their texts have been left alone for ten minutes.

    Args:
        store: where they are kept.
        clock: tells when.
        writer: finds the To-Dos.
        runner: sees to it that each is looked at once.
    """

    store: Store
    clock: Clock
    writer: TodoWriterSource
    runner: JobRunner

    async def due(self) -> list[DueExecution]:
        """Return the executions to look at, also those that were missed."""
        return [execution async for page in self._pages() for execution in page]

    async def _pages(self) -> AsyncIterator[Sequence[DueExecution]]:
        last = 0
        while True:
            moment = self.clock()
            async with self.store.read() as work:
                page = await work.todos.due_for_extraction(
                    moment - EXTRACTION_AGE, moment, last, _PAGE
                )
            if not page:
                return
            yield page
            last = page[-1].execution_pk

    async def look_at(
        self, executions: Sequence[DueExecution], *, anew: bool = False
    ) -> str | None:
        """Look at some executions; return why one of them could not be."""
        failure = None
        for execution in executions:
            failed = await self.runner.run(
                _key(execution), execution.user_id, self._look, anew=anew, patient=True
            )
            failure = failed or failure
        return failure

    async def look_now(self, user: User, execution_pk: int | None) -> LookedAt:
        """Look at one execution, or all, of a user at once, however new the text is.

        Raises:
            NotFound: the user has no such execution.
        """
        async with self.store.read() as work:
            if execution_pk is not None:
                execution = await work.executions.get(execution_pk)
                if execution is None or execution.user_id != user.user_id:
                    raise NotFound("user_task_execution_pk not found")
            due = await work.todos.extractable(user.user_id, execution_pk)
            before = await work.todos.total(user.user_id)
        failure = await self.look_at(due, anew=True)
        async with self.store.read() as work:
            after = await work.todos.total(user.user_id)
        return LookedAt(tuple(each.execution_pk for each in due), after - before, failure)

    async def _look(self, run: JobRun) -> None:
        pk = int(run.key.subject)
        moment = self.clock()
        async with self.store.read() as work:
            execution = await work.executions.get(pk)
            user = await work.users.get(run.user_id)
            if execution is None or user is None:
                raise LookupError(f"The execution {pk} is gone")
            brief = await extraction_brief(work, user, execution, moment)
        writer = await self.writer()
        found, usage = await writer.extract(brief)
        async with self.store.write() as work:
            # One transaction: the execution is marked and has its To-Dos, or neither.
            await self.runner.finish(work, run.key)
            if await work.todos.mark_extracted(pk, self.clock()):
                await self._keep(work, pk, found)
            if usage is not None:
                await work.calls.add(user.user_id, pk, call_of("todo_extraction", usage))
        _LOG.info("todos extracted", execution=pk, number=len(found))

    async def _keep(self, work: Work, execution_pk: int, found: Sequence[FoundTodo]) -> None:
        for todo in found:
            await work.todos.add(
                execution_pk, todo.description, todo.due, self.clock(), source=todo.source
            )


def _key(execution: DueExecution) -> JobKey:
    return JobKey(JobName.EXTRACTION, str(execution.execution_pk), execution.latest_version.date())


def call_of(purpose: str, usage: Usage) -> Call:
    """Return what a call cost, to be kept."""
    return Call(purpose, usage.model, usage.input_tokens, usage.output_tokens)
