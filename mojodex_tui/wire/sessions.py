"""Sessions: rooms for messages that belong to no form (wire protocol §4.1)."""

from mojodex_tui.wire.base import Items, Omittable, PageRequest, Request, WireModel
from mojodex_tui.wire.route import Placement, Route


class CreateSessionRequest(Request):
    """Opens a chat (§4.1)."""


class CreatedSession(WireModel):
    """The room to join."""

    session_id: str
    intro_done: bool = False


class SessionsRequest(PageRequest):
    """Asks for a page of chats that have messages, the newest first (§4.1)."""

    n_sessions: Omittable[int] = None


class Session(WireModel):
    """A chat in the list; an original server never gives it a title."""

    title: str | None = None
    session_id: str


class Sessions(WireModel):
    """A page of chats."""

    sessions: Items[Session] = ()


class DeleteSessionRequest(Request):
    """Takes a chat out of the list (§4.1)."""

    session_id: str


class DeletedSession(WireModel):
    """Which chat left the list."""

    session_id: str


CREATE_SESSION = Route("PUT", "/session", CreateSessionRequest, CreatedSession, Placement.JSON)
LIST_SESSIONS = Route("GET", "/session", SessionsRequest, Sessions, Placement.QUERY)
DELETE_SESSION = Route("DELETE", "/session", DeleteSessionRequest, DeletedSession, Placement.QUERY)
