"""What lies behind a transport's exception."""

import ssl
from collections.abc import Iterator


def behind(error: BaseException) -> Iterator[BaseException]:
    """Yield `error`, and what it came from, down to the first."""
    cause: BaseException | None = error
    while cause is not None:
        yield cause
        cause = cause.__cause__ or cause.__context__


def is_certificate_problem(error: BaseException) -> bool:
    """Whether a connection failed because the other side could not prove who it is."""
    return any(
        isinstance(cause, ssl.SSLCertVerificationError) or "CERTIFICATE_VERIFY_FAILED" in str(cause)
        for cause in behind(error)
    )


def told_by(error: BaseException) -> str:
    """Return the whole story in one line each, for those who look behind the sentence."""
    return "\n".join(f"{type(cause).__name__}: {cause}" for cause in behind(error))
