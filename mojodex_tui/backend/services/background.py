"""Work that goes on after a request is answered."""

import asyncio
from collections.abc import Coroutine

import structlog

_LOG = structlog.get_logger(__name__)


class Background:
    """Holds tasks so that none is lost, and reports those that fail."""

    def __init__(self) -> None:
        self._tasks: set[asyncio.Task[None]] = set()

    def start(self, work: Coroutine[None, None, None], name: str) -> asyncio.Task[None]:
        """Begin some work."""
        task = asyncio.create_task(work, name=name)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            _LOG.error("background work failed", task=task.get_name(), exc_info=error)

    async def idle(self) -> None:
        """Wait until all work that has begun, and what it began, is done."""
        while self._tasks:
            await asyncio.wait(self._tasks)

    async def close(self) -> None:
        """Cancel what goes on and wait for its end."""
        for task in self._tasks:
            task.cancel()
        await self.idle()
