"""Copying, by the best way this terminal has."""

import asyncio
import base64
import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

from textual.app import App

DESKTOP_TOOLS: tuple[tuple[str, ...], ...] = (
    ("wl-copy",),
    ("xclip", "-selection", "clipboard"),
    ("xsel", "--clipboard", "--input"),
    ("pbcopy",),
    ("clip.exe",),
)
"""Programs that put their standard input on the desktop's clipboard."""

TERMINAL_LIMIT = 70_000
"""Bytes; many terminals cut or drop a longer clipboard sequence."""

_TOOL_PATIENCE = 2.0
"""Seconds; a tool that waits longer waits for a desktop that is not there."""


def desktop_tool(environ: Mapping[str, str]) -> tuple[str, ...] | None:
    """Return the command that copies on this desktop; `None` over SSH or without a desktop."""
    if "SSH_CONNECTION" in environ or "SSH_TTY" in environ:
        return None
    if not (environ.keys() & {"WAYLAND_DISPLAY", "DISPLAY", "WSL_DISTRO_NAME"}) and (
        sys.platform != "darwin"
    ):
        return None
    return next((tool for tool in DESKTOP_TOOLS if shutil.which(tool[0])), None)


def terminal_sequence(text: str, environ: Mapping[str, str]) -> str:
    """Return what asks a terminal to take `text` on its clipboard, wrapped for tmux inside it."""
    body = base64.b64encode(text.encode()).decode()
    sequence = f"\x1b]52;c;{body}\x07"
    if "TMUX" in environ:
        return f"\x1bPtmux;\x1b{sequence}\x1b\\"
    return sequence


async def copy(app: App[object], text: str) -> str:
    """Copy `text` and return a sentence that names the way used.

    Nothing can tell whether a terminal took it, so the sentence says what to do if it did not.
    """
    words = f"{len(text.split())} words"
    tool = desktop_tool(os.environ)
    if tool is not None and await asyncio.to_thread(_run, tool, text):
        return f"Copied with {tool[0]} ({words})."
    if len(text.encode()) > TERMINAL_LIMIT:
        return f"Too long for the terminal's clipboard ({words}). Press w to write a file instead."
    if "TMUX" in os.environ:
        _write(app, terminal_sequence(text, os.environ))
    else:
        app.copy_to_clipboard(text)
    return f"Copied with the terminal ({words}). If paste is empty, w writes a file."


def _run(tool: tuple[str, ...], text: str) -> bool:
    """Feed `text` to a tool; return whether it took it."""
    try:
        done = subprocess.run(
            tool,
            input=text.encode(),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            timeout=_TOOL_PATIENCE,
            check=False,
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return done.returncode == 0


def _write(app: App[object], sequence: str) -> None:
    """Send a sequence to the terminal; Textual has no public way for one of our own."""
    driver = app._driver  # noqa: SLF001  # the only way to the terminal
    if driver is not None:
        driver.write(sequence)
