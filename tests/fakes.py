"""A backend made of values: what screens are given in tests, without network or disk."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Generic, TypeVar

from pydantic import JsonValue

from mojodex_tui.client.errors import ApiError, NotFound, Unreachable
from mojodex_tui.client.port import (
    CatalogTask,
    Connection,
    History,
    Keeping,
    KeptIn,
    Link,
    LiveEvent,
    OutboxChange,
    OutboxItem,
    OutboxKind,
    StopOutcome,
    Unsubscribe,
)
from mojodex_tui.wire.accounts import Account
from mojodex_tui.wire.base import FilePart, Request
from mojodex_tui.wire.catalog import UserTask
from mojodex_tui.wire.chain import Chain, ChainNodeContent
from mojodex_tui.wire.executions import (
    CreatedExecution,
    Execution,
    InputSpec,
    InputValue,
    ListedExecution,
)
from mojodex_tui.wire.extensions import BackendInfo
from mojodex_tui.wire.home_chat import HomeChat
from mojodex_tui.wire.messages import MessageRow
from mojodex_tui.wire.produced_texts import ProducedText, SavedProducedText, Version
from mojodex_tui.wire.session_files import SessionFile
from tests.todo_fakes import FakeTodos
from tests.workflow_fakes import FakeWorkflows

T = TypeVar("T")

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
HOME_SESSION = "5e55"
"""Of the home chat."""
ACCOUNT = Account(token="t", name="Demo", language_code="en", terms_and_conditions_agreed=True)


class FakeObservable(Generic[T]):
    """A value a test changes."""

    def __init__(self, value: T) -> None:
        self.value = value
        self.listeners: list[Callable[[T], None]] = []

    def subscribe(self, listener: Callable[[T], None]) -> Unsubscribe:
        self.listeners.append(listener)
        return lambda: self.listeners.remove(listener) if listener in self.listeners else None

    def set(self, value: T) -> None:
        self.value = value
        for listener in tuple(self.listeners):
            listener(value)


def offered(
    task_pk: int,
    name: str,
    description: str = "",
    *,
    icon: str = "",
    group: str | None = None,
    output_type: str | None = None,
    task_type: str = "instruct",
    enabled: bool = True,
) -> CatalogTask:
    """Return a task of the catalog whose `user_task_pk` is 100 more than its `task_pk`."""
    return CatalogTask(
        UserTask(
            user_task_pk=task_pk + 100 if enabled else None,
            task_pk=task_pk,
            task_name=name,
            task_description=description,
            task_icon=icon,
            task_type=task_type,
            enabled=enabled,
            group=group,
            output_type=output_type,
        ),
        ("webapp", "mobile"),
    )


def listed(
    execution_pk: int, title: str, *, task_pk: int = 1, task_name: str = "Meeting recap"
) -> ListedExecution:
    """Return a run of the history."""
    return ListedExecution(
        user_task_execution_pk=execution_pk,
        user_task_pk=task_pk + 100,
        session_id=f"session-{execution_pk}",
        title=title,
        task_name=task_name,
        icon="📝",
        start_date=datetime(2020, 5, 2, 12, 0, tzinfo=UTC),
        produced_text_version_index=2,
    )


@dataclass
class FakeApi:
    """Answers with what the test put in, and notes what it was asked.

    A list in `failures` under a method's name makes its next calls fail, one a call.
    """

    tasks: tuple[CatalogTask, ...] = ()
    runs: tuple[ListedExecution, ...] = ()
    inputs: tuple[InputSpec, ...] = ()
    info: BackendInfo | None = None
    failures: dict[str, list[ApiError]] = field(default_factory=dict)
    calls: list[tuple[str, object]] = field(default_factory=list)
    account: FakeObservable[Account | None] = field(
        default_factory=lambda: FakeObservable[Account | None](ACCOUNT)
    )
    stop_outcome: StopOutcome = StopOutcome.STOPPED
    files: tuple[SessionFile, ...] = ()
    """What goes with the next message of every session."""
    nodes: Chain | None = None
    """What is behind every session."""

    def asked(self, name: str) -> list[object]:
        """Return with what a method was called, once for each call."""
        return [given for called, given in self.calls if called == name]

    def _note(self, name: str, given: object = None) -> None:
        self.calls.append((name, given))
        if pending := self.failures.get(name):
            raise pending.pop(0)

    async def sign_in(self, email: str, password: str) -> Account:
        self._note("sign_in", (email, password))
        self.account.set(ACCOUNT.model_copy(update={"name": email}))
        return ACCOUNT

    async def register(self, name: str, email: str, password: str) -> Account:
        self._note("register", (name, email, password))
        self.account.set(ACCOUNT.model_copy(update={"name": name}))
        return ACCOUNT

    async def sign_out(self) -> None:
        self._note("sign_out")
        self.account.set(None)

    async def keep_token_in_file(self) -> Keeping:
        self._note("keep_token_in_file")
        return Keeping(KeptIn.FILE)

    async def forgot_password(self, email: str) -> None:
        self._note("forgot_password", email)

    async def accept_terms(self) -> None:
        self._note("accept_terms")

    async def languages(self) -> Mapping[str, str]:
        self._note("languages")
        return {"en": "English", "es": "Español", "fr": "Français"}

    async def set_language(self, language_code: str) -> None:
        self._note("set_language", language_code)
        self.account.set(ACCOUNT.model_copy(update={"language_code": language_code}))

    async def set_timezone(self, timezone_offset: int) -> None:
        self._note("set_timezone", timezone_offset)

    async def backend_info(self) -> BackendInfo | None:
        self._note("backend_info")
        return self.info

    async def catalog(self) -> tuple[CatalogTask, ...]:
        self._note("catalog")
        return self.tasks

    async def create_execution(
        self, user_task_pk: int, *, follows: int | None = None
    ) -> CreatedExecution:
        self._note("create_execution", (user_task_pk, follows) if follows else user_task_pk)
        return CreatedExecution(
            user_task_execution_pk=7, session_id="session-7", json_input=self.inputs
        )

    async def executions(self, page: int = 0, search: str = "") -> tuple[ListedExecution, ...]:
        self._note("executions", page)
        return self.runs[page * 50 : (page + 1) * 50]

    async def execution(self, execution_pk: int) -> Execution:
        self._note("execution", execution_pk)
        for run in self.runs:
            if run.user_task_execution_pk == execution_pk:
                return Execution.model_validate(run.model_dump())
        raise NotFound("There is no such run.")

    async def delete_execution(self, execution_pk: int) -> None:
        self._note("delete_execution", execution_pk)

    async def rename(self, execution_pk: int, title: str) -> None:
        self._note("rename", (execution_pk, title))

    async def messages(
        self, session_id: str, offset: int = 0, *, from_oldest: bool = False
    ) -> History:
        self._note("messages", (session_id, offset))
        return History(())

    async def produced_text(self, produced_text_pk: int) -> ProducedText:
        self._note("produced_text", produced_text_pk)
        raise NotFound("There is no such text.")

    async def produced_text_version(self, execution_pk: int, index: int) -> Version:
        self._note("produced_text_version", (execution_pk, index))
        raise NotFound("There is no such version.")

    async def save_text(
        self, produced_text_pk: int, production: str, title: str | None
    ) -> SavedProducedText:
        self._note("save_text", (produced_text_pk, production, title))
        return SavedProducedText(produced_text_pk=produced_text_pk, produced_text_version_pk=1)

    async def delete_text(self, produced_text_pk: int) -> None:
        self._note("delete_text", produced_text_pk)

    async def rewrite(
        self,
        produced_text_version_pk: int,
        text_edit_action_pk: int,
        *,
        message_pk: int | None = None,
    ) -> int:
        self._note("rewrite", (produced_text_version_pk, text_edit_action_pk, message_pk))
        return message_pk or 901

    async def correct_spelling(self, session_id: str, wrong: str, right: str) -> None:
        self._note("correct_spelling", (session_id, wrong, right))

    async def stop(self, session_id: str) -> StopOutcome:
        self._note("stop", session_id)
        return self.stop_outcome

    async def attach(self, session_id: str, file: FilePart) -> SessionFile:
        self._note("attach", (session_id, file.filename))
        kept = SessionFile(file_id=file.filename, name=file.filename, size=len(file.content))
        self.files = (*self.files, kept)
        return kept

    async def home_chat(self) -> HomeChat:
        self._note("home_chat", None)
        return HomeChat.model_validate(
            {"home_chat_pk": 1, "session_id": HOME_SESSION, "message_pk": 1, "message": {}}
        )

    async def attached(self, session_id: str) -> tuple[SessionFile, ...]:
        self._note("attached", session_id)
        return self.files

    async def detach(self, session_id: str, file_id: str) -> None:
        self._note("detach", (session_id, file_id))
        self.files = tuple(file for file in self.files if file.file_id != file_id)

    async def chain(self, session_id: str) -> Chain | None:
        self._note("chain", session_id)
        return self.nodes

    async def chain_node(self, session_id: str, node_id: str) -> ChainNodeContent:
        self._note("chain_node", (session_id, node_id))
        return ChainNodeContent(text=f"All of {node_id}", body="{}")

    async def branch(self, session_id: str, node_id: str) -> str:
        self._note("branch", (session_id, node_id))
        return "a-new-run"


class FakeLive:
    """Says what a test gives it to say."""

    def __init__(self, *events: LiveEvent, link: Link = Link.LOCAL) -> None:
        self.events = events
        self.connection: FakeObservable[Connection] = FakeObservable(Connection(link, NOW))

    async def listen(self, session_id: str) -> AsyncGenerator[LiveEvent, None]:
        for event in self.events:
            yield event

    async def joined(self, session_id: str) -> None:
        pass

    def try_now(self) -> None:
        pass


class FakeOutbox:
    """Notes what is to be sent; nothing is ever delivered."""

    def __init__(self) -> None:
        self.items: list[OutboxItem] = []
        self.runs: list[tuple[int, tuple[InputValue, ...], tuple[FilePart, ...]]] = []
        self.messages: list[tuple[int, str]] = []
        self.recordings: list[tuple[int, str, str]] = []

    def _add(self, kind: OutboxKind, session_id: str, execution_pk: int, text: str) -> OutboxItem:
        item = OutboxItem(f"item-{len(self.items)}", kind, session_id, execution_pk, text, NOW)
        self.items.append(item)
        return item

    async def send_message(
        self, session_id: str, execution_pk: int, text: str, *, message_id: str | None = None
    ) -> OutboxItem:
        self.messages.append((execution_pk, text))
        return self._add(OutboxKind.MESSAGE, session_id, execution_pk, text)

    async def send_recording(
        self, session_id: str, execution_pk: int, recording: FilePart
    ) -> OutboxItem:
        self.recordings.append((execution_pk, recording.name, recording.filename))
        return self._add(OutboxKind.MESSAGE, session_id, execution_pk, recording.filename)

    async def run_form(
        self,
        session_id: str,
        execution_pk: int,
        inputs: Sequence[InputValue],
        files: Sequence[FilePart] = (),
        *,
        again: bool = False,
    ) -> OutboxItem:
        self.runs.append((execution_pk, tuple(inputs), tuple(files)))
        return self._add(OutboxKind.RUN, session_id, execution_pk, "")

    async def save_edit(
        self,
        session_id: str,
        execution_pk: int,
        produced_text_pk: int,
        title: str | None,
        production: str,
    ) -> OutboxItem:
        return self._add(OutboxKind.EDIT, session_id, execution_pk, production)

    async def decide(
        self,
        kind: OutboxKind,
        session_id: str,
        execution_pk: int,
        request: Request,
        files: Sequence[FilePart] = (),
    ) -> OutboxItem:
        return self._add(kind, session_id, execution_pk, kind.value)

    def unsent(self, session_id: str | None = None) -> tuple[OutboxItem, ...]:
        return tuple(item for item in self.items if session_id in {None, item.session_id})

    async def retry(self, item_id: str) -> None:
        pass

    async def drop(self, item_id: str) -> None:
        self.items = [item for item in self.items if item.id != item_id]

    def subscribe(self, listener: Callable[[OutboxChange], None]) -> Unsubscribe:
        return lambda: None


class FakeDrafts:
    """Keeps drafts as long as the test runs."""

    def __init__(self, **kept: JsonValue) -> None:
        self.kept: dict[str, JsonValue] = dict(kept)

    async def get(self, key: str) -> JsonValue:
        return self.kept.get(key)

    async def put(self, key: str, value: JsonValue) -> None:
        self.kept[key] = value

    async def forget(self, key: str) -> None:
        self.kept.pop(key, None)


@dataclass
class FakeCache:
    """What was seen before the test began."""

    tasks: tuple[CatalogTask, ...] = ()
    runs: tuple[ListedExecution, ...] = ()
    glance: JsonValue = None

    async def catalog(self) -> tuple[CatalogTask, ...]:
        return self.tasks

    async def keep_glance(self, glance: JsonValue) -> None:
        self.glance = glance

    async def executions(self) -> tuple[ListedExecution, ...]:
        return self.runs

    async def execution(self, execution_pk: int) -> Execution | None:
        return None

    async def messages(self, session_id: str) -> tuple[MessageRow, ...]:
        return ()


@dataclass
class FakePins:
    """Pins and last inputs."""

    pins: tuple[int, ...] = ()
    used: tuple[int, ...] = ()
    inputs: dict[int, tuple[InputValue, ...]] = field(default_factory=dict)

    async def pinned(self) -> tuple[int, ...]:
        return self.pins

    async def pin(self, task_pk: int, *, pinned: bool = True) -> None:
        others = tuple(pk for pk in self.pins if pk != task_pk)
        self.pins = (*others, task_pk) if pinned else others

    async def recent(self) -> tuple[int, ...]:
        return self.used

    async def last_inputs(self, task_pk: int) -> tuple[InputValue, ...]:
        return self.inputs.get(task_pk, ())

    async def remember_use(self, task_pk: int, inputs: Sequence[InputValue]) -> None:
        self.used = (task_pk, *(pk for pk in self.used if pk != task_pk))
        self.inputs[task_pk] = tuple(inputs)


@dataclass
class FakeMojodex:
    """All of it."""

    api: FakeApi = field(default_factory=FakeApi)
    live: FakeLive = field(default_factory=FakeLive)
    outbox: FakeOutbox = field(default_factory=FakeOutbox)
    todos: FakeTodos = field(default_factory=FakeTodos)
    workflows: FakeWorkflows = field(default_factory=FakeWorkflows)
    drafts: FakeDrafts = field(default_factory=FakeDrafts)
    cache: FakeCache = field(default_factory=FakeCache)
    pins: FakePins = field(default_factory=FakePins)
    keeping: FakeObservable[Keeping] = field(
        default_factory=lambda: FakeObservable(Keeping(KeptIn.KEYRING))
    )

    @property
    def account(self) -> FakeObservable[Account | None]:
        return self.api.account


@dataclass
class FakeWay:
    """An open way to a fake backend."""

    mojodex: FakeMojodex
    server: str | None = None
    closed: bool = False

    async def close(self) -> None:
        self.closed = True


@dataclass
class FakeConnect:
    """Opens ways to fake backends by address."""

    ways: dict[str | None, FakeMojodex | ApiError]
    opened: list[FakeWay] = field(default_factory=list)
    may_open: asyncio.Event | None = None
    """Nothing is opened before it is set."""

    async def __call__(self, server: str | None) -> FakeWay:
        if self.may_open is not None:
            await self.may_open.wait()
        found = self.ways.get(server, Unreachable(server or "this computer"))
        if isinstance(found, ApiError):
            raise found
        way = FakeWay(found, server)
        self.opened.append(way)
        return way


def offline(connection: Connection, cause: ApiError, unsent: int = 0) -> Connection:
    """Return a connection that is lost."""
    return replace(connection, link=Link.OFFLINE, cause=cause, unsent=unsent)
