"""The title of the terminal's window."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from textual.app import App


def set_terminal_title(app: App[None], title: str) -> None:
    """Give the terminal's window a title; terminals that have none ignore it."""
    # Textual has no public way to the terminal for what it does not know itself.
    driver = app._driver  # noqa: SLF001  # see above
    if driver is not None and not app.is_headless:
        driver.write(f"\x1b]2;{title}\x07")
