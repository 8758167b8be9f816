"""The sections of the settings, and what they are told about the server in use."""

from __future__ import annotations

from enum import StrEnum
from typing import Protocol

from mojodex_tui.client.port import Keeping, KeptIn


class Section(StrEnum):
    """A section, by its title."""

    ACCOUNT = "Account"
    LANGUAGE = "Language"
    APPEARANCE = "Appearance"
    KEYS = "Keys"
    TODOS = "To-Dos"
    MODEL = "Model"
    DATA = "Data and about"

    @property
    def holds(self) -> str:
        """What is found there, for those who search."""
        return _HOLDS[self]


_HOLDS = {
    Section.ACCOUNT: "Which server, and who is signed in",
    Section.LANGUAGE: "The language of tasks and of what the assistant writes",
    Section.APPEARANCE: "Theme and colours: light, dark, 16 colours",
    Section.KEYS: "Every key, and another one for it",
    Section.TODOS: "The morning's mail, on or off",
    Section.MODEL: "The LLM of this computer: address, key, time-outs",
    Section.DATA: "The data folder, the settings file, the version",
}

_KEPT = {
    KeptIn.KEYRING: "kept in the system's keyring",
    KeptIn.FILE: "kept in a file only you can read, not encrypted",
    KeptIn.MEMORY: "until you leave; then you are asked again",
    KeptIn.ENVIRONMENT: "by the variable MOJODEX_TOKEN",
    KeptIn.COMMAND: "by a command that prints the token",
}


def told_keeping(keeping: Keeping) -> str:
    """Return for how long somebody is signed in, and by what."""
    return _KEPT[keeping.where]


class Mailing(Protocol):
    """What a server does about the morning's mail."""

    @property
    def has_extras(self) -> bool:
        """Whether it is our own backend."""
        ...

    @property
    def sends_mail(self) -> bool:
        """Whether it can mail at all."""
        ...


def why_mail_is_fixed(todos: Mailing) -> str:
    """Return why the morning's mail cannot be switched; nothing if it can."""
    if not todos.has_extras:
        return "This server mails the day every morning; only who runs it can change that."
    if not todos.sends_mail:
        return "No mail server is set: [mail] in settings.toml names one."
    return ""
