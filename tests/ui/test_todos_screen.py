from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from pydantic import JsonValue
from textual.pilot import Pilot
from textual.widgets import Input

from mojodex_tui.client.errors import Refused, Unreachable
from mojodex_tui.client.port.todos import TodoListing
from mojodex_tui.ui.screens import todo_actions as actions_module
from mojodex_tui.ui.screens import todos as screen_module
from mojodex_tui.ui.screens.catalog import CatalogScreen
from mojodex_tui.ui.screens.save_file import SaveFileScreen
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.screens.todos import TodosScreen
from mojodex_tui.wire.todo_extensions import Digest, ExportFormat, ExtractedNow, Undoable
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
    monkeypatch.setattr(actions_module, "UNDO_SECONDS", 3600)


def with_todos(*, extras: bool = True) -> FakeMojodex:
    """Return a backend with To-Dos in every part."""
    mojodex = filled()
    mojodex.todos.kept = TodoListing(ROWS, today=TODAY, has_extras=extras)
    return mojodex


async def after(mojodex: FakeMojodex, *keys: str) -> str:
    """Return what stands on the To-Do screen, all in view, after keys were pressed."""
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        for key in ("ctrl+t", "left", *keys):
            await pilot.press(key)
            await settled(pilot)
        return words(app)


async def test_every_part_is_shown() -> None:
    shown = await after(with_todos())
    places = [shown.index(part) for part in ("OVERDUE  1", "TODAY  2", "UPCOMING  1", "DONE  1")]
    assert places == sorted(places)
    assert "-2 d" in shown
    assert "* Call the bank" in shown
    assert "[3 To-Dos 3]" in shown


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
    monkeypatch.setattr(actions_module, "UNDO_SECONDS", 0.001)
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


@pytest.mark.parametrize(
    ("keys", "parts"),
    [
        ((), ("OVERDUE", "TODAY", "DONE")),
        (("right",), ("UPCOMING",)),
        (("right", "right"), ("OVERDUE",)),
        (("right", "right", "right"), ("DONE",)),
        (("left", "right"), ("OVERDUE", "TODAY", "DONE")),
    ],
)
async def test_a_view_shows_its_parts(keys: tuple[str, ...], parts: tuple[str, ...]) -> None:
    app = program(with_todos())
    async with running(app, (120, 40)) as pilot:
        for key in ("ctrl+t", *keys):
            await pilot.press(key)
            await settled(pilot)
        shown = words(app)
        assert "Overdue 1" in shown
        found = [part for part in ("OVERDUE", "TODAY", "UPCOMING", "DONE") if f" {part}  " in shown]
        assert found == list(parts)


async def test_the_keys_go_on_after_a_view_without_anything() -> None:
    mojodex = with_todos()
    rows = tuple(todo(pk, f"Later {pk}", TODAY + timedelta(days=3)) for pk in (1, 2))
    mojodex.todos.kept = TodoListing(rows, today=TODAY, has_extras=True)
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        for key in ("ctrl+t", "right", "down", "plus"):
            await pilot.press(key)
            await settled(pilot)
    assert mojodex.todos.asked("move") == [(2, TODAY + timedelta(days=4))]


async def test_a_view_is_clicked() -> None:
    app = program(with_todos())
    async with running(app, (120, 40)) as pilot:
        await pilot.press("ctrl+t")
        await settled(pilot)
        await pilot.click("TodoTabs", offset=(12, 0))
        await settled(pilot)
        assert " UPCOMING  1" in words(app)


async def test_the_list_is_filtered() -> None:
    shown = await after(with_todos(), "slash", *"figur")
    assert "Ask Luc" in shown
    assert "ACME" not in shown.partition("To-Dos ─")[2]
    nothing = await after(with_todos(), "slash", *"zzz")
    assert "No To-Do here answers “zzz”" in nothing
    assert "ACME" in await after(with_todos(), "slash", *"figur", "escape")


async def test_everything_overdue_is_moved_and_taken_back() -> None:
    mojodex = with_todos()
    rows = (*ROWS, todo(6, "Pay", TODAY - timedelta(days=5)))
    mojodex.todos.kept = TodoListing(rows, today=TODAY, has_extras=True)
    shown = await after(mojodex, "O", "m", "enter")
    assert "2 moved to" in shown
    assert set(mojodex.todos.asked("move")) == {(pk, date(2026, 11, 23)) for pk in (1, 6)}
    mojodex.todos.kept = TodoListing(rows, today=TODAY, has_extras=True)
    await after(mojodex, "O", "m", "enter", "u")
    assert set(mojodex.todos.asked("undo")) == {(pk, Undoable.MOVE) for pk in (1, 6)}


async def test_one_is_written_by_hand() -> None:
    mojodex = with_todos()
    shown = await after(mojodex, "n", *"Buy milk", "enter", "T", "enter")
    assert mojodex.todos.asked("create") == [("Buy milk", TODAY + timedelta(days=1), None)]
    assert "Added: “Buy milk”" in shown
    assert "UPCOMING  2" in shown


async def test_one_is_said_in_other_words() -> None:
    mojodex = with_todos()
    shown = await after(mojodex, "e", *" soon", "enter")
    assert mojodex.todos.asked("reword") == [(1, "Send the signed quote to ACME soon")]
    assert "to ACME soon" in shown


@pytest.mark.parametrize(
    ("name", "kind"), [("todos.ics", ExportFormat.ICALENDAR), ("todos.md", ExportFormat.MARKDOWN)]
)
async def test_a_file_is_written(tmp_path: Path, name: str, kind: ExportFormat) -> None:
    mojodex = with_todos()
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        for key in ("ctrl+t", "w"):
            await pilot.press(key)
            await settled(pilot)
        app.screen.query_one(Input).value = str(tmp_path / name)
        await pilot.press("enter")
        while not (tmp_path / name).exists():
            await pilot.pause()
        await settled(pilot)
    assert mojodex.todos.asked("export") == [kind]
    assert (tmp_path / name).read_bytes() == f"To-Dos as {kind}".encode()


async def test_a_file_of_another_kind_is_not_written(tmp_path: Path) -> None:
    mojodex = with_todos()
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        for key in ("ctrl+t", "w"):
            await pilot.press(key)
            await settled(pilot)
        app.screen.query_one(Input).value = str(tmp_path / "todos.docx")
        await pilot.press("enter")
        await settled(pilot)
        assert "The ending decides: .ics  .md" in words(app)
    assert mojodex.todos.asked("export") == []


async def test_keys_faster_than_a_dialog_open_one_dialog(tmp_path: Path) -> None:
    mojodex = with_todos()
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        await pilot.press("ctrl+t")
        await settled(pilot)
        screen = app.screen
        app.simulate_key("w")
        app.simulate_key("n")
        await settled(pilot)
        assert isinstance(app.screen, SaveFileScreen)
        assert app.screen_stack[-2] is screen
        app.screen.query_one(Input).value = str(tmp_path / "todos.md")
        await pilot.press("enter", "escape")
        await settled(pilot)
        assert (tmp_path / "todos.md").exists()


async def test_the_mail_is_switched() -> None:
    mojodex = with_todos()
    assert "No mail server is set" in await after(mojodex, "M")
    mojodex.todos.kept = replace(mojodex.todos.kept, sends_mail=True, wants_mail=True)
    assert "No more mails" in await after(mojodex, "M")
    assert "comes at 8" in await after(mojodex, "M")
    assert mojodex.todos.asked("set_mail") == [False, True]


async def test_the_todos_of_a_run_are_a_list_over_it() -> None:
    mojodex = with_todos()
    rows = (*ROWS, todo(6, "Elsewhere", TODAY, user_task_execution_fk=99))
    mojodex.todos.kept = TodoListing(rows, today=TODAY, has_extras=True)
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        for key in ("ctrl+t", "enter"):
            await pilot.press(key)
            await settled(pilot)
        session = app.screen
        assert isinstance(session, SessionScreen)
        session.action_todos_of_run()
        await settled(pilot)
        shown = words(app)
        assert "Ask Luc" in shown
        assert "Elsewhere" not in shown
        assert "[3 To-Dos 4]" in shown
        await pilot.press("escape")
        await settled(pilot)
        assert app.screen is session


DIGEST = Digest(
    subject="Your day", text="Call the bank.", html="", line="", n_due=1, n_moved=1, day=TODAY
)


async def test_the_day_is_told_once() -> None:
    mojodex = with_todos()
    mojodex.todos.told = DIGEST
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        await settled(pilot)
        assert "Call the bank." in words(app)
        await pilot.press("escape")
        await settled(pilot)
        assert "3 To-Dos 1" in words(app)
    again = program(mojodex)
    async with running(again, (120, 40)) as pilot:
        await settled(pilot)
        assert "Call the bank." not in words(again)
        for key in ("ctrl+t", "D"):
            await pilot.press(key)
            await settled(pilot)
        assert "Call the bank." in words(again)


async def test_a_day_without_anything_due_is_not_told() -> None:
    mojodex = with_todos()
    mojodex.todos.told = DIGEST.model_copy(update={"n_due": 0, "n_moved": 0})
    app = program(mojodex)
    async with running(app, (120, 40)) as pilot:
        await settled(pilot)
        assert "Call the bank." not in words(app)


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
