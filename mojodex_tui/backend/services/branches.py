"""Let a session go on at an earlier node of its chain (task engine §3.5)."""

import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from mojodex_tui.backend.assistants.instruct import FORM
from mojodex_tui.backend.domain.conversations import Message, Session
from mojodex_tui.backend.engine.engine import Engine
from mojodex_tui.backend.engine.nodes import Node
from mojodex_tui.backend.services.briefs import asked_text
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.services.errors import NotFound, Refused
from mojodex_tui.backend.services.ports import Store, Work


@dataclass(frozen=True)
class Branches:
    """The runs of sessions, and new ones in the middle of them.

    Args:
        store: knows which run a session goes on in.
        engine: keeps the chains.
        conversations: answers a question anew.
    """

    store: Store
    engine: Engine
    conversations: Conversations

    async def runs_of(self, session_id: str) -> Sequence[str]:
        """Return root runs of a session, the one it goes on in last; none if it never ran."""
        async with self.store.read() as work:
            return await work.sessions.runs_of(session_id)

    async def branch(self, user_id: str, session_id: str, node_id: str) -> str:
        """Let the session go on at one of its nodes, and return the id of the new run.

        A question of the user is answered anew; after anything else the session waits for the
        user.

        Raises:
            NotFound: the user is gone.
            Refused: the node is inside a task of a home chat, or no message.
        """
        async with self.store.read() as work:
            user = await work.users.get(user_id)
        if user is None:
            raise NotFound(f"Session {session_id} not found for this user")
        node = (await self.engine.log.chain(node_id))[-1]
        await self.conversations.stop(user, session_id)
        run = uuid.uuid4().hex
        async with self.store.write() as work:
            session = await work.sessions.get(session_id)
            if session is None or node.run not in await work.sessions.runs_of(session_id):
                raise Refused("A conversation cannot go on inside one of its tasks.")
            if node.kind != "message":
                raise Refused("A conversation goes on at a message.")
            asks = node.sender == "user"
            await work.sessions.go_to(session_id, node.parent if asks else node.id)
            await work.sessions.reserve_run(session_id, run)
            if asks:
                await _ask_again(work, session, node)
        if asks:
            self.conversations.attend(session_id)
        return run


async def _ask_again(work: Work, session: Session, node: Node) -> None:
    """Note that a question wants an answer again.

    Raises:
        Refused: the message is gone.
    """
    execution = await work.executions.latest_of_session(session.session_id)
    execution_pk = None if session.is_home or execution is None else execution.pk
    message_pk = None
    if not node.text.startswith(FORM):
        said = await work.messages.conversation(session.session_id)
        message = await work.messages.of_node(node.id) or _asking(said, node)
        if message is None:
            raise Refused("The message is gone.")
        message_pk = message.pk
    await work.answers.add(session.session_id, execution_pk, message_pk)


def _asking(said: Sequence[Message], node: Node) -> Message | None:
    """Return the message that asked what a node asks; asked again, it became more than one."""
    users = (message for message in reversed(said) if message.sender == "user")
    return next((message for message in users if asked_text(message) == node.text), None)
