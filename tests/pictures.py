"""Makes the README's pictures: `uv run python -m tests.pictures`.

They show the real program with its real backend and the offline assistant, on the notes the tests
use, in a folder of their own.
"""

import asyncio
import os
import re
import tempfile
from collections.abc import Callable
from pathlib import Path

from textual.pilot import Pilot
from textual.widgets import TextArea

from mojodex_tui.bootstrap import Connector
from mojodex_tui.embedded import EmbeddedBackend
from mojodex_tui.state.session import Phase
from mojodex_tui.ui.app import MojodexApp
from mojodex_tui.ui.screens.session import SessionScreen
from mojodex_tui.ui.theme import DARK, LIGHT
from mojodex_tui.ui.widgets.task_list import TaskList

IMAGES = Path(__file__).parents[1] / "docs" / "images"
NOTES = Path(__file__).parent / "fixtures" / "meeting_notes.txt"
SIZE = (110, 32)
WEB_FONTS = re.compile(r"@font-face \{.*?\}\s*", re.DOTALL)
"""A picture in a repository fetches nothing."""
_INDENTED = re.compile(
    r'(<text [^>]*)x="([\d.]+)"([^>]*)textLength="([\d.]+)"([^>]*)>((?:&#160;)+)([^<]*)</text>'
)
_CELL = 12.2
"""How wide Rich draws a cell."""
_SMALL = (80, 24)


async def until(pilot: Pilot[None], seen: Callable[[], bool], what: str) -> None:
    """Wait until `seen()`.

    Raises:
        TimeoutError: it was not seen in 30 seconds.
    """
    async with asyncio.timeout(30):
        while not seen():
            await pilot.pause(0.05)
    await pilot.pause(0.2)
    print(what)  # noqa: T201  # a command says what it does


def portable(picture: str) -> str:
    """Return a picture that looks the same in every viewer, and fetches nothing.

    Some viewers drop the blanks a text begins with: such a text begins further right instead.
    """
    return _INDENTED.sub(_moved_right, WEB_FONTS.sub("", picture))


def _moved_right(text: re.Match[str]) -> str:
    before, x, middle, length, after, blanks, words = text.groups()
    if not words:
        return ""
    shift = _CELL * blanks.count("&#160;")
    return (
        f'{before}x="{float(x) + shift:g}"{middle}textLength="{float(length) - shift:g}"{after}>'
        f"{words}</text>"
    )


async def take(folder: Path) -> None:
    """Walk through the main job, and take a picture at each stop."""
    backend = EmbeddedBackend(folder)
    backend.spawn()
    app = MojodexApp(Connector(folder, backend))
    async with app.run_test(size=SIZE) as pilot:

        def shoot(name: str) -> None:
            picture = app.export_screenshot(title="mojodex-tui", simplify=True)
            (IMAGES / f"{name}.svg").write_text(portable(picture))

        tasks = app.screen.query_one(TaskList)
        await until(pilot, lambda: tasks.option_count > 0, "catalog")
        shoot("catalog")
        await pilot.press(*"meeting")
        await until(pilot, lambda: "Meeting recap" in str(tasks.get_option_at_index(1).prompt), "")
        await pilot.press("enter")
        await until(pilot, lambda: bool(app.screen.query(TextArea)), "form")
        app.screen.query(TextArea).first().text = NOTES.read_text()
        await pilot.pause(0.3)
        shoot("form")
        await pilot.press("ctrl+s")
        await until(pilot, lambda: isinstance(app.screen, SessionScreen), "session")
        session = app.screen
        assert isinstance(session, SessionScreen)

        def phase() -> Phase | None:
            return session.state.phase if session.state is not None else None

        await until(pilot, lambda: phase() is Phase.DRAFTING, "writing")
        await pilot.pause(1.2)
        shoot("writing")
        await until(pilot, lambda: phase() is Phase.IDLE, "written")
        await pilot.press("escape", "g")
        await pilot.pause(0.3)
        shoot("session")
        app.theme = LIGHT.name
        await pilot.pause(0.3)
        shoot("session-light")
        app.theme = DARK.name
        await pilot.resize_terminal(*_SMALL)
        await pilot.pause(0.3)
        shoot("session-80x24")
    backend.stop()


def main() -> None:
    """Take all pictures, with no model in sight."""
    os.environ |= {"MOJODEX_LLM_BASE_URL": "offline", "LOGNAME": "sam"}
    IMAGES.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        asyncio.run(take(Path(folder)))


if __name__ == "__main__":
    main()
