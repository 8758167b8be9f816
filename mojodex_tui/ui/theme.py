"""Colours by role, in a dark and a light pair, and where the style files are."""

from __future__ import annotations

from pathlib import Path, PurePath

from textual.color import Color
from textual.theme import Theme

DARK = Theme(
    name="mojodex-dark",
    primary="#7ab8ff",
    secondary="#9ab0c8",
    accent="#f2b866",
    warning="#e9b44c",
    error="#ff8b80",
    success="#83d694",
    foreground="#dde3ea",
    background="#14181e",
    surface="#1a1f27",
    panel="#222933",
    dark=True,
    variables={
        "quiet-text": "#98a4b3",
        "edge": "#3a4553",
        "edge-focus": "#7ab8ff",
        "heading": "#f2b866",
        "cursor-line": "#2a3a4f",
        "cursor-line-blurred": "#222b36",
        "chosen": "#7ab8ff",
        "input-selection-background": "#2f5b8f",
        "footer-key-foreground": "#7ab8ff",
    },
)

LIGHT = Theme(
    name="mojodex-light",
    primary="#0a58a6",
    secondary="#4a5a6b",
    accent="#8a4b00",
    warning="#7d5200",
    error="#b3261e",
    success="#17652f",
    foreground="#22282f",
    background="#faf9f6",
    surface="#f3f1ec",
    panel="#e8e5dd",
    dark=False,
    variables={
        "quiet-text": "#59636e",
        "edge": "#c3beb2",
        "edge-focus": "#0a58a6",
        "heading": "#8a4b00",
        "cursor-line": "#d5e4f5",
        "cursor-line-blurred": "#e8e5dd",
        "chosen": "#0a58a6",
        "input-selection-background": "#a9cdf2",
        "footer-key-foreground": "#0a58a6",
    },
)

THEMES = (DARK, LIGHT)


def role_defaults(theme: Theme) -> dict[str, str]:
    """Return our roles in the colours of a theme that does not know them.

    Args:
        theme: One of Textual's own themes.
    """
    colours = theme.to_color_system().generate()
    if theme.ansi:
        return {
            "quiet-text": "ansi_default",
            "edge": "ansi_bright_black",
            "edge-focus": "ansi_blue",
            "heading": "ansi_yellow",
            "cursor-line": "ansi_blue",
            "cursor-line-blurred": "ansi_bright_black",
            # The cursor's line is as blue as what is chosen would be.
            "chosen": "ansi_default",
        }
    foreground = Color.parse(colours["foreground"])
    background = Color.parse(colours["background"])
    return {
        "quiet-text": background.blend(foreground, 0.72).hex,
        "edge": background.blend(foreground, 0.28).hex,
        "edge-focus": colours["primary"],
        "heading": colours["accent"],
        "cursor-line": background.blend(Color.parse(colours["primary"]), 0.28).hex,
        "cursor-line-blurred": colours["panel"],
        "chosen": colours["primary"],
    }


def style_folder() -> Path:
    """Return the folder of the style files, in a checkout as in an installed package."""
    package = Path(__file__).resolve().parent.parent
    installed = package / "styles"
    return installed if installed.is_dir() else package.parent / "styles"


def style_files() -> list[str | PurePath]:
    """Return every style file, the one that holds for all screens first."""
    files = sorted(style_folder().glob("*.tcss"), key=lambda file: (file.stem != "base", file.stem))
    return list(files)
