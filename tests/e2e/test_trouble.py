"""Processes that die, windows that close: nothing typed is lost, and nothing comes twice."""

import os
import signal
import sqlite3
import threading
import time
from contextlib import closing, suppress
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch
from tests.e2e.disk import backend_pid, is_served, is_typed_text_kept, versions
from tests.e2e.journeys import (
    TASK,
    back_to_catalog,
    leave,
    open_form,
    open_last_run,
    run_form,
)
from tests.e2e.terminal import Terminal
from tests.e2e.test_model import draft
from tests.llm_server import TITLE_REPLY, LlmServer, Reply, serving

NOTES = "Ana sends the quote on Friday."
ENDLESS = Reply(draft("one two three four"), until=threading.Event(), purpose="instruct")


def model_of(server: LlmServer) -> dict[str, str]:
    """Return the environment that leads to a scripted model."""
    server.queue(Reply(TITLE_REPLY, purpose="title", times=0))
    return {"MOJODEX_LLM_BASE_URL": server.base_url, "MOJODEX_LLM_MODEL": "scripted-1"}


def is_left_alone(data: Path) -> bool:
    """Whether no backend serves the folder any more, or soon no longer does."""
    end = time.monotonic() + 60
    while is_served(data):
        if time.monotonic() > end:
            return False
        time.sleep(0.01)  # the lock tells nobody when it opens
    return True


def test_a_killed_backend_is_replaced_and_the_draft_arrives_once(
    launch: Launch, data: Path
) -> None:
    with serving() as model:
        terminal = launch("--data-dir", str(data), env=model_of(model))
        model.queue(ENDLESS, Reply(draft("Once and for all."), purpose="instruct", delay=0.5))
        run_form(terminal, NOTES)
        terminal.wait_for("writing…")
        terminal.write("still here")
        terminal.wait_for("still here")
        os.kill(backend_pid(data), signal.SIGKILL)
        terminal.wait_until(lambda: not terminal.lines[0].endswith("local"), "word of it")
        assert any(word in terminal.lines[0] for word in ("reconnecting", "offline", "starting"))
        terminal.wait_until(lambda: terminal.lines[0].endswith("local"), "the way back")
        terminal.wait_for("Draft v1 of 1")
        terminal.wait_for("Once and for all.")
        assert "still here" in terminal.text
        assert "on on on" not in terminal.text
        assert versions(data) == ["Once and for all."]
        assert len(model.of("instruct")) == 2
        leave(terminal)


def test_a_killed_program_offers_what_was_typed_and_leaves_no_backend(
    launch: Launch, data: Path
) -> None:
    terminal = launch("--data-dir", str(data))
    run_form(terminal, NOTES)
    terminal.wait_for("Draft v1 of 1")
    terminal.write("precious words")
    terminal.wait_until(lambda: is_typed_text_kept(data, "precious words"), "the message on disk")
    back_to_catalog(terminal)
    open_form(terminal)
    terminal.paste("half a form\nof two lines")
    terminal.wait_until(lambda: is_typed_text_kept(data, "half a form"), "the form on disk")
    assert is_served(data)
    terminal.signal(signal.SIGKILL)
    assert terminal.wait_end() == -signal.SIGKILL
    assert is_left_alone(data)

    again = launch("--data-dir", str(data))
    open_form(again)
    again.wait_for("of two lines")
    assert "half a form" in again.text
    open_last_run(again)
    again.wait_for("precious words")
    leave(again)


def test_two_programs_share_one_backend_and_the_second_goes_on_alone(
    launch: Launch, data: Path
) -> None:
    first = launch("--data-dir", str(data))
    run_form(first, NOTES)
    first.wait_for("Draft v1 of 1")
    pid = backend_pid(data)

    second = launch("--data-dir", str(data))
    second.wait_for("offline assistant  local")
    assert backend_pid(data) == pid
    open_last_run(second)
    second.wait_for("Draft v1 of 1")

    leave(first)
    second.wait_until(lambda: has_new_backend(data, pid), "another backend")
    second.wait_until(lambda: second.lines[0].endswith("local"), "the way back")
    back_to_catalog(second)
    run_form(second, "Luc calls the bank on Thursday. Ana prepares the slides by Monday.")
    second.wait_for("Draft v1 of 1")
    second.wait_until(lambda: len(versions(data)) == 2, "the second draft on disk")
    leave(second)
    assert is_left_alone(data)


def has_new_backend(data: Path, old_pid: int) -> bool:
    """Whether another process than `old_pid` serves the folder, and says where."""
    return (data / "backend.json").exists() and backend_pid(data) != old_pid


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_signal_gives_the_terminal_back_and_keeps_what_was_typed(
    launch: Launch, data: Path, number: signal.Signals
) -> None:
    terminal = launch("--data-dir", str(data))
    open_form(terminal)
    terminal.write("kept at the last moment")
    terminal.wait_for("kept at the last moment")
    terminal.signal(number)
    assert terminal.wait_end() == 128 + number
    written = "".join(terminal.written)
    for on, off in (
        ("\x1b[?1049h", "\x1b[?1049l"),
        ("\x1b[?1000h", "\x1b[?1000l"),
        ("\x1b[?1003h", "\x1b[?1003l"),
        ("\x1b[?1006h", "\x1b[?1006l"),
        ("\x1b[?2004h", "\x1b[?2004l"),
        ("\x1b[?25l", "\x1b[?25h"),
    ):
        assert on in written
        assert written.rindex(off) > written.rindex(on), repr(off)
    assert is_left_alone(data)
    assert is_typed_text_kept(data, "kept at the last moment")


def test_without_a_terminal_the_program_ends_and_keeps_what_was_typed(
    launch: Launch, data: Path
) -> None:
    terminal = launch("--data-dir", str(data))
    open_form(terminal)
    terminal.write("kept at the last moment")
    terminal.wait_for("kept at the last moment")
    terminal.hang_up()
    with suppress(ProcessLookupError):  # the system told it already
        terminal.signal(signal.SIGTERM)
    terminal.wait_death()
    assert is_left_alone(data)
    assert is_typed_text_kept(data, "kept at the last moment")


def test_a_terminal_that_takes_nothing_more_keeps_nobody_from_leaving(
    launch: Launch, data: Path
) -> None:
    terminal = launch("--data-dir", str(data))
    terminal.wait_for(TASK)
    for _ in range(80):
        # Nobody reads what is drawn: after some screens whoever draws waits.
        terminal.press("ctrl+l")
        time.sleep(0.05)  # a frame; keys that come faster are drawn together
    terminal.signal(signal.SIGTERM)
    terminal.wait_death()
    assert is_left_alone(data)


def test_precious_words_are_never_cleared_and_come_back(launch: Launch, data: Path) -> None:
    terminal = launch("--data-dir", str(data))
    run_form(terminal, NOTES)
    terminal.wait_for("Draft v1 of 1")
    terminal.write("precious")
    terminal.wait_for("precious")
    terminal.press("ctrl+c")
    terminal.wait_for("Press ^Q to leave")
    assert "precious" in message_box(terminal)
    terminal.press("escape")
    terminal.wait_until(lambda: "Enter send" not in terminal.lines[-1], "the pane's keys")
    leave(terminal)

    again = launch("--data-dir", str(data))
    again.wait_for(TASK)
    open_last_run(again)
    again.wait_until(lambda: "precious" in message_box(again), "precious")
    leave(again)


def message_box(terminal: Terminal) -> str:
    """Return what stands in the message box."""
    _, _, box = terminal.text.rpartition(" Message ")
    return box


def test_keys_pressed_at_the_last_moment_are_not_lost(launch: Launch, data: Path) -> None:
    terminal = launch("--data-dir", str(data))
    run_form(terminal, NOTES)
    terminal.wait_for("Draft v1 of 1")
    terminal.write("no time to lose\x11")  # the letters and ^Q in one go
    assert terminal.wait_end() == 0
    with closing(sqlite3.connect(data / "client.sqlite3")) as store:
        assert "no time to lose" in "\n".join(store.iterdump())


def test_a_window_too_small_asks_for_room_and_loses_nothing(launch: Launch, data: Path) -> None:
    terminal = launch("--data-dir", str(data), columns=80, rows=24)
    open_form(terminal)
    terminal.write("kept")
    terminal.wait_for("kept")
    terminal.resize(59, 24)
    terminal.wait_for("Mojodex needs 60 columns and 18 rows")
    terminal.resize(80, 17)
    terminal.wait_for("this window has 80 and 17")
    terminal.resize(60, 18)
    terminal.wait_gone("Mojodex needs")
    terminal.wait_for("kept")
    terminal.write(" and going on")
    terminal.wait_for("kept and going on")
    leave(terminal)


def test_q_leaves_a_window_that_is_too_small(launch: Launch, data: Path) -> None:
    terminal = launch("--data-dir", str(data), columns=50, rows=12)
    terminal.wait_for("q leaves")
    terminal.press("q")
    assert terminal.wait_end() == 0
