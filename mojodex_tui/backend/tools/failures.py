"""Why a tool could not do what it was asked."""


class ToolFailed(Exception):
    """The call cannot be answered; the sentence tells the model, and the user, what to do."""
