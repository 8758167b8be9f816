"""Why a server did not do what it was asked, each with a sentence that says what to do."""

from typing import ClassVar


class ApiError(Exception):
    """A call failed.

    Args:
        sentence: What to tell a person.
        raw: What was really said or raised, for those who want to look behind the sentence.
    """

    transient: ClassVar[bool] = False
    """Whether the same call may succeed later, without anybody changing anything."""

    def __init__(self, sentence: str, raw: str = "") -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.raw = raw or sentence


class Unreachable(ApiError):
    """Nothing answers at the address."""

    transient = True

    def __init__(self, address: str, raw: str = "") -> None:
        super().__init__(f"{address} cannot be reached. Check the connection and the address.", raw)
        self.address = address


class CertificateProblem(ApiError):
    """The server's certificate is not trusted here."""

    transient = True

    def __init__(self, address: str, raw: str = "") -> None:
        super().__init__(
            f"The certificate of {address} is not trusted, so nothing was sent. "
            "Ask who runs it, or name its authority in SSL_CERT_FILE.",
            raw,
        )
        self.address = address


class TimedOut(ApiError):
    """The server took too long; it may have done what it was asked all the same."""

    transient = True

    def __init__(self, address: str, raw: str = "") -> None:
        super().__init__(f"{address} did not answer in time.", raw)
        self.address = address


class Busy(ApiError):
    """The server wants fewer calls (429)."""

    transient = True


class ServerFailed(ApiError):
    """Something broke on the server (5xx)."""

    transient = True


class SignInNeeded(ApiError):
    """The token is missing, expired or refused (403)."""

    def __init__(self, raw: str = "") -> None:
        super().__init__("You are signed out. Sign in again to go on.", raw)


class WrongCredentials(ApiError):
    """Nobody has this e-mail address and password."""


class TermsNeeded(ApiError):
    """The terms were not accepted (401)."""

    def __init__(self, raw: str = "") -> None:
        super().__init__("Accept the terms and conditions first.", raw)


class PlanUsedUp(ApiError):
    """No plan gives this task, or its quota is used up (402)."""

    def __init__(self, raw: str = "") -> None:
        super().__init__("Your plan does not include this task, or it is used up.", raw)


class NotFound(ApiError):
    """The server has no such thing, or not for this account."""


class Refused(ApiError):
    """The server understood, and will not do it (400 and its kin)."""


class NotSupportedByServer(ApiError):
    """The server does not know this call: it is an older or another one (404 page, 405)."""


class BackendDidNotStart(ApiError):
    """The backend on this computer ended before it was ready."""

    transient = True


class BadAnswer(ApiError):
    """The server answered something that cannot be read."""
