"""The home chat, in which tasks are begun by talking (wire protocol §9)."""

from dataclasses import dataclass
from datetime import date, timedelta

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject, in_language
from mojodex_tui.backend.domain.conversations import HOME_CHAT, HomeChat
from mojodex_tui.backend.services.errors import Refused
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.sessions import open_session
from mojodex_tui.wire.base import Platform
from mojodex_tui.wire.home_chat import HomeChat as ShownHomeChat
from mojodex_tui.wire.messages import MessageContent

_GREETING = "home_chat_message"
_GREETINGS = {
    "en": (
        "Hello{name}!",
        "What shall we write? Tell me in your own words, and I find the right task.",
    ),
    "fr": (
        "Bonjour{name} !",
        "Qu’écrivons-nous ? Dites-le avec vos mots, je trouve la tâche qui convient.",
    ),
    "es": (
        "¡Hola{name}!",
        "¿Qué escribimos? Dígalo con sus palabras y encuentro la tarea adecuada.",
    ),
}


@dataclass(frozen=True)
class HomeChats:
    """What can be done with home chats.

    Args:
        store: where they are kept.
        clock: tells when.
    """

    store: Store
    clock: Clock

    async def read(self, user: User, platform: str) -> ShownHomeChat:
        """Return this week's home chat with its greeting, made now if there is none.

        An original server has one only if it was prepared, and fails otherwise (C2).

        Raises:
            TermsNotAccepted: the user did not accept the terms.
            Refused: there is no such platform.
        """
        async with self.store.write() as work:
            # Reading by key locks the user, so that two clients get one chat.
            await work.users.get(user.user_id)
            home = await self._of_week(work, user, platform)
            greeting = await self._greeting(work, home)
        return ShownHomeChat(
            home_chat_pk=home.pk,
            session_id=home.session_id,
            message_pk=greeting.message_pk or 0,
            message=greeting,
        )

    async def prepare(self, user: User) -> None:
        """Make this week's home chat, if there is none.

        Raises:
            TermsNotAccepted: the user did not accept the terms.
        """
        await self.read(user, Platform.WEBAPP)

    async def _of_week(self, work: Work, user: User, platform: str) -> HomeChat:
        week = _monday(user.local_time(self.clock()).date())
        known = await work.sessions.home_of(user.user_id, week)
        if known is not None:
            return known
        session_id = await open_session(work, user, platform, HOME_CHAT)
        header, body = in_language(_GREETINGS, user.language) or _GREETINGS["en"]
        header = header.format(name=f" {user.name}" if user.name else "")
        pk = await work.messages.add(
            session_id, "mojo", {}, event_name=_GREETING, message_date=self.clock()
        )
        said: JsonObject = {
            "header": header,
            "body": body,
            "text": f"{header}\n{body}",
            "message_pk": pk,
            "session_id": session_id,
        }
        await work.messages.set_content(pk, said)
        return await work.sessions.add_home(user.user_id, session_id, week)

    async def _greeting(self, work: Work, home: HomeChat) -> MessageContent:
        said = await work.messages.conversation(home.session_id)
        greeting = next((message for message in said if message.event_name == _GREETING), None)
        if greeting is None:
            raise Refused("The home chat has no greeting.")
        return MessageContent.model_validate(greeting.content)


def _monday(day: date) -> date:
    return day - timedelta(days=day.weekday())
