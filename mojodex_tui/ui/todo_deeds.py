"""What was done to To-Dos, held back while it can be undone, and sent even after a crash.

Servers take nothing back (wire protocol §7), so undoing means not to have sent.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from typing import TYPE_CHECKING, Final

from mojodex_tui.client.errors import ApiError, NotFound, Refused
from mojodex_tui.state.todos import Deed, Pending, pending_of

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex

UNDO_SECONDS: Final = 6.0
_DRAFT: Final = "todos:pending"


class TodoDeeds:
    """Keeps what is not sent yet, on disk too.

    Args:
        mojodex: The backend the To-Dos are on.
        tell: Called with what was sent, and why if it was not.
    """

    def __init__(self, mojodex: Mojodex, tell: Callable[[Pending, ApiError | None], None]) -> None:
        self._mojodex = mojodex
        self._tell = tell
        self._pending: tuple[Pending, ...] = ()
        self._sending = asyncio.Lock()

    @property
    def pending(self) -> tuple[Pending, ...]:
        """What is not sent yet, the oldest first."""
        return self._pending

    async def send_left(self) -> None:
        """Send what an earlier program could not send any more."""
        known = {each.todo_pk for each in self._pending}
        kept = pending_of(await self._mojodex.drafts.get(_DRAFT))
        self._pending += tuple(each for each in kept if each.todo_pk not in known)
        await self.send_all()

    async def hold(self, deed: Pending) -> None:
        """Hold a deed back; it is on disk when this returns."""
        others = tuple(each for each in self._pending if each.todo_pk != deed.todo_pk)
        await self._keep((*others, deed))

    async def take_back(self) -> Pending | None:
        """Forget the last deed, and return it; `None` if all were sent."""
        async with self._sending:
            if not self._pending:
                return None
            *others, last = self._pending
            await self._keep(tuple(others))
            return last

    async def send(self, deed: Pending) -> None:
        """Send a deed if it was not taken back; what cannot be sent now is kept for later."""
        async with self._sending:
            if deed not in self._pending:
                return
            failure = None
            try:
                await self._do(deed)
            except (NotFound, Refused) as error:
                failure = error  # it will not be accepted later either
            except ApiError as error:
                self._tell(deed, error)
                return
            await self._keep(tuple(each for each in self._pending if each != deed))
        self._tell(deed, failure)

    async def send_all(self) -> None:
        """Send everything, without waiting for its moment to pass."""
        for deed in self._pending:
            await self.send(deed)

    async def _do(self, deed: Pending) -> None:
        todos = self._mojodex.todos
        match deed.deed:
            case Deed.FINISH:
                await todos.finish(deed.todo_pk)
            case Deed.DELETE:
                await todos.delete(deed.todo_pk, deed.cause)

    async def _keep(self, pending: tuple[Pending, ...]) -> None:
        self._pending = pending
        if pending:
            await self._mojodex.drafts.put(_DRAFT, [dict(each.kept()) for each in pending])
        else:
            await self._mojodex.drafts.forget(_DRAFT)
