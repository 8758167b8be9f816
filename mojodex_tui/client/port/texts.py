"""The texts that runs produce."""

from typing import Protocol

from mojodex_tui.wire.produced_texts import ProducedText, SavedProducedText, Version


class Texts(Protocol):
    """Texts and their versions; every method raises an `ApiError` when it fails."""

    async def produced_text(self, produced_text_pk: int) -> ProducedText:
        """Return the latest version of a text."""
        ...

    async def produced_text_version(self, execution_pk: int, index: int) -> Version:
        """Return a version of an execution's text, from 1, the oldest first.

        Raises:
            NotFound: there is no such version.
        """
        ...

    async def save_text(
        self,
        produced_text_pk: int,
        production: str,
        title: str | None,
    ) -> SavedProducedText:
        """Save a new version at once; what a user typed goes through the outbox instead."""
        ...

    async def delete_text(self, produced_text_pk: int) -> None:
        """Take a text out of the lists."""
        ...

    async def rewrite(
        self,
        produced_text_version_pk: int,
        text_edit_action_pk: int,
        *,
        message_pk: int | None = None,
    ) -> int:
        """Have a version rewritten; the new draft comes as events.

        Args:
            produced_text_version_pk: The version.
            text_edit_action_pk: How it is to be rewritten.
            message_pk: The key of the request that failed, to have it tried again.

        Returns:
            The key of the request.
        """
        ...
