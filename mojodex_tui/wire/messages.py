"""Messages: their history, sending one, and the files they carry (wire protocol §4.2 to §4.5)."""

from enum import StrEnum
from typing import Annotated, ClassVar

from pydantic import Field

from mojodex_tui.wire.base import (
    Items,
    MessageDate,
    Nothing,
    Omittable,
    PageRequest,
    Request,
    SparseModel,
    WireModel,
)
from mojodex_tui.wire.route import Placement, Route


class Sender(StrEnum):
    """Who a row of the history is from."""

    USER = "user"
    MOJO = "mojo"
    SYSTEM = "system"
    """The state of a workflow, written for the model; never to be shown."""


class OffsetDirection(StrEnum):
    """From which end of the history an offset counts; pages are newest first all the same."""

    OLDER = "older"
    NEWER = "newer"


class Origin(StrEnum):
    """Where a user writes from (§4.4)."""

    TASK = "task"
    HOME_CHAT = "home_chat"


OpenSender = Annotated[Sender | str, Field(union_mode="left_to_right")]
"""A `Sender`, or one that a newer server knows."""


class MessagesRequest(PageRequest):
    """Asks for a page of history; reading it marks it read (§4.2)."""

    session_id: str
    n_messages: Omittable[int] = None
    offset_direction: Omittable[str] = None
    user_task_execution_pk: Omittable[int] = None
    """Keeps only messages that carry this key."""


class SentFile(WireModel):
    """A file that went with a message."""

    name: str
    """Its user's own name for it."""


class MessageContent(WireModel):
    """What a message says; which keys there are depends on where it came from (§4.3)."""

    text: Omittable[str] = None
    text_with_tags: Omittable[str] = None
    """The model's whole reply."""
    user_task_execution_pk: Omittable[int] = None
    session_id: Omittable[str] = None
    message_pk: Omittable[int] = None
    message_id: Omittable[str] = None
    """The client's own key, in messages of users only."""
    audio: Omittable[bool] = None
    audio_duration: Omittable[float] = None
    """Seconds of a voice message."""
    header: Omittable[str] = None
    """The first line of a home chat's greeting."""
    body: Omittable[str] = None
    """The rest of a home chat's greeting."""
    files: Omittable[tuple[SentFile, ...]] = None
    """What went with a message of the user; only our own backend tells."""


class DraftContent(MessageContent, SparseModel):
    """A message that carries a version of the produced text (§4.3)."""

    sparse_keys: ClassVar[frozenset[str]] = frozenset({"text_type"})

    produced_text: str
    produced_text_title: str | None = None
    produced_text_pk: int
    produced_text_version_pk: int
    text_type: str | None = None
    """Null if no type was found; left out of workflow results and text edits."""


class MessageRow(WireModel):
    """A row of the history (§4.2)."""

    message_pk: int
    sender: OpenSender
    message: Annotated[DraftContent | MessageContent, Field(union_mode="left_to_right")]
    audio: bool = False
    """Whether a recording of it can be had."""
    in_error_state: bool = False
    left: Omittable[bool] = None
    """It is on a branch the session no longer goes on in; only our own backend tells."""


class MessagePage(WireModel):
    """A page of history, the newest first."""

    messages: Items[MessageRow] = ()


RECORDING_PART = "file"
"""The name of the part a recording travels in."""


class SendMessageRequest(Request):
    """A user's message; a recording travels beside it as the file part `file` (§4.4)."""

    session_id: str
    message_id: str
    """Ours to choose, unique in its session: sent again, the message is not made twice."""
    message_date: MessageDate
    text: Omittable[str] = None
    """Required unless there is a recording."""
    message_pk: Omittable[int] = None
    """The message to try again."""
    origin: str = Origin.TASK
    user_task_execution_pk: Omittable[int] = None
    """Without it, the last execution of the session."""
    use_message_placeholder: Omittable[str] = None
    use_draft_placeholder: Omittable[str] = None


class SentMessage(WireModel):
    """The stored message, or word that it is still being worked on (§4.4)."""

    status: Omittable[str] = None
    """`processing` while the message that has this `message_id` is not through yet."""
    text: Omittable[str] = None
    message_pk: Omittable[int] = None
    audio_duration: Omittable[float] = None
    message_id: Omittable[str] = None
    user_task_execution_pk: Omittable[int] = None
    files: Omittable[tuple[SentFile, ...]] = None
    """What went with it; only our own backend tells."""

    @property
    def is_processing(self) -> bool:
        """Whether to ask again, with the same `message_id`."""
        return self.status == "processing"


class MediaStatus(WireModel):
    """Comes in place of a recording that is not there yet (§4.5)."""

    status: str


class VoiceRequest(Request):
    """Asks for the recording of a message (§4.5)."""

    message_pk: int


class ImageRequest(Request):
    """Asks for an image of a session by its file name (§4.5)."""

    session_id: str
    filename: str


LIST_MESSAGES = Route("GET", "/message", MessagesRequest, MessagePage, Placement.QUERY)
SEND_MESSAGE = Route("PUT", "/user_message", SendMessageRequest, SentMessage, Placement.FORM)
READ_VOICE = Route("GET", "/voice", VoiceRequest, MediaStatus, Placement.QUERY, media=True)
READ_IMAGE = Route("GET", "/image", ImageRequest, Nothing, Placement.QUERY, media=True)
