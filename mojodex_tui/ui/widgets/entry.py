"""What a transcript shows: one value for each message."""

from dataclasses import dataclass
from enum import StrEnum


class EntryKind(StrEnum):
    """What an entry is, and so how it looks."""

    USER = "user"
    ASSISTANT = "assistant"
    NOTICE = "notice"
    ERROR = "error"
    DRAFT = "draft"
    """A line that points to a draft shown elsewhere."""
    QUEUED = "queued"
    PENDING = "pending"
    UNSENT = "unsent"


@dataclass(frozen=True)
class Entry:
    """A message as it is shown."""

    key: str
    kind: EntryKind
    text: str
    author: str = ""
    time: str = ""
    state: str = ""
    """A word about it after the time, such as "not sent"."""

    @property
    def has_label(self) -> bool:
        """Whether a line above the text says who wrote it, and when."""
        return bool(self.author or self.time or self.state)

    @property
    def is_markdown(self) -> bool:
        """Whether the text is Markdown; other texts are shown as they were typed."""
        return self.kind is EntryKind.ASSISTANT
