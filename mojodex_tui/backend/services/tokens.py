"""The tokens users sign in with (wire protocol §1.1)."""

import secrets
from dataclasses import dataclass, field
from datetime import timedelta

import jwt

from mojodex_tui.backend.services.errors import NotAllowed
from mojodex_tui.backend.services.ports import Clock

_ALGORITHM = "HS256"
_LIFETIME = timedelta(days=180)
_SPLITTER = "~"
"""Parts the user from what makes each token another one; user ids are hexadecimal."""


class ExpiredToken(NotAllowed):
    """The token was good once."""

    def __init__(self) -> None:
        super().__init__("Token expired.")


class InvalidToken(NotAllowed):
    """This is no token of ours."""

    def __init__(self) -> None:
        super().__init__("Invalid token.")


@dataclass(frozen=True)
class Tokens:
    """Issues and reads tokens.

    Args:
        key: what they are signed with, at least 32 bytes.
        clock: tells when.
    """

    key: str = field(repr=False)
    clock: Clock

    def issue(self, user_id: str) -> str:
        """Return a new token of a user."""
        moment = self.clock()
        return jwt.encode(
            {
                "iat": moment,
                "exp": moment + _LIFETIME,
                "sub": _SPLITTER.join((user_id, secrets.token_hex(5), moment.isoformat())),
            },
            self.key,
            algorithm=_ALGORITHM,
        )

    def user_of(self, token: str) -> str:
        """Return whose token this is.

        Raises:
            ExpiredToken: it is too old.
            InvalidToken: it is none of ours.
        """
        try:
            claims = jwt.decode(
                token,
                self.key,
                algorithms=[_ALGORITHM],
                # Times are compared here, by the clock they were written by.
                options={"require": ["exp", "sub"], "verify_exp": False, "verify_iat": False},
            )
            expires = float(claims["exp"])
        except (jwt.InvalidTokenError, ValueError, TypeError) as error:
            raise InvalidToken from error
        if expires <= self.clock().timestamp():
            raise ExpiredToken
        user_id, _, _ = str(claims["sub"]).partition(_SPLITTER)
        return user_id
