"""What services need from outside: a store, someone to tell events to, a clock, a model."""

from collections.abc import Awaitable, Callable, Collection, Sequence
from contextlib import AbstractAsyncContextManager
from datetime import date, datetime
from typing import Protocol, runtime_checkable

from mojodex_tui.backend.catalog.format import TaskFile
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject, OwnedTask, Task
from mojodex_tui.backend.domain.conversations import (
    AnswerDue,
    Call,
    Delivery,
    Execution,
    ExecutionDetail,
    HomeChat,
    Message,
    Session,
    TextVersion,
)
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.products import Category, Holding
from mojodex_tui.backend.llm.port import LlmSource as LlmSource
from mojodex_tui.backend.services.todo_ports import FeedRows, JobRows, TodoRows
from mojodex_tui.backend.services.vocabulary_ports import Words
from mojodex_tui.backend.services.workflow_ports import WorkflowRows
from mojodex_tui.wire.events import KnownEvent


class Users(Protocol):
    """Accounts."""

    async def get(self, user_id: str) -> User | None:
        """Return an account by its id."""
        ...

    async def by_email(self, email: str) -> User | None:
        """Return an account by its login name."""
        ...

    async def add(self, user: User) -> None:
        """Keep a new account.

        Raises:
            EmailTaken: there is one with this login name; the transaction is lost.
        """
        ...

    async def change(self, user: User) -> None:
        """Keep the account as `user` has it now."""
        ...


class Tasks(Protocol):
    """The catalog and who has what of it."""

    async def sync(self, files: Sequence[TaskFile]) -> None:
        """Make the catalog hold what the files say; tasks without file are retired."""
        ...

    async def get(self, task_pk: int) -> Task:
        """Return a task that exists."""
        ...

    async def has_platform(self, name: str) -> bool:
        """Whether tasks can be offered on that platform."""
        ...

    async def owned(self, user_id: str, platform: str, page: Page) -> list[OwnedTask]:
        """Return a page of the enabled tasks of a user, by task."""
        ...

    async def count_owned(self, user_id: str) -> int:
        """Return how many enabled tasks a user has, on any platform."""
        ...

    async def teasing(self, user_id: str, platform: str, page: Page) -> list[OwnedTask]:
        """Return a page of the tasks shown to those who do not have them."""
        ...

    async def owned_by_pk(self, user_id: str, user_task_pk: int) -> OwnedTask | None:
        """Return one task of a user, enabled or not."""
        ...

    async def offered_on(self, task_pk: int, platform: str) -> bool:
        """Whether a task is offered on a platform."""
        ...

    async def enable_all(self, user_id: str) -> None:
        """Give a user every task of the catalog."""
        ...

    async def has_all(self, user_id: str) -> bool:
        """Whether a user has every task of the catalog."""
        ...


class Products(Protocol):
    """What gives tasks to users."""

    async def categories(self, language: str) -> list[Category]:
        """Return the visible categories."""
        ...

    async def take_free(self, user_id: str, category_pk: int) -> bool:
        """Give a user the free product of a category; false if it has none."""
        ...

    async def default_category(self) -> int:
        """Return the category everybody belongs to."""
        ...

    async def held(self, user_id: str, language: str) -> list[Holding]:
        """Return the active products of a user."""
        ...


class Sessions(Protocol):
    """Rooms for messages."""

    async def add(self, session: Session) -> None:
        """Keep a new session."""
        ...

    async def get(self, session_id: str) -> Session | None:
        """Return a session."""
        ...

    async def chats(self, user_id: str, page: Page) -> list[Session]:
        """Return a page of the chats that have messages, the newest first."""
        ...

    async def delete(self, user_id: str, session_id: str) -> bool:
        """Take a session out of the list; false if there is none to take out."""
        ...

    async def begin_run(self, session_id: str, run_id: str) -> None:
        """Let a session go on in a run of the task engine."""
        ...

    async def reserve_run(self, session_id: str, run_id: str) -> None:
        """Choose the name of the run a session's next one will be."""
        ...

    async def end_run(self, session_id: str) -> None:
        """Let a session wait for its next run."""
        ...

    async def go_to(self, session_id: str, node_id: str | None) -> None:
        """Let a session's next run go on at a node."""
        ...

    async def runs_of(self, session_id: str) -> list[str]:
        """Return the runs a session went on in, the newest last."""
        ...

    async def home_of(self, user_id: str, week: date) -> HomeChat | None:
        """Return a user's home chat of the week that begins on a day."""
        ...

    async def add_home(self, user_id: str, session_id: str, week: date) -> HomeChat:
        """Keep a new home chat."""
        ...


class Executions(Protocol):
    """Runs of tasks."""

    async def add(
        self,
        user_task_pk: int,
        session_id: str,
        inputs: Sequence[JsonObject],
        parent_pk: int | None,
    ) -> int:
        """Keep a new execution and return its key."""
        ...

    async def get(self, pk: int) -> Execution | None:
        """Return an execution, deleted or not."""
        ...

    async def unstarted(self, user_task_pk: int) -> Execution | None:
        """Return an execution nobody has begun to use, if there is one."""
        ...

    async def latest_of_session(self, session_id: str) -> Execution | None:
        """Return the newest execution of a session."""
        ...

    async def change(self, execution: Execution) -> None:
        """Keep the execution as it is now."""
        ...

    async def set_title_once(self, pk: int, title: str, summary: str) -> bool:
        """Give an execution its first title; false if it has one."""
        ...

    async def delete(self, pk: int, moment: datetime) -> None:
        """Take an execution out of the lists."""
        ...

    async def detail(self, pk: int) -> ExecutionDetail | None:
        """Return an execution with all a client shows of it."""
        ...

    async def started(
        self, user_id: str, page: Page, title_part: str | None, user_task_pks: Collection[int]
    ) -> list[ExecutionDetail]:
        """Return a page of the started executions of a user, the newest first."""
        ...


class Messages(Protocol):
    """What was said."""

    async def add(
        self,
        session_id: str,
        sender: str,
        content: JsonObject,
        *,
        event_name: str,
        message_date: datetime,
        message_id: str | None = None,
        execution_pk: int | None = None,
        node_id: str | None = None,
    ) -> int:
        """Keep a message and return its key."""
        ...

    async def get(self, pk: int) -> Message | None:
        """Return a message by its key."""
        ...

    async def by_message_id(self, session_id: str, message_id: str) -> Message | None:
        """Return a message by the key its client chose."""
        ...

    async def set_content(self, pk: int, content: JsonObject) -> None:
        """Replace what a message says."""
        ...

    async def set_node(self, pk: int, node_id: str) -> None:
        """Say which node of the log a message became."""
        ...

    async def set_execution(self, pk: int, execution_pk: int) -> None:
        """Attach a message to an execution."""
        ...

    async def of_node(self, node_id: str) -> Message | None:
        """Return the message that became a node."""
        ...

    async def set_error(self, pk: int, moment: datetime | None) -> None:
        """Mark a message as failed, or no longer."""
        ...

    async def page(
        self, session_id: str, page: Page, *, oldest_first: bool, execution_pk: int | None
    ) -> list[Message]:
        """Return a page of what can be shown, counted from one end."""
        ...

    async def conversation(self, session_id: str) -> list[Message]:
        """Return all that was said, the oldest first."""
        ...

    async def mark_read(self, pks: Collection[int], moment: datetime) -> None:
        """Mark messages as read, with the versions they carry."""
        ...


class Texts(Protocol):
    """Produced texts and their versions."""

    async def of_execution(self, execution_pk: int) -> int | None:
        """Return the text drafts of an execution are versions of, if there is one."""
        ...

    async def add(self, user_id: str, execution_pk: int | None, session_id: str | None) -> int:
        """Keep a new text, still without version."""
        ...

    async def add_version(
        self,
        text_pk: int,
        title: str | None,
        production: str,
        text_type: str | None,
        node_id: str | None = None,
    ) -> int:
        """Keep a new version and return its key."""
        ...

    async def latest(self, user_id: str, text_pk: int) -> TextVersion | None:
        """Return the latest version of a text of a user that is not deleted."""
        ...

    async def version(self, user_id: str, version_pk: int) -> TextVersion | None:
        """Return a version of a text of a user that is not deleted."""
        ...

    async def list_latest(self, user_id: str, page: Page) -> list[TextVersion]:
        """Return a page of the texts of a user, the newest first."""
        ...

    async def latest_of_execution(self, execution_pk: int) -> TextVersion | None:
        """Return the latest version an execution has."""
        ...

    async def latest_on_thread(
        self, execution_pk: int, nodes: Collection[str]
    ) -> TextVersion | None:
        """Return the latest version that one of these nodes brought, or the user's own hand."""
        ...

    async def version_of_execution(self, execution_pk: int, index: int) -> TextVersion | None:
        """Return a version of an execution by its place, from 1."""
        ...

    async def change_version(self, version_pk: int, title: str | None, production: str) -> None:
        """Put other words into a version."""
        ...

    async def mark_read(self, version_pk: int, moment: datetime) -> None:
        """Mark a version as read."""
        ...

    async def delete(self, text_pk: int, moment: datetime) -> None:
        """Take a text out of the lists."""
        ...


class Answers(Protocol):
    """Answers due."""

    async def add(self, session_id: str, execution_pk: int | None, message_pk: int | None) -> None:
        """Note that an answer is due; a second one for the same question is not noted."""
        ...

    async def claim(
        self, session_id: str, owner: str, moment: datetime, until: datetime
    ) -> AnswerDue | None:
        """Take over the oldest answer of a session, unless somebody else is on it."""
        ...

    async def settle(self, pk: int) -> bool:
        """Strike an answer off; false if it was struck off before."""
        ...

    async def settle_work(self, execution_pk: int) -> None:
        """Strike off what is due on an execution, but for answers to messages."""
        ...

    async def is_held(self, pk: int, owner: str | None) -> bool:
        """Whether an answer is still due, and an owner's to give."""
        ...

    async def note_progress(self, pk: int) -> None:
        """Count the attempts at an answer anew, as a part of it is done."""
        ...

    async def withdraw(self, session_id: str) -> list[AnswerDue]:
        """Strike all answers of a session off and return them."""
        ...

    async def renew(self, owner: str, until: datetime) -> set[str]:
        """Keep the claims of an owner for longer, and return the sessions they are for."""
        ...

    async def release_all(self) -> None:
        """Give up every claim, whoever made it."""
        ...

    async def waiting_sessions(self, moment: datetime) -> list[str]:
        """Return the sessions with an answer nobody is on."""
        ...

    async def is_due(self, execution_pk: int) -> bool:
        """Whether an execution waits for an answer."""
        ...


class Deliveries(Protocol):
    """Messages no client has acknowledged yet."""

    async def add(
        self,
        session_id: str,
        message_pk: int,
        version_pk: int | None,
        event_name: str,
        payload: JsonObject,
    ) -> Delivery:
        """Keep a message until it is acknowledged."""
        ...

    async def due(self, session_ids: Collection[str], moment: datetime) -> list[Delivery]:
        """Return what is to be sent to some sessions now."""
        ...

    async def next_copy(self, session_ids: Collection[str]) -> datetime | None:
        """Return when something is to be sent to some sessions next."""
        ...

    async def take_copy(self, delivery: Delivery, next_copy: datetime) -> bool:
        """Note that a copy goes out; false if somebody else sent it."""
        ...

    async def remove(self, pk: int) -> bool:
        """Forget a delivery; false if it was forgotten before."""
        ...


class Calls(Protocol):
    """What models cost."""

    async def add(self, user_id: str, execution_pk: int | None, call: Call) -> None:
        """Keep what a call cost."""
        ...


class Work(Protocol):
    """One transaction on everything that is kept."""

    @property
    def users(self) -> Users:
        """Accounts."""
        ...

    @property
    def tasks(self) -> Tasks:
        """The catalog."""
        ...

    @property
    def products(self) -> Products:
        """What gives tasks."""
        ...

    @property
    def sessions(self) -> Sessions:
        """Rooms."""
        ...

    @property
    def executions(self) -> Executions:
        """Runs of tasks."""
        ...

    @property
    def messages(self) -> Messages:
        """What was said."""
        ...

    @property
    def texts(self) -> Texts:
        """Produced texts."""
        ...

    @property
    def workflows(self) -> WorkflowRows:
        """Runs of workflows."""
        ...

    @property
    def answers(self) -> Answers:
        """Answers due."""
        ...

    @property
    def deliveries(self) -> Deliveries:
        """Messages on their way."""
        ...

    @property
    def calls(self) -> Calls:
        """What models cost."""
        ...

    @property
    def todos(self) -> TodoRows:
        """To-Dos."""
        ...

    @property
    def feeds(self) -> FeedRows:
        """Who may read which calendar."""
        ...

    @property
    def words(self) -> Words:
        """Spellings."""
        ...

    @property
    def jobs(self) -> JobRows:
        """What was done on the clock."""
        ...


class Store(Protocol):
    """Begins transactions."""

    def write(self) -> AbstractAsyncContextManager[Work]:
        """Begin one that is kept if its block ends well, and undone if it raises."""
        ...

    def read(self) -> AbstractAsyncContextManager[Work]:
        """Begin one that changes nothing."""
        ...


Clock = Callable[[], datetime]
"""Tells the moment, aware."""


@runtime_checkable
class WarmsUp(Protocol):
    """A model whose first answer takes longer, unless it is told in advance."""

    async def warm_up(self) -> None:
        """Get ready for the first answer."""
        ...


Acknowledge = Callable[[object], Awaitable[None]]
"""What to do with an acknowledgement's one argument, `None` if it has none."""


class EventSink(Protocol):
    """Where events go: the clients in a session's room."""

    async def emit(self, event: KnownEvent) -> None:
        """Tell the session named in the event; lost on who is not there."""
        ...

    async def deliver(self, delivery: Delivery, acknowledge: Acknowledge) -> None:
        """Send a message that wants to be acknowledged."""
        ...

    def present_sessions(self) -> frozenset[str]:
        """Return the sessions somebody is in, as far as this process knows."""
        ...

    def reaches(self, session_id: str) -> bool:
        """Whether an event may find somebody in a session."""
        ...
