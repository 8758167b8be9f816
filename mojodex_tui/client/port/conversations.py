"""What is said in a session, and the files that go with it."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from mojodex_tui.wire.base import FilePart
from mojodex_tui.wire.home_chat import HomeChat
from mojodex_tui.wire.messages import MessageRow
from mojodex_tui.wire.session_files import SessionFile


@dataclass(frozen=True)
class History:
    """A page of a session's messages, also of those that are never shown."""

    rows: tuple[MessageRow, ...]
    """The oldest first."""
    is_full: bool = False
    """Whether there may be more beyond it."""


class StopOutcome(StrEnum):
    """What became of a request to stop a generation."""

    STOPPED = "stopped"
    NOTHING_TO_STOP = "nothing_to_stop"
    NOT_POSSIBLE = "not_possible"
    """This server cannot stop; it goes on writing, whether anybody follows or not."""


class Conversations(Protocol):
    """Sessions, as they are talked in; every method raises an `ApiError` when it fails."""

    async def messages(
        self, session_id: str, offset: int = 0, *, from_oldest: bool = False
    ) -> History:
        """Return a page of a session's messages.

        Args:
            session_id: The session.
            offset: How many of the newest rows to skip.
            from_oldest: Skip as many of the oldest rows instead.
        """
        ...

    async def stop(self, session_id: str) -> StopOutcome:
        """Stop what the assistant is writing."""
        ...

    async def home_chat(self) -> HomeChat:
        """Return this week's home chat, in which tasks are begun by talking."""
        ...

    async def correct_spelling(self, session_id: str, wrong: str, right: str) -> None:
        """Have a word put right everywhere in a session, and remembered.

        Raises:
            Refused: this server keeps no vocabulary.
        """
        ...


class Attachments(Protocol):
    """The files of a session's next message; every method raises an `ApiError` when it fails."""

    async def attach(self, session_id: str, file: FilePart) -> SessionFile:
        """Let a file go with the next message of a session.

        Raises:
            NotSupportedByServer: only our own backend takes files with messages.
        """
        ...

    async def attached(self, session_id: str) -> tuple[SessionFile, ...]:
        """Return the files that go with the next message; none from servers that take none."""
        ...

    async def detach(self, session_id: str, file_id: str) -> None:
        """Do not let a file go with the next message."""
        ...
