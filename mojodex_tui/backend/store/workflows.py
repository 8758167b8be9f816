"""Runs of workflows in the database (wire protocol §6, §12)."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ScalarSelect, exists, func, select, update
from sqlalchemy.ext.asyncio import AsyncSession
from sqlalchemy.orm import InstrumentedAttribute, aliased

from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.workflow_rules import Begin
from mojodex_tui.backend.domain.workflow_runs import Standing, StepRun, UnfinishedRun, Version
from mojodex_tui.backend.domain.workflows import WorkflowStep
from mojodex_tui.backend.store.tables import catalog, conversations, runtime, workflows

_RUN, _STEP, _RESULT = workflows.WorkflowRun, workflows.StepExecution, workflows.StepResult


class SqlWorkflows:
    """Runs of workflows, inside one transaction."""

    def __init__(self, session: AsyncSession) -> None:
        self._session = session

    async def steps(self, task_pk: int, language: str) -> tuple[WorkflowStep, ...]:
        """Return the steps of a workflow by rank, with the words of a language, else English."""
        step, words = catalog.WorkflowStep, catalog.WorkflowStepText
        rows = await self._session.execute(
            select(step, words)
            .join(words, words.workflow_step_fk == step.workflow_step_pk)
            .where(step.task_fk == task_pk, words.language_code.in_({language, "en"}))
            # The wanted language comes last and stays.
            .order_by(step.rank, words.language_code == language)
        )
        return tuple(
            {row.workflow_step_pk: _step(row, shown) for row, shown in rows}.values(),
        )

    async def runs(self, execution_pk: int, after: int = -1) -> list[StepRun]:
        """Return the step executions of a run that changed after a revision, the oldest first."""
        version = aliased(_RESULT)
        latest = (
            select(func.max(version.user_workflow_step_execution_result_pk))
            .where(version.user_workflow_step_execution_fk == _STEP.user_workflow_step_execution_pk)
            .correlate(_STEP)
            .scalar_subquery()
        )
        rows = await self._session.execute(
            select(_STEP, _RESULT)
            .outerjoin(_RESULT, _RESULT.user_workflow_step_execution_result_pk == latest)
            .where(_STEP.user_task_execution_fk == execution_pk, _STEP.revision > after)
            .order_by(_STEP.user_workflow_step_execution_pk)
        )
        return [_step_run(row, version) for row, version in rows]

    async def versions(self, execution_pk: int) -> dict[int, list[Version]]:
        """Return the results of every step execution of a run, the oldest first."""
        rows = await self._session.scalars(
            select(_RESULT)
            .join(
                _STEP,
                _STEP.user_workflow_step_execution_pk == _RESULT.user_workflow_step_execution_fk,
            )
            .where(_STEP.user_task_execution_fk == execution_pk)
            .order_by(_RESULT.user_workflow_step_execution_result_pk)
        )
        versions: dict[int, list[Version]] = {}
        for row in rows:
            versions.setdefault(row.user_workflow_step_execution_fk, []).append(
                Version(
                    row.user_workflow_step_execution_result_pk,
                    row.creation_date,
                    row.author,
                    _items(row.result),
                )
            )
        return versions

    async def execution_of(self, step_execution_pk: int) -> int | None:
        """Return the execution a step execution belongs to."""
        return await self._session.scalar(
            select(_STEP.user_task_execution_fk).where(
                _STEP.user_workflow_step_execution_pk == step_execution_pk
            )
        )

    async def begin(self, execution_pk: int, begun: Begin) -> StepRun:
        """Keep a step execution that begins, and return it."""
        row = _STEP(
            user_task_execution_fk=execution_pk,
            workflow_step_fk=begun.step.pk,
            parent_pk=begun.place.parent_pk,
            item_index=begun.place.item_index,
            parameter=begun.place.parameter,
            revision=_next_revision(execution_pk),
        )
        self._session.add(row)
        await self._session.flush()
        return _step_run(row, None)

    async def end(self, pk: int, items: Sequence[JsonObject], moment: datetime) -> None:
        """Keep the result of a step execution."""
        self._session.add(_version(pk, items, "assistant"))
        await self._change(pk, ended_date=moment)

    async def add_version(self, pk: int, items: Sequence[JsonObject], author: str) -> None:
        """Keep another version of a result."""
        self._session.add(_version(pk, items, author))
        await self._change(pk)

    async def fail(self, pk: int, error: JsonObject, moment: datetime) -> None:
        """Keep why a step execution failed."""
        await self._change(pk, error_status=error, ended_date=moment)

    async def judge(self, pk: int, *, validated: bool, instruction: str | None = None) -> None:
        """Keep whether a step execution counts, and what is to be different when it does not."""
        learned = {} if instruction is None else {"learned_instruction": instruction}
        await self._change(pk, validated=validated, **learned)

    async def standing(self, execution_pk: int) -> Standing:
        """Return what is known of a run besides its step executions."""
        table = conversations.Execution
        row = (
            await self._session.execute(
                select(
                    table.start_date,
                    _RUN.ended_date,
                    _RUN.paused,
                    _RUN.stopped,
                    _RUN.auto_step_pk,
                    exists().where(runtime.AnswerDue.user_task_execution_fk == execution_pk),
                )
                .outerjoin(_RUN, _RUN.user_task_execution_fk == table.user_task_execution_pk)
                .where(table.user_task_execution_pk == execution_pk)
            )
        ).one()
        started, ended, paused, stopped, auto_step_pk, working = row
        return Standing(
            started=started is not None,
            ended=ended is not None,
            paused=bool(paused),
            stopped=bool(stopped),
            auto_step_pk=auto_step_pk,
            working=working,
        )

    async def set_paused(self, execution_pk: int, *, paused: bool, stopped: bool = False) -> None:
        """Keep whether a run may begin its next step, and whether the user stopped it there."""
        row = await self._row(execution_pk)
        row.paused, row.stopped = paused, stopped
        await self._session.flush()

    async def set_auto(self, execution_pk: int, step_pk: int | None) -> None:
        """Keep the step whose results are taken without asking."""
        (await self._row(execution_pk)).auto_step_pk = step_pk
        await self._session.flush()

    async def set_ended(self, execution_pk: int, moment: datetime) -> None:
        """Keep that a run has ended."""
        (await self._row(execution_pk)).ended_date = moment
        await self._session.flush()

    async def unfinished(self, user_id: str) -> list[UnfinishedRun]:
        """Return the runs of a user that have started and not ended, the oldest first."""
        table, owned, task = conversations.Execution, catalog.UserTask, catalog.Task
        rows = await self._session.execute(
            select(table.user_task_execution_pk, task.task_pk)
            .join(owned, owned.user_task_pk == table.user_task_fk)
            .join(task, task.task_pk == owned.task_fk)
            .outerjoin(_RUN, _RUN.user_task_execution_fk == table.user_task_execution_pk)
            .where(
                owned.user_id == user_id,
                task.type == "workflow",
                table.start_date.is_not(None),
                table.deleted_by_user.is_(None),
                _RUN.ended_date.is_(None),
            )
            .order_by(table.user_task_execution_pk)
        )
        return [UnfinishedRun(pk, task_pk) for pk, task_pk in rows]

    async def stuck(self, before: datetime) -> list[tuple[int, int]]:
        """Return the step executions that began before a moment and have not ended.

        One that somebody took up later, after a crash, has not run for so long.

        Returns:
            The keys of the execution and of the step execution, for each.
        """
        table, due = conversations.Execution, runtime.AnswerDue
        taken_up = exists().where(
            due.user_task_execution_fk == _STEP.user_task_execution_fk, due.claimed_date >= before
        )
        has_result = exists().where(
            _RESULT.user_workflow_step_execution_fk == _STEP.user_workflow_step_execution_pk
        )
        rows = await self._session.execute(
            select(_STEP.user_task_execution_fk, _STEP.user_workflow_step_execution_pk)
            .join(table, table.user_task_execution_pk == _STEP.user_task_execution_fk)
            .where(
                _STEP.creation_date < before,
                _STEP.error_status.is_(None),
                _STEP.validated.is_(None),
                table.deleted_by_user.is_(None),
                ~has_result,
                ~taken_up,
            )
            .order_by(_STEP.user_workflow_step_execution_pk)
        )
        return [(pk, step_execution_pk) for pk, step_execution_pk in rows]

    async def last_word_is_question(self, session_id: str, since: datetime) -> bool:
        """Whether the assistant was the last to speak in a session, after a moment."""
        message = conversations.Message
        last = await self._session.scalar(
            select(message)
            .where(message.session_id == session_id, message.creation_date > since)
            .order_by(message.message_pk.desc())
            .limit(1)
        )
        return last is not None and last.sender == "mojo" and last.event_name == "mojo_message"

    async def _row(self, execution_pk: int) -> workflows.WorkflowRun:
        """Return the row of a run, made when it is first needed; its execution is locked."""
        row = await self._session.get(_RUN, execution_pk)
        if row is None:
            row = _RUN(user_task_execution_fk=execution_pk, paused=False)
            self._session.add(row)
        return row

    async def _change(self, pk: int, **columns: object) -> None:
        await self._session.execute(
            update(_STEP)
            .where(_STEP.user_workflow_step_execution_pk == pk)
            .values(revision=_next_revision(_STEP.user_task_execution_fk), **columns)
            .execution_options(synchronize_session=False)
        )
        self._session.expire_all()


def _step(row: catalog.WorkflowStep, words: catalog.WorkflowStepText) -> WorkflowStep:
    return WorkflowStep(
        pk=row.workflow_step_pk,
        name=row.name_for_system,
        rank=row.rank,
        label=words.name_for_user,
        definition=words.definition_for_user,
        definition_for_system=row.definition_for_system or "",
        validation_required=row.user_validation_required,
        review_chat_enabled=row.review_chat_enabled,
    )


def _next_revision(execution_pk: int | InstrumentedAttribute[int]) -> ScalarSelect[int]:
    """Return what tells a change of a run from all before; whoever writes has locked the run."""
    other = aliased(_STEP)
    return (
        select(func.coalesce(func.max(other.revision), 0) + 1)
        .where(other.user_task_execution_fk == execution_pk)
        .scalar_subquery()
    )


def _version(pk: int, items: Sequence[JsonObject], author: str) -> workflows.StepResult:
    return _RESULT(user_workflow_step_execution_fk=pk, result=[*items], author=author)


def _step_run(row: workflows.StepExecution, latest: workflows.StepResult | None) -> StepRun:
    return StepRun(
        pk=row.user_workflow_step_execution_pk,
        step_pk=row.workflow_step_fk,
        parent_pk=row.parent_pk,
        item_index=row.item_index,
        parameter=row.parameter if isinstance(row.parameter, dict) else {},
        created=row.creation_date,
        ended=row.ended_date,
        result=_items(latest.result) if latest is not None else None,
        validated=row.validated,
        error=row.error_status,
        instruction=row.learned_instruction,
        revision=row.revision,
    )


def _items(result: object) -> tuple[JsonObject, ...]:
    return (
        tuple(item for item in result if isinstance(item, dict)) if isinstance(result, list) else ()
    )
