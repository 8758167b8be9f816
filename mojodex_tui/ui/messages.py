"""Messages that cross screens."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from mojodex_tui.client.errors import ApiError
    from mojodex_tui.client.port import Connection
    from mojodex_tui.state.session import SessionState
    from mojodex_tui.state.todos import Pending
    from mojodex_tui.state.versions import KnownVersion
    from mojodex_tui.ui.shell import OpenMojodex


@dataclass
class Opened(Message):
    """The way to a backend is open; what was cached can be read."""

    way: OpenMojodex


@dataclass
class ConnectionChanged(Message):
    """The backend can be heard, or no longer, or something waits in the outbox."""

    connection: Connection


@dataclass
class SessionChanged(Message):
    """Something happened to a session, other than what it says itself."""

    change: Callable[[SessionState], SessionState]
    """Returns the session as it is afterwards; it may have ended or changed meanwhile."""


@dataclass
class TodoSent(Message):
    """What was done to a To-Do is sent, or could not be."""

    deed: Pending
    error: ApiError | None


@dataclass
class VersionRestored(Message):
    """An older version of a draft is to be its newest one again."""

    version: KnownVersion


@dataclass
class DraftChanged(Message):
    """The working copy of a draft is this now."""

    body: str


@dataclass
class DraftToSave(Message):
    """The user's text is to be a draft's newest version, on top of those the user has seen."""

    body: str
    seen: int
    """How many versions the user knows of."""


@dataclass
class DraftToEdit(Message):
    """The editor is to be opened on the working copy of a draft."""


@dataclass
class NewestPreferred(Message):
    """The newest version of a draft is to stay the newest; the user's text becomes one before."""

    newest: KnownVersion
    body: str
