"""What users choose about the jobs done for them."""

from dataclasses import dataclass, replace

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.clocks import is_zone
from mojodex_tui.backend.services.errors import Refused, Unexplained
from mojodex_tui.backend.services.ports import Clock, Store

_MOST_MINUTES = 14 * 60


@dataclass(frozen=True)
class TodoSettings:
    """The clock and the mails of a user.

    Args:
        store: where they are kept.
        clock: tells when.
    """

    store: Store
    clock: Clock

    async def set_zone(self, user: User, offset: int, zone: str) -> None:
        """Set the user's clock by the name of its zone.

        Raises:
            Unexplained: nowhere on earth clocks are that far from UTC.
            Refused: there is no such zone.
        """
        if abs(offset) > _MOST_MINUTES:
            raise Unexplained
        if not is_zone(zone):
            raise Refused(f"There is no time zone {zone!r}.")
        await self._change(replace(user, timezone_offset=offset, timezone=zone))

    async def set_reminder(self, user: User, *, wanted: bool) -> None:
        """Switch the morning's mail on or off."""
        await self._change(replace(user, todo_email_reception=wanted))

    async def _change(self, changed: User) -> None:
        async with self.store.write() as work:
            kept = await work.users.get(changed.user_id)
            if kept is None:
                raise Refused("This account is gone.")
            await work.users.change(
                replace(
                    kept,
                    timezone_offset=changed.timezone_offset,
                    timezone=changed.timezone,
                    todo_email_reception=changed.todo_email_reception,
                )
            )
