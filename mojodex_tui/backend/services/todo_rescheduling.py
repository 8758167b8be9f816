"""Give overdue To-Dos a new day at night, and say why (wire protocol §8.3)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import structlog

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.clocks import Slot, is_due, night_slot
from mojodex_tui.backend.domain.jobs import JobKey, JobName, JobRun
from mojodex_tui.backend.domain.todos import Todo
from mojodex_tui.backend.services.job_runs import JobRunner
from mojodex_tui.backend.services.ports import Clock, Store
from mojodex_tui.backend.services.todo_briefs import rescheduling_brief
from mojodex_tui.backend.services.todo_extraction import call_of
from mojodex_tui.backend.services.todo_ports import TodoWriter, TodoWriterSource

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class DueNight:
    """A user whose night has begun, and the To-Dos that get a new day in it."""

    user: User
    slot: Slot
    todo_pks: tuple[int, ...]


@dataclass(frozen=True)
class TodoRescheduling:
    """Works at one o'clock of each user's working days, or as soon as it can after that.

    Args:
        store: where To-Dos are kept.
        clock: tells when.
        writer: finds the days.
        runner: sees to it that each night is worked once.
    """

    store: Store
    clock: Clock
    writer: TodoWriterSource
    runner: JobRunner

    async def due(self) -> list[DueNight]:
        """Return who is to be worked for."""
        moment = self.clock()
        nights = []
        async with self.store.read() as work:
            # No clock on earth is further ahead than a day.
            users = await work.todos.owners_of_overdue((moment + timedelta(days=1)).date())
            last = await work.jobs.last_days(JobName.NIGHT, {user.user_id for user in users})
            for user in users:
                if (clock := user.clock) is None:
                    continue
                slot = night_slot(clock, moment)
                if not is_due(slot, last.get(user.user_id)):
                    continue
                todos = await work.todos.overdue(user.user_id, slot.day, slot.begins)
                if todos:
                    nights.append(DueNight(user, slot, tuple(todo.pk for todo in todos)))
        return nights

    async def work_through(self, nights: Sequence[DueNight]) -> None:
        """Work for some users."""
        for night in nights:
            key = JobKey(JobName.NIGHT, night.user.user_id, night.slot.day)
            await self.runner.run(key, night.user.user_id, self._work)

    async def _work(self, run: JobRun) -> None:
        async with self.store.read() as work:
            user = await work.users.get(run.user_id)
            if user is None or (clock := user.clock) is None:
                raise LookupError(f"The clock of user {run.user_id} is gone")
            slot = night_slot(clock, self.clock())
            todos = await work.todos.overdue(user.user_id, run.key.day, slot.begins)
        writer = await self.writer()
        for todo in todos:
            await self._reschedule(run.key, user, todo, writer)
        async with self.store.write() as work:
            await self.runner.finish(work, run.key)

    async def _reschedule(self, key: JobKey, user: User, todo: Todo, writer: TodoWriter) -> None:
        """Move one To-Do; each has a transaction, so that a crash repeats none."""
        moment = self.clock()
        async with self.store.read() as work:
            execution = await work.executions.get(todo.execution_pk)
            if execution is None:
                raise LookupError(f"The execution {todo.execution_pk} is gone")
            brief = await rescheduling_brief(work, user, execution, todo, moment)
        chosen, usage = await writer.reschedule(brief)
        async with self.store.write() as work:
            await self.runner.keep_claim(work, key)
            if usage is not None:
                await work.calls.add(
                    user.user_id, todo.execution_pk, call_of("todo_rescheduling", usage)
                )
            if chosen.day < brief.now.date():
                _LOG.warning("a day in the past was chosen", todo=todo.pk, day=str(chosen.day))
                return
            fresh = await work.todos.get(user.user_id, todo.pk)
            # The user may have done, deleted or moved it meanwhile.
            if fresh is not None and fresh.is_open and fresh.day == todo.day:
                await work.todos.put_on(
                    todo.pk, chosen.day, self.clock(), chosen.argument, by_user=False
                )
