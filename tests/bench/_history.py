"""A data folder with a long conversation in it, put there by the backend's own services."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

from pydantic import SecretStr

from mojodex_tui.backend.asgi import Backend, open_backend
from mojodex_tui.backend.clock import utc_now
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.llm.scripted import ScriptedLlm
from mojodex_tui.backend.settings import BackendSettings
from mojodex_tui.wire.base import Platform
from tests.bench._model import END

TITLE = "A long conversation"
"""What the history calls it."""

START = "\N{GREEK CAPITAL LETTER PSI}"
"""Ends the first message of all; nothing else on the screen holds it."""

_SECRET = SecretStr("a secret of the benchmark")
_SAYINGS = (
    "What about the *price*? Luc said on Tuesday that it stays.",
    (
        "It stays as it is:\n\n- until the **end of the quarter**\n- for all customers\n\n"
        "Then the board decides again, with the numbers of `March` in hand."
    ),
)


def seed(folder: Path, messages: int) -> None:
    """Put one run with so many messages into a new data folder.

    `START` ends the first of them, `END` the last.
    """
    asyncio.run(_seed(folder, messages))


async def _seed(folder: Path, messages: int) -> None:
    async with _backend(folder) as backend:
        account = await backend.uses.accounts.open_local(_SECRET.get_secret_value())
        user = await backend.uses.accounts.authenticate(account.token)
        session_id, execution_pk = await _started_run(backend, user)
        async with backend.store.write() as work:
            for index in range(messages):
                mark = {0: f" {START}", messages - 1: f" {END}"}.get(index, "")
                text = _SAYINGS[index % 2] + mark
                by_user = index % 2 == 0
                content: JsonObject = {"text": text, "user_task_execution_pk": execution_pk}
                await work.messages.add(
                    session_id,
                    "user" if by_user else "mojo",
                    content if by_user else content | {"text_with_tags": text, "audio": False},
                    event_name="user_message" if by_user else "mojo_message",
                    message_date=utc_now(),
                    message_id=f"bench-{index}" if by_user else None,
                    execution_pk=execution_pk,
                )


async def _started_run(backend: Backend, user: User) -> tuple[str, int]:
    """Start the first task of the catalog, without asking for an answer."""
    async with backend.store.read() as work:
        owned = (await work.tasks.owned(user.user_id, Platform.WEBAPP, Page(1)))[0]
    if owned.user_task_pk is None:
        raise LookupError("the local account does not have the first task")
    created = await backend.uses.executions.create(user, owned.user_task_pk, Platform.WEBAPP, None)
    pk = created.user_task_execution_pk
    async with backend.store.write() as work:
        execution = await work.executions.get(pk)
        if execution is None:
            raise LookupError("the run that was just made is gone")
        await work.executions.change(replace(execution, start_date=utc_now(), title=TITLE))
    return created.session_id, pk


@asynccontextmanager
async def _backend(folder: Path) -> AsyncIterator[Backend]:
    """Open the backend of a data folder, with a model that is never asked."""

    async def silent() -> ScriptedLlm:
        return ScriptedLlm()

    settings = BackendSettings(data_dir=folder, local=True)
    async with open_backend(settings, secret=_SECRET, llm=silent) as backend:
        yield backend
