from datetime import UTC, date, datetime, timedelta

import pytest

from mojodex_tui.client.port.todos import TodoListing
from mojodex_tui.state.days import day_of, told_day
from mojodex_tui.state.todos import (
    Deed,
    Part,
    Pending,
    TodosState,
    pending_of,
    state_of,
    told_due,
    told_history,
)
from mojodex_tui.wire.todo_extensions import TodoHistory, TodoScheduling
from tests.todo_fakes import TODAY, todo

NOW = datetime(2026, 11, 20, 12, 0, tzinfo=UTC)
ROWS = (
    todo(1, "Late", TODAY - timedelta(days=2)),
    todo(2, "Now", TODAY),
    todo(3, "Soon", TODAY + timedelta(days=3)),
    todo(4, "Past", TODAY, completed=NOW - timedelta(days=1)),
)
STATE = state_of(TodoListing(ROWS, today=TODAY), date.min, ())


def shown(state: TodosState) -> list[tuple[Part, list[int]]]:
    """Return the keys in each part."""
    return [(part, [row.todo_pk for row in rows]) for part, rows in state.parts()]


def test_todos_are_in_their_parts() -> None:
    assert shown(STATE) == [
        (Part.OVERDUE, [1]),
        (Part.TODAY, [2]),
        (Part.UPCOMING, [3]),
        (Part.DONE, [4]),
    ]


def test_what_is_pending_shows_at_once_and_can_be_taken_back() -> None:
    finish, delete = Pending(1, Deed.FINISH, "Late"), Pending(2, Deed.DELETE, "Now", "double")
    pending = state_of(TodoListing(ROWS, today=TODAY), date.min, (finish, delete))
    assert shown(pending) == [(Part.UPCOMING, [3]), (Part.DONE, [1, 4])]
    sent = STATE.after(finish, NOW).after(delete, NOW)
    assert shown(sent) == shown(pending)


def test_what_is_pending_is_kept_as_it_is() -> None:
    pending = (Pending(1, Deed.FINISH, "Late"), Pending(2, Deed.DELETE, "Now", "double"))
    assert pending_of([dict(each.kept()) for each in pending]) == pending
    assert pending_of(None) == ()
    assert pending_of([{"todo_pk": 1}, 3]) == ()


def test_the_day_of_this_computer_counts_where_the_server_tells_none() -> None:
    state = state_of(TodoListing(ROWS[:1]), TODAY - timedelta(days=2), ())
    assert shown(state) == [(Part.TODAY, [1])]


def test_lateness_is_told() -> None:
    assert told_due(ROWS[0], TODAY) == "Wed 18 Nov  -2 d"
    assert told_due(ROWS[1], TODAY) == "today"


def test_every_day_has_its_author_and_reason() -> None:
    steps = (
        TodoScheduling(scheduled_date=date(2026, 11, 18), creation_date=NOW),
        TodoScheduling(scheduled_date=TODAY, creation_date=NOW, reason="Full.", by_user=True),
    )
    told = told_history(TodoHistory(todo=ROWS[1], schedulings=steps), TODAY)
    assert "Mojo put it on Wed 18 Nov" in told
    assert "You moved it from Wed 18 Nov to today" in told
    assert "“Full.”" in told


@pytest.mark.parametrize(
    ("words", "day"),
    [
        ("t", "2026-11-20"),
        ("T", "2026-11-21"),
        ("m", "2026-11-23"),
        ("w", "2026-11-27"),
        ("Tomorrow", "2026-11-21"),
        ("demain", "2026-11-21"),
        ("mañana", "2026-11-21"),
        ("après-demain", "2026-11-22"),
        ("fri", "2026-11-27"),
        ("next tuesday", "2026-11-24"),
        ("lundi", "2026-11-23"),
        ("lundi prochain", "2026-11-23"),
        ("miércoles", "2026-11-25"),
        ("3 days", "2026-11-23"),
        ("in 2 weeks", "2026-12-04"),
        ("dans 3 jours", "2026-11-23"),
        ("en 2 semanas", "2026-12-04"),
        ("in 3 months", "2027-02-20"),
        ("next month", "2026-12-20"),
        ("12 dec", "2026-12-12"),
        ("dec 12", "2026-12-12"),
        ("12 décembre", "2026-12-12"),
        ("12 de diciembre", "2026-12-12"),
        ("3 jan", "2027-01-03"),
        ("2027-02-01", "2027-02-01"),
        ("", None),
        ("4/5", None),
        ("mar", "2026-11-24"),
        ("whenever", None),
        ("31 feb", None),
        ("2026-11-19", None),
    ],
)
def test_days_are_understood(words: str, day: str | None) -> None:
    assert day_of(words, TODAY) == (None if day is None else date.fromisoformat(day))


def test_near_days_are_told_in_words() -> None:
    told = [told_day(TODAY + timedelta(days=days), TODAY) for days in (-1, 0, 1, 3, 60)]
    assert told == ["yesterday", "today", "tomorrow", "Mon 23 Nov", "Tue 19 Jan 2027"]
