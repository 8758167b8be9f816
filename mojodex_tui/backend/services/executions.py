"""Executions of tasks: created, run, read, listed, named and deleted (wire protocol §3)."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from dataclasses import dataclass, replace

from mojodex_tui.backend.domain import inputs
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.conversations import Execution
from mojodex_tui.backend.domain.inputs import Answer, BadInput
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.text_edits import TextEdit
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.services.errors import NoPurchase, NotFound, Refused
from mojodex_tui.backend.services.files import Files
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.sessions import open_session
from mojodex_tui.backend.services.shapes import (
    actions,
    input_specs,
    listed_execution,
    single_execution,
    text_edit_actions,
)
from mojodex_tui.backend.services.workflow_runs import look
from mojodex_tui.wire.base import FilePart
from mojodex_tui.wire.executions import CreatedExecution, Executions, InputValue
from mojodex_tui.wire.executions import Execution as WireExecution

_TITLE_LENGTH = 255


@dataclass(frozen=True)
class Form:
    """What was given for a form."""

    values: Sequence[InputValue]
    parts: Sequence[FilePart] = ()
    """The files that go with it."""


@dataclass(frozen=True)
class TaskExecutions:
    """What can be done with executions.

    Args:
        store: where they are kept.
        files: where uploads go.
        conversations: answers what is run.
        clock: tells when.
        edits: the rewritings offered for texts.
    """

    store: Store
    files: Files
    conversations: Conversations
    clock: Clock
    edits: Sequence[TextEdit] = ()

    async def create(
        self, user: User, user_task_pk: int, platform: str, parent_pk: int | None
    ) -> CreatedExecution:
        """Return an execution to fill: an untouched one of the same task, else a new one.

        Original clients create one each time a form is looked at (W2); reusing it keeps the
        database free of what nobody wanted.

        Raises:
            NoPurchase: the user does not have the task.
            TermsNotAccepted: the user did not accept the terms.
            Refused: there is no such platform, or no such execution to follow from.
        """
        async with self.store.write() as work:
            owned = await work.tasks.owned_by_pk(user.user_id, user_task_pk)
            if owned is None or not owned.enabled:
                raise NoPurchase
            if parent_pk is not None:
                await own_execution(work, user.user_id, parent_pk)
            known = await work.executions.unstarted(user_task_pk) if parent_pk is None else None
            form = owned.task.inputs_in(user.language)
            if known is not None:
                await work.executions.change(replace(known, inputs=tuple(inputs.blank(form))))
                pk, session_id = known.pk, known.session_id
            else:
                session_id = await open_session(work, user, platform, "form")
                pk = await work.executions.add(
                    user_task_pk, session_id, inputs.blank(form), parent_pk
                )
        self.conversations.expect()
        return CreatedExecution(
            user_task_execution_pk=pk,
            json_input=input_specs(form),
            actions=actions(owned.task, user.language),
            text_edit_actions=text_edit_actions(self.edits, owned.task, user.language),
            session_id=session_id,
            intro_done=user.company_fk is not None,
        )

    async def run(
        self, user: User, pk: int, values: Sequence[InputValue], parts: Sequence[FilePart]
    ) -> None:
        """Store the form and have it answered; the answer comes as events.

        Run again while it is being answered, it is answered once; a workflow begins once.

        Raises:
            Refused: it does not exist, or a value does not fit its field.
        """

        async def begin(work: Work, execution: Execution) -> None:
            task = await work.tasks.get(execution.task_pk)
            if task.is_workflow and (await look(work, execution, user.language)).has_begun:
                return
            await work.executions.change(replace(execution, start_date=self.clock()))
            await work.answers.add(execution.session_id, pk, None)

        self.conversations.attend(await self.fill(user, pk, Form(values, parts), begin))

    async def fill(
        self, user: User, pk: int, form: Form, then: Callable[[Work, Execution], Awaitable[None]]
    ) -> str:
        """Fill a form, and let somebody keep it, with what follows from it, in one transaction.

        Args:
            user: who fills it.
            pk: the execution whose form it is.
            form: what was given.
            then: gets the execution as it is with the new values.

        Returns:
            The session of the execution.

        Raises:
            Refused: it does not exist, or a value does not fit its field.
        """
        async with self.store.read() as work:
            execution = await own_execution(work, user.user_id, pk)
        stored = await self._keep_files(execution, form.parts)
        answers = [Answer(value.input_name, value.input_value) for value in form.values]
        try:
            async with self.store.write() as work:
                execution = await own_execution(work, user.user_id, pk)
                filled = inputs.fill(execution.inputs, answers, stored)
                await then(work, replace(execution, inputs=tuple(filled)))
        except BadInput as error:
            for name in stored.values():
                await self.files.drop(execution.session_id, name)
            raise Refused(str(error)) from error
        return execution.session_id

    async def _keep_files(self, execution: Execution, parts: Sequence[FilePart]) -> dict[str, str]:
        """Write down the files that answer a field; others are ignored."""
        return {
            part.name: await self.files.keep(execution.session_id, part)
            for part in parts
            if inputs.takes_part(execution.inputs, part.name)
        }

    async def read(self, user: User, pk: int) -> WireExecution:
        """Return one execution, deleted or not.

        Raises:
            Refused: it does not exist.
        """
        async with self.store.read() as work:
            detail = await work.executions.detail(pk)
            if detail is None or detail.execution.user_id != user.user_id:
                raise Refused(_unknown(pk))
            known = (
                await look(work, detail.execution, user.language)
                if detail.task.is_workflow
                else None
            )
        return single_execution(detail, user.language, self.edits, known)

    async def list_started(
        self, user: User, page: Page, title_part: str | None, user_task_pks: Collection[int]
    ) -> Executions:
        """Return a page of the started executions, the newest first."""
        async with self.store.read() as work:
            details = await work.executions.started(user.user_id, page, title_part, user_task_pks)
        return Executions(
            user_task_executions=tuple(
                listed_execution(detail, user.language, self.edits) for detail in details
            )
        )

    async def delete(self, user: User, pk: int) -> None:
        """Take an execution out of the lists, and stop what is being written for it.

        Raises:
            NotFound: it does not exist.
        """
        async with self.store.write() as work:
            execution = await work.executions.get(pk)
            if execution is None or execution.user_id != user.user_id:
                raise NotFound("User task execution not found")
            await work.executions.delete(pk, self.clock())
        await self.conversations.stop(user, execution.session_id)

    async def retitle(self, user: User, pk: int, title: str) -> None:
        """Give an execution a title; nothing replaces it any more.

        Raises:
            Refused: it does not exist, or the title is too long.
        """
        if len(title) > _TITLE_LENGTH:
            raise Refused(f"A title has at most {_TITLE_LENGTH} characters")
        async with self.store.write() as work:
            execution = await work.executions.get(pk)
            if execution is None or execution.user_id != user.user_id:
                raise Refused(f"Invalid user_task_execution_pk: {pk}")
            await work.executions.change(replace(execution, title=title))


async def own_execution(work: Work, user_id: str, pk: int) -> Execution:
    """Return an execution of a user.

    Raises:
        Refused: it does not exist, or belongs to somebody else.
    """
    execution = await work.executions.get(pk)
    if execution is None or execution.user_id != user_id:
        raise Refused(_unknown(pk))
    return execution


def _unknown(pk: int) -> str:
    return f"UserTaskExecution  {pk} not found for this user"
