"""One turn of a conversation: what is asked, and the rows its answer becomes."""

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any

import structlog

from mojodex_tui.backend.assistants.instruct import Delivery as Delivered
from mojodex_tui.backend.assistants.instruct import Heard, Question
from mojodex_tui.backend.chat.task import ChatTask
from mojodex_tui.backend.domain import inputs
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject, OwnedTask
from mojodex_tui.backend.domain.conversations import (
    AnswerDue,
    Call,
    Delivery,
    Execution,
    Message,
    Session,
)
from mojodex_tui.backend.domain.limits import Limits
from mojodex_tui.backend.engine.log import Event
from mojodex_tui.backend.engine.nodes import ErrorInfo, Node
from mojodex_tui.backend.llm.errors import (
    ContextTooLong,
    LlmError,
    ModelBusy,
    ModelFailed,
    ModelRefused,
    ModelSilent,
    ModelUnreachable,
)
from mojodex_tui.backend.llm.port import Usage
from mojodex_tui.backend.services.ports import Clock, Work
from mojodex_tui.backend.tools.consent import questions
from mojodex_tui.wire.events import DraftMessage, ErrorReported, ExecutionStarted, MojoMessage

MISTAKE = "The backend made a mistake. Its log file says more."

_LOG = structlog.get_logger(__name__)


_MODEL_ERRORS = frozenset(
    kind.__name__
    for kind in (
        LlmError,
        ContextTooLong,
        ModelBusy,
        ModelFailed,
        ModelRefused,
        ModelSilent,
        ModelUnreachable,
    )
)
"""The engine keeps an error's kind by its name."""
_INTERRUPTED = "interrupted, outcome unknown"
"""What the engine says of a tool with an effect that a crash interrupted (task engine §3.5)."""


class Withdrawn(Exception):
    """Nobody waits for the answer any more, or somebody else gives it."""


@dataclass
class Turn:
    """A question, on its way through the engine.

    Args:
        due: the note that it wants an answer.
        user: who asks.
        session: where.
        message: the message that asks; none for a form.
        asked: the text of its node.
        clock: tells when.
        offers: the tasks a home chat can begin, by key.
    """

    due: AnswerDue
    user: User
    session: Session
    message: Message | None
    asked: str
    clock: Clock
    offers: dict[int, OwnedTask] = field(default_factory=dict)
    limits: dict[str, Limits] = field(default_factory=dict)
    """Those of the tasks that may answer, by their names on the engine."""
    output_type: str | None = None
    """Of the task that answers, known once it is asked."""
    delivery: Delivery | None = None
    """The answer, once it is kept."""
    notice: Delivery | None = None
    """That a limit ended the run after its answer, once that is kept."""
    failure: str | None = None
    """Why there is no answer, once that is kept."""
    settled: bool = False
    """There is an answer, or a failure, and it is kept."""
    started: list[ExecutionStarted] = field(default_factory=list)
    """Executions that were begun and not told of yet."""
    handed_back: bool = False
    """A task of a home chat was given the message, and it was none of its business."""
    _error: str | None = field(default=None, init=False)
    _stopped: bool = field(default=False, init=False)

    @property
    def is_for_a_text(self) -> bool:
        """Whether a text is to be rewritten: only then does a home chat know what is worked on."""
        return self.session.is_home and self.due.execution_pk is not None

    async def project(self, work: Work, event: Event) -> None:
        """Write the rows of an event of this turn's run.

        Raises:
            Withdrawn: the answer is not this process's to give any more.
        """
        if event.type == "cancel":
            self._stopped = True
        elif _goes_on(event) and not await self._is_ours(work):
            raise Withdrawn
        of_root = event.run == event.root
        match event.type:
            case "start" if of_root:
                await work.sessions.begin_run(self.session.session_id, event.run)
                await self._take(work, event)
            case "start":
                await self._begin_execution(work, event)
            case "reply" if event.nodes:
                await self._take(work, event)
            case "end" if of_root:
                await work.sessions.end_run(self.session.session_id)
                await self._tell_limit(work, event)
                await self._fail(work, self._error)
            case "end":
                await self._tell_limit(work, event)
                # The task handed the message back: the same task again is another execution.
                self.handed_back = event.data["status"] == "DONE"

    async def _is_ours(self, work: Work) -> bool:
        """Whether this process may go on: its claim may have run out, and been taken over."""
        if self.settled or self._stopped:
            return True
        return await work.answers.is_held(self.due.pk, self.due.claimed_by)

    async def execution(self, work: Work) -> Execution | None:
        """Return what is worked on; in a home chat that is what was begun last."""
        if self.due.execution_pk is not None:
            return await work.executions.get(self.due.execution_pk)
        return await work.executions.latest_of_session(self.session.session_id)

    async def _take(self, work: Work, event: Event) -> None:
        node = event.nodes[-1]
        if node.error is not None:
            self._error = _sentence(node.error)
            return
        if event.run == event.root:
            await work.sessions.go_to(self.session.session_id, node.id)
        if node.sender == "user" and self.message is not None:
            await work.messages.set_node(self.message.pk, node.id)
        elif node.sender == "llm" and node.to == "user":
            await self._keep_answer(work, event)
        elif node.sender == "llm" and node.kind == "tool_call":
            await self._keep_cost(work, event)
        elif node.sender == "agent" and node.to == "user":
            await self._keep_question(work, event)

    async def _tell_limit(self, work: Work, event: Event) -> None:
        """Tell that a limit ended the run of a task: beside its answer, or in place of one."""
        limits, status = self.limits.get(event.task), event.data["status"]
        told = limits.reached(status, answered=self.settled) if limits is not None else None
        if told is not None and status == "ERROR":
            told = f"{self._error} {told}"
        if told is None or not self.settled:
            await self._fail(work, told)
            return
        execution = await self._worked_on(work, event)
        pk = execution.pk if execution is not None else None
        self.notice = await self._keep_message(work, pk, Question(told, told), None)

    async def _fail(self, work: Work, sentence: str | None) -> None:
        """Keep why there is no answer, if there is a reason and no answer."""
        if sentence is None or self.settled or not await work.answers.settle(self.due.pk):
            return
        await keep_failure(work, self.due, sentence, self.clock)
        self.failure, self.settled = sentence, True

    async def _begin_execution(self, work: Work, event: Event) -> None:
        """Begin an execution for the task a home chat chose, unless it is the one before."""
        if self.is_for_a_text:
            return
        task_pk = int(event.task.rpartition(":")[2])
        before = await work.executions.latest_of_session(self.session.session_id)
        if before is not None and before.task_pk == task_pk and not self.handed_back:
            return
        owned = self.offers[task_pk]
        if owned.user_task_pk is None:
            raise LookupError(f"Nobody owns task {task_pk}")
        form = owned.task.inputs_in(self.user.language)
        pk = await work.executions.add(
            owned.user_task_pk, self.session.session_id, inputs.blank(form), None
        )
        execution = await work.executions.get(pk)
        if execution is None:
            raise LookupError(f"The execution {pk} is gone")
        moment = self.clock()
        await work.executions.change(replace(execution, start_date=moment))
        if self.message is not None:
            content: JsonObject = {**self.message.content, "user_task_execution_pk": pk}
            await work.messages.set_execution(self.message.pk, pk)
            await work.messages.set_content(self.message.pk, content)
        self.started.append(
            ExecutionStarted(
                start_date=moment,
                user_task_execution_pk=pk,
                session_id=self.session.session_id,
            )
        )

    async def _keep_answer(self, work: Work, event: Event) -> None:
        """Keep an answer as a message, and a delivered text as a version too.

        Raises:
            Withdrawn: nobody waits for it any more.
        """
        execution = await self._worked_on(work, event)
        pk = execution.pk if execution is not None else None
        heard = await self._keep_cost(work, event)
        if not await work.answers.settle(self.due.pk):
            raise Withdrawn
        if execution is not None and "unseen" in heard.data:
            fields = inputs.noticed(execution.inputs, heard.data["unseen"])
            execution = replace(execution, inputs=tuple(fields))
            await work.executions.change(execution)
        node = event.nodes[-1]
        match heard.said:
            case Delivered() as delivered if execution is not None:
                self.delivery = await self._keep_draft(work, execution, delivered, node)
            case Question() as question:
                self.delivery = await self._keep_message(work, pk, question, node)
            case other:
                raise TypeError(f"This is no answer here: {other}")
        self.settled = True

    async def _keep_cost(self, work: Work, event: Event) -> Heard:
        """Keep what a reply of a model cost."""
        heard = Heard.of(event.nodes)
        if heard is None:
            raise TypeError("An answer came without its structured reply")
        execution = await self._worked_on(work, event)
        pk = execution.pk if execution is not None else None
        await work.calls.add(self.user.user_id, pk, call_of("answer", heard.usage))
        return heard

    async def _worked_on(self, work: Work, event: Event) -> Execution | None:
        """Return the execution a reply belongs to; a home chat's own words belong to none."""
        in_task = self.due.execution_pk is not None or event.run != event.root
        return await self.execution(work) if in_task else None

    async def _keep_question(self, work: Work, event: Event) -> None:
        """Keep what a tool asks the user before it has an effect.

        Raises:
            Withdrawn: nobody waits for an answer any more.
        """
        execution = await self._worked_on(work, event)
        if not await work.answers.settle(self.due.pk):
            raise Withdrawn
        node = event.nodes[-1]
        asked = "\n\n".join(questions([result.text for result in node.results])) or node.text
        pk = execution.pk if execution is not None else None
        self.delivery = await self._keep_message(work, pk, Question(asked, asked), node)
        self.settled = True

    async def _keep_message(
        self, work: Work, execution_pk: int | None, said: Question, node: Node | None
    ) -> Delivery:
        return await self._keep(
            work,
            node,
            execution_pk,
            lambda pk: MojoMessage(
                text=said.text,
                text_with_tags=said.raw,
                user_task_execution_pk=execution_pk,
                session_id=self.session.session_id,
                message_pk=pk,
                audio=False,
            ),
        )

    async def _keep_draft(
        self, work: Work, execution: Execution, said: Delivered, node: Node
    ) -> Delivery:
        session_id = self.session.session_id
        text_pk = await work.texts.of_execution(execution.pk)
        if text_pk is None:
            text_pk = await work.texts.add(self.user.user_id, execution.pk, session_id)
        version_pk = await work.texts.add_version(
            text_pk, said.title, said.body, self.output_type, node.id
        )
        await work.executions.change(replace(execution, end_date=self.clock()))
        return await self._keep(
            work,
            node,
            execution.pk,
            lambda pk: DraftMessage(
                produced_text=said.body,
                produced_text_title=said.title,
                produced_text_pk=text_pk,
                produced_text_version_pk=version_pk,
                user_task_execution_pk=execution.pk,
                text_type=self.output_type,
                text=node.text,
                text_with_tags=said.raw,
                session_id=session_id,
                message_pk=pk,
                audio=False,
            ),
        )

    async def _keep(
        self,
        work: Work,
        node: Node | None,
        execution_pk: int | None,
        event_of: Callable[[int], MojoMessage | DraftMessage],
    ) -> Delivery:
        """Keep a message whose content holds its own key, and its delivery."""
        pk = await work.messages.add(
            self.session.session_id,
            "mojo",
            {},
            # Drafts are kept under the name of messages, as an original server does (§4.3).
            event_name="mojo_message",
            message_date=self.clock(),
            execution_pk=execution_pk,
            node_id=node.id if node is not None else None,
        )
        event = event_of(pk)
        payload = event.to_wire()
        await work.messages.set_content(pk, payload)
        version_pk = event.produced_text_version_pk if isinstance(event, DraftMessage) else None
        return await work.deliveries.add(
            self.session.session_id, pk, version_pk, event.event, payload
        )


def _goes_on(event: Event) -> bool:
    """Whether an event is more than a note about the ones before it."""
    return event.type in ("start", "attempt", "end") or bool(event.nodes)


AnyTask = ChatTask[Any]  # tasks of one conversation differ in what they give


async def keep_failure(work: Work, due: AnswerDue, sentence: str, clock: Clock) -> None:
    """Keep that there is no answer, and why."""
    await work.messages.add(
        due.session_id,
        "mojo",
        error_event(due, sentence, None).to_wire(),
        event_name="error",
        message_date=clock(),
        execution_pk=due.execution_pk,
    )
    if due.message_pk is not None:
        # So that the same message, sent again, is answered again (§4.4).
        await work.messages.set_error(due.message_pk, clock())


def error_event(due: AnswerDue, sentence: str, kind: str | None) -> ErrorReported:
    """Return what clients are told of a failure."""
    return ErrorReported(
        error=sentence,
        session_id=due.session_id,
        user_message_pk=due.message_pk,
        user_task_execution_pk=due.execution_pk,
        kind=kind,
    )


def call_of(purpose: str, usage: Usage) -> Call:
    """Return what a call cost, to be kept."""
    return Call(purpose, usage.model, usage.input_tokens, usage.output_tokens)


def _sentence(error: ErrorInfo) -> str:
    """Return what the user is told: a model's own sentence, but nothing of our mistakes."""
    if error.kind in _MODEL_ERRORS:
        return error.text
    if error.text == _INTERRUPTED:
        return (
            "The program stopped while a tool was at work, so it may have done its work or not. "
            "It was not used again; look, and say how to go on."
        )
    _LOG.error("answer failed", kind=error.kind, reason=error.text)
    return MISTAKE
