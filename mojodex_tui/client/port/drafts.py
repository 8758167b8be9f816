"""What was typed and not sent."""

from typing import Protocol

from pydantic import JsonValue


class Drafts(Protocol):
    """What was typed and not sent; it outlives a killed program."""

    async def get(self, key: str) -> JsonValue:
        """Return what was put; `None` if nothing was."""
        ...

    async def put(self, key: str, value: JsonValue) -> None:
        """Keep `value`; it is on disk when this returns."""
        ...

    async def forget(self, key: str) -> None:
        """Forget it: it was sent."""
        ...


def form_draft(execution_pk: int) -> str:
    """Return the draft key of a form's answers."""
    return f"form:{execution_pk}"


def message_draft(session_id: str) -> str:
    """Return the draft key of a session's message box."""
    return f"message:{session_id}"


def queue_draft(session_id: str) -> str:
    """Return the draft key of the messages that wait for the assistant to end."""
    return f"queue:{session_id}"


def edit_draft(execution_pk: int) -> str:
    """Return the draft key of the working copy of an execution's text."""
    return f"edit:{execution_pk}"
