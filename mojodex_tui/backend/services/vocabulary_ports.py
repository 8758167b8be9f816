"""What is kept of words users spell their own way."""

from datetime import datetime
from typing import Protocol


class Words(Protocol):
    """The spellings of users."""

    async def add(self, user_id: str, word: str, moment: datetime) -> None:
        """Keep a spelling; one that is known becomes the newest."""
        ...

    async def newest(self, user_id: str, limit: int) -> list[str]:
        """Return the newest spellings of a user, the newest first."""
        ...
