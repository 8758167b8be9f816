"""One ASGI application out of routes and live, and all that stands behind it."""

import asyncio
import contextlib
import getpass
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta

import socketio
import structlog
from pydantic import SecretStr

from mojodex_tui.backend.assistants.step_checks import unknown_python_steps
from mojodex_tui.backend.assistants.step_runs import StepRunner, works_of
from mojodex_tui.backend.assistants.todos import TodoModel
from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, SHIPPED_WORKFLOWS, read_catalog
from mojodex_tui.backend.catalog.text_edits import shipped_text_edits
from mojodex_tui.backend.clock import FileClock, utc_now
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.jobs.clockwork import Clockwork
from mojodex_tui.backend.live.server import LiveHandlers, build_server, hearing_others
from mojodex_tui.backend.live.sink import SocketSink
from mojodex_tui.backend.llm.errors import ModelRefused
from mojodex_tui.backend.llm.factory import choose_llm
from mojodex_tui.backend.llm.offline.todo_rules import TodoRules
from mojodex_tui.backend.llm.port import Llm
from mojodex_tui.backend.mail.settings import MailSettings, read_mail_settings
from mojodex_tui.backend.routes.application import build_application
from mojodex_tui.backend.services.accounts import Accounts
from mojodex_tui.backend.services.attachments import Attachments
from mojodex_tui.backend.services.attempts import Attempts
from mojodex_tui.backend.services.background import Background
from mojodex_tui.backend.services.branches import Branches
from mojodex_tui.backend.services.catalog import TaskCatalog, sync_catalog
from mojodex_tui.backend.services.chain import Chains
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.services.deliveries import Deliveries
from mojodex_tui.backend.services.executions import TaskExecutions
from mojodex_tui.backend.services.files import Files
from mojodex_tui.backend.services.home import HomeChats
from mojodex_tui.backend.services.job_runs import JobRunner
from mojodex_tui.backend.services.jobs import Jobs
from mojodex_tui.backend.services.messages import UserMessages
from mojodex_tui.backend.services.naming import Naming
from mojodex_tui.backend.services.old_workflows import OldWorkflows
from mojodex_tui.backend.services.password_resets import PasswordResets
from mojodex_tui.backend.services.ports import Clock, LlmSource
from mojodex_tui.backend.services.produced_texts import Texts
from mojodex_tui.backend.services.projections import Projections
from mojodex_tui.backend.services.scheduler import SchedulerDoor
from mojodex_tui.backend.services.sessions import SessionRooms
from mojodex_tui.backend.services.text_edits import TextEdits
from mojodex_tui.backend.services.todo_digests import TodoDigests
from mojodex_tui.backend.services.todo_exports import TodoExports
from mojodex_tui.backend.services.todo_extraction import TodoExtraction
from mojodex_tui.backend.services.todo_ports import Mailer, TodoWriter, TodoWriterSource
from mojodex_tui.backend.services.todo_reminders import TodoReminders
from mojodex_tui.backend.services.todo_rescheduling import TodoRescheduling
from mojodex_tui.backend.services.todo_settings import TodoSettings
from mojodex_tui.backend.services.todos import TodoLists
from mojodex_tui.backend.services.tokens import Tokens
from mojodex_tui.backend.services.toolboxes import Toolboxes
from mojodex_tui.backend.services.use_cases import UseCases
from mojodex_tui.backend.services.vocabulary import Vocabulary
from mojodex_tui.backend.services.workflow_ports import Steps
from mojodex_tui.backend.services.workflow_turns import WorkflowTurns
from mojodex_tui.backend.services.workflow_views import WorkflowViews
from mojodex_tui.backend.services.workflows import Workflows
from mojodex_tui.backend.settings import BackendSettings, read_llm_settings, signing_key
from mojodex_tui.backend.store.chain import SqlChainLog
from mojodex_tui.backend.store.engine_log import SqlLog
from mojodex_tui.backend.store.engines import Engines, sqlite_engines, team_engines
from mojodex_tui.backend.store.migrate import migrate
from mojodex_tui.backend.store.past_texts import SqlPastTexts
from mojodex_tui.backend.store.sql_store import SqlStore, projecting
from mojodex_tui.backend.store.todo_book import SqlTodoBook
from mojodex_tui.backend.tools.mcp.settings import read_mcp_settings
from mojodex_tui.backend.tools.mcp.tools import McpServers
from mojodex_tui.settings.file import SettingsFile
from mojodex_tui.settings.sections import BadSettings

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Backend:
    """A backend that is open."""

    app: socketio.ASGIApp
    uses: UseCases
    store: SqlStore
    background: Background
    """The answers being written."""
    live: socketio.AsyncServer


@asynccontextmanager
async def open_backend(
    settings: BackendSettings,
    *,
    secret: SecretStr | None = None,
    llm: LlmSource | None = None,
    clock: Clock | None = None,
    steps: Steps | None = None,
) -> AsyncIterator[Backend]:
    """Open everything, go on with what a crash left, and close it again at the end.

    Args:
        settings: where and how.
        secret: opens the local account.
        llm: who writes; what the settings say if not given.
        clock: tells when; what the settings say if not given.
        steps: performs the steps of workflows; as the catalog says if not given.

    Raises:
        BadSettings: the clock of the settings cannot be read.
    """
    settings.data_dir.mkdir(parents=True, exist_ok=True)
    clock = clock or _clock(settings)
    async with AsyncExitStack() as stack:
        engines = _engines(settings, clock)
        stack.push_async_callback(engines.close)
        await migrate(engines.writer)
        store = SqlStore(engines)
        catalog = read_catalog(SHIPPED_TASKS, SHIPPED_WORKFLOWS, settings.tasks_dir)
        await sync_catalog(store, catalog)
        mcp = _mcp_servers(settings)
        stack.push_async_callback(mcp.close)
        background, loops = Background(), Background()
        stack.push_async_callback(background.close)
        stack.push_async_callback(loops.close)
        server = build_server(settings.redis_url)
        sink = SocketSink(server, shared=settings.redis_url is not None)
        deliveries = Deliveries(
            store,
            sink,
            clock,
            timedelta(seconds=settings.resend_seconds),
            shared=settings.redis_url is not None,
        )
        source = llm or ChosenLlm(settings)
        attachments = Attachments(store, settings.files_dir)
        files = Files(settings.files_dir)
        toolboxes = Toolboxes(
            {task.name_for_system: task.tools for task in catalog.tasks},
            attachments,
            SqlPastTexts(engines),
            SqlTodoBook(engines, clock),
            mcp,
            clock,
        )
        projections = Projections()
        engine = Engine(
            SqlLog(engines.writer, projecting(projections.project), reader=engines.reader)
        )
        performer = steps or StepRunner(engine, source, works_of(catalog.tasks))
        conversations = Conversations(
            store,
            sink,
            deliveries,
            source,
            clock,
            background,
            engine,
            projections,
            Naming(store, sink, source, clock, background, engine, projections),
            toolboxes,
            files,
            {task.name_for_system: task.limits.limits for task in catalog.tasks if task.limits},
            WorkflowTurns(store, source, performer, clock),
            shared=settings.database_url is not None,
        )
        branches = Branches(store, engine, conversations)
        edits = shipped_text_edits()
        rules = TodoRules()
        mail = _mail_settings(settings)
        mailer = _mailer(mail, clock) if mail is not None else None
        runner = JobRunner(store, clock)
        writer = _todo_writers(source, engine, rules)
        address = mail.local_address if mail is not None else None
        jobs = Jobs(
            store,
            clock,
            TodoExtraction(store, clock, writer, runner),
            TodoRescheduling(store, clock, writer, runner),
            TodoReminders(store, clock, writer, runner, mailer, address),
            background,
        )
        key = signing_key(settings)
        executions = TaskExecutions(store, files, conversations, clock, edits)
        workflows = Workflows(store, sink, conversations, executions, clock)
        uses = UseCases(
            accounts=Accounts(
                store,
                Tokens(key, clock),
                clock,
                Attempts(clock),
                local_secret=secret,
                local_name=_local_name(),
                open_registration=settings.open_registration and not settings.local,
            ),
            password_resets=PasswordResets(
                store,
                key,
                clock,
                background,
                mailer,
                settings.webapp_uri or f"http://{settings.host}:{settings.port}",
            ),
            catalog=TaskCatalog(store, clock, (*catalog.problems, *unknown_python_steps(catalog))),
            sessions=SessionRooms(store),
            executions=executions,
            messages=UserMessages(store, sink, conversations, clock, attachments),
            texts=Texts(store, clock),
            text_edits=TextEdits(store, conversations, clock, edits),
            conversations=conversations,
            home=HomeChats(store, clock),
            chains=Chains(store, SqlChainLog(engines.reader), branches, branches),
            files=files,
            attachments=attachments,
            llm=source,
            vocabulary=Vocabulary(store, clock),
            todos=TodoLists(store, clock, jobs.sends_mail),
            todo_exports=TodoExports(store, clock),
            todo_settings=TodoSettings(store, clock),
            todo_digests=TodoDigests(jobs, rules),
            jobs=jobs,
            scheduler=SchedulerDoor(settings.scheduler_secret),
            workflows=workflows,
            workflow_views=WorkflowViews(store, files),
            old_workflows=OldWorkflows(store, executions),
        )
        await stack.enter_async_context(hearing_others(server))
        LiveHandlers(server, uses.accounts, uses.sessions, deliveries).register()
        loops.start(deliveries.run(), "deliveries")
        loops.start(conversations.keep_watch(), "claims")
        if settings.jobs:
            # Who sets the clock by hand wants to see what comes of it.
            first, every = (5.0, 60.0) if settings.clock_file is None else (1.0, 1.0)
            loops.start(Clockwork(jobs.do_all_due, first, every).run(), "jobs")
            loops.start(Clockwork(workflows.relaunch_locked, first, every).run(), "stuck steps")
        await conversations.resume()
        routes = build_application(uses, public=not settings.local)
        yield Backend(socketio.ASGIApp(server, routes), uses, store, background, server)


class ChosenLlm:
    """The model of the settings, looked for when it is first needed, and when they have changed.

    Args:
        settings: what is known about it.
    """

    def __init__(self, settings: BackendSettings) -> None:
        self._settings = settings
        self._file = SettingsFile(settings.data_dir)
        self._read_at: int | None = None
        self._chosen: asyncio.Task[Llm] | None = None

    async def __call__(self) -> Llm:
        """Return the model.

        Raises:
            ModelRefused: the settings cannot be used; they are read again the next time.
        """
        stamp = self._file.stamp()
        has_failed = (
            self._chosen is not None
            and self._chosen.done()
            and self._chosen.exception() is not None
        )
        if self._chosen is None or has_failed or stamp != self._read_at:
            self._read_at = stamp
            self._chosen = asyncio.create_task(self._choose())
        # Who waits may be cancelled; the choice is for all.
        return await asyncio.shield(self._chosen)

    async def _choose(self) -> Llm:
        if self._settings.llm is not None:
            return await choose_llm(self._settings.llm)
        try:
            told = await read_llm_settings(self._settings.data_dir)
        except BadSettings as error:
            raise ModelRefused(str(error)) from error
        return await choose_llm(told)


def _todo_writers(source: LlmSource, engine: Engine, rules: TodoRules) -> TodoWriterSource:
    """Return who writes To-Dos: the model, or the rules where there is none."""

    async def writer() -> TodoWriter:
        llm = await source()
        return TodoModel(engine, llm) if llm.is_model else rules

    return writer


def _mcp_servers(settings: BackendSettings) -> McpServers:
    found = read_mcp_settings(settings.data_dir)
    for problem in found.problems:
        _LOG.error("no MCP server", reason=problem)
    return McpServers(found)


def _mailer(settings: MailSettings, clock: Clock) -> Mailer:
    # Imported only where mails go out: building messages takes a lot of the standard library.
    from mojodex_tui.backend.mail.smtp import SmtpMailer

    return SmtpMailer(settings, clock)


def _mail_settings(settings: BackendSettings) -> MailSettings | None:
    try:
        return read_mail_settings(settings.data_dir)
    except BadSettings as error:
        # A backend without mail is of more use than none.
        _LOG.error("no mail", reason=str(error))
        return None


def _clock(settings: BackendSettings) -> Clock:
    return utc_now if settings.clock_file is None else FileClock(settings.clock_file)


def _engines(settings: BackendSettings, clock: Clock) -> Engines:
    if settings.database_url is not None:
        return team_engines(settings.database_url, clock)
    return sqlite_engines(settings.sqlite_file, clock)


def _local_name() -> str:
    """Return the name of who is logged in to this computer, if it has one."""
    with contextlib.suppress(OSError, KeyError):  # no such entry in the user database
        return getpass.getuser().capitalize()
    return ""
