"""The users' own clocks, and the times of their days something comes due (wire protocol §8).

A time that comes due is a slot: it begins at a moment and stays due until it was used. So a
computer that slept through it is late, but skips nothing; and since a slot has a day of its own, it
is used once, however often an hour of the clock repeats.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta, timezone, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

NIGHT_HOUR = 1
"""When overdue To-Dos get a new day (§8.3)."""
MORNING_HOUR = 8
"""When the reminder of the day is written (§8.4)."""
_SATURDAY = 5


@dataclass(frozen=True)
class UserClock:
    """What shows a user's time: a zone, which knows summer time, or else a fixed offset."""

    offset: int
    """Minutes to subtract from UTC to get local time (§0.4)."""
    zone: str | None = None

    @property
    def _tz(self) -> tzinfo:
        if self.zone is not None:
            try:
                return ZoneInfo(self.zone)
            except (ZoneInfoNotFoundError, ValueError):
                # A zone this system does not know: the offset still tells the time.
                pass
        return timezone(-timedelta(minutes=self.offset))

    def local(self, moment: datetime) -> datetime:
        """Return an aware `moment` on this clock."""
        return moment.astimezone(self._tz)

    def day(self, moment: datetime) -> date:
        """Return the day of an aware `moment` on this clock."""
        return self.local(moment).date()

    def first_moment(self, day: date, hour: int) -> datetime:
        """Return when the clock first shows `hour` of `day`, or has jumped over it."""
        return datetime.combine(day, time(hour), tzinfo=self._tz).astimezone(UTC)


def clock_of(offset: int | None, zone: str | None) -> UserClock | None:
    """Return the clock of a user who told about it; nothing comes due for others (§8.3, §8.4)."""
    if offset is None and zone is None:
        return None
    return UserClock(offset or 0, zone)


def is_zone(name: str) -> bool:
    """Whether there is a zone of that name."""
    try:
        ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False
    return True


@dataclass(frozen=True)
class Slot:
    """A time of a user's day at which something comes due."""

    day: date
    begins: datetime


def is_working_day(day: date) -> bool:
    """Whether it is none of a weekend."""
    return day.weekday() < _SATURDAY


def working_days(first: date) -> Iterator[date]:
    """Yield the working days from `first` on, for ever."""
    day = first
    while True:
        if is_working_day(day):
            yield day
        day += timedelta(days=1)


def night_slot(clock: UserClock, moment: datetime) -> Slot:
    """Return the last working night that has begun; it stays due until it is used (§8.3)."""
    day = clock.day(moment)
    while True:
        begins = clock.first_moment(day, NIGHT_HOUR)
        if is_working_day(day) and begins <= moment:
            return Slot(day, begins)
        day -= timedelta(days=1)


def morning_slot(clock: UserClock, moment: datetime) -> Slot | None:
    """Return this morning if it is a working day's and has begun (§8.4).

    Yesterday's reminder is of no use today: it lapses with its day.
    """
    day = clock.day(moment)
    begins = clock.first_moment(day, MORNING_HOUR)
    return Slot(day, begins) if is_working_day(day) and begins <= moment else None


def morning_before(clock: UserClock, slot: Slot) -> datetime:
    """Return when the reminder before that of `slot` was due."""
    day = slot.day - timedelta(days=1)
    while not is_working_day(day):
        day -= timedelta(days=1)
    return clock.first_moment(day, MORNING_HOUR)


def next_time(clock: UserClock, moment: datetime, hour: int) -> datetime:
    """Return when the next working day's `hour` begins, after `moment`."""
    return next(
        begins
        for day in working_days(clock.day(moment))
        if (begins := clock.first_moment(day, hour)) > moment
    )


def is_due(slot: Slot, last_used: date | None) -> bool:
    """Whether a slot is still to be used; a clock that was set back repeats none."""
    return last_used is None or slot.day > last_used
