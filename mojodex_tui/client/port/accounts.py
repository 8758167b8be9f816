"""Who is signed in, and where that is kept."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol

from mojodex_tui.wire.accounts import Account


class KeptIn(StrEnum):
    """Where the token is kept for the next start."""

    ENVIRONMENT = "environment"
    COMMAND = "command"
    KEYRING = "keyring"
    FILE = "file"
    MEMORY = "memory"


@dataclass(frozen=True)
class Keeping:
    """Where the token is kept, and what the user must know about it."""

    where: KeptIn
    notice: str | None = None
    """Show it: the token is in a file, or is not kept at all, and why."""


class Accounts(Protocol):
    """What a user may do about the account; every method raises an `ApiError` when it fails."""

    async def sign_in(self, email: str, password: str) -> Account:
        """Sign in, and keep the token."""
        ...

    async def register(self, name: str, email: str, password: str) -> Account:
        """Make an account, and sign in to it."""
        ...

    async def sign_out(self) -> None:
        """Forget the token, here; servers do not take it back."""
        ...

    async def keep_token_in_file(self) -> Keeping:
        """Keep the token in a file, unencrypted, because the user agreed to it."""
        ...

    async def forgot_password(self, email: str) -> None:
        """Have a link mailed with which a new password can be set."""
        ...

    async def accept_terms(self) -> None:
        """Accept the terms and conditions, as of now."""
        ...

    async def languages(self) -> Mapping[str, str]:
        """Return the languages there are, by their codes."""
        ...

    async def set_language(self, language_code: str) -> None:
        """Have tasks shown in this language."""
        ...

    async def set_timezone(self, timezone_offset: int) -> None:
        """Tell the account's clock: minutes to subtract from UTC to get local time."""
        ...
