"""Why a model did not answer, each with a sentence that says what to do."""


class LlmError(Exception):
    """A model did not answer; the text is for the user."""

    retryable = True
    """Whether the same question may succeed later without a change of settings."""


class ModelUnreachable(LlmError):
    """No server answers at the configured address."""


class ModelRefused(LlmError):
    """The key is missing or not accepted, or the model does not exist."""

    retryable = False


class ModelBusy(LlmError):
    """The provider limits the rate or the quota is used up (429)."""


class ModelFailed(LlmError):
    """The provider failed (5xx), or the stream broke off."""


class ModelUnreadable(ModelFailed):
    """The model answered, but with nothing that can be read, however often it was told so."""


class ModelSilent(LlmError):
    """The model took too long, or answered with nothing."""


class ContextTooLong(LlmError):
    """The conversation no longer fits into the model's context."""

    retryable = False
