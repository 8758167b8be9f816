"""A team's server as a process, and the program that signs in to it."""

import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.conftest import Launch, launching
from tests.e2e.disk import holders, versions
from tests.e2e.journeys import back_to_catalog, leave, open_last_run, run_form
from tests.e2e.program import SCRIPT, bare_environment
from tests.e2e.team import EMAIL, PASSWORD, Team, enter, register, stay, team_server


@pytest.fixture(scope="module")
def team(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Team]:
    """Serve a team."""
    with team_server(tmp_path_factory.mktemp("team")) as team:
        yield team


@pytest.fixture(scope="module")
def member(team: Team, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return the data folder of somebody who registered on the form and stays signed in."""
    folder = tmp_path_factory.mktemp("member")
    with launching(folder) as launch:
        terminal = launch("--server", team.url, "--data-dir", str(folder / "data"))
        register(terminal)
        leave(terminal)
    return folder / "data"


def test_a_member_runs_a_task_and_finds_it_on_another_computer(
    team: Team, member: Path, launch: Launch, data: Path
) -> None:
    terminal = launch("--server", team.url, "--data-dir", str(member))
    terminal.wait_for("online")
    run_form(terminal, "Ana sends the quote on Friday.")
    terminal.wait_for("Draft v1 of 1")
    leave(terminal)
    assert len(versions(team.data)) == 1
    assert not (member / "backend.sqlite3").exists()

    other = launch("--server", team.url, "--data-dir", str(data))
    other.wait_for("ok: answered in")
    enter(other, "not the password")
    other.wait_for("Your entries are kept; try again.")
    assert EMAIL in other.text
    assert team.url in other.text
    other.write(PASSWORD)  # the wrong one is selected: typing replaces it
    other.wait_for("•" * len(PASSWORD))
    other.press("ctrl+s")
    stay(other)
    other.wait_for("Meeting recap")
    other.wait_for("online")
    open_last_run(other)
    other.wait_for("Draft v1 of 1")
    leave(other)
    for folder in (member, data, team.data):
        assert holders(folder, PASSWORD) == []


def test_the_token_is_kept_where_only_the_user_can_read_it(member: Path) -> None:
    assert (member / "credentials.json").stat().st_mode & 0o777 == 0o600


def test_nobody_there_is_a_sentence_and_this_computer_a_way_out(launch: Launch, data: Path) -> None:
    terminal = launch("--server", "http://127.0.0.1:9", "--data-dir", str(data))
    terminal.wait_for("http://127.0.0.1:9 cannot be reached")
    enter(terminal, PASSWORD)
    terminal.wait_until(lambda: terminal.text.count("cannot be reached") == 2, "the sentence")
    assert EMAIL in terminal.text
    terminal.press("shift+tab", "shift+tab", "shift+tab", "right")
    terminal.wait_for("No server, no account")
    terminal.press("ctrl+s")
    terminal.wait_for("Meeting recap")
    terminal.wait_until(lambda: terminal.lines[0].endswith("local"), "this computer")
    leave(terminal)


def test_a_second_server_on_the_same_folder_says_so(team: Team, home: Path) -> None:
    told = subprocess.run(
        [str(SCRIPT), "serve", "--data-dir", str(team.data), "--port", "0"],
        env=bare_environment(home),
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert told.returncode == 75
    assert "Another mojodex-tui uses" in told.stderr
    assert "Traceback" not in told.stderr


def test_back_from_the_server_with_what_was_typed(team: Team, member: Path, launch: Launch) -> None:
    terminal = launch("--server", team.url, "--data-dir", str(member))
    terminal.wait_for("online")
    run_form(terminal, "Luc calls the bank on Thursday. Ana prepares the slides by Monday.")
    terminal.wait_for("Draft v1 of 1")
    terminal.write("unsent words")
    terminal.wait_for("unsent words")
    back_to_catalog(terminal)
    open_last_run(terminal, "Luc calls the bank")
    terminal.wait_for("unsent words")
    leave(terminal)
