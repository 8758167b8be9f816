"""What the day brings, told once on the first start of the day."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.times import here_and_now
from mojodex_tui.state.todos import state_of

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.wire.todo_extensions import Digest

_TOLD: Final = "digest:told"
"""The draft that holds the day that was told last."""


async def due_when_last_seen(mojodex: Mojodex) -> int:
    """Return how many To-Dos are late or due today, as far as is known here."""
    seen = await mojodex.todos.seen_listing()
    return 0 if seen is None else state_of(seen, here_and_now().date(), ()).due()


async def digest_of(mojodex: Mojodex) -> Digest | None:
    """Return what the day brings; `None` if the server does not say."""
    try:
        return await mojodex.todos.digest()
    except ApiError:
        # An original server has none, and the header tells by itself who cannot be reached.
        return None


async def is_news(mojodex: Mojodex, digest: Digest) -> bool:
    """Whether there is something to tell that was not told today; from now on it was."""
    if not digest.n_due + digest.n_moved or digest.day is None:
        return False
    day = digest.day.isoformat()
    if await mojodex.drafts.get(_TOLD) == day:
        return False
    await mojodex.drafts.put(_TOLD, day)
    return True
