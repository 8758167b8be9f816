"""What users decide about runs of workflows (wire protocol §6.3, §6.6, §6.7).

Every decision is kept in one transaction with the note that work is due on the run, so neither is
ever lost or done twice. A decision about what is no longer there changes nothing and says so.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import timedelta

from pydantic import JsonValue

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import Execution
from mojodex_tui.backend.domain.workflow_rules import (
    Begin,
    Decide,
    GoOn,
    Retry,
    is_stopped_in_step,
    is_used,
)
from mojodex_tui.backend.domain.workflow_runs import StepRun
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.services.errors import NotFound, Refused
from mojodex_tui.backend.services.executions import Form, TaskExecutions, own_execution
from mojodex_tui.backend.services.ports import Clock, EventSink, Store, Work
from mojodex_tui.backend.services.workflow_runs import Known, look, look_again, wire_run
from mojodex_tui.wire.events import KnownEvent, StepEnded, StepInvalidated

VALIDATED = "Step validated"
"""What an original server answers to both verdicts."""
_LOCKED_AFTER = timedelta(minutes=30)
_UNKNOWN = "Workflow execution not found for this user"
_ENDED = "the workflow has ended. Duplicate it to run it again."
_PAUSED = "the run is paused. Let it go on first."
_NO_LIST = "The result must be a list of objects: one for each execution of the next step."


@dataclass(frozen=True)
class Workflows:
    """Takes decisions.

    Args:
        store: where runs are kept.
        sink: where it is told what was given up.
        conversations: goes on with runs.
        executions: fills their forms.
        clock: tells when.
    """

    store: Store
    sink: EventSink
    conversations: Conversations
    executions: TaskExecutions
    clock: Clock

    async def judge(self, user: User, pk: int, *, validated: bool) -> str:
        """Accept a result, or announce that the chat will say what should be different.

        Returns:
            What happened, in one sentence.

        Raises:
            NotFound: there is no such step execution.
        """
        async with self.store.write() as work:
            known, run = await _own_step(work, user, pk)
            said = await self._judge(work, known, run, validated=validated)
        self.conversations.attend(known.execution.session_id)
        return said

    async def _judge(self, work: Work, known: Known, run: StepRun, *, validated: bool) -> str:
        if known.plan.next == Retry(run) and validated and not known.standing.ended:
            # As an original server does it; a client may offer nothing else.
            return await _relaunch(work, known)
        if (stale := _stale(known, run)) is not None:
            return _unchanged(stale)
        await work.workflows.set_auto(known.execution.pk, None)
        if validated:
            await work.workflows.judge(run.pk, validated=True)
            await _go_on(work, known)
        return VALIDATED

    async def relaunch(self, user: User, pk: int) -> str:
        """Let a run go on that has failed or was stopped.

        Raises:
            NotFound: there is no such step execution.
        """
        async with self.store.write() as work:
            known, _ = await _own_step(work, user, pk)
            said = await _relaunch(work, known)
        self.conversations.attend(known.execution.session_id)
        return said

    async def edit(self, user: User, pk: int, result: JsonValue) -> None:
        """Keep the user's own version of a result; nothing runs because of it.

        Raises:
            NotFound: there is no such step execution.
            Refused: it is no list of objects, or it is too late to change it.
        """
        items = _items(result)
        async with self.store.write() as work:
            known, run = await _own_step(work, user, pk)
            if known.standing.ended:
                raise Refused("The workflow has ended: edit the text it produced instead.")
            if run.rejected:
                raise Refused("This try was given up. Edit the one that took its place.")
            if run.result is None:
                raise Refused("The step has no result yet.")
            if is_used(run, known.runs):
                raise Refused(
                    "Steps were made from this result already. Restart the workflow, or duplicate "
                    "it, to go another way."
                )
            await work.workflows.add_version(pk, items, "user")
            await work.workflows.set_auto(known.execution.pk, None)

    async def restart(self, user: User, pk: int, form: Form) -> str:
        """Begin again at the first step, with other inputs; what was done stays to be looked at.

        Unlike an original server's it may come at any time before the end (C23).

        Raises:
            Refused: there is no such execution, it is no workflow, or a value does not fit.
        """
        said: list[str] = []
        news: list[KnownEvent] = []

        async def begin_again(work: Work, execution: Execution) -> None:
            if not (await work.tasks.get(execution.task_pk)).is_workflow:
                raise Refused("Task is not a workflow")
            known = await look(work, execution, user.language)
            if known.standing.ended:
                said.append(_unchanged(_ENDED))
            elif not known.standing.started:
                said.append(_unchanged("the workflow has not begun."))
            else:
                await work.executions.change(execution)
                news.extend(await _give_up(work, known))
                await _work_anew(work, execution)
                said.append("Workflow restarted")

        session_id = await self.executions.fill(user, pk, form, begin_again)
        if news:
            await self._interrupt(session_id, news)
        self.conversations.attend(session_id)
        return said[-1]

    async def _interrupt(self, session_id: str, news: Sequence[KnownEvent]) -> None:
        await self.conversations.interrupt(session_id)
        for event in news:
            await self.sink.emit(event)

    async def relaunch_locked(self) -> list[int]:
        """Give up steps that have run for more than half an hour, and run them again (§6.7).

        Returns:
            The step executions that were given up.
        """
        async with self.store.read() as work:
            stuck = await work.workflows.stuck(self.clock() - _LOCKED_AFTER)
        return [pk for execution_pk, pk in stuck if await self._unlock(execution_pk, pk)]

    async def _unlock(self, execution_pk: int, pk: int) -> bool:
        moment = self.clock()
        async with self.store.write() as work:
            execution = await work.executions.get(execution_pk)
            if execution is None:
                return False
            user = await work.users.get(execution.user_id)
            if user is None:
                return False
            known = await look(work, execution, user.language)
            run = known.run(pk)
            if not run.runs:
                return False
            error: JsonObject = {
                "datetime": moment.isoformat(),
                "message": "The step took more than 30 minutes and was given up.",
            }
            await work.workflows.fail(pk, error, moment)
            await work.workflows.judge(pk, validated=False)
            await _work_anew(work, execution)
        given_up = replace(run, error=error, ended=moment, validated=False)
        fields = dict(wire_run(known.step(run), given_up))
        await self._interrupt(
            execution.session_id, [StepEnded(**fields, session_id=execution.session_id)]
        )
        self.conversations.attend(execution.session_id)
        return True

    async def pause(self, user: User, pk: int, *, paused: bool) -> str:
        """Keep a run from beginning its next step, or let it go on.

        Raises:
            Refused: there is no such run.
        """
        async with self.store.write() as work:
            known = await own_run(work, user, pk)
            if known.standing.ended:
                return _unchanged(_ENDED)
            await work.workflows.set_paused(pk, paused=paused)
            if paused:
                await work.workflows.set_auto(pk, None)
                return "The run stops before its next step."
            going = replace(known, standing=replace(known.standing, paused=False))
            if known.standing.paused and _is_held(going):
                await _go_on(work, going)
        self.conversations.attend(known.execution.session_id)
        return "The run goes on."

    async def stop(self, user: User, pk: int) -> str:
        """Give up what a run does or waits for; an instruction or a relaunch takes it up again.

        Raises:
            Refused: there is no such run.
        """
        async with self.store.read() as work:
            known = await own_run(work, user, pk)
        stopped = await self.conversations.stop(user, known.execution.session_id)
        news: list[KnownEvent] = []
        async with self.store.write() as work:
            known = await own_run(work, user, pk)
            await work.workflows.set_auto(pk, None)
            match known.plan.next:
                case Decide(run) if not known.standing.ended:
                    await work.workflows.judge(run.pk, validated=False)
                    now = await look_again(work, known.execution, known)
                    news.append(_invalidated(now, now.run(run.pk)))
                case Begin() if stopped and not is_stopped_in_step(known.runs):
                    # Between two steps there is nothing to give up.
                    await work.workflows.set_paused(pk, paused=True, stopped=True)
        for event in news:
            await self.sink.emit(event)
        if stopped or news:
            return "The run is stopped."
        return _unchanged("nothing of this run goes on.")

    async def auto_validate(self, user: User, pk: int, *, enabled: bool) -> str:
        """Take the results of the rest of the present step without asking, or ask again.

        Raises:
            Refused: there is no such run.
        """
        async with self.store.write() as work:
            known = await own_run(work, user, pk)
            await work.workflows.set_auto(pk, None)
            said = await _take_all(work, known) if enabled else "You are asked about every result."
        self.conversations.attend(known.execution.session_id)
        return said


async def _relaunch(work: Work, known: Known) -> str:
    if known.standing.ended:
        return _unchanged(_ENDED)
    match known.plan.next:
        case Decide():
            return _unchanged("a result waits for your decision.")
        case _ if known.standing.working:
            return _unchanged("the workflow is at work.")
        case Retry(run):
            await work.workflows.judge(run.pk, validated=False)
    await work.workflows.set_paused(known.execution.pk, paused=False)
    await _go_on(work, replace(known, standing=replace(known.standing, paused=False)))
    return "Workflow relaunched"


async def _take_all(work: Work, known: Known) -> str:
    """Take what the rest of the present step gives without asking."""
    if known.standing.ended:
        return _unchanged(_ENDED)
    if known.standing.paused:
        return _unchanged(_PAUSED)
    pk = known.execution.pk
    match known.plan.next:
        case Begin(step):
            await work.workflows.set_auto(pk, step.pk)
        case GoOn(run):
            await work.workflows.set_auto(pk, run.step_pk)
        case Decide(run) if run.result:
            await work.workflows.set_auto(pk, run.step_pk)
            await work.workflows.judge(run.pk, validated=True)
            await _go_on(work, known)
        case _:
            return _unchanged("the present step has no result that could be taken.")
    return "The rest of this step is taken without asking."


async def _go_on(work: Work, known: Known) -> None:
    """Note that work is due on a run, unless it is paused."""
    if not known.standing.paused:
        await work.answers.add(known.execution.session_id, known.execution.pk, None)


async def _give_up(work: Work, known: Known) -> list[KnownEvent]:
    """Let nothing that was done count any more, and return what clients are told."""
    given_up = [run.pk for run in known.runs if not run.rejected]
    for pk in given_up:
        await work.workflows.judge(pk, validated=False)
    await work.workflows.set_auto(known.execution.pk, None)
    await work.workflows.set_paused(known.execution.pk, paused=False)
    now = await look_again(work, known.execution, known)
    return [_invalidated(now, now.run(pk)) for pk in given_up]


async def _work_anew(work: Work, execution: Execution) -> None:
    """Take the work on a run from whoever does it, and give it out again."""
    await work.answers.settle_work(execution.pk)
    await work.sessions.end_run(execution.session_id)
    await work.answers.add(execution.session_id, execution.pk, None)


async def own_run(work: Work, user: User, pk: int) -> Known:
    """Return a run of a user.

    Raises:
        Refused: it does not exist, belongs to somebody else, or is no workflow.
    """
    execution = await own_execution(work, user.user_id, pk)
    if not (await work.tasks.get(execution.task_pk)).is_workflow:
        raise Refused("Task is not a workflow")
    return await look(work, execution, user.language)


async def _own_step(work: Work, user: User, pk: int) -> tuple[Known, StepRun]:
    """Return a step execution of a user, and its run."""
    execution_pk = await work.workflows.execution_of(pk)
    execution = await work.executions.get(execution_pk) if execution_pk is not None else None
    if execution is None or execution.user_id != user.user_id:
        raise NotFound(_UNKNOWN)
    known = await look(work, execution, user.language)
    return known, known.run(pk)


def _stale(known: Known, run: StepRun) -> str | None:
    """Return why a result cannot be judged; `None` if it waits for that."""
    if known.standing.ended:
        return _ENDED
    if known.plan.next == Decide(run):
        return None
    if run.rejected:
        return "this try was given up before."
    if run.error is not None:
        return "this try has failed. Relaunch the workflow."
    if run.result is None:
        return "the step is still running."
    if run.validated:
        return "this result was accepted before."
    return "this result needs no decision."


def _is_held(known: Known) -> bool:
    """Whether only a pause keeps a run from going on."""
    return isinstance(known.plan.next, Begin) and not is_stopped_in_step(known.runs)


def _items(result: JsonValue) -> list[JsonObject]:
    if not isinstance(result, list):
        raise Refused(_NO_LIST)
    items = [item for item in result if isinstance(item, dict)]
    if len(items) < len(result):
        raise Refused(_NO_LIST)
    return items


def _invalidated(known: Known, run: StepRun) -> StepInvalidated:
    fields = dict(wire_run(known.step(run), run))
    return StepInvalidated(**fields, session_id=known.execution.session_id)


def _unchanged(reason: str) -> str:
    return f"Nothing changed: {reason}"
