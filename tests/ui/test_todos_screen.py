from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import pytest
from pydantic import JsonValue
from textual.pilot import Pilot

from mojodex_tui.client.errors import Refused, Unreachable
from mojodex_tui.client.todo_port import TodoListing
from mojodex_tui.ui.screens import todos as screen_module
from mojodex_tui.ui.screens.catalog import CatalogScreen
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.todos import TodosScreen
from mojodex_tui.wire.todo_extensions import ExtractedNow, Undoable
from tests.fakes import FakeMojodex
from tests.todo_fakes import TODAY, todo
from tests.ui.shell import filled, program, running, settled, words

Compare = Callable[..., bool]
ROWS = (
    todo(1, "Send the signed quote to ACME", TODAY - timedelta(days=2), n_moves=2),
    todo(
        2,
        "Call the bank about the credit line",
        TODAY,
        read_by_user=None,
        source="I call the bank before Friday.",
    ),
    todo(3, "Ask Luc for the new figures", TODAY),
    todo(4, "Prepare the steering slides", TODAY + timedelta(days=3), by_user=True),
    todo(5, "Book the room", TODAY, completed=datetime(2026, 11, 20, 9, tzinfo=UTC)),
)


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing happens by itself while a test looks."""
    monkeypatch.setattr(screen_module, "SEEN_SECONDS", 3600)
    monkeypatch.setattr(screen_module, "UNDO_SECONDS", 3600)


def with_todos(*, extras: bool = True) -> FakeMojodex:
    """Return a backend with To-Dos in every part."""
    mojodex = filled()
    mojodex.todos.kept = TodoListing(ROWS, today=TODAY, has_extras=extras)
    return mojodex


async def after(mojodex: FakeMojodex, *keys: str) -> str:
    """Return what stands on the To-Do screen after keys were pressed."""
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        for key in ("ctrl+t", *keys):
            await pilot.press(key)
            await settled(pilot)
        return words(app)


async def test_every_part_is_shown() -> None:
    shown = await after(with_todos())
    places = [shown.index(part) for part in ("OVERDUE  1", "TODAY  2", "UPCOMING  1", "DONE  1")]
    assert places == sorted(places)
    assert "-2 d" in shown
    assert "* Call the bank" in shown
    assert "[3 To-Dos]" in shown


async def test_the_sentence_it_came_from_is_told() -> None:
    shown = await after(with_todos(), "down")
    assert "I call the bank before" in shown
    assert "Steering committee, budget" in shown


@pytest.mark.parametrize("key", ["space", "d"])
async def test_done_is_held_back_and_on_disk(key: str) -> None:
    mojodex = with_todos()
    app = program(mojodex)
    async with running(app) as pilot:
        for pressed in ("ctrl+o", "3", key):
            await pilot.press(pressed)
            await settled(pilot)
        assert "Done: “Send the signed quote to ACME”" in words(app)
        assert "OVERDUE" not in words(app)
        assert mojodex.todos.asked("finish") == []
        assert mojodex.drafts.kept["todos:pending"]
        await pilot.press("u")
        await settled(pilot)
        assert "OVERDUE  1" in words(app)
        assert "todos:pending" not in mojodex.drafts.kept


async def test_done_is_sent_when_its_moment_has_passed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(screen_module, "UNDO_SECONDS", 0.001)
    mojodex = with_todos()
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("ctrl+t")
        await settled(pilot)
        await pilot.press("d")
        while not mojodex.todos.asked("finish"):
            await pilot.pause()
        await settled(pilot)
        assert "todos:pending" not in mojodex.drafts.kept
        await pilot.press("u")
        await settled(pilot)
        assert mojodex.todos.asked("undo") == [(1, Undoable.DONE)]
        assert "OVERDUE  1" in words(app)


async def test_leaving_sends_what_was_held_back() -> None:
    mojodex = with_todos()
    await after(mojodex, "d", "ctrl+q")
    assert mojodex.todos.asked("finish") == [1]


async def test_a_crash_loses_nothing() -> None:
    mojodex = with_todos()
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("ctrl+t")
        await settled(pilot)
        await pilot.press("d")
        await settled(pilot)
    assert mojodex.todos.asked("finish") == []
    async with running(program(mojodex)):
        assert mojodex.todos.asked("finish") == [1]


async def test_what_cannot_be_sent_is_kept_until_it_can() -> None:
    mojodex = with_todos()
    pending: JsonValue = {"todo_pk": 1, "deed": "finish", "description": "Quote", "cause": ""}
    mojodex.drafts.kept["todos:pending"] = [pending]
    mojodex.todos.failures["finish"] = [Unreachable("http://there")]
    app = program(mojodex)
    async with running(app) as pilot:
        assert mojodex.drafts.kept["todos:pending"] == [pending]
        for key in ("ctrl+t", "r"):
            await pilot.press(key)
            await settled(pilot)
        assert "todos:pending" not in mojodex.drafts.kept
        assert mojodex.todos.asked("finish") == [1, 1]


async def test_what_the_server_will_not_have_is_told_and_given_up() -> None:
    mojodex = with_todos()
    mojodex.todos.failures["finish"] = [Refused("Todo already done.")]
    shown = await after(mojodex, "d", "r")
    assert "todos:pending" not in mojodex.drafts.kept
    assert mojodex.todos.asked("finish") == [1]
    assert "OVERDUE  1" in shown


async def test_a_todo_is_deleted_with_a_cause() -> None:
    mojodex = with_todos()
    shown = await after(mojodex, "x", "down", "enter")
    assert "Send the signed quote to ACME" not in shown.split("Deleted")[0]
    assert "Deleted, not a task" in shown
    assert mojodex.todos.asked("delete") == []
    await after(mojodex)
    assert mojodex.todos.asked("delete") == [(1, "not a task")]


async def test_a_deletion_is_taken_back() -> None:
    mojodex = with_todos()
    shown = await after(mojodex, "x", "enter", "u")
    assert "OVERDUE  1" in shown
    assert "todos:pending" not in mojodex.drafts.kept


@pytest.mark.parametrize(
    ("keys", "day"),
    [
        (("s", "m", "enter"), "2026-11-23"),
        (("s", "T", "enter"), "2026-11-21"),
        (("s", *"1 dec", "enter"), "2026-12-01"),
        (("s", "c", "enter", "down", "down", "enter"), "2026-11-22"),
        (("plus",), "2026-11-20"),
        (("down", "plus"), "2026-11-21"),
    ],
)
async def test_a_todo_is_moved(keys: tuple[str, ...], day: str) -> None:
    mojodex = with_todos()
    shown = await after(mojodex, *keys)
    assert mojodex.todos.asked("move") == [(2 if keys[0] == "down" else 1, date.fromisoformat(day))]
    assert "is moved" in shown


async def test_a_day_that_is_none_moves_nothing() -> None:
    mojodex = with_todos()
    shown = await after(mojodex, "s", *"soon", "enter")
    assert "Not a day from today on" in shown
    assert mojodex.todos.asked("move") == []


async def test_nothing_is_moved_into_the_past() -> None:
    mojodex = with_todos()
    assert "into the past" in await after(mojodex, "down", "minus")
    await after(mojodex, "G", "up", "minus")
    assert mojodex.todos.asked("move") == [(4, TODAY + timedelta(days=2))]


async def test_a_move_is_taken_back() -> None:
    mojodex = with_todos()
    await after(mojodex, "plus", "u")
    assert mojodex.todos.asked("undo") == [(1, Undoable.MOVE)]


async def test_what_is_done_is_reopened() -> None:
    mojodex = with_todos()
    shown = await after(mojodex, "G", "u")
    assert mojodex.todos.asked("undo") == [(5, Undoable.DONE)]
    assert "TODAY  3" in shown


async def test_why_this_day_is_told() -> None:
    shown = await after(with_todos(), "i")
    assert "Mojo moved it from Wed 18 Nov to today" in shown
    assert "Wednesday was full." in shown


async def test_the_run_it_came_from_is_opened() -> None:
    app = program(with_todos())
    async with running(app) as pilot:
        for key in ("ctrl+t", "enter"):
            await pilot.press(key)
            await settled(pilot)
        assert isinstance(app.screen, SessionScreen)


async def test_one_made_by_hand_has_no_run() -> None:
    mojodex = with_todos()
    assert "no run behind it" in await after(mojodex, "G", "up", "enter")
    assert mojodex.api.asked("execution") == []


@pytest.mark.parametrize("key", ["r", "f5"])
async def test_it_is_fetched_again(key: str) -> None:
    mojodex = with_todos()
    await after(mojodex, key)
    assert len(mojodex.todos.asked("listing")) == 2


async def test_it_is_looked_for_todos_now() -> None:
    mojodex = with_todos()
    mojodex.todos.found = ExtractedNow(user_task_execution_pks=(1, 2), n_todos=1)
    assert "Looked at 2 runs, found 1 To-Do." in await after(mojodex, "l")
    assert len(mojodex.todos.asked("listing")) == 2


async def test_what_stayed_on_the_screen_is_read() -> None:
    mojodex = with_todos()
    app = program(mojodex)
    async with running(app) as pilot:
        await pilot.press("ctrl+t")
        await settled(pilot)
        assert isinstance(app.screen, TodosScreen)
        for _ in range(2):
            app.screen._look_what_is_read()
            await settled(pilot)
        assert mojodex.todos.asked("mark_read") == [(2,)]
        assert "* Call" not in words(app)


async def test_an_original_server_is_not_asked_for_what_it_cannot_do() -> None:
    mojodex = with_todos(extras=False)
    shown = await after(mojodex, "s", "plus", "l", "i")
    assert "does not tell why" in shown
    assert "cannot move or reopen" in shown
    assert [mojodex.todos.asked(name) for name in ("move", "look_now")] == [[], []]
    assert "takes nothing back" in await after(mojodex, "G", "u")


async def test_last_seen_todos_are_there_when_the_backend_is_not() -> None:
    mojodex = with_todos()
    mojodex.todos.seen = mojodex.todos.kept
    mojodex.todos.failures["listing"] = [Unreachable("http://there")]
    shown = await after(mojodex)
    assert "Ask Luc" in shown
    assert "as last seen" in shown


async def test_a_failure_without_anything_seen_says_what_to_press() -> None:
    mojodex = with_todos()
    mojodex.todos.failures["listing"] = [Unreachable("http://there")]
    assert "There is nothing to show yet." in await after(mojodex)


async def test_an_empty_list_says_what_to_do_next() -> None:
    mojodex = filled()
    assert "Nothing to do" in await after(mojodex)


async def test_escape_leads_to_the_tasks() -> None:
    app = program(with_todos())
    async with running(app) as pilot:
        for key in ("ctrl+t", "escape"):
            await pilot.press(key)
            await settled(pilot)
        assert isinstance(app.screen, CatalogScreen)


def _full() -> FakeMojodex:
    return with_todos()


def _original() -> FakeMojodex:
    return with_todos(extras=False)


def _empty() -> FakeMojodex:
    return filled()


@pytest.mark.parametrize("size", [(80, 24), (120, 40)], ids=["80x24", "120x40"])
@pytest.mark.parametrize("backend", [_full, _original, _empty])
def test_looks(
    snap_compare: Compare, backend: Callable[[], FakeMojodex], size: tuple[int, int]
) -> None:
    async def look(pilot: Pilot[None]) -> None:
        await settled(pilot)
        for key in ("ctrl+t", "down", "down", "d", "up"):
            await pilot.press(key)
            await settled(pilot)

    assert snap_compare(program(backend()), terminal_size=size, run_before=look)
