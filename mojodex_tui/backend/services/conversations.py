"""Answer what users say and run, one answer at a time in each session, on the task engine.

A session is one run of the engine that waits between the user's messages. Who asks is answered
later: the question and the note that an answer is due are kept in one transaction, then a worker
of the session takes the note and lets the run go on. The rows that show the answer, and the end of
the note, are written in the transaction that logs the answer. A crash leaves the note and the run;
at the next start the run goes on at its last unfinished transition.
"""

import asyncio
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta

import structlog

from mojodex_tui.backend.assistants.home import HomeLlm, home_task
from mojodex_tui.backend.assistants.instruct import InstructLlm, form, instruct_task
from mojodex_tui.backend.assistants.tool_use import Equipment
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.briefs import HomeBrief, InputValue, InstructBrief, TaskOffer
from mojodex_tui.backend.domain.catalog import OwnedTask
from mojodex_tui.backend.domain.conversations import AnswerDue, Execution, Session
from mojodex_tui.backend.domain.limits import Limits
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.engine.engine import Engine, Subscription
from mojodex_tui.backend.engine.nodes import Node, TaskResult
from mojodex_tui.backend.llm.errors import LlmError
from mojodex_tui.backend.services.attachments import sent_files
from mojodex_tui.backend.services.background import Background
from mojodex_tui.backend.services.briefs import asked_text, instruct_brief
from mojodex_tui.backend.services.deliveries import Deliveries
from mojodex_tui.backend.services.files import Files
from mojodex_tui.backend.services.live_text import LiveText
from mojodex_tui.backend.services.naming import Naming
from mojodex_tui.backend.services.pictures import pictures_of
from mojodex_tui.backend.services.ports import Clock, EventSink, LlmSource, Store, WarmsUp, Work
from mojodex_tui.backend.services.projections import Projections
from mojodex_tui.backend.services.toolboxes import Toolboxes
from mojodex_tui.backend.services.turns import (
    MISTAKE,
    AnyTask,
    Turn,
    Withdrawn,
    error_event,
    keep_failure,
)
from mojodex_tui.backend.services.workflow_turns import Stale, WorkflowTurn, WorkflowTurns
from mojodex_tui.backend.tools.doings import doing
from mojodex_tui.wire.events import AssistantActivity, KnownEvent
from mojodex_tui.wire.home_chat import NOT_THIS_TASK

STOPPED = "Stopped."
_CLAIM = timedelta(seconds=30)
_RENEW_SECONDS = 10.0
_MOST_ATTEMPTS = 5
_MOST_TASKS = 200
_FAILED = "Error during assistant process_chat_message: "
_EDIT_FAILED = "Error running text edit action: "
_RUN_FAILED = "Error during workflow run: "

_LOG = structlog.get_logger(__name__)


@dataclass
class Conversations:
    """Has answers written.

    Args:
        store: where everything is kept.
        sink: where tokens and failures go.
        deliveries: where whole messages go.
        llm: who writes.
        clock: tells when.
        background: holds the workers.
        engine: runs the conversations.
        projections: shows their runs.
        naming: gives executions titles.
        toolboxes: which tools tasks may use.
        files: the files of forms.
        limits: how far tasks may go, by their system names; others have the usual limits.
        workflows: how runs of workflows go on.
        shared: whether other processes work on the same database.
    """

    store: Store
    sink: EventSink
    deliveries: Deliveries
    llm: LlmSource
    clock: Clock
    background: Background
    engine: Engine
    projections: Projections
    naming: Naming
    toolboxes: Toolboxes
    files: Files
    limits: Mapping[str, Limits]
    workflows: WorkflowTurns
    shared: bool = False
    _owner: str = field(default_factory=lambda: uuid.uuid4().hex, init=False)
    _workers: dict[str, asyncio.Task[None]] = field(default_factory=dict, init=False)
    _again: set[str] = field(default_factory=set, init=False)
    _writing: dict[str, asyncio.Task[None]] = field(default_factory=dict, init=False)
    _runs: dict[str, str] = field(default_factory=dict, init=False)
    _expected: bool = field(default=False, init=False)

    def attend(self, session_id: str) -> None:
        """See to the answers due in a session."""
        self._again.add(session_id)
        if session_id not in self._workers:
            self._workers[session_id] = self.background.start(
                self._work_on(session_id), f"answers of {session_id}"
            )

    def expect(self) -> None:
        """Get the model ready, as somebody is about to ask."""
        if not self._expected:
            self._expected = True
            self.background.start(self._get_ready(), "the model")

    async def _get_ready(self) -> None:
        try:
            llm = await self.llm()
        except LlmError as error:
            # Who asks will be told.
            _LOG.warning("no model", reason=str(error))
            return
        if isinstance(llm, WarmsUp):
            await llm.warm_up()

    async def resume(self) -> None:
        """Go on with the runs a crash cut off; those that wait for a user are left alone."""
        if not self.shared:
            async with self.store.write() as work:
                await work.answers.release_all()
            self.background.start(self.naming.go_on(), "titles")
        await self._attend_waiting()

    async def keep_watch(self) -> None:
        """Keep our claims, and take over what other processes left, for ever."""
        while True:
            await asyncio.sleep(_RENEW_SECONDS)
            if self._writing:
                await self._renew_claims()
            if self.shared:
                await self._attend_waiting()

    async def _renew_claims(self) -> None:
        """Keep our claims; what is not ours any more is no longer written."""
        begun = {*self._writing}
        async with self.store.write() as work:
            ours = await work.answers.renew(self._owner, self.clock() + _CLAIM)
        for session_id in begun - ours:
            await self._give_up(session_id)

    async def _give_up(self, session_id: str) -> None:
        """End our work on an answer that is no longer ours to give."""
        run, writing = self._runs.get(session_id), self._writing.get(session_id)
        if run is not None and await self._was_stopped(session_id, run):
            await self.interrupt(session_id)
        elif writing is not None:
            writing.cancel()

    async def _was_stopped(self, session_id: str, run: str) -> bool:
        """Whether a run is over for its session; if not, who took it over goes on with it.

        To cancel such a run would be to end it for them: the log is theirs.
        """
        async with self.store.read() as work:
            session = await work.sessions.get(session_id)
            known = run in await work.sessions.runs_of(session_id)
        return known and session is not None and session.run_id != run

    async def _attend_waiting(self) -> None:
        async with self.store.read() as work:
            waiting = await work.answers.waiting_sessions(self.clock())
        for session_id in waiting:
            self.attend(session_id)

    async def stop(self, user: User, session_id: str) -> bool:
        """Stop what is written in a session; false if nothing is, or the session is not theirs."""
        async with self.store.write() as work:
            session = await work.sessions.get(session_id)
            if session is None or session.user_id != user.user_id:
                return False
            withdrawn = await work.answers.withdraw(session_id)
            news: list[KnownEvent] = []
            for due in withdrawn:
                await keep_failure(work, due, STOPPED, self.clock)
                news += await self.workflows.give_up(work, due, user, None)
            if withdrawn:
                await work.sessions.end_run(session_id)
        # With nothing withdrawn, an answer that was just kept is on its way: leave it alone.
        if withdrawn:
            await self.interrupt(session_id)
        news += [error_event(due, STOPPED, "stopped") for due in withdrawn]
        for event in news:
            await self.sink.emit(event)
        return bool(withdrawn)

    async def thread(self, at: str | None) -> list[Node]:
        """Return the nodes from the first to one of them; none to `None`."""
        return [] if at is None else await self.engine.log.chain(at)

    async def interrupt(self, session_id: str) -> None:
        """Have the engine end the run that is driven in a session, without grace."""
        if (run := self._runs.get(session_id)) is not None:
            await self.engine.cancel(run, STOPPED, grace=0)

    async def _work_on(self, session_id: str) -> None:
        """Write the answers due in a session, one after the other."""
        try:
            while session_id in self._again:
                self._again.discard(session_id)
                while (due := await self._claim(session_id)) is not None:
                    await self._answer(due)
        finally:
            del self._workers[session_id]

    async def _claim(self, session_id: str) -> AnswerDue | None:
        moment = self.clock()
        async with self.store.write() as work:
            return await work.answers.claim(session_id, self._owner, moment, moment + _CLAIM)

    async def _answer(self, due: AnswerDue) -> None:
        """Have one answer written, in a task of its own, so that no failure of it ends ours."""
        if due.attempts > _MOST_ATTEMPTS:
            await self._fail(due, f"No answer after {_MOST_ATTEMPTS} attempts.")
            return
        writing = asyncio.create_task(self._write(due), name=f"answer {due.pk}")
        self._writing[due.session_id] = writing
        try:
            await asyncio.wait({writing})
        finally:
            del self._writing[due.session_id]
            if not writing.done():
                # We are being cancelled ourselves: take the writer with us.
                writing.cancel()
                await asyncio.wait({writing})
        error = None if writing.cancelled() else writing.exception()
        if error is not None:
            _LOG.error("answer failed", session_id=due.session_id, exc_info=error)
            await self._fail(due, MISTAKE)

    async def _write(self, due: AnswerDue) -> None:
        """Let the session's run go on until the question is settled, and tell of it."""
        turn = await self._turn(due)
        await self._name(turn)
        result = await self._advance(turn)
        if not turn.settled and result.status in ("USER_QUIT", "STALLED"):
            # The words end the run, but whoever said them wants an answer: a new run gives it.
            result = await self._advance(turn)
        while isinstance(turn, WorkflowTurn) and await turn.goes_on(result.status):
            result = await self._advance(turn)
        if turn.delivery is not None:
            await self.deliveries.send(turn.delivery)
            if turn.notice is not None:
                await self.deliveries.send(turn.notice)
            if turn.session.is_home:
                # A task was perhaps begun just now.
                await self._name(turn)
        elif turn.failure is not None:
            await self.sink.emit(error_event(due, _began(turn) + turn.failure, "failed"))
        elif not turn.settled and result.status != "KILL":
            raise RuntimeError(f"The run {result.run} ended with {result.status}, but no answer")

    async def _turn(self, due: AnswerDue) -> Turn:
        """Return all that is known of a question."""
        async with self.store.read() as work:
            session = await work.sessions.get(due.session_id)
            user = await work.users.get(session.user_id) if session else None
            if session is None or user is None:
                raise LookupError(f"The session {due.session_id} of an answer is gone")
            message = await work.messages.get(due.message_pk) if due.message_pk else None
            flow = await self.workflows.of(work, due, user, session, message)
            if flow is not None:
                return flow
            turn = Turn(due, user, session, message, "", self.clock)
            if message is not None:
                turn.asked = asked_text(message)
            else:
                turn.asked = form(await self._instruct_brief(work, turn))
            if session.is_home:
                owned = await work.tasks.owned(user.user_id, session.platform, Page(_MOST_TASKS, 0))
                turn.offers = {o.task.task_pk: o for o in owned if not o.task.is_workflow}
        return turn

    async def _advance(self, turn: Turn) -> TaskResult[object]:
        """Let the session's run take the question, or go on where a crash cut it off."""
        session_id = turn.session.session_id
        async with self.store.read() as work:
            session = await work.sessions.get(session_id)
            if session is None:
                raise LookupError(f"The session {session_id} of an answer is gone")
            known = session.run_id in await work.sessions.runs_of(session_id)
        task = await self._task(turn)
        run = session.run_id or uuid.uuid4().hex
        heard = self.engine.subscribe(run)
        telling = asyncio.create_task(self._tell(heard, turn), name=f"tokens of {run}")
        self._runs[session_id] = run
        try:
            async with self.store.read() as work:
                if not (turn.settled or await work.answers.is_held(turn.due.pk, self._owner)):
                    # It was stopped before there was a run to cancel.
                    return TaskResult(status="KILL", run=run)
            with self.projections.by(turn, run):
                if known:
                    return await self.engine.resume(task, run, turn.asked)
                at = await self._place(session, turn.asked)
                return await self.engine.run(task, turn.asked, at=at, run=run)
        except Stale:
            return TaskResult(status="WAITING", run=run)
        except Withdrawn:
            # The log undid what was just being logged.
            if not await self._was_stopped(session_id, run):
                return TaskResult(status="KILL", run=run)
            await self.engine.cancel(run, STOPPED)
            return await self.engine.resume(task, run)
        finally:
            del self._runs[session_id]
            heard.close()
            await telling

    async def _place(self, session: Session, asked: str) -> str | None:
        """Return the node a new run goes on at; what is asked again is answered anew."""
        if session.thread_node is None:
            return None
        chain = await self.engine.log.chain(session.thread_node)
        said = [node for node in chain if node.role == "U" or _is_answer(node)]
        last = said[-1] if said else None
        if last is not None and last.role == "U" and last.text == asked:
            return last.parent
        return chain[-1].id

    async def _task(self, turn: Turn) -> AnyTask:
        """Return the task that a session runs."""
        if isinstance(turn, WorkflowTurn):
            return turn.task()
        if turn.session.is_home:
            tasks = [
                await self._instruct_task(turn, pk, owned.task.name)
                for pk, owned in turn.offers.items()
            ]
            return home_task(HomeLlm(self.llm, lambda: self._home_brief(turn)), tasks)
        async with self.store.read() as work:
            execution = await turn.execution(work)
            if execution is None:
                raise LookupError(f"The execution {turn.due.execution_pk} of an answer is gone")
            task = await work.tasks.get(execution.task_pk)
        return await self._instruct_task(turn, task.task_pk, task.name)

    async def _instruct_task(self, turn: Turn, task_pk: int, name: str) -> AnyTask:
        async def brief() -> InstructBrief:
            async with self.store.read() as work:
                return await self._instruct_brief(work, turn)

        async def execution_pk() -> int | None:
            async with self.store.read() as work:
                execution = await turn.execution(work)
            return execution.pk if execution is not None else None

        box = await self.toolboxes.of(name, turn.user, execution_pk)
        limits = self.limits.get(name, Limits())
        task = instruct_task(task_pk, InstructLlm(self.llm, brief, Equipment(box)), limits)
        turn.limits[task.name] = limits
        return task

    async def _instruct_brief(self, work: Work, turn: Turn) -> InstructBrief:
        execution = await turn.execution(work)
        if execution is None:
            raise LookupError(f"The execution {turn.due.execution_pk} of an answer is gone")
        thread = await self._thread(work, turn)
        brief = await instruct_brief(work, turn.user, execution, turn.message, self.clock(), thread)
        turn.output_type = brief.task.output_type or None
        files = await self._files_of_form(work, turn, execution)
        pictures = await asyncio.to_thread(
            pictures_of, self.files, execution.session_id, execution.inputs
        )
        return replace(
            brief,
            inputs=(*brief.inputs, *files),
            pictures=pictures.shown,
            left_out=pictures.left_out,
            in_home=turn.session.is_home and not turn.is_for_a_text,
            not_meant=turn.session.is_home and turn.asked == NOT_THIS_TASK,
        )

    async def _thread(self, work: Work, turn: Turn) -> set[str] | None:
        """Return the nodes a session goes on from; those of a home chat's tasks are elsewhere."""
        if turn.session.is_home:
            return None
        session = await work.sessions.get(turn.session.session_id)
        at = session.thread_node if session is not None else None
        return {node.id for node in await self.thread(at)}

    async def _files_of_form(
        self, work: Work, turn: Turn, execution: Execution
    ) -> tuple[InputValue, ...]:
        """Return what the files of a form say; those that wait when it is run are its files."""
        attachments = self.toolboxes.attachments
        if turn.message is None:
            said = await work.messages.conversation(execution.session_id)
            await attachments.hand_in(execution.pk, sent_files(said))
        return await attachments.of_form(execution.pk)

    async def _home_brief(self, turn: Turn) -> HomeBrief:
        user = turn.user
        async with self.store.read() as work:
            running = await turn.execution(work)
        busy = turn.offers.get(running.task_pk) if running is not None else None
        offers = tuple(_offer(owned, user.language) for owned in turn.offers.values())
        return HomeBrief(
            language=user.language,
            user_name=user.name or "",
            now=user.local_time(self.clock()),
            tasks=offers,
            company=user.company_description,
            running=_offer(busy, user.language).label if busy is not None else None,
            handed_back=turn.handed_back,
            not_meant=turn.asked == NOT_THIS_TASK,
            for_task=busy.task.task_pk if busy is not None and turn.is_for_a_text else None,
        )

    async def _tell(self, heard: Subscription, turn: Turn) -> None:
        """Tell what happens in a run while it does."""
        text = LiveText(turn.session.session_id)
        async for event in heard:
            while turn.started:
                await self.sink.emit(turn.started.pop(0))
            if event.kind == "token":
                await self.sink.emit(text.grown(event.text, event.channel))
            elif event.kind == "attempt":
                text.begin_again()
            elif event.node is not None and isinstance(turn, WorkflowTurn):
                for told in turn.news(event.node):
                    await self.sink.emit(told)
            elif event.node is not None and event.node.calls:
                words = doing(event.node.calls)
                await self.sink.emit(AssistantActivity(text=words, session_id=text.session_id))

    async def _name(self, turn: Turn) -> None:
        """Have what is worked on named beside its answer, until it has a title."""
        async with self.store.read() as work:
            execution = await turn.execution(work)
        if execution is not None:
            self.naming.begin(turn.user, execution)

    async def _fail(self, due: AnswerDue, sentence: str) -> None:
        """Tell that there is no answer; unlike an original server, for forms too (C38)."""
        async with self.store.write() as work:
            held = await work.answers.is_held(due.pk, self._owner)
            if not (held and await work.answers.settle(due.pk)):
                return
            await keep_failure(work, due, sentence, self.clock)
            await work.sessions.end_run(due.session_id)
            session = await work.sessions.get(due.session_id)
            user = await work.users.get(session.user_id) if session is not None else None
            news = await self.workflows.give_up(work, due, user, sentence) if user else []
        for event in (*news, error_event(due, _FAILED + sentence, "failed")):
            await self.sink.emit(event)


def _is_answer(node: Node) -> bool:
    """Whether the user was told something."""
    return node.to == "user"


def _began(turn: Turn) -> str:
    """Return how the sentence begins in which a failure is told (§10.4)."""
    if isinstance(turn, WorkflowTurn) and turn.message is None:
        return _RUN_FAILED
    is_edit = turn.message is not None and "text_edit" in turn.message.content
    return _EDIT_FAILED if is_edit else _FAILED


def _offer(owned: OwnedTask, language: str) -> TaskOffer:
    """Return a task as a home chat sees it."""
    task = owned.task
    words = task.words_in(language)
    return TaskOffer(task.task_pk, task.name, words.name if words else task.name, task.definition)
