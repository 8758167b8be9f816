"""Calculating with dates, which models are bad at."""

import calendar
from collections.abc import Callable
from datetime import date, datetime, timedelta, tzinfo
from typing import Literal

from pydantic import Field

from mojodex_tui.backend.tools.excerpts import Arguments
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.offers import AnyTool, offered

Clock = Callable[[], datetime]
Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]

_WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_FAR = 200_000
_OUT_OF_RANGE = "The result lies outside of the years 1 to 9999."


def shifted(day: date, *, days: int = 0, weeks: int = 0, months: int = 0) -> date:
    """Return a day moved by months first, then by days; the 31st becomes a shorter month's last.

    Raises:
        ToolFailed: the result is no date a calendar has.
    """
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    if not date.min.year <= year <= date.max.year:
        raise ToolFailed(_OUT_OF_RANGE)
    last = calendar.monthrange(year, month + 1)[1]
    try:
        return date(year, month + 1, min(day.day, last)) + timedelta(days=days, weeks=weeks)
    except OverflowError as error:
        raise ToolFailed(_OUT_OF_RANGE) from error


def next_weekday(weekday: Weekday, after: date) -> date:
    """Return the first such day after a day, never that day itself."""
    distance = (_WEEKDAYS.index(weekday) - after.weekday() - 1) % 7 + 1
    return shifted(after, days=distance)


def working_days(first: date, last: date, holidays: frozenset[date] = frozenset()) -> int:
    """Return how many days from Monday to Friday there are, both ends included, less holidays.

    Raises:
        ToolFailed: the last day is before the first.
    """
    if last < first:
        raise ToolFailed("The last day is before the first; swap them.")
    weeks, rest = divmod((last - first).days + 1, 7)
    ahead = sum((first.weekday() + offset) % 7 < 5 for offset in range(rest))
    off = sum(first <= day <= last and day.weekday() < 5 for day in holidays)
    return weeks * 5 + ahead - off


def day_of(text: str, zone: tzinfo) -> date:
    """Read an ISO 8601 date, week date or moment; a moment counts by the user's zone.

    Raises:
        ToolFailed: it is none.
    """
    text = text.strip()
    try:
        return date.fromisoformat(text)
    except ValueError:
        pass  # it may still be a moment
    try:
        moment = datetime.fromisoformat(text)
        return (moment.astimezone(zone) if moment.tzinfo else moment).date()
    except (ValueError, OverflowError) as error:
        raise ToolFailed(f"{text!r} is no ISO 8601 date such as 2026-02-28.") from error


class _Today(Arguments):
    """No arguments."""


class _Shift(Arguments):
    day: str = Field(description="An ISO date.")
    days: int = Field(0, ge=-_FAR, le=_FAR)
    weeks: int = Field(0, ge=-_FAR, le=_FAR)
    months: int = Field(0, ge=-_FAR, le=_FAR)


class _NextWeekday(Arguments):
    weekday: Weekday
    after: str | None = Field(None, description="An ISO date; today if not given.")


class _WorkingDays(Arguments):
    first: str = Field(description="An ISO date, included.")
    last: str = Field(description="An ISO date, included.")
    holidays: tuple[str, ...] = Field((), description="ISO dates that are no working days.")


class _Read(Arguments):
    day: str = Field(description="An ISO date, week date or moment.")


def date_tools(clock: Clock, zone: tzinfo) -> tuple[AnyTool, ...]:
    """Return the tools, with today as a user in that zone has it."""

    def today() -> date:
        return clock().astimezone(zone).date()

    async def tell_today(_args: _Today) -> str:
        return f"{_told(today())}; the time is {clock().astimezone(zone):%H:%M}"

    async def shift(args: _Shift) -> str:
        moved = {"days": args.days, "weeks": args.weeks, "months": args.months}
        return _told(shifted(day_of(args.day, zone), **moved))

    async def find_weekday(args: _NextWeekday) -> str:
        after = today() if args.after is None else day_of(args.after, zone)
        return _told(next_weekday(args.weekday, after))

    async def count(args: _WorkingDays) -> str:
        holidays = frozenset(day_of(day, zone) for day in args.holidays)
        return str(working_days(day_of(args.first, zone), day_of(args.last, zone), holidays))

    async def read(args: _Read) -> str:
        return _told(day_of(args.day, zone))

    return (
        offered("today", _Today, "Tell today's date and the time.", tell_today),
        offered("add_to_date", _Shift, "Move a date by months, weeks, days.", shift),
        offered("next_weekday", _NextWeekday, "Find a weekday's date.", find_weekday),
        offered("working_days", _WorkingDays, "Count days Monday to Friday.", count),
        offered("read_date", _Read, "Tell weekday and week of a date.", read),
    )


def _told(day: date) -> str:
    return f"{day.isoformat()}, {_WEEKDAYS[day.weekday()]}, week {day.isocalendar().week}"
