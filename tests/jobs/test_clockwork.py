"""The clock of the backend."""

import asyncio
from dataclasses import dataclass, field

import pytest
from sqlalchemy.exc import OperationalError

from mojodex_tui.backend.jobs.clockwork import Clockwork


@dataclass
class Rounds:
    """Counts how often it was looked, and fails as told."""

    failures: list[Exception] = field(default_factory=list)
    looks: int = 0
    enough: asyncio.Event = field(default_factory=asyncio.Event)

    async def do_all_due(self) -> None:
        self.looks += 1
        if self.looks == 3:
            self.enough.set()
        if self.failures:
            raise self.failures.pop(0)


async def test_looks_again_and_again_also_after_the_database_was_away() -> None:
    rounds = Rounds([OperationalError("SELECT", {}, Exception("away"))])
    running = asyncio.create_task(Clockwork(rounds.do_all_due, first=0, every=0).run())
    async with asyncio.timeout(60):
        await rounds.enough.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running


async def test_a_mistake_is_not_hidden() -> None:
    with pytest.raises(ZeroDivisionError):
        await Clockwork(Rounds([ZeroDivisionError()]).do_all_due, first=0, every=0).run()
