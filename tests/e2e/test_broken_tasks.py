"""A task file with a mistake: it is named, and all the others work."""

from pathlib import Path

import pytest

from mojodex_tui.backend.catalog.files import SHIPPED_TASKS
from tests.e2e.conftest import Launch
from tests.e2e.journeys import leave, run_form
from tests.e2e.test_command_line import command

BROKEN = "task_type: instruct\nname_for_system: broken\n"


@pytest.fixture
def broken(data: Path) -> Path:
    """Return a task file that lacks almost everything."""
    file = data / "tasks" / "broken.yaml"
    file.parent.mkdir(parents=True)
    file.write_text(BROKEN, encoding="utf-8")
    return file


def test_the_screen_names_the_file_and_the_rest_works(
    launch: Launch, data: Path, broken: Path
) -> None:
    terminal = launch("--data-dir", str(data))
    terminal.wait_for("1 task file cannot be used: broken.yaml")
    terminal.press("f3")
    terminal.wait_for("Task files that cannot be used")
    terminal.wait_for("definition_for_system")
    terminal.press("escape")
    terminal.wait_gone("Task files that cannot be used")
    run_form(terminal)
    terminal.wait_for("Draft v1 of 1")
    leave(terminal)


def test_the_check_names_the_file_and_fails(home: Path, data: Path, broken: Path) -> None:
    told = command(home, "catalog", "check", "--data-dir", str(data))
    assert told.returncode == 1
    assert "broken.yaml" in told.stdout
    assert "definition_for_system" in told.stdout
    assert "16 tasks, " in told.stdout
    assert told.stderr == ""


def test_the_check_tells_limits(home: Path, data: Path) -> None:
    file = data / "tasks" / "recap.yaml"
    file.parent.mkdir(parents=True)
    shipped = (SHIPPED_TASKS / "meeting_recap.yaml").read_text(encoding="utf-8")
    file.write_text(f"{shipped}\nlimits: {{turns: 40, seconds: 600}}\n", encoding="utf-8")
    told = command(home, "catalog", "check", "--data-dir", str(data))
    assert "recap.yaml: limits: 40 turns, 1,000,000 tokens, 10 minutes of work\n" in told.stdout


def test_the_check_is_content_with_what_is_shipped(home: Path, data: Path) -> None:
    told = command(home, "catalog", "check", "--data-dir", str(data))
    assert (told.returncode, told.stdout) == (0, "16 tasks, 0 problems\n")
