"""Asks where to write a text."""

import re
from collections.abc import Sequence
from pathlib import Path

from textual.app import ComposeResult
from textual.binding import Binding
from textual.containers import Vertical
from textual.screen import ModalScreen
from textual.widgets import Input, Static


def file_name(title: str) -> str:
    """Return a Markdown file name for a title: lower case, words joined by dashes."""
    words = re.findall(r"\w+", title.lower())
    return "-".join(words)[:60].rstrip("-") + ".md" if words else "draft.md"


class SaveFileScreen(ModalScreen[Path | None]):
    """Returns the path to write to, or nothing.

    A file that is there already is only overwritten after a second Enter on the same name.

    Args:
        suggestion: The path to begin with.
        endings: What a name may end with, without its dot: each is a format.
    """

    BINDINGS = [Binding("escape", "dismiss(None)", "Cancel", id="save_file.cancel")]

    def __init__(self, suggestion: Path, endings: Sequence[str]) -> None:
        super().__init__()
        self._suggestion = suggestion
        self._formats = f"The ending decides: {'  '.join(f'.{one}' for one in endings)}"
        self._hint = f"Enter writes   Esc cancels\n{self._formats}"
        self._endings = endings
        self._confirming: Path | None = None

    def compose(self) -> ComposeResult:
        """Lay out the question."""
        with Vertical(id="save-file") as box:
            box.border_title = "Write to a file"
            yield Input(str(self._suggestion), id="save-file-path", select_on_focus=False)
            yield Static(self._hint, id="save-file-hint", markup=False)

    def on_input_changed(self) -> None:
        """Forget a confirmation that was for another name."""
        self._confirming = None
        self._say(self._hint)

    def on_input_submitted(self, event: Input.Submitted) -> None:
        """Return the path, once it is clear that it may be written."""
        path = Path(event.value).expanduser()
        if not event.value.strip():
            self._say("Give the file a name.")
        elif path.suffix.lower().removeprefix(".") not in self._endings:
            self._say(self._formats)
        elif path.is_dir():
            self._say("This is a folder. Add a file name.")
        elif not path.parent.is_dir():
            self._say(f"There is no folder {path.parent}.")
        elif path.exists() and self._confirming != path:
            self._confirming = path
            self._say(f"{path.name} exists. Enter again overwrites it, Esc keeps it.")
        else:
            self.dismiss(path)

    def _say(self, text: str) -> None:
        self.query_one("#save-file-hint", Static).update(text)
