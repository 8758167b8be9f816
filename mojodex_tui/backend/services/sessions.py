"""Sessions (wire protocol §4.1)."""

import uuid
from dataclasses import dataclass

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.conversations import Session
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.services.errors import NotFound, Refused, TermsNotAccepted
from mojodex_tui.backend.services.ports import Store, Work
from mojodex_tui.wire.base import Platform
from mojodex_tui.wire.sessions import CreatedSession, Sessions
from mojodex_tui.wire.sessions import Session as ListedSession


async def open_session(work: Work, user: User, platform: str, starting_mode: str) -> str:
    """Open a room of a user and return its name.

    Raises:
        TermsNotAccepted: the user did not accept the terms.
        Refused: there is no such platform.
    """
    if user.terms_accepted is None:
        raise TermsNotAccepted
    if platform not in {*Platform}:
        raise Refused(f"Error creating session: '{platform}' is no platform")
    session_id = uuid.uuid4().hex
    await work.sessions.add(
        Session(session_id, user.user_id, platform, starting_mode, user.language)
    )
    return session_id


@dataclass(frozen=True)
class SessionRooms:
    """What can be done with sessions.

    Args:
        store: where they are kept.
    """

    store: Store

    async def create(self, user: User, platform: str) -> CreatedSession:
        """Open a chat.

        Raises:
            TermsNotAccepted: the user did not accept the terms.
            Refused: there is no such platform.
        """
        async with self.store.write() as work:
            session_id = await open_session(work, user, platform, "chat")
        return CreatedSession(session_id=session_id, intro_done=user.company_fk is not None)

    async def list_chats(self, user: User, page: Page) -> Sessions:
        """Return a page of the chats that have messages."""
        async with self.store.read() as work:
            chats = await work.sessions.chats(user.user_id, page)
        return Sessions(
            sessions=tuple(
                ListedSession(title=chat.title, session_id=chat.session_id) for chat in chats
            )
        )

    async def delete(self, user: User, session_id: str) -> None:
        """Take a session out of the list.

        Raises:
            NotFound: there is none, or it is out already.
        """
        async with self.store.write() as work:
            if not await work.sessions.delete(user.user_id, session_id):
                raise NotFound("Session not found for this user")

    async def is_of(self, user_id: str, session_id: str) -> bool:
        """Whether a session belongs to a user."""
        async with self.store.read() as work:
            session = await work.sessions.get(session_id)
        return session is not None and session.user_id == user_id
