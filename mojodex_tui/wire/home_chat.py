"""The home chat and its weekly greeting (wire protocol §9)."""

from mojodex_tui.wire.background import ReachedUsers
from mojodex_tui.wire.base import Nothing, Omittable, PageRequest, Request, WireModel
from mojodex_tui.wire.messages import MessageContent
from mojodex_tui.wire.route import Access, Placement, Route

NOT_THIS_TASK = "Not this task."
"""What a user says when a home chat began a task they did not mean; our own backend knows it."""


class HomeChatRequest(Request):
    """Asks for this week's home chat; original servers answer 500 unless it was prepared."""

    use_message_placeholder: Omittable[str] = None


class HomeChat(WireModel):
    """A room, and the greeting in it."""

    home_chat_pk: int
    session_id: str
    message_pk: int
    message: MessageContent


class PrepareHomeChatRequest(Request):
    """Has a home chat prepared."""


class PrepareHomeChatsRequest(PageRequest):
    """Has the home chats of the week prepared, of a page of users."""

    n_users: Omittable[int] = None


READ_HOME_CHAT = Route("GET", "/home_chat", HomeChatRequest, HomeChat, Placement.QUERY)
PREPARE_HOME_CHAT = Route("POST", "/home_chat", PrepareHomeChatRequest, Nothing, Placement.JSON)
PREPARE_HOME_CHATS = Route(
    "PUT", "/home_chat", PrepareHomeChatsRequest, ReachedUsers, Placement.JSON, Access.SCHEDULER
)
