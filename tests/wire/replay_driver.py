"""Walks a recording: has the client do each thing that was done, and checks what came of it."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Final, TypeAlias

from mojodex_tui.client.errors import (
    ApiError,
    NotFound,
    NotSupportedByServer,
    PlanUsedUp,
    Refused,
    ServerFailed,
    SignInNeeded,
    TermsNeeded,
    WrongCredentials,
)
from mojodex_tui.client.port import OutboxChange, OutboxItem, OutboxStatus
from mojodex_tui.client.port.todos import TodoListing
from mojodex_tui.client.port.workflows import SteeredRun
from mojodex_tui.state.session import Drafted, Said, SessionState, loaded
from mojodex_tui.wire import (
    accounts,
    catalog,
    executions,
    home_chat,
    messages,
    produced_texts,
    todos,
    workflows,
)
from mojodex_tui.wire.base import FilePart, Success, WireModel
from mojodex_tui.wire.events import ExecutionStarted, parse_event
from mojodex_tui.wire.executions import CreatedExecution, Execution
from mojodex_tui.wire.messages import MessagePage, SendMessageRequest, SentMessage
from mojodex_tui.wire.produced_texts import SavedProducedText, SaveProducedTextRequest, Version
from mojodex_tui.wire.routes import AnyRoute
from mojodex_tui.wire.workflow_extensions import RunState, WorkflowRun
from tests.wire.recording import Exchange
from tests.wire.replay import Replay
from tests.wire.replay_actor import Actor, acting
from tests.wire.replay_gaps import gap_of
from tests.wire.replay_screen import Nobody, Viewer
from tests.wire.replay_script import Asked, Connected, Joined, Left, Uttered

ERRORS: Final[Mapping[int, type[ApiError]]] = {
    400: Refused,
    401: TermsNeeded,
    402: PlanUsedUp,
    403: SignInNeeded,
    404: NotFound,
    405: NotSupportedByServer,
    500: ServerFailed,
}
"""What a status means, but for the routes below."""

OWN_ERRORS: Final[tuple[tuple[AnyRoute, str, type[ApiError]], ...]] = (
    (accounts.LOGIN, "Wrong email or password.", WrongCredentials),
    (executions.READ_EXECUTION, "'NoneType' object has no attribute 'task'", NotFound),
)
"""Words of a 400 that mean something else on a route (wire protocol §1.2, §3.5)."""

_LONGEST: Final = 300
"""Seconds until a walk is given up; no walk takes a tenth of it, unless somebody looks at it."""

Outcome: TypeAlias = WireModel | OutboxChange | None
"""What a call of the client returned, if it can be compared with the recorded answer."""

Ask: TypeAlias = Callable[["Walk", Actor, Exchange], Awaitable[Outcome]]


@dataclass
class Tally:
    """How much of a recording was done."""

    asked: int = 0
    passed: int = 0
    """Never done by our client."""


@dataclass(eq=False)
class Walk:
    """One walk through a recording.

    Args:
        replay: The server.
        folder: Where the clients keep things.
        stack: Closes the clients.
        viewer: Looks at what the clients make of it.
    """

    replay: Replay
    folder: Path
    stack: AsyncExitStack
    viewer: Viewer = field(default_factory=Nobody)
    troubled: bool = False
    """Whether the clients have to try more than once, and do so at once, with keys of their own."""
    tally: Tally = field(default_factory=Tally)
    by_conn: dict[str, tuple[Actor, AsyncExitStack]] = field(default_factory=dict)
    by_token: dict[str, Actor] = field(default_factory=dict)
    """The last client of each user."""
    pks: dict[str, int] = field(default_factory=dict)
    """The execution of each session."""
    gone: list[Actor] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)
    """The connections that the server refused."""
    unlike: list[str] = field(default_factory=list)
    """Where what was heard differs from what the server told when asked."""
    listing: TodoListing = field(default_factory=lambda: TodoListing(()))
    """The To-Dos as they were last asked for."""
    recordings: dict[str, OutboxItem] = field(default_factory=dict)
    """Spoken messages that were refused, by the keys they were recorded with."""

    def __post_init__(self) -> None:
        for step in self.replay.script.steps:
            # An execution that was begun beside the recording is told of when it starts.
            if isinstance(step, Uttered) and step.event == "user_task_execution_start":
                started = parse_event(step.event, step.payload)
                assert isinstance(started, ExecutionStarted)
                self.pks.setdefault(started.session_id, started.user_task_execution_pk)

    @property
    def actors(self) -> list[Actor]:
        """Every client there was."""
        return list(dict.fromkeys([*self.gone, *self.by_token.values()]))

    def _pause(self, _failures: int) -> float:
        """Return how long a client waits before it tries again."""
        return 0.01 if self.troubled else 3600.0

    async def go(self) -> None:
        """Walk to the end."""
        for step in self.replay.script.steps:
            match step:
                case Connected():
                    await self._connect(step)
                case Left():
                    await self._leave(step)
                case Joined():
                    await self._join(step)
                case Asked():
                    await self._ask(step)
                case _:
                    pass
        await self._hear()
        assert self.replay.is_over
        for actor in self.by_token.values():
            await self.viewer.leaving(actor)

    async def actor(self, token: str, conn: str | None = None) -> Actor:
        """Return the client of a user; a new one for a new connection."""
        if conn is None and token in self.by_token:
            return self.by_token[token]
        if conn is None or not self._is_adoptable(token):
            own = AsyncExitStack()
            await self.stack.enter_async_context(own)
            number = len(self.actors)
            actor = await own.enter_async_context(
                acting(self.replay, self.folder / f"client{number}", token, self._pause)
            )
            self.by_token[token] = actor
            if conn is not None:
                self.by_conn[conn] = actor, own
        elif conn is not None:
            self.by_conn[conn] = self.by_token[token], AsyncExitStack()
        return self.by_token[token]

    def _is_adoptable(self, token: str) -> bool:
        """Whether a user's client has a connection that was not counted yet."""
        known = self.by_token.get(token)
        return known is not None and known not in [actor for actor, _ in self.by_conn.values()]

    async def _connect(self, step: Connected) -> None:
        """Open a connection, or see it refused."""
        if step.token is None:
            return  # our client does not connect without a token
        if not isinstance(step.refusal, dict):
            await (await self.actor(step.token, step.conn)).online()
            return
        # A client of its own: one that asked before may know already that it has to sign in.
        folder = self.folder / f"refused{step.seq}"
        async with acting(self.replay, folder, step.token) as actor:
            causes: list[ApiError | None] = []
            actor.client.live.connection.subscribe(lambda now: causes.append(now.cause))
            refusal = step.refusal["message"]
            await actor.until(lambda: any(one and one.raw == refusal for one in causes), "refusal")
            assert {type(one) for one in causes if one} == {SignInNeeded}
            assert actor.client.account.value is None
        self.refused.append(step.conn)

    async def _leave(self, step: Left) -> None:
        """Close a connection."""
        await self._hear()
        if step.conn not in self.by_conn:
            return
        actor, own = self.by_conn.pop(step.conn)
        await self.viewer.leaving(actor)
        for listening in actor.sessions.values():
            listening.until = step.seq
        self.gone.append(actor)
        self.by_token = {token: one for token, one in self.by_token.items() if one is not actor}
        await own.aclose()

    async def _join(self, step: Joined) -> None:
        """Listen to a session."""
        actor = self.by_conn[step.conn][0] if step.conn in self.by_conn else None
        known = actor is not None and step.session_id in actor.sessions
        if actor is None or not step.is_proper or step.session_id is None or known:
            await self.replay.pass_over(step)
            return
        listening = await actor.listen(step.session_id, self.pks.get(step.session_id, 0))
        listening.since = step.seq
        await self.viewer.joined(actor, listening)

    async def _ask(self, step: Asked) -> None:
        """Ask what was asked, and compare the answer."""
        gap = gap_of(step, self.pks)
        if gap is not None:
            self.tally.passed += 1
            await self.replay.pass_over(step)
            await self._hear()
            return
        self.tally.asked += 1
        await self._hear()
        route = step.exchange.route
        assert route is not None
        ask = next((ask for known, ask in ASKERS if known is route), None)
        assert ask is not None, f"{step.exchange.where}: nobody knows how to ask {route}"
        token = step.exchange.secret
        own = AsyncExitStack()
        if token:
            actor = await self.actor(token)
        else:
            await self.stack.enter_async_context(own)
            number = f"guest{step.seq}"
            actor = await own.enter_async_context(acting(self.replay, self.folder / number, None))
        await self._compare(step, route, ask, actor)
        if step.exchange.status == HTTPStatus.FORBIDDEN and step.seq not in self.replay.served:
            # Told so once, over whichever way, a client does not ask again with the same token.
            assert actor.client.account.value is None
            await self.replay.pass_over(step)
        else:
            assert step.seq in self.replay.served, f"{step.exchange.where} was not asked"
        if not token:
            await own.aclose()
        await self._hear()

    async def _compare(self, step: Asked, route: AnyRoute, ask: Ask, actor: Actor) -> None:
        """Ask, and see that the client makes of the answer what it is."""
        exchange = step.exchange
        try:
            outcome = await ask(self, actor, exchange)
        except ApiError as error:
            _compare_error(exchange, route, error)
            return
        if isinstance(outcome, OutboxChange):
            self._compare_change(exchange, route, outcome)
            return
        assert exchange.good, f"{exchange.where}: {outcome} in spite of {exchange.status}"
        if isinstance(outcome, WireModel):
            assert outcome == route.response.model_validate(exchange.body), exchange.where

    def _compare_change(self, exchange: Exchange, route: AnyRoute, change: OutboxChange) -> None:
        """See that the outbox made of an answer what it is."""
        if exchange.good:
            assert change.item.status is OutboxStatus.DELIVERED, f"{exchange.where}: {change}"
            answer = route.response.model_validate(exchange.body)
            if isinstance(answer, SentMessage):
                answer = answer.model_copy(update={"message_id": change.item.id})
            # Whether an unheard try of a run arrived is seen in the execution, which has no answer.
            found = [Success(success=True)] if self.troubled else []
            assert change.answer in [answer, *found], exchange.where
            assert not isinstance(answer, SavedProducedText) or change.answer == answer
            return
        kind = _expected_error(exchange, route)
        is_final = not kind.transient and kind is not SignInNeeded
        status = OutboxStatus.REFUSED if is_final else OutboxStatus.WAITING
        assert change.item.status is status, f"{exchange.where}: {change}"
        assert _said(exchange) in (change.item.raw or ""), f"{exchange.where}: {change.item.raw}"

    async def _hear(self) -> None:
        """Have every client hear all that was said."""
        mark = await self.replay.mark()
        for actor, _ in self.by_conn.values():
            await actor.heard_all(mark)
        await self.viewer.heard()

    def see_execution(self, actor: Actor, exchange: Exchange, execution: Execution) -> None:
        """Compare what was heard with what the server tells of the draft."""
        listening = actor.sessions.get(execution.session_id)
        if listening is None:
            return
        told, heard = loaded(execution, ()), listening.state
        if (heard.draft, heard.versions) != (told.draft, told.versions):
            self.unlike.append(f"{exchange.where}: the draft")

    def see_messages(self, actor: Actor, exchange: Exchange, page: MessagePage) -> None:
        """Compare what was heard with what the server tells of the conversation."""
        listening = actor.sessions.get(str(exchange.fields["session_id"]))
        if listening is None or "n_messages" in exchange.fields or "offset" in exchange.fields:
            return
        told = loaded(listening.state.execution, tuple(reversed(page.messages)))
        if _by_assistant(listening.state) != _by_assistant(told):
            self.unlike.append(f"{exchange.where}: the conversation")


def _by_assistant(state: SessionState) -> list[Said | Drafted]:
    """Return what the assistant said, as it is shown, the oldest first."""
    mine = [
        entry
        for entry in state.entries
        if isinstance(entry, Drafted) or (isinstance(entry, Said) and not entry.by_user)
    ]
    return sorted(mine, key=lambda entry: entry.message_pk)


def _compare_error(exchange: Exchange, route: AnyRoute, error: ApiError) -> None:
    """See that a failure is the one that was answered."""
    assert not exchange.good or _is_absent(exchange), f"{exchange.where}: {error!r}"
    assert type(error) is _expected_error(exchange, route), f"{exchange.where}: {error!r}"
    if not exchange.good and not isinstance(error, SignInNeeded):
        assert _said(exchange) in error.raw, f"{exchange.where}: {error.raw}"


def _expected_error(exchange: Exchange, route: AnyRoute) -> type[ApiError]:
    """Return what an answer means."""
    if _is_absent(exchange):
        return NotFound
    own = [kind for known, said, kind in OWN_ERRORS if known is route and said in _said(exchange)]
    return own[0] if own else ERRORS[exchange.status]


def _is_absent(exchange: Exchange) -> bool:
    """Whether a good answer says that there is nothing (wire protocol §3.7)."""
    return exchange.good and exchange.body == {"produced_text_version_pk": None}


def _said(exchange: Exchange) -> str:
    """Return the words of a failure."""
    body = exchange.body
    assert isinstance(body, dict)
    return str(body.get("error", body.get("message")))


# --- one way to ask for each route ------------------------------------------------------------


async def _sign_in(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = accounts.LoginRequest.model_validate(exchange.fields)
    return await actor.client.api.sign_in(request.email, request.password or "")


async def _register(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = accounts.RegisterRequest.model_validate(exchange.fields)
    return await actor.client.api.register(request.name, request.email, request.password)


async def _accept_terms(_walk: Walk, actor: Actor, _exchange: Exchange) -> Outcome:
    await actor.client.api.accept_terms()
    assert actor.client.account.value is not None
    assert actor.client.account.value.terms_and_conditions_agreed
    return None


async def _set_timezone(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = accounts.TimezoneRequest.model_validate(exchange.fields)
    await actor.client.api.set_timezone(request.timezone_offset)
    return None


async def _list_tasks(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    found = await actor.client.api.catalog()
    page = catalog.LIST_TASKS.response.model_validate(exchange.body)
    platform = str(exchange.fields.get("platform", "webapp"))
    told = {one.task.task_pk: one.task for one in found if platform in one.platforms}
    assert told == {task.task_pk: task for task in page.user_tasks}, exchange.where
    return None


async def _create(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = executions.CreateExecutionRequest.model_validate(exchange.fields)
    # The recorded client made a new one every time.
    walk.replay.reads.tells_unbegun = False
    created: CreatedExecution = await actor.client.api.create_execution(request.user_task_pk)
    walk.replay.reads.tells_unbegun = True
    walk.pks[created.session_id] = created.user_task_execution_pk
    return created


async def _read_execution(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = executions.ExecutionRequest.model_validate(exchange.fields)
    execution = await actor.client.api.execution(request.user_task_execution_pk)
    walk.see_execution(actor, exchange, execution)
    return execution


async def _list_executions(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = executions.ExecutionsRequest.model_validate(exchange.fields)
    page, search = (request.offset or 0) // 50, request.search_filter or ""
    return executions.Executions(
        user_task_executions=await actor.client.api.executions(page, search)
    )


async def _delete_execution(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = executions.DeleteExecutionRequest.model_validate(exchange.fields)
    await actor.client.api.delete_execution(request.user_task_execution_pk)
    return None


async def _rename(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = executions.RetitleExecutionRequest.model_validate(exchange.fields)
    await actor.client.api.rename(request.user_task_execution_pk, request.title)
    return None


async def _list_messages(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = messages.MessagesRequest.model_validate(exchange.fields)
    history = await actor.client.api.messages(request.session_id, request.offset or 0)
    page = MessagePage.model_validate(exchange.body)
    assert history.rows == page.messages[::-1], exchange.where
    walk.see_messages(actor, exchange, page)
    return None


async def _send(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = SendMessageRequest.model_validate(exchange.fields)
    pk = request.user_task_execution_pk or walk.pks.get(request.session_id, 0)
    if request.origin is messages.Origin.HOME_CHAT:
        pk = 0
    else:
        walk.pks[request.session_id] = pk
    if request.text is None:
        return await _speak(walk, actor, request, pk)
    message_id = None if walk.troubled else request.message_id
    item = await actor.client.outbox.send_message(
        request.session_id, pk, request.text or "", message_id=message_id
    )
    return await actor.settled(item, patiently=walk.troubled)


async def _speak(walk: Walk, actor: Actor, request: SendMessageRequest, pk: int) -> OutboxChange:
    """Send a recording, or the one again that was refused."""
    item = walk.recordings.pop(request.message_id, None)
    if item is None:
        recording = FilePart(
            name=messages.RECORDING_PART,
            filename="note.wav",
            content=b"RIFF",
            content_type="audio/wav",
        )
        item = await actor.client.outbox.send_recording(request.session_id, pk, recording)
    else:
        await actor.client.outbox.retry(item.id)
    change = await actor.settled(item, keep=True)
    if change.item.status is OutboxStatus.REFUSED:
        walk.recordings[request.message_id] = change.item
    return change


async def _run(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = executions.RunExecutionRequest.model_validate(exchange.fields)
    of_execution = (one for one, pk in walk.pks.items() if pk == request.user_task_execution_pk)
    session_id = next(of_execution, "")
    item = await actor.client.outbox.run_form(
        session_id, request.user_task_execution_pk, request.inputs
    )
    return await actor.settled(item, patiently=walk.troubled)


async def _read_text(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = produced_texts.ProducedTextRequest.model_validate(exchange.fields)
    return await actor.client.api.produced_text(request.produced_text_pk)


async def _save_text(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = SaveProducedTextRequest.model_validate(exchange.fields)
    session_id = next(
        (
            one.session_id
            for one in actor.sessions.values()
            if one.state.draft and one.state.draft.produced_text_pk == request.produced_text_pk
        ),
        "",
    )
    pk = request.produced_text_pk or 0
    item = await actor.client.outbox.save_edit(
        session_id, walk.pks.get(session_id, 0), pk, request.title, request.production
    )
    change = await actor.settled(item, patiently=walk.troubled)
    if isinstance(change.answer, SavedProducedText):
        actor.saved(session_id, request.title or "", request.production, change.answer)
    return change


async def _delete_text(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = produced_texts.DeleteProducedTextRequest.model_validate(exchange.fields)
    await actor.client.api.delete_text(request.produced_text_pk)
    return None


async def _read_version(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = produced_texts.VersionRequest.model_validate(exchange.fields)
    version: Version = await actor.client.api.produced_text_version(
        request.user_task_execution_pk, request.produced_text_version_index
    )
    return version


async def _rewrite(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = produced_texts.TextEditRequest.model_validate(exchange.fields)
    pk = await actor.client.api.rewrite(
        request.produced_text_version_pk, request.text_edit_action_pk
    )
    body = exchange.body
    assert isinstance(body, dict)
    assert body["message_pk"] == pk
    return None


def _steered(walk: Walk, execution_pk: int | None = None) -> SteeredRun:
    """Return a run to decide about: the one that was begun last, if no other is named."""
    begun = [(pk, session_id) for session_id, pk in walk.pks.items()]
    pk, session_id = next(
        (one for one in reversed(begun) if execution_pk in {None, one[0]}), (execution_pk or 0, "")
    )
    return SteeredRun(WorkflowRun(user_task_execution_pk=pk, state=RunState.WAITING), session_id)


async def _judge(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = workflows.JudgeStepRequest.model_validate(exchange.fields)
    port = actor.client.workflows
    decide = port.validate if request.validated else port.reject
    item = await decide(_steered(walk), request.user_workflow_step_execution_pk)
    return await actor.settled(item, patiently=walk.troubled)


async def _relaunch(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = workflows.RelaunchStepRequest.model_validate(exchange.fields)
    item = await actor.client.workflows.relaunch(
        _steered(walk), request.user_workflow_step_execution_pk
    )
    return await actor.settled(item, patiently=walk.troubled)


async def _edit_result(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = workflows.EditStepResultRequest.model_validate(exchange.fields)
    assert isinstance(request.result, list)
    items = [item for item in request.result if isinstance(item, dict)]
    item = await actor.client.workflows.edit(
        _steered(walk), request.user_workflow_step_execution_pk, items
    )
    return await actor.settled(item, patiently=walk.troubled)


async def _restart(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = workflows.RestartWorkflowRequest.model_validate(exchange.fields)
    run = _steered(walk, request.user_task_execution_pk)
    item = await actor.client.workflows.restart(run, request.inputs)
    return await actor.settled(item, patiently=walk.troubled)


async def _list_todos(walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    if "user_task_execution_fk" not in exchange.fields:  # else it was asked for with all others
        walk.listing = await actor.client.todos.listing()
    shown = {row.todo_pk: row for row in walk.listing.rows}
    told = todos.LIST_TODOS.response.model_validate(exchange.body)
    for todo in told.todos:
        row = shown[todo.todo_pk]
        assert {name: getattr(row, name) for name in todos.Todo.model_fields} == dict(todo)
    return None


async def _mark_todo(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = todos.MarkTodosRequest.model_validate(exchange.fields)
    assert request.todo_pk is not None
    if request.mark_as_done:
        await actor.client.todos.finish(request.todo_pk)
    else:
        await actor.client.todos.mark_read([request.todo_pk])
    return None


async def _delete_todo(_walk: Walk, actor: Actor, exchange: Exchange) -> Outcome:
    request = todos.DeleteTodoRequest.model_validate(exchange.fields)
    await actor.client.todos.delete(request.todo_pk, cause="not a task")
    return None


async def _home_chat(_walk: Walk, actor: Actor, _exchange: Exchange) -> Outcome:
    return await actor.client.api.home_chat()


ASKERS: Final[tuple[tuple[AnyRoute, Ask], ...]] = (
    (accounts.LOGIN, _sign_in),
    (accounts.REGISTER, _register),
    (accounts.ACCEPT_TERMS, _accept_terms),
    (accounts.SET_TIMEZONE, _set_timezone),
    (catalog.LIST_TASKS, _list_tasks),
    (executions.CREATE_EXECUTION, _create),
    (executions.READ_EXECUTION, _read_execution),
    (executions.LIST_EXECUTIONS, _list_executions),
    (executions.DELETE_EXECUTION, _delete_execution),
    (executions.RETITLE_EXECUTION, _rename),
    (executions.RUN_EXECUTION, _run),
    (messages.LIST_MESSAGES, _list_messages),
    (messages.SEND_MESSAGE, _send),
    (produced_texts.READ_PRODUCED_TEXT, _read_text),
    (produced_texts.SAVE_PRODUCED_TEXT, _save_text),
    (produced_texts.DELETE_PRODUCED_TEXT, _delete_text),
    (produced_texts.READ_VERSION, _read_version),
    (produced_texts.RUN_TEXT_EDIT, _rewrite),
    (workflows.JUDGE_STEP, _judge),
    (workflows.RELAUNCH_STEP, _relaunch),
    (workflows.EDIT_STEP_RESULT, _edit_result),
    (workflows.RESTART_WORKFLOW, _restart),
    (todos.LIST_TODOS, _list_todos),
    (todos.MARK_TODOS, _mark_todo),
    (todos.DELETE_TODO, _delete_todo),
    (home_chat.READ_HOME_CHAT, _home_chat),
)
"""How the client asks what each route answers."""


async def walk(
    replay: Replay, folder: Path, *, viewer: Viewer | None = None, troubled: bool = False
) -> Walk:
    """Walk through a recording, and return what came of it."""
    async with AsyncExitStack() as stack:
        made = Walk(replay, folder, stack, viewer or Nobody(), troubled)
        async with asyncio.timeout(_LONGEST):
            await made.go()
        return made
