"""What users say, and the history (wire protocol §4.2, §4.4)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.conversations import Execution, Message, Session
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.services.attachments import (
    FILES_KEY,
    Attachments,
    as_content,
    sent_files,
)
from mojodex_tui.backend.services.briefs import asked_text
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.services.errors import NotFound, Refused
from mojodex_tui.backend.services.ports import Clock, EventSink, Store, Work
from mojodex_tui.wire.dates import utc_from_local
from mojodex_tui.wire.events import ExecutionStarted, UserMessageReceived
from mojodex_tui.wire.messages import (
    MessagePage,
    MessageRow,
    OffsetDirection,
    Origin,
    SendMessageRequest,
    SentMessage,
)


@dataclass(frozen=True)
class HistoryQuery:
    """Which page of a session's history."""

    session_id: str
    page: Page
    direction: str = OffsetDirection.OLDER
    execution_pk: int | None = None


@dataclass(frozen=True)
class _Taken:
    """A message that is to be answered, and what it did to its execution."""

    content: JsonObject
    started: ExecutionStarted | None


@dataclass(frozen=True)
class UserMessages:
    """What can be done with messages.

    Args:
        store: where they are kept.
        sink: where receptions go.
        conversations: answers them.
        clock: tells when.
        attachments: the files that go with them.
    """

    store: Store
    sink: EventSink
    conversations: Conversations
    clock: Clock
    attachments: Attachments

    async def history(self, user: User, query: HistoryQuery) -> MessagePage:
        """Return a page of a session, the newest first, and mark it read.

        Raises:
            NotFound: there is no such session, or it is somebody else's.
        """
        oldest_first = query.direction == OffsetDirection.NEWER
        async with self.store.write() as work:
            session = await work.sessions.get(query.session_id)
            if session is None or session.user_id != user.user_id:
                raise NotFound(f"Session {query.session_id} not found for this user")
            rows = await work.messages.page(
                query.session_id,
                query.page,
                oldest_first=oldest_first,
                execution_pk=query.execution_pk,
            )
            await work.messages.mark_read({row.pk for row in rows}, self.clock())
            is_branched = await _is_branched(work, session)
        left = await self._left(session, rows) if is_branched else frozenset()
        newest_first = reversed(rows) if oldest_first else rows
        return MessagePage(messages=tuple(_row(row, row.pk in left) for row in newest_first))

    async def _left(self, session: Session, rows: Sequence[Message]) -> frozenset[int]:
        """Return which messages are on a branch the session no longer goes on in."""
        thread = await self.conversations.thread(session.thread_node)
        # What is asked again becomes another node, and keeps the newest one only.
        asked = {node.text for node in thread if node.role == "U"}
        nodes = {node.id for node in thread}
        return frozenset(
            row.pk
            for row in rows
            if row.node_id is not None
            and row.node_id not in nodes
            and not (row.sender == "user" and asked_text(row) in asked)
        )

    async def send(self, user: User, sent: SendMessageRequest) -> SentMessage:
        """Take a message and have it answered; the same one again is taken once.

        Raises:
            Refused: it names no session or execution of the user, or says nothing.
        """
        if sent.origin not in {*Origin}:
            raise Refused(f"Invalid origin: {sent.origin}")
        async with self.store.write() as work:
            session = await work.sessions.get(sent.session_id)
            if session is None or session.user_id != user.user_id:
                raise Refused(f"Invalid session_id: {sent.session_id}")
            known = await _known(work, sent)
            if known is not None and not known.in_error:
                return _stored(known)
            taken = await self._take(work, user, session, sent, known)
        await self.sink.emit(UserMessageReceived(session_id=sent.session_id))
        if taken.started is not None:
            await self.sink.emit(taken.started)
        self.conversations.attend(sent.session_id)
        return SentMessage.model_validate(taken.content)

    async def _take(
        self,
        work: Work,
        user: User,
        session: Session,
        sent: SendMessageRequest,
        known: Message | None,
    ) -> _Taken:
        """Keep a message and note that an answer is due, in the caller's transaction."""
        text = sent.text if sent.text is not None else (known.text if known else None)
        if text is None:
            raise Refused("The message has no text, and this server does not transcribe recordings")
        execution = await _execution(work, user, session, sent)
        started = await self._start(work, execution) if execution is not None else None
        execution_pk = execution.pk if execution is not None else None
        if known is None:
            pk = await work.messages.add(
                sent.session_id,
                "user",
                {"message_id": sent.message_id},
                event_name="user_message",
                message_date=utc_from_local(sent.message_date, user.timezone_offset or 0),
                message_id=sent.message_id,
                execution_pk=execution_pk,
            )
        else:
            pk = known.pk
            await work.messages.set_error(pk, None)
        content: JsonObject = {
            "text": text,
            "message_pk": pk,
            "message_id": sent.message_id if known is None else known.message_id,
        }
        if execution is not None:
            content["user_task_execution_pk"] = execution.pk
            content |= await self._files(work, execution, known)
        await work.messages.set_content(pk, content)
        await work.answers.add(sent.session_id, None if session.is_home else execution_pk, pk)
        return _Taken(content, started)

    async def _start(self, work: Work, execution: Execution) -> ExecutionStarted | None:
        """Start an execution with its first message."""
        if execution.start_date is not None:
            return None
        started = self.clock()
        await work.executions.change(replace(execution, start_date=started))
        return ExecutionStarted(
            start_date=started,
            user_task_execution_pk=execution.pk,
            session_id=execution.session_id,
        )

    async def _files(self, work: Work, execution: Execution, known: Message | None) -> JsonObject:
        """Return the files that go with a message: those that went with it before, or all new."""
        if known is not None:
            return {key: known.content[key] for key in (FILES_KEY,) if key in known.content}
        kept = await self.attachments.kept(execution.pk)
        if not kept:
            return {}
        sent = sent_files(await work.messages.conversation(execution.session_id))
        return as_content([each for each in kept if each.file_id not in sent and not each.of_form])


async def _known(work: Work, sent: SendMessageRequest) -> Message | None:
    """Return the message that was sent before, by either key; foreign ones do not exist (S5)."""
    if sent.message_pk is not None:
        message = await work.messages.get(sent.message_pk)
        if message is not None and message.session_id == sent.session_id:
            return message
    return await work.messages.by_message_id(sent.session_id, sent.message_id)


def _stored(known: Message) -> SentMessage:
    if known.text is None:
        return SentMessage(status="processing")
    return SentMessage.model_validate(known.content)


async def _execution(
    work: Work, user: User, session: Session, sent: SendMessageRequest
) -> Execution | None:
    """Return the execution a message belongs to; a home chat finds out by itself (§4.4).

    Raises:
        Refused: there is none, or it is another session's or user's.
    """
    if session.is_home:
        return await work.executions.latest_of_session(sent.session_id)
    if sent.user_task_execution_pk is None:
        execution = await work.executions.latest_of_session(sent.session_id)
        if execution is None:
            raise Refused("The session has no task execution the message could belong to")
        return execution
    execution = await work.executions.get(sent.user_task_execution_pk)
    if (
        execution is None
        or execution.user_id != user.user_id
        or execution.session_id != sent.session_id
    ):
        raise Refused(f"UserTaskExecution  {sent.user_task_execution_pk} not found in this session")
    return execution


async def _is_branched(work: Work, session: Session) -> bool:
    """Whether a session may have branches.

    What tasks of a home chat and steps of a workflow say stands on chains of their own.
    """
    if session.is_home or len(await work.sessions.runs_of(session.session_id)) < 2:
        return False
    execution = await work.executions.latest_of_session(session.session_id)
    return execution is not None and not (await work.tasks.get(execution.task_pk)).is_workflow


def _row(message: Message, left: bool) -> MessageRow:
    return MessageRow.model_validate(
        {
            "message_pk": message.pk,
            "sender": message.sender,
            "message": message.content,
            "in_error_state": message.in_error,
            "left": left or None,
        }
    )
