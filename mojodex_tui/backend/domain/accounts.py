"""Users, as values."""

from dataclasses import dataclass, field
from datetime import UTC, datetime

from mojodex_tui.backend.domain.clocks import UserClock, clock_of

FALLBACK_LANGUAGE = "en"


class EmailTaken(Exception):
    """Somebody else made an account with this e-mail address, maybe a moment ago."""


@dataclass(frozen=True)
class User:
    """An account."""

    user_id: str
    email: str
    name: str | None = None
    password_hash: str | None = field(default=None, repr=False)
    language_code: str | None = None
    timezone_offset: int | None = None
    """Minutes to subtract from UTC to get local time (wire protocol §0.4)."""
    timezone: str | None = None
    """The name of the zone, from clients that tell it."""
    todo_email_reception: bool = True
    terms_accepted: datetime | None = None
    onboarding_presented: datetime | None = None
    goal: str | None = None
    company_fk: int | None = None
    company_description: str | None = None
    product_category_fk: int | None = None
    created: datetime | None = None

    @property
    def language(self) -> str:
        """The language to show tasks in."""
        return self.language_code or FALLBACK_LANGUAGE

    def local_time(self, moment: datetime) -> datetime:
        """Return an aware `moment` on the user's clock."""
        return self.clock.local(moment) if self.clock else moment.astimezone(UTC)

    @property
    def clock(self) -> UserClock | None:
        """The user's clock, if they told about it."""
        return clock_of(self.timezone_offset, self.timezone)
