"""Calculating with dates."""

import calendar
from datetime import UTC, date, datetime, timedelta, timezone
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from mojodex_tui.backend.tools.dates import (
    Weekday,
    date_tools,
    day_of,
    next_weekday,
    shifted,
    working_days,
)
from mojodex_tui.backend.tools.failures import ToolFailed
from tests.tools.calling import named, said

TOKYO = timezone(timedelta(hours=9))
TOOLS = date_tools(lambda: datetime(2026, 11, 20, 22, 30, tzinfo=UTC), TOKYO)
DAYS = st.dates(date(1900, 1, 1), date(2200, 1, 1))
WEEKDAYS = st.sampled_from(get_args(Weekday))


async def test_today_is_the_users_not_the_servers() -> None:
    told = await said(named(TOOLS, "today"))
    assert told == "2026-11-21, saturday, week 47; the time is 07:30"


async def test_the_31st_becomes_the_last_of_a_shorter_month() -> None:
    told = await said(named(TOOLS, "add_to_date"), day="2024-01-31", months=1)
    assert told == "2024-02-29, thursday, week 9"


async def test_a_weekday_is_found_after_today_if_no_day_is_given() -> None:
    tool = named(TOOLS, "next_weekday")
    assert await said(tool, weekday="saturday") == "2026-11-28, saturday, week 48"
    assert await said(tool, weekday="monday", after="2026-11-22") == "2026-11-23, monday, week 48"


async def test_working_days_include_both_ends_and_leave_holidays_out() -> None:
    tool = named(TOOLS, "working_days")
    assert await said(tool, first="2026-12-21", last="2026-12-27") == "5"
    off = ["2026-12-25", "2026-12-26"]
    assert await said(tool, first="2026-12-21", last="2026-12-27", holidays=off) == "4"


async def test_a_moment_counts_by_the_users_zone() -> None:
    tool = named(TOOLS, "read_date")
    assert await said(tool, day="2026-11-20T22:30:00Z") == "2026-11-21, saturday, week 47"
    assert await said(tool, day="2026-W47-1") == "2026-11-16, monday, week 47"


@pytest.mark.parametrize("text", ["tomorrow", "", "2026-02-30", "31/12/2026", "0001-01-01T00:00Zx"])
def test_what_is_no_date_is_refused(text: str) -> None:
    with pytest.raises(ToolFailed, match="no ISO 8601 date"):
        day_of(text, TOKYO)


def test_a_moment_beyond_the_calendar_is_refused() -> None:
    with pytest.raises(ToolFailed):
        day_of("9999-12-31T23:00:00+00:00", TOKYO)


def test_working_days_backwards_are_refused() -> None:
    with pytest.raises(ToolFailed, match="swap"):
        working_days(date(2026, 1, 2), date(2026, 1, 1))


def test_unknown_arguments_are_refused() -> None:
    with pytest.raises(ValidationError):
        named(TOOLS, "add_to_date").args.model_validate({"day": "2026-01-01", "years": 1})


@given(DAYS, st.integers(-2_000, 2_000))
def test_months_keep_the_day_or_end_the_month(day: date, months: int) -> None:
    moved = shifted(day, months=months)
    assert (moved.year - day.year) * 12 + moved.month - day.month == months
    assert moved.day == min(day.day, calendar.monthrange(moved.year, moved.month)[1])


@given(DAYS, st.integers(-9_999, 9_999), st.integers(-999, 999))
def test_days_and_weeks_go_back_as_they_came(day: date, days: int, weeks: int) -> None:
    assert shifted(shifted(day, days=days, weeks=weeks), days=-days, weeks=-weeks) == day


@given(st.dates(), st.integers(-200_000, 200_000), st.integers(-200_000, 200_000))
def test_moving_a_date_gives_a_date_or_a_sentence(day: date, days: int, months: int) -> None:
    try:
        moved = shifted(day, days=days, months=months)
    except ToolFailed:
        return
    assert isinstance(moved, date)


@given(DAYS, WEEKDAYS)
def test_the_next_weekday_is_one_to_seven_days_away(day: date, weekday: Weekday) -> None:
    found = next_weekday(weekday, day)
    assert 1 <= (found - day).days <= 7
    assert found.strftime("%A").lower() == weekday


@given(DAYS, st.integers(0, 400), st.frozensets(st.integers(-10, 410), max_size=30))
def test_working_days_are_what_counting_gives(day: date, length: int, off: frozenset[int]) -> None:
    holidays = frozenset(day + timedelta(days=offset) for offset in off)
    span = [day + timedelta(days=offset) for offset in range(length + 1)]
    counted = sum(d.weekday() < 5 and d not in holidays for d in span)
    assert working_days(day, span[-1], holidays) == counted
