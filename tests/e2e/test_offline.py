"""The first minutes on a computer without a model, an account or a network."""

from pathlib import Path

from tests.e2e.conftest import Launch
from tests.e2e.disk import files, is_served, versions
from tests.e2e.journeys import fill, leave, open_form, open_last_run, run_form


def test_a_first_task_from_notes_to_a_draft_that_is_there_after_a_restart(
    launch: Launch, home: Path
) -> None:
    terminal = launch(columns=80, rows=24)
    open_form(terminal)
    terminal.wait_for("offline assistant  local")
    fill(terminal)
    terminal.press("ctrl+s")
    terminal.wait_for("writing…")
    terminal.wait_for("Draft v1 of 1")
    leave(terminal)

    data = home / ".local" / "share" / "mojodex-tui"
    (draft,) = versions(data)
    assert "send the new quote" in draft
    assert not is_served(data)

    again = launch(columns=80, rows=24)
    again.wait_for("Meeting recap")
    open_last_run(again)
    again.wait_for("Draft v1 of 1")
    again.wait_for("Recap: Budget review with ACME")
    leave(again)


def test_data_dir_keeps_everything_in_one_folder_and_no_log_has_a_traceback(
    launch: Launch, home: Path, data: Path
) -> None:
    terminal = launch("--data-dir", str(data))
    run_form(terminal)
    terminal.wait_for("Draft v1 of 1")
    leave(terminal)
    assert len(versions(data)) == 1
    assert list(home.iterdir()) == []
    assert all(path.stat().st_mode & 0o077 == 0 for path in (data, data / "jwt.secret"))
    assert not [path.name for path in files(data) if path.name == "backend.json"]
    assert "Traceback" not in "".join(terminal.written)
    assert [log.name for log in (data / "logs").iterdir() if log.read_bytes()] == []
