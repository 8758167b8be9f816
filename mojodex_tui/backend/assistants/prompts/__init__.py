"""Prompts: one template a file, filled in a sandbox."""

from collections.abc import Iterable
from datetime import date, datetime
from functools import cache
from itertools import groupby
from pathlib import Path
from typing import TYPE_CHECKING

from mojodex_tui.backend.domain.briefs import InputValue, Turn, joined

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment

_FENCE = "data"
_LANGUAGES = {
    "ar": "Arabic",
    "cs": "Czech",
    "da": "Danish",
    "de": "German",
    "el": "Greek",
    "en": "English",
    "es": "Spanish",
    "fi": "Finnish",
    "fr": "French",
    "he": "Hebrew",
    "hi": "Hindi",
    "hu": "Hungarian",
    "id": "Indonesian",
    "it": "Italian",
    "ja": "Japanese",
    "ko": "Korean",
    "nb": "Norwegian",
    "nl": "Dutch",
    "no": "Norwegian",
    "pl": "Polish",
    "pt": "Portuguese",
    "ro": "Romanian",
    "ru": "Russian",
    "sv": "Swedish",
    "tr": "Turkish",
    "uk": "Ukrainian",
    "vi": "Vietnamese",
    "zh": "Chinese",
}


def render(name: str, **values: object) -> str:
    """Fill the template `name` with `values`."""
    return _environment().get_template(f"{name}.jinja").render(values).strip()


def render_text(text: str, **values: object) -> str:
    """Fill a template given as text.

    Raises:
        jinja2.TemplateError: it is no template, or names a value that is not given.
    """
    return _environment().from_string(text).render(values).strip()


def alternating(turns: Iterable[Turn]) -> tuple[Turn, ...]:
    """Return `turns` with speakers taking turns, as the chat templates of many local models demand.

    What the program itself noted (a `system` turn) becomes a remark in the user's turn. Turns that
    called tools stay apart: what came of them stands between.
    """
    heard = [
        Turn("user", f"[A note from the program: {turn.text}]")
        if turn.speaker == "system"
        else turn
        for turn in turns
        if turn.text.strip() or turn.uses
    ]
    return tuple(
        turn
        for (speaker, used), same in groupby(heard, lambda turn: (turn.speaker, bool(turn.uses)))
        for turn in (same if used else (joined(speaker, [*same]),))
    )


@cache
def _environment() -> "SandboxedEnvironment":
    # Imported at the first prompt: the backend is ready sooner without it.
    from jinja2 import FileSystemLoader, StrictUndefined
    from jinja2.sandbox import SandboxedEnvironment

    environment = SandboxedEnvironment(
        loader=FileSystemLoader(Path(__file__).parent),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters.update(
        {
            "fenced": _fenced,
            "value": _value,
            "language": _language,
            "moment": _moment,
            "day": _day,
            "clipped": _clipped,
        }
    )
    return environment


def _fenced(text: str, /, **named: str) -> str:
    """Put material between marks it cannot imitate, so that it can be told from instructions."""
    harmless = text.replace(f"<{_FENCE}", f"< {_FENCE}").replace(f"</{_FENCE}", f"</ {_FENCE}")
    attributes = "".join(f' {name}="{_quoted(value)}"' for name, value in named.items())
    return f"<{_FENCE}{attributes}>\n{harmless}\n</{_FENCE}>"


def _quoted(value: str) -> str:
    return " ".join(value.replace('"', "'").replace("<", "(").replace(">", ")").split())


def _value(given: InputValue) -> str:
    """Return an input's value as words."""
    if isinstance(given.value, tuple):
        return "\n".join(given.value) or "(left empty)"
    return given.value or "(left empty)"


def _language(code: str) -> str:
    """Return a language's English name, which small models know better than its code."""
    return _LANGUAGES.get(code.lower()[:2], f"the language with the code {code}")


def _moment(now: datetime) -> str:
    """Return weekday, date and time."""
    return f"{_day(now)}, {now:%H:%M}"


def _day(day: date) -> str:
    """Return weekday and date. Not `strftime`, which follows the machine's locale."""
    days = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
    return f"{days[day.weekday()]}, {day:%Y-%m-%d}"


def _clipped(text: str, length: int) -> str:
    """Return at most `length` characters: of a longer text the beginning and the end."""
    half = length // 2
    return text if len(text) <= length else f"{text[:half]}\n[…]\n{text[-half:]}"
