"""The tools of the tasks of the catalog, for those who work on them."""

import asyncio
import importlib
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from datetime import UTC
from typing import TYPE_CHECKING

import structlog

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.services.attachments import Attachments
from mojodex_tui.backend.services.ports import Clock
from mojodex_tui.backend.tools.late import late
from mojodex_tui.backend.tools.mcp.tools import McpServers
from mojodex_tui.backend.tools.offers import Toolbox
from mojodex_tui.backend.tools.ports import PastTexts, TodoBook

if TYPE_CHECKING:
    from mojodex_tui.backend.tools.registry import ToolContext

_REGISTRY = "mojodex_tui.backend.tools.registry"
_FILES = "files"
_NO_EXECUTION = 0
"""No execution has this key, so it has no files."""
_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Toolboxes:
    """Knows which task may use what.

    Args:
        named: the tools a task's file asks for, by the task's system name.
        attachments: where files are.
        past_texts: what users wrote before.
        todos: what users have to do.
        mcp: servers with tools of their own.
        clock: tells when.
    """

    named: Mapping[str, tuple[str, ...]]
    attachments: Attachments
    past_texts: PastTexts
    todos: TodoBook
    mcp: McpServers
    clock: Clock

    async def of(
        self, task: str, user: User, execution: Callable[[], Awaitable[int | None]]
    ) -> Toolbox:
        """Return the tools of a task.

        Args:
            task: its system name.
            user: who works on it.
            execution: answers with what is worked on at the moment of a call.
        """
        names = await self._names(task, await execution())
        if not names:
            return Toolbox(())
        # Late and in a thread: what fetches pages takes a tenth of a second to import.
        await asyncio.to_thread(importlib.import_module, _REGISTRY)
        from mojodex_tui.backend.tools.registry import toolbox

        async def now() -> Toolbox:
            return await toolbox(names, self._context(user, await execution()))

        box = await now()
        for problem in box.problems:
            _LOG.warning("tools missing", task=task, reason=problem)
        return Toolbox(tuple(late(tool, now) for tool in box.tools), box.problems)

    async def _names(self, task: str, execution_pk: int | None) -> tuple[str, ...]:
        """Return what a task asks for; without files, what reads them would only distract."""
        names = self.named.get(task, ())
        if _FILES in names and not (execution_pk and await self.attachments.kept(execution_pk)):
            return tuple(name for name in names if name != _FILES)
        return names

    def _context(self, user: User, execution_pk: int | None) -> "ToolContext":
        from mojodex_tui.backend.tools.registry import ToolContext

        return ToolContext(
            user_id=user.user_id,
            execution_pk=execution_pk,
            files=self.attachments.folder_of(execution_pk or _NO_EXECUTION),
            clock=self.clock,
            past_texts=self.past_texts,
            todos=self.todos,
            mcp=self.mcp,
            zone=user.local_time(self.clock()).tzinfo or UTC,
        )
