"""The console and the commands for scripts, as they are installed."""

import json
import subprocess
from pathlib import Path

import httpx

from tests.e2e.conftest import Launch
from tests.e2e.program import SCRIPT, bare_environment
from tests.e2e.team import Team
from tests.e2e.terminal import Terminal
from tests.e2e.test_server import team

__all__ = ["team"]  # the fixture

NOTES = Path(__file__).parents[1] / "fixtures" / "meeting_notes.txt"
PROMPT = "mojodex>"


def type_line(terminal: Terminal, line: str) -> None:
    """Type a line once the prompt is there, and send it once it is shown."""
    terminal.write(line)
    terminal.wait_for(line[-20:])
    terminal.press("enter")


def at_prompt(terminal: Terminal) -> None:
    """Wait for an empty prompt on the last line with words."""
    terminal.wait_until(
        lambda: next((each for each in reversed(terminal.lines) if each), "") == PROMPT,
        "an empty prompt",
    )


def test_a_task_is_run_changed_and_opened_again_line_by_line(launch: Launch, data: Path) -> None:
    console = launch("console", "--data-dir", str(data))
    at_prompt(console)
    type_line(console, 'task run "one-minute" --request ""')
    console.wait_for("subject:")
    type_line(console, "A terminal for people who write with an assistant all day long.")
    type_line(console, ".")
    console.wait_for("audience:")
    type_line(console, "investors")
    console.wait_for("voice_note:")
    console.press("enter")
    console.wait_for("What should change?")
    assert "A terminal for people who write" in console.text
    console.press("enter")
    console.wait_for("Kept in the history as")
    type_line(console, "history")
    console.wait_for("One-minute pitch, now")
    type_line(console, "open 1")
    console.wait_until(lambda: console.text.count("(version 1)") == 2, "the draft once more")
    console.press("ctrl+c")
    at_prompt(console)
    type_line(console, "quit")
    assert console.wait_end() == 0


def dialogue(terminal: Terminal) -> list[str]:
    """Return the lines on the screen that say something."""
    return [line for line in terminal.lines if line]


def test_a_workflow_is_steered_line_by_line(launch: Launch, data: Path) -> None:
    console = launch("console", "--data-dir", str(data), columns=200, rows=60)
    at_prompt(console)
    type_line(console, "workflow list")
    console.wait_for("1. 🌸 Write poem - Write a poem stanza by stanza")
    type_line(console, "workflow run 1")
    console.wait_for("poem_topic:")
    type_line(console, "Beauty of life at spring")
    console.wait_for("n_stanzas:")
    type_line(console, "3")
    console.wait_for("Continue (Y/n)?")
    first = dialogue(console)
    start = first.index("mojodex> workflow run 1")
    assert first[start + 1 : start + 6] == [
        "poem_topic: Beauty of life at spring",
        "n_stanzas: 3",
        "Step stanza_divider started",
        "Step stanza_divider ended",
        "Results:",
    ]
    items = first[start + 6 : -1]
    assert len(items) == 3
    assert all(line.startswith("- ") for line in items)
    assert first[-1] == "Continue (Y/n)?"

    type_line(console, "n")
    console.wait_for("What should change?")
    type_line(console, "only two topics")
    console.wait_for("Step stanza_divider started (try 2)")
    console.wait_until(lambda: console.text.count("Continue (Y/n)?") == 2, "the second try")
    again = dialogue(console)
    second = again[again.index("Step stanza_divider started (try 2)") :]
    assert second[1:3] == ["Step stanza_divider ended", "Results:"]
    assert len(second[3:-1]) == 2

    for stanza in (1, 2):
        type_line(console, "Y")
        console.wait_until(
            lambda: console.text.count("Continue (Y/n)?") == 2 + stanza,  # noqa: B023 - waited for at once
            f"stanza {stanza}",
        )
    console.press("ctrl+c")
    console.wait_for("'workflow resume' lists the runs to go on with.")
    type_line(console, "workflow resume 1")
    console.wait_until(lambda: console.text.count("Continue (Y/n)?") == 5, "the run again")
    type_line(console, "Y")
    console.wait_for("Kept in the history as")
    assert "Written offline by rules" in console.text
    type_line(console, "quit")
    assert console.wait_end() == 0


def test_a_server_asks_who_it_is_until_that_is_right_and_then_never_again(
    team: Team, launch: Launch, data: Path
) -> None:
    httpx.put(
        f"{team.url}/user",
        json={"datetime": "now", "email": "eve@example.com", "name": "Eve", "password": "spring"},
        timeout=60,
    ).raise_for_status()
    console = launch("console", "--server", team.url, "--data-dir", str(data))
    for password in ("winter", "spring"):
        console.wait_until(lambda: dialogue(console)[-1:] == ["Email:"], "the question")
        type_line(console, "eve@example.com")
        console.wait_until(lambda: dialogue(console)[-1:] == ["Password:"], "the question")
        console.write(password)
        console.wait_for("*" * len(password))
        console.press("enter")
    console.wait_for("Stay signed in, by a file only you can read (Y/n)?")
    type_line(console, "Y")
    at_prompt(console)
    assert console.text.count("Wrong e-mail address or password.") == 1
    assert "winter" not in console.text
    assert "spring" not in console.text
    type_line(console, 'task run "one-minute"')
    console.wait_for("Accept the terms and conditions of this server (Y/n)?")
    type_line(console, "Y")
    console.wait_for("subject:")
    console.press("ctrl+c")
    at_prompt(console)
    type_line(console, "quit")
    assert console.wait_end() == 0
    again = launch("console", "--server", team.url, "--data-dir", str(data))
    at_prompt(again)
    assert "Email:" not in again.text
    type_line(again, "quit")
    assert again.wait_end() == 0


def run(home: Path, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
    """Run the program to its end."""
    return subprocess.run(
        [str(SCRIPT), *arguments],
        input=given,
        env=bare_environment(home),
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_a_script_gets_the_text_of_a_task_and_codes_for_the_rest(home: Path, data: Path) -> None:
    folder = ("--data-dir", str(data))
    done = run(home, "run", "meeting rec", "--field", f"meeting_notes=@{NOTES}", "--json", *folder)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["status"] == "done"
    assert "quote" in told["text"]
    assert done.stderr == ""

    piped = run(
        home, "run", "summary", "--field", "text=-", *folder, given=NOTES.read_text("utf-8")
    )
    assert (piped.returncode, piped.stderr) == (0, "")
    assert piped.stdout.strip()

    lacking = run(home, "run", "meeting rec", *folder)
    assert lacking.returncode == 5
    assert "--field meeting_notes=" in lacking.stderr
    assert run(home, "run", "nothing like this", *folder).returncode == 5
    away = ("--server", "http://127.0.0.1:9")
    assert run(home, *away, "run", "meeting rec", *folder).returncode == 3


def test_a_script_is_told_that_the_assistant_asks(home: Path, data: Path) -> None:
    asked = run(
        home, "run", "one-minute", "--field", "subject=x", "--field", "audience=y",
        "--data-dir", str(data), "--json",
    )  # fmt: skip
    assert asked.returncode == 2, asked.stderr
    told = json.loads(asked.stdout)
    assert told["status"] == "waits"
    assert told["question"]
