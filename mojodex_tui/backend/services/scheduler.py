"""Who may trigger jobs from outside."""

import hmac
from dataclasses import dataclass

from pydantic import SecretStr

from mojodex_tui.backend.services.errors import NotAllowed


@dataclass(frozen=True)
class SchedulerDoor:
    """Lets a scheduler in that knows the secret.

    Args:
        secret: what it must know; `None` lets nobody in.
    """

    secret: SecretStr | None = None

    def let_in(self, told: str) -> None:
        """Return only if the secret is right.

        Raises:
            NotAllowed: it is not, or there is none.
        """
        known = self.secret.get_secret_value() if self.secret else ""
        if not known or not hmac.compare_digest(told.encode(), known.encode()):
            raise NotAllowed("Authentication error : Invalid secret")
