"""Messages that cross screens."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from textual.message import Message

if TYPE_CHECKING:
    from mojodex_tui.client.errors import ApiError
    from mojodex_tui.client.port import Connection
    from mojodex_tui.state.todos import Pending
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
class TodoSent(Message):
    """What was done to a To-Do is sent, or could not be."""

    deed: Pending
    error: ApiError | None
