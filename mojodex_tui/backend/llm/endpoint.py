"""Where a model is, and how a call to it fails."""

from dataclasses import dataclass
from urllib.parse import urlsplit

from pydantic import SecretStr

from mojodex_tui.backend.llm.errors import LlmError


@dataclass(frozen=True)
class Prices:
    """What a model costs, per million tokens."""

    read: float = 0.0
    written: float = 0.0

    def of(self, read: int, written: int) -> float:
        """Return what so many tokens cost."""
        return (read * self.read + written * self.written) / 1_000_000


@dataclass(frozen=True)
class Endpoint:
    """A model at a server."""

    base_url: str
    """Up to and including `/v1`."""
    model: str
    api_key: SecretStr | None = None
    prices: Prices = Prices()

    @property
    def host(self) -> str:
        """The server as a person reads it, without user, password and path."""
        return urlsplit(self.base_url).netloc.rpartition("@")[2]

    @property
    def is_on_this_machine(self) -> bool:
        """Whether no network lies between."""
        name = urlsplit(self.base_url).hostname or ""
        return name in {"localhost", "::1"} or name.startswith("127.")

    @property
    def address(self) -> str:
        """The whole address, without user and password."""
        parts = urlsplit(self.base_url)
        return f"{parts.scheme}://{self.host}{parts.path}"


class CallFailed(Exception):
    """One call failed; says how, and whether another may succeed."""

    def __init__(self, error: LlmError, *, again: bool = False, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error = error
        self.again = again
        self.after = after
        """Seconds to wait before, if the server said so."""
