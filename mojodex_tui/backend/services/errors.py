"""Why a use case was refused; the text is for the client, and holds nothing it may not know."""


class ServiceError(Exception):
    """A use case was refused."""


class Refused(ServiceError):
    """What was asked for cannot be done."""


class NotFound(ServiceError):
    """What was asked for does not exist, or belongs to somebody else."""


class NotAllowed(ServiceError):
    """Nobody is signed in, or not who must be."""


class TermsNotAccepted(ServiceError):
    """The terms must be accepted first."""

    def __init__(self) -> None:
        super().__init__("Terms and conditions not accepted")


class NoPurchase(ServiceError):
    """Nothing the user has gives this task."""

    def __init__(self) -> None:
        super().__init__("no_purchase")


class Unexplained(ServiceError):
    """Refused with the general sentence, which names nothing (wire protocol §0.3)."""

    def __init__(self) -> None:
        super().__init__("Oops, something weird has happened. We'll help you by email!")
