"""The console and the commands for scripts, as they are installed."""

import json
import subprocess
from pathlib import Path

from tests.e2e.conftest import Launch
from tests.e2e.program import SCRIPT, bare_environment
from tests.e2e.terminal import Terminal

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
