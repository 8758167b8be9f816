"""The clock of the backend: looks every minute for what has come due.

What is due is read from the database, and who does it is agreed on there; so a tick that is missed
or doubled, here or in another process, changes nothing.
"""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import structlog
from sqlalchemy.exc import SQLAlchemyError

_LOG = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Clockwork:
    """Does what has come due, for ever.

    Args:
        do_due: does what has come due at that moment.
        first: seconds until it looks first, so that a start is not slowed down.
        every: seconds between two looks.
    """

    do_due: Callable[[], Awaitable[object]]
    first: float = 5.0
    every: float = 60.0

    async def run(self) -> None:
        """Look, wait, look again."""
        await asyncio.sleep(self.first)
        while True:
            try:
                await self.do_due()
            except SQLAlchemyError as error:
                # The database may be away for a while; nothing is lost by looking later.
                _LOG.error("jobs could not be looked for", exc_info=error)
            await asyncio.sleep(self.every)
