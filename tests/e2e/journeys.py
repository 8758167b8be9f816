"""What a person does again and again, as keys and what must be seen after them."""

from pathlib import Path

from tests.e2e.program import READY
from tests.e2e.terminal import Terminal

TASK = "Meeting recap"
NOTES = (Path(__file__).parents[1] / "fixtures" / "meeting_notes.txt").read_text("utf-8")


def open_form(terminal: Terminal, task: str = TASK) -> None:
    """Find a task in the catalog by typing, and open its form."""
    terminal.wait_for(READY)
    terminal.write(task)
    terminal.wait_until(lambda: _is_found(terminal, task), f"{task} alone")
    terminal.press("enter")
    terminal.wait_for("What was said?")


def _is_found(terminal: Terminal, task: str) -> bool:
    """Whether the search has taken all letters, and the list has followed."""
    search = next((line for line in terminal.lines if line.startswith("  Search")), "")
    return task in search and "1 of" in search


def fill(terminal: Terminal, notes: str = NOTES) -> None:
    """Paste the notes into the first field."""
    terminal.paste(notes)
    terminal.wait_for("All that is needed is set")


def run_form(terminal: Terminal, notes: str = NOTES) -> None:
    """From the catalog to a session that has been asked."""
    open_form(terminal)
    fill(terminal, notes)
    terminal.press("ctrl+s")
    terminal.wait_gone("What was said?")


def back_to_catalog(terminal: Terminal) -> None:
    """From anywhere to the catalog, with nothing searched."""
    terminal.press("ctrl+n")
    terminal.wait_for("[1 Tasks]")
    terminal.press("escape")
    terminal.wait_for("type what you want to do")


def say(terminal: Terminal, text: str) -> None:
    """Send a message."""
    terminal.write(text)
    terminal.wait_for(text)
    terminal.press("enter")


def focus_chat(terminal: Terminal) -> None:
    """From the message box to the conversation, where letters are keys."""
    terminal.press("tab")
    terminal.wait_until(lambda: "Enter send" not in terminal.lines[-1], "other keys")


def to_draft(terminal: Terminal) -> None:
    """From the message box to the draft, where letters are keys."""
    terminal.press("tab", "tab")
    terminal.wait_until(lambda: "v select" in terminal.lines[-1], "the draft's keys")


def open_last_run(terminal: Terminal, title: str = TASK) -> None:
    """Open the newest run from the history, once something of its line is there."""
    terminal.press("ctrl+o")
    terminal.wait_for("[2 History]")
    terminal.wait_for("x delete")
    terminal.wait_for(title)
    terminal.press("enter")
    terminal.wait_for("Enter send")


def leave(terminal: Terminal) -> None:
    """Leave as one does, and see that it was in order."""
    terminal.press("ctrl+q")
    code = terminal.wait_end()
    assert code == 0, f"the program ended with {code}:\n{terminal.text}"
