"""Asking a server: one method for each thing a user can want to know or change."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, datetime
from typing import Final, TypeVar

from mojodex_tui.client.cache import SeenCache, Unfinished
from mojodex_tui.client.errors import ApiError, NotFound, NotSupportedByServer, Refused
from mojodex_tui.client.http import Endpoint, Http
from mojodex_tui.client.identity import Identity
from mojodex_tui.client.port import CatalogTask, History, Keeping, StopOutcome
from mojodex_tui.client.way import Way
from mojodex_tui.client.welcome import welcome
from mojodex_tui.wire import (
    accounts,
    chain,
    executions,
    extensions,
    messages,
    produced_texts,
    session_files,
    vocabulary,
)
from mojodex_tui.wire.accounts import Account
from mojodex_tui.wire.base import PAGE_LIMIT, FilePart, Platform, Request, WireModel
from mojodex_tui.wire.catalog import LIST_TASKS, CatalogRequest, UserTask
from mojodex_tui.wire.chain import Chain, ChainNodeContent
from mojodex_tui.wire.errors import SOMETHING_WEIRD
from mojodex_tui.wire.executions import CreatedExecution, Execution, ListedExecution
from mojodex_tui.wire.extensions import BackendInfo
from mojodex_tui.wire.home_chat import READ_HOME_CHAT, HomeChat, HomeChatRequest
from mojodex_tui.wire.messages import OffsetDirection
from mojodex_tui.wire.produced_texts import ProducedText, SavedProducedText, Version
from mojodex_tui.wire.route import Route
from mojodex_tui.wire.session_files import SessionFile

RequestT = TypeVar("RequestT", bound=Request)
ResponseT = TypeVar("ResponseT", bound=WireModel)
T = TypeVar("T")

_NO_MAIL: Final = "This server could not mail a link. Ask who runs it for a new password."

_PLATFORMS: Final = (Platform.WEBAPP, Platform.MOBILE)
"""No server knows terminals: its tasks are those of both (wire protocol §18.1)."""


class Caller:
    """Calls a server, and once more if the way to it could be repaired.

    Args:
        http: What calls.
        way: Where to.
    """

    def __init__(self, http: Http, way: Way) -> None:
        self._http = http
        self._way = way

    async def __call__(
        self,
        route: Route[RequestT, ResponseT],
        request: RequestT,
        files: Sequence[FilePart] = (),
    ) -> ResponseT:
        """Call a route.

        Raises:
            ApiError: it failed for good.
        """
        return await self._mended(lambda to: self._http.call(to, route, request, files))

    async def file(self, route: Route[RequestT, ResponseT], request: RequestT) -> bytes:
        """Call a route that answers with a file, and return the file.

        Raises:
            ApiError: it failed for good.
        """
        return await self._mended(lambda to: self._http.fetch(to, route, request))

    async def _mended(self, ask: Callable[[Endpoint], Awaitable[T]]) -> T:
        endpoint = await self._way.endpoint()
        try:
            return await ask(endpoint)
        except ApiError as error:
            if not await self._way.mend(error, endpoint):
                raise
        return await ask(await self._way.endpoint())

    async def once(
        self,
        route: Route[RequestT, ResponseT],
        request: RequestT,
        files: Sequence[FilePart] = (),
    ) -> ResponseT:
        """Call a route whose call may not be repeated blindly; the way to it is repaired.

        Raises:
            ApiError: it failed; it may have arrived all the same.
        """
        endpoint = await self._way.endpoint()
        try:
            return await self._http.call(endpoint, route, request, files)
        except ApiError as error:
            await self._way.mend(error, endpoint)
            raise


class HttpApi:
    """The port to ask, over HTTP.

    Args:
        call: Calls the server.
        identity: Who asks.
        seen: Where answers are kept for the next start.
        unfinished: Which forms were begun.
        is_queued: Whether something of an execution waits to be sent.
    """

    def __init__(
        self,
        call: Caller,
        identity: Identity,
        seen: SeenCache,
        unfinished: Unfinished,
        is_queued: Callable[[int], bool],
    ) -> None:
        self._call = call
        self._identity = identity
        self._seen = seen
        self._unfinished = unfinished
        self._is_queued = is_queued

    async def sign_in(self, email: str, password: str) -> Account:
        """Sign in, and keep the token."""
        self._require_remote()
        request = accounts.LoginRequest(email=email, password=password)
        account = await self._call(accounts.LOGIN, request)
        await self._identity.sign_in(email, account)
        return account

    async def register(self, name: str, email: str, password: str) -> Account:
        """Make an account, and sign in to it."""
        self._require_remote()
        request = accounts.RegisterRequest(name=name, email=email, password=password)
        account = await self._call(accounts.REGISTER, request)
        await self._identity.sign_in(email, account)
        with suppress(ApiError):  # there is an account; what it lacks, its catalog says
            await welcome(self._call)
        return account

    async def sign_out(self) -> None:
        """Forget the token."""
        self._require_remote()
        await self._identity.sign_out()

    async def keep_token_in_file(self) -> Keeping:
        """Keep the token in a file, because the user agreed to it."""
        return await self._identity.keep_in_file()

    async def forgot_password(self, email: str) -> None:
        """Have a link mailed with which a new password can be set."""
        try:
            await self._call(accounts.FORGOT_PASSWORD, accounts.ForgotPasswordRequest(email=email))
        except Refused as error:
            if SOMETHING_WEIRD not in error.raw:
                raise
            raise Refused(_NO_MAIL, error.raw) from error

    async def accept_terms(self) -> None:
        """Accept the terms and conditions, as of now."""
        now = datetime.now(UTC).isoformat()
        await self._call(accounts.ACCEPT_TERMS, accounts.AcceptTermsRequest(datetime=now))
        await self._identity.change(
            lambda account: account.model_copy(update={"terms_and_conditions_agreed": True})
        )

    async def languages(self) -> Mapping[str, str]:
        """Return the languages there are, by their codes."""
        account = self._identity.account.value
        code = (account.language_code if account is not None else None) or "en"
        request = accounts.LanguagesRequest(language_code=code)
        return (await self._call(accounts.LIST_LANGUAGES, request)).available_languages

    async def set_language(self, language_code: str) -> None:
        """Have tasks shown in this language."""
        request = accounts.LanguageRequest(language_code=language_code)
        await self._call(accounts.SET_LANGUAGE, request)
        await self._identity.change(
            lambda account: account.model_copy(update={"language_code": language_code})
        )

    async def set_timezone(self, timezone_offset: int) -> None:
        """Tell the account's clock."""
        request = accounts.TimezoneRequest(timezone_offset=timezone_offset)
        await self._call(accounts.SET_TIMEZONE, request)

    async def backend_info(self) -> BackendInfo | None:
        """Return what our own backend says about itself; `None` from any other server."""
        try:
            return await self._call(extensions.READ_BACKEND, extensions.BackendRequest())
        except NotSupportedByServer:
            return None

    async def catalog(self) -> tuple[CatalogTask, ...]:
        """Return all tasks of all platforms, each once, by `task_pk`."""
        lists = await asyncio.gather(*(self._tasks_of(platform) for platform in _PLATFORMS))
        merged: dict[int, CatalogTask] = {}
        for platform, tasks in zip(_PLATFORMS, lists, strict=True):
            for task in tasks:
                before = merged.get(task.task_pk)
                platforms = (*(before.platforms if before else ()), str(platform))
                # One platform may only tease with a task that another one really offers.
                best = before.task if before and before.task.enabled else task
                merged[task.task_pk] = CatalogTask(best, platforms)
        found = tuple(merged[pk] for pk in sorted(merged))
        await self._seen.keep_catalog(found)
        return found

    async def _tasks_of(self, platform: Platform) -> tuple[UserTask, ...]:
        """Return all pages of a platform's tasks; none if the server does not know it."""
        tasks: dict[int, UserTask] = {}
        while True:
            request = CatalogRequest(platform=platform, n_user_tasks=PAGE_LIMIT, offset=len(tasks))
            try:
                page = (await self._call(LIST_TASKS, request)).user_tasks
            except NotFound:
                return ()
            known = len(tasks)
            tasks.update({task.task_pk: task for task in page if task.task_pk not in tasks})
            if len(page) < PAGE_LIMIT or len(tasks) == known:
                return tuple(tasks.values())

    async def create_execution(
        self, user_task_pk: int, *, follows: int | None = None
    ) -> CreatedExecution:
        """Return an execution to fill in: the unfinished one of this task if there is one."""
        if follows is None:
            begun = await self._unfinished.of_task(user_task_pk)
            if begun is not None and await self._is_unfinished(begun.user_task_execution_pk):
                return begun
        request = executions.CreateExecutionRequest(
            user_task_pk=user_task_pk, user_task_execution_fk=follows
        )
        created = await self._call(executions.CREATE_EXECUTION, request)
        if follows is None:
            await self._unfinished.keep(user_task_pk, created)
        return created

    async def _is_unfinished(self, execution_pk: int) -> bool:
        """Whether an execution is still to be filled in."""
        if self._is_queued(execution_pk):
            return False
        try:
            execution = await self._read_execution(execution_pk)
        except (NotFound, Refused):
            return False
        return execution.start_date is None and not execution.deleted_by_user

    async def home_chat(self) -> HomeChat:
        """Return this week's home chat, in which tasks are begun by talking."""
        request = HomeChatRequest(platform=Platform.WEBAPP)
        return await self._call(READ_HOME_CHAT, request)

    async def executions(self, page: int = 0, search: str = "") -> tuple[ListedExecution, ...]:
        """Return a page of at most 50 started executions, the newest first."""
        request = executions.ExecutionsRequest(
            n_user_task_executions=PAGE_LIMIT,
            offset=page * PAGE_LIMIT,
            search_filter=search or None,
        )
        rows = (await self._call(executions.LIST_EXECUTIONS, request)).user_task_executions
        if page == 0 and not search:
            await self._seen.keep_executions(rows)
        return rows

    async def execution(self, execution_pk: int) -> Execution:
        """Return one execution."""
        execution = await self._read_execution(execution_pk)
        await self._seen.keep_execution(execution)
        return execution

    async def _read_execution(self, execution_pk: int) -> Execution:
        """Ask for one execution."""
        request = executions.ExecutionRequest(user_task_execution_pk=execution_pk)
        return await self._call(executions.READ_EXECUTION, request)

    async def delete_execution(self, execution_pk: int) -> None:
        """Take an execution out of the lists."""
        request = executions.DeleteExecutionRequest(user_task_execution_pk=execution_pk)
        await self._call(executions.DELETE_EXECUTION, request)
        await self._seen.forget_execution(execution_pk)

    async def rename(self, execution_pk: int, title: str) -> None:
        """Give an execution a title."""
        request = executions.RetitleExecutionRequest(
            user_task_execution_pk=execution_pk, title=title
        )
        await self._call(executions.RETITLE_EXECUTION, request)

    async def messages(
        self, session_id: str, offset: int = 0, *, from_oldest: bool = False
    ) -> History:
        """Return a page of a session's messages."""
        request = messages.MessagesRequest(
            session_id=session_id,
            n_messages=PAGE_LIMIT,
            offset=offset,
            offset_direction=OffsetDirection.NEWER if from_oldest else None,
        )
        page = (await self._call(messages.LIST_MESSAGES, request)).messages
        rows = tuple(reversed(page))
        if offset == 0 and not from_oldest:
            await self._seen.keep_messages(session_id, rows)
        return History(rows, is_full=len(page) >= PAGE_LIMIT)

    async def produced_text(self, produced_text_pk: int) -> ProducedText:
        """Return the latest version of a text."""
        request = produced_texts.ProducedTextRequest(produced_text_pk=produced_text_pk)
        return await self._call(produced_texts.READ_PRODUCED_TEXT, request)

    async def produced_text_version(self, execution_pk: int, index: int) -> Version:
        """Return a version of an execution's text, from 1, the oldest first."""
        request = produced_texts.VersionRequest(
            user_task_execution_pk=execution_pk, produced_text_version_index=index, details=True
        )
        version = await self._call(produced_texts.READ_VERSION, request)
        if version.produced_text_version_pk is None:
            raise NotFound(f"This text has no version {index}.")
        return version

    async def save_text(
        self, produced_text_pk: int, production: str, title: str | None
    ) -> SavedProducedText:
        """Save a new version at once."""
        request = produced_texts.SaveProducedTextRequest(
            produced_text_pk=produced_text_pk, production=production, title=title
        )
        return await self._call(produced_texts.SAVE_PRODUCED_TEXT, request)

    async def delete_text(self, produced_text_pk: int) -> None:
        """Take a text out of the lists."""
        request = produced_texts.DeleteProducedTextRequest(produced_text_pk=produced_text_pk)
        await self._call(produced_texts.DELETE_PRODUCED_TEXT, request)

    async def rewrite(
        self,
        produced_text_version_pk: int,
        text_edit_action_pk: int,
        *,
        message_pk: int | None = None,
    ) -> int:
        """Have a version rewritten; the new draft comes as events."""
        request = produced_texts.TextEditRequest(
            produced_text_version_pk=produced_text_version_pk,
            text_edit_action_pk=text_edit_action_pk,
            message_pk=message_pk,
        )
        return (await self._call(produced_texts.RUN_TEXT_EDIT, request)).message_pk

    async def correct_spelling(self, session_id: str, wrong: str, right: str) -> None:
        """Have a word put right everywhere in a session, and remembered."""
        request = vocabulary.CorrectSpellingRequest(
            session_id=session_id, initial_spelling=wrong, corrected_spelling=right
        )
        await self._call(vocabulary.CORRECT_SPELLING, request)

    async def stop(self, session_id: str) -> StopOutcome:
        """Stop what the assistant is writing."""
        request = extensions.StopGenerationRequest(session_id=session_id)
        try:
            answer = await self._call(extensions.STOP_GENERATION, request)
        except NotSupportedByServer:
            return StopOutcome.NOT_POSSIBLE
        return StopOutcome.STOPPED if answer.stopped else StopOutcome.NOTHING_TO_STOP

    async def attach(self, session_id: str, file: FilePart) -> SessionFile:
        """Let a file go with the next message of a session."""
        request = session_files.AttachFileRequest(session_id=session_id)
        # Sent again after it had arrived, it would be attached twice.
        return await self._call.once(session_files.ATTACH_FILE, request, (file,))

    async def attached(self, session_id: str) -> tuple[SessionFile, ...]:
        """Return the files that go with the next message; none from servers that take none."""
        request = session_files.SessionFilesRequest(session_id=session_id)
        try:
            return (await self._call(session_files.LIST_FILES, request)).files
        except NotSupportedByServer:
            return ()

    async def detach(self, session_id: str, file_id: str) -> None:
        """Do not let a file go with the next message."""
        request = session_files.DetachFileRequest(session_id=session_id, file_id=file_id)
        await self._call(session_files.DETACH_FILE, request)

    async def chain(self, session_id: str) -> Chain | None:
        """Return what is behind a session; `None` from a server that keeps no chain."""
        try:
            return await self._call(chain.READ_CHAIN, chain.ChainRequest(session_id=session_id))
        except NotSupportedByServer:
            return None

    async def chain_node(self, session_id: str, node_id: str) -> ChainNodeContent:
        """Return all of a node of a session's chain."""
        request = chain.ChainNodeRequest(session_id=session_id, node_id=node_id)
        return await self._call(chain.READ_CHAIN_NODE, request)

    async def branch(self, session_id: str, node_id: str) -> str:
        """Let a session go on at one of its nodes; return the id of the new run."""
        request = chain.BranchRequest(session_id=session_id, node_id=node_id)
        # Twice would be two branches.
        return (await self._call.once(chain.BRANCH_CHAIN, request)).run

    def _require_remote(self) -> None:
        """Refuse what makes no sense on this computer."""
        if self._identity.is_local:
            raise Refused("On this computer there is nobody to sign in or out.")
