"""What screens may ask of a server, and what they may hear from it.

Nothing heavy is imported here: screens and their tests know these protocols and values only.
"""

from collections.abc import AsyncGenerator, Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol, TypeAlias, TypeVar

from pydantic import JsonValue

from mojodex_tui.client.errors import ApiError
from mojodex_tui.client.todo_port import Todos as Todos
from mojodex_tui.client.workflow_port import Workflows as Workflows
from mojodex_tui.wire.accounts import Account
from mojodex_tui.wire.base import FilePart, Request, WireModel
from mojodex_tui.wire.catalog import UserTask
from mojodex_tui.wire.chain import Chain, ChainNodeContent
from mojodex_tui.wire.executions import CreatedExecution, Execution, InputValue, ListedExecution
from mojodex_tui.wire.extensions import BackendInfo
from mojodex_tui.wire.heard import Channel as Channel
from mojodex_tui.wire.heard import LiveEvent as LiveEvent
from mojodex_tui.wire.heard import Resynchronise as Resynchronise
from mojodex_tui.wire.heard import TokenAppended as TokenAppended
from mojodex_tui.wire.heard import TokenReplaced as TokenReplaced
from mojodex_tui.wire.home_chat import HomeChat
from mojodex_tui.wire.messages import MessageRow
from mojodex_tui.wire.produced_texts import ProducedText, SavedProducedText, Version
from mojodex_tui.wire.session_files import SessionFile

T_co = TypeVar("T_co", covariant=True)

Unsubscribe: TypeAlias = Callable[[], None]
"""Call it to hear no more; calling it again does nothing."""


class Observable(Protocol[T_co]):
    """A value that changes by itself."""

    @property
    def value(self) -> T_co:
        """What it is now."""
        ...

    def subscribe(self, listener: Callable[[T_co], None]) -> Unsubscribe:
        """Call `listener` with every new value, in the event loop, but not with this one."""
        ...


# --- asking --------------------------------------------------------------------------------


@dataclass(frozen=True)
class CatalogTask:
    """A task, and the platforms it is offered on."""

    task: UserTask
    platforms: tuple[str, ...]


@dataclass(frozen=True)
class History:
    """A page of a session's messages, also of those that are never shown."""

    rows: tuple[MessageRow, ...]
    """The oldest first."""
    is_full: bool = False
    """Whether there may be more beyond it."""


class StopOutcome(StrEnum):
    """What became of a request to stop a generation."""

    STOPPED = "stopped"
    NOTHING_TO_STOP = "nothing_to_stop"
    NOT_POSSIBLE = "not_possible"
    """This server cannot stop; it goes on writing, whether anybody follows or not."""


class KeptIn(StrEnum):
    """Where the token is kept for the next start."""

    ENVIRONMENT = "environment"
    COMMAND = "command"
    KEYRING = "keyring"
    FILE = "file"
    MEMORY = "memory"


@dataclass(frozen=True)
class Keeping:
    """Where the token is kept, and what the user must know about it."""

    where: KeptIn
    notice: str | None = None
    """Show it: the token is in a file, or is not kept at all, and why."""


class MojodexApi(Protocol):
    """Everything a user may ask; every method raises an `ApiError` when it fails."""

    async def sign_in(self, email: str, password: str) -> Account:
        """Sign in, and keep the token."""
        ...

    async def register(self, name: str, email: str, password: str) -> Account:
        """Make an account, and sign in to it."""
        ...

    async def sign_out(self) -> None:
        """Forget the token, here; servers do not take it back."""
        ...

    async def keep_token_in_file(self) -> Keeping:
        """Keep the token in a file, unencrypted, because the user agreed to it."""
        ...

    async def forgot_password(self, email: str) -> None:
        """Have a link mailed with which a new password can be set."""
        ...

    async def accept_terms(self) -> None:
        """Accept the terms and conditions, as of now."""
        ...

    async def languages(self) -> Mapping[str, str]:
        """Return the languages there are, by their codes."""
        ...

    async def set_language(self, language_code: str) -> None:
        """Have tasks shown in this language."""
        ...

    async def set_timezone(self, timezone_offset: int) -> None:
        """Tell the account's clock: minutes to subtract from UTC to get local time."""
        ...

    async def backend_info(self) -> BackendInfo | None:
        """Return what our own backend says about itself; `None` from any other server."""
        ...

    async def catalog(self) -> tuple[CatalogTask, ...]:
        """Return all tasks of all platforms, each once, by `task_pk`."""
        ...

    async def create_execution(
        self, user_task_pk: int, *, follows: int | None = None
    ) -> CreatedExecution:
        """Return an execution to fill in: the unfinished one of this task if there is one.

        Args:
            user_task_pk: The task.
            follows: The execution a predefined action goes on from; never reuses another one.
        """
        ...

    async def executions(self, page: int = 0, search: str = "") -> tuple[ListedExecution, ...]:
        """Return a page of at most 50 started executions, the newest first; empty at the end."""
        ...

    async def execution(self, execution_pk: int) -> Execution:
        """Return one execution."""
        ...

    async def delete_execution(self, execution_pk: int) -> None:
        """Take an execution out of the lists."""
        ...

    async def rename(self, execution_pk: int, title: str) -> None:
        """Give an execution a title."""
        ...

    async def messages(
        self, session_id: str, offset: int = 0, *, from_oldest: bool = False
    ) -> History:
        """Return a page of a session's messages.

        Args:
            session_id: The session.
            offset: How many of the newest rows to skip.
            from_oldest: Skip as many of the oldest rows instead.
        """
        ...

    async def produced_text(self, produced_text_pk: int) -> ProducedText:
        """Return the latest version of a text."""
        ...

    async def produced_text_version(self, execution_pk: int, index: int) -> Version:
        """Return a version of an execution's text, from 1, the oldest first.

        Raises:
            NotFound: there is no such version.
        """
        ...

    async def save_text(
        self,
        produced_text_pk: int,
        production: str,
        title: str | None,
    ) -> SavedProducedText:
        """Save a new version at once; what a user typed goes through the outbox instead."""
        ...

    async def delete_text(self, produced_text_pk: int) -> None:
        """Take a text out of the lists."""
        ...

    async def rewrite(
        self,
        produced_text_version_pk: int,
        text_edit_action_pk: int,
        *,
        message_pk: int | None = None,
    ) -> int:
        """Have a version rewritten; the new draft comes as events.

        Args:
            produced_text_version_pk: The version.
            text_edit_action_pk: How it is to be rewritten.
            message_pk: The key of the request that failed, to have it tried again.

        Returns:
            The key of the request.
        """
        ...

    async def correct_spelling(self, session_id: str, wrong: str, right: str) -> None:
        """Have a word put right everywhere in a session, and remembered.

        Raises:
            Refused: this server keeps no vocabulary.
        """
        ...

    async def stop(self, session_id: str) -> StopOutcome:
        """Stop what the assistant is writing."""
        ...

    async def attach(self, session_id: str, file: FilePart) -> SessionFile:
        """Let a file go with the next message of a session.

        Raises:
            NotSupportedByServer: only our own backend takes files with messages.
        """
        ...

    async def attached(self, session_id: str) -> tuple[SessionFile, ...]:
        """Return the files that go with the next message; none from servers that take none."""
        ...

    async def detach(self, session_id: str, file_id: str) -> None:
        """Do not let a file go with the next message."""
        ...

    async def home_chat(self) -> HomeChat:
        """Return this week's home chat, in which tasks are begun by talking."""
        ...

    async def chain(self, session_id: str) -> Chain | None:
        """Return what is behind a session; `None` from a server that keeps no chain."""
        ...

    async def chain_node(self, session_id: str, node_id: str) -> ChainNodeContent:
        """Return all of a node of a session's chain."""
        ...

    async def branch(self, session_id: str, node_id: str) -> str:
        """Let a session go on at one of its nodes; return the id of the new run.

        A question is answered anew; after an answer, the user's next message goes on from there.
        What was said after the node is kept.
        """
        ...


# --- listening -----------------------------------------------------------------------------


class Link(StrEnum):
    """Whether the server can be heard; the header shows this word."""

    ONLINE = "online"
    RECONNECTING = "reconnecting"
    OFFLINE = "offline"
    """Given up hope for the moment; it is still tried, at longer intervals."""
    LOCAL = "local"
    """Online, to the backend on this computer."""


@dataclass(frozen=True)
class Connection:
    """The state of the way to the server."""

    link: Link
    since: datetime
    """Aware; when this link state began."""
    next_try: datetime | None = None
    unsent: int = 0
    """How many items wait in the outbox."""
    cause: ApiError | None = None
    """Why it is not online; `SignInNeeded` will not go away by waiting."""


class LiveEvents(Protocol):
    """What the server says on its own."""

    def listen(self, session_id: str) -> AsyncGenerator[LiveEvent, None]:
        """Yield what the session says, until the iterator is closed; use `contextlib.aclosing`.

        Nothing comes twice. The session is joined again after every interruption, and then
        `Resynchronise` comes first; it also comes if the connection was made only after this
        call. The outbox waits for the joining before it sends.
        """
        ...

    async def joined(self, session_id: str) -> None:
        """Wait until what the session says is heard; not if nobody listens, or offline."""
        ...

    @property
    def connection(self) -> Observable[Connection]:
        """The way to the server, as the header shows it."""
        ...

    def try_now(self) -> None:
        """Do not wait for the next try."""
        ...


# --- writing -------------------------------------------------------------------------------


class OutboxKind(StrEnum):
    """What an item does."""

    MESSAGE = "message"
    RUN = "run"
    EDIT = "edit"
    JUDGE = "judge"
    """Takes or rejects the result of a step; the three below decide on a workflow too."""
    RESULT = "result"
    RELAUNCH = "relaunch"
    RESTART = "restart"


class OutboxStatus(StrEnum):
    """Where an item stands."""

    WAITING = "waiting"
    """To be sent, or sent again; `cause` tells why it was not yet."""
    SENDING = "sending"
    REFUSED = "refused"
    """The server will not have it; it is kept until retried or dropped."""
    DELIVERED = "delivered"
    DROPPED = "dropped"


@dataclass(frozen=True)
class OutboxItem:
    """Something the user wrote, on its way."""

    id: str
    """A UUID, given once; a message's `message_id`."""
    kind: OutboxKind
    session_id: str
    execution_pk: int
    text: str
    """What a list may show of it."""
    created: datetime
    """Aware; when the user wrote it."""
    status: OutboxStatus = OutboxStatus.WAITING
    attempts: int = 0
    cause: str | None = None
    """The sentence that says why it is not delivered."""
    raw: str | None = None
    next_try: datetime | None = None


@dataclass(frozen=True)
class OutboxChange:
    """An item has a new status."""

    item: OutboxItem
    answer: WireModel | None = None
    """What the server said on delivery: a `SentMessage`, a `SavedProducedText`, or `Success`."""


class Outbox(Protocol):
    """The only way for what a user wrote: stored first, then sent until it is there.

    Nothing here raises an `ApiError`: what goes wrong stands in the item.
    """

    async def send_message(
        self, session_id: str, execution_pk: int, text: str, *, message_id: str | None = None
    ) -> OutboxItem:
        """Send a message to the assistant.

        Args:
            session_id: The session.
            execution_pk: The execution it is about.
            text: The message.
            message_id: That of a message whose answer failed, to have it answered again.
        """
        ...

    async def send_recording(
        self, session_id: str, execution_pk: int, recording: FilePart
    ) -> OutboxItem:
        """Send a spoken message; servers that do not transcribe refuse it.

        Args:
            session_id: The session.
            execution_pk: The execution it is about.
            recording: The sound.
        """
        ...

    async def run_form(
        self,
        session_id: str,
        execution_pk: int,
        inputs: Sequence[InputValue],
        files: Sequence[FilePart] = (),
        *,
        again: bool = False,
    ) -> OutboxItem:
        """Run an execution with its inputs.

        Args:
            session_id: The execution's session.
            execution_pk: The execution.
            inputs: What the user gave.
            files: The files among the inputs.
            again: It has run before, and is to run once more.
        """
        ...

    async def save_edit(
        self,
        session_id: str,
        execution_pk: int,
        produced_text_pk: int,
        title: str | None,
        production: str,
    ) -> OutboxItem:
        """Save the user's version of a text."""
        ...

    async def decide(
        self,
        kind: OutboxKind,
        session_id: str,
        execution_pk: int,
        request: Request,
        files: Sequence[FilePart] = (),
    ) -> OutboxItem:
        """Send a decision about a workflow.

        Args:
            kind: Which one.
            session_id: The run's session.
            execution_pk: The run.
            request: What is decided.
            files: The files among new inputs.
        """
        ...

    def unsent(self, session_id: str | None = None) -> tuple[OutboxItem, ...]:
        """Return what is not delivered, of one session or of all, in the order of writing."""
        ...

    async def retry(self, item_id: str) -> None:
        """Try again now."""
        ...

    async def drop(self, item_id: str) -> None:
        """Give up; the user has seen the text and does not want it sent."""
        ...

    def subscribe(self, listener: Callable[[OutboxChange], None]) -> Unsubscribe:
        """Call `listener` in the event loop whenever an item has a new status."""
        ...


# --- remembering ---------------------------------------------------------------------------


class Drafts(Protocol):
    """What was typed and not sent; it outlives a killed program."""

    async def get(self, key: str) -> JsonValue:
        """Return what was put; `None` if nothing was."""
        ...

    async def put(self, key: str, value: JsonValue) -> None:
        """Keep `value`; it is on disk when this returns."""
        ...

    async def forget(self, key: str) -> None:
        """Forget it: it was sent."""
        ...


def form_draft(execution_pk: int) -> str:
    """Return the draft key of a form's answers."""
    return f"form:{execution_pk}"


def message_draft(session_id: str) -> str:
    """Return the draft key of a session's message box."""
    return f"message:{session_id}"


def queue_draft(session_id: str) -> str:
    """Return the draft key of the messages that wait for the assistant to end."""
    return f"queue:{session_id}"


def edit_draft(execution_pk: int) -> str:
    """Return the draft key of the working copy of an execution's text."""
    return f"edit:{execution_pk}"


class Cache(Protocol):
    """What was last seen, to be shown until the server answers; filled by asking."""

    async def catalog(self) -> tuple[CatalogTask, ...]:
        """Return the tasks; empty if they were never fetched."""
        ...

    async def keep_glance(self, glance: JsonValue) -> None:
        """Keep what the next start paints at once."""
        ...

    async def executions(self) -> tuple[ListedExecution, ...]:
        """Return the first page of executions."""
        ...

    async def execution(self, execution_pk: int) -> Execution | None:
        """Return an execution, if it was seen."""
        ...

    async def messages(self, session_id: str) -> tuple[MessageRow, ...]:
        """Return a session's newest messages, the oldest first."""
        ...


class Pins(Protocol):
    """What the user's own choices say about tasks; kept on this computer."""

    async def pinned(self) -> tuple[int, ...]:
        """Return the `task_pk`s pinned, in the order they were pinned."""
        ...

    async def pin(self, task_pk: int, *, pinned: bool = True) -> None:
        """Pin a task, or take its pin off."""
        ...

    async def recent(self) -> tuple[int, ...]:
        """Return the `task_pk`s last used, the newest first."""
        ...

    async def last_inputs(self, task_pk: int) -> tuple[InputValue, ...]:
        """Return what was last given to a task."""
        ...

    async def remember_use(self, task_pk: int, inputs: Sequence[InputValue]) -> None:
        """Remember that a task was run, and with what."""
        ...


class Mojodex(Protocol):
    """All of it: what screens are given."""

    @property
    def api(self) -> MojodexApi:
        """To ask."""
        ...

    @property
    def live(self) -> LiveEvents:
        """To listen."""
        ...

    @property
    def outbox(self) -> Outbox:
        """To write."""
        ...

    @property
    def drafts(self) -> Drafts:
        """What is being typed."""
        ...

    @property
    def todos(self) -> Todos:
        """To-Dos."""
        ...

    @property
    def workflows(self) -> Workflows:
        """Runs of workflows."""
        ...

    @property
    def cache(self) -> Cache:
        """What was seen last."""
        ...

    @property
    def pins(self) -> Pins:
        """The user's choices."""
        ...

    @property
    def account(self) -> Observable[Account | None]:
        """Who is signed in; `None` asks for the sign-in screen."""
        ...

    @property
    def keeping(self) -> Observable[Keeping]:
        """Where the token is kept."""
        ...
