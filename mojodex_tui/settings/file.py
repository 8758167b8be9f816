"""`settings.toml`: read by whoever needs a section, changed without losing what else it says."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, MutableMapping
from pathlib import Path
from typing import Any, Final, TypeVar, cast

from pydantic import BaseModel, ConfigDict, ValidationError

from mojodex_tui.private_file import write_private
from mojodex_tui.settings.sections import (
    BadSettings,
    KeysSection,
    LlmSection,
    ScreenSection,
    told,
)

SectionT = TypeVar("SectionT", bound=BaseModel)

NAME: Final = "settings.toml"
"""The file's name in the data folder."""

_SECTIONS: Final[Mapping[str, type[BaseModel]]] = {
    "llm": LlmSection,
    "screen": ScreenSection,
    "keys": KeysSection,
}

_FIRST_TEXT: Final = """\
# The settings of mojodex-tui. The settings screen (key 5) changes this file; so can you, at any
# time: what you write here holds at once, and your comments stay.
#
# [llm]                                   the model of this computer
# base_url = "http://localhost:11434/v1"  any OpenAI-compatible server; "offline" for none
# model = "llama3.1"
# api_key_env = "MY_KEY"                  the variable that holds the key; never the key itself
# first_token_timeout = 180               seconds, as connect_timeout and between_tokens_timeout
# price_read = 0.15                       of a million tokens, as price_written: for limits of cost
#
# [screen]
# theme = "mojodex-light"
#
# [keys]                                  the ids stand on the settings screen, under Keys
# "app.palette" = "ctrl+k"                a key, several ("ctrl+k,f2"), or "none"
"""


class Settings(BaseModel):
    """What the file says, and what of it cannot be used."""

    model_config = ConfigDict(frozen=True)

    llm: LlmSection = LlmSection()
    screen: ScreenSection = ScreenSection()
    keys: KeysSection = KeysSection()
    problems: tuple[str, ...] = ()


def read_section(folder: Path, name: str, kind: type[SectionT]) -> SectionT:
    """Return one section; what it does not say is as if nothing was set.

    Args:
        folder: The data folder.
        name: The section.
        kind: What it may hold.

    Raises:
        BadSettings: the file is no TOML, or the section cannot be used.
    """
    tables = _tables(_text_of(folder / NAME))
    try:
        return _section(tables, name, kind)
    except BadSettings as error:
        raise BadSettings(f"{NAME}: {error}") from error


class SettingsFile:
    """The file, as the screens read and change it.

    Args:
        folder: The data folder; `None` keeps what is changed for as long as this object lives.
    """

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._unkept = ""

    @property
    def path(self) -> Path | None:
        """Where it is."""
        return None if self._folder is None else self._folder / NAME

    def stamp(self) -> int:
        """Return a number that is another one after every change, whoever made it."""
        if self.path is None:
            return hash(self._unkept)
        try:
            return self.path.stat().st_mtime_ns
        except FileNotFoundError:
            return 0

    def read(self) -> Settings:
        """Return what it says; a wrong section is a problem, and the others hold."""
        try:
            tables = _tables(self._text())
        except BadSettings as error:
            return Settings(problems=(str(error),))
        found: dict[str, BaseModel] = {}
        problems: list[str] = []
        for name, kind in _SECTIONS.items():
            try:
                found[name] = _section(tables, name, kind)
            except BadSettings as error:
                problems.append(f"{NAME}: {error}")
        return Settings.model_validate({**found, "problems": problems})

    def change(self, section: str, name: str, value: str | float | bool | None) -> None:
        """Set one value, or take it out; all else stays as it was written.

        Args:
            section: Its section.
            name: What it is called there.
            value: What it is from now on; `None` takes it out.

        Raises:
            BadSettings: the value cannot be used, or the file cannot be read or written; it is as
                it was.
        """
        import tomlkit  # takes longer to import than a start may

        before = self._text()
        _tables(before)
        document = tomlkit.parse(before or _FIRST_TEXT)
        table, last = _place(document.setdefault(section, tomlkit.table()), name)
        if value is None:
            table.pop(last, None)
        else:
            table[last] = value
        after = document.as_string()
        _section(_tables(after), section, _SECTIONS[section])
        self._write(after)

    def _text(self) -> str:
        return self._unkept if self.path is None else _text_of(self.path)

    def _write(self, text: str) -> None:
        if self.path is None:
            self._unkept = text
            return
        try:
            # The file may be a link into somebody's collection of settings.
            write_private(self.path.resolve(), text.encode())
        except OSError as error:
            raise BadSettings(f"{self.path} was not written: {error.strerror}.") from error


def _place(table: MutableMapping[str, Any], name: str) -> tuple[MutableMapping[str, Any], str]:
    """Return the table a value stands in, and its name there.

    An id may have been written without quotes, which TOML reads as tables within each other.
    """
    *outer, last = name.split(".")
    inner: object = table
    for part in outer:
        inner = inner.get(part) if isinstance(inner, MutableMapping) else None
    is_within = bool(outer) and isinstance(inner, MutableMapping) and last in inner
    return (cast("MutableMapping[str, Any]", inner), last) if is_within else (table, name)


def _text_of(path: Path) -> str:
    try:
        return path.read_text("utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(f"{path} cannot be read: {error}.") from error


def _tables(text: str) -> Mapping[str, object]:
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise BadSettings(f"{NAME} cannot be read: {error}.") from error


def _section(tables: Mapping[str, object], name: str, kind: type[SectionT]) -> SectionT:
    try:
        return kind.model_validate(tables.get(name, {}))
    except ValidationError as error:
        raise BadSettings(f"{told(name, error)}.") from error
