"""Rewritings of produced texts (wire protocol §5.4).

A rewriting is an answer like any other: a message of the user in the session of the text, whose
answer is the text's next version.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject, in_language
from mojodex_tui.backend.domain.conversations import Execution, TextVersion
from mojodex_tui.backend.domain.text_edits import TextEdit
from mojodex_tui.backend.services.conversations import Conversations
from mojodex_tui.backend.services.errors import Refused
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.wire.produced_texts import StartedTextEdit


@dataclass(frozen=True)
class TextEdits:
    """What can be done with rewritings.

    Args:
        store: where messages and texts are kept.
        conversations: answers them.
        clock: tells when.
        offered: the rewritings there are.
    """

    store: Store
    conversations: Conversations
    clock: Clock
    offered: Sequence[TextEdit]

    async def run(
        self, user: User, version_pk: int, edit_pk: int, message_pk: int | None
    ) -> StartedTextEdit:
        """Have a version rewritten; foreign ones do not exist (S7).

        Args:
            user: who asks.
            version_pk: what is to be rewritten.
            edit_pk: how.
            message_pk: the request that is tried again, if it is one.

        Raises:
            Refused: there is no such rewriting, version or request, or not for that text.
        """
        edit = next((each for each in self.offered if each.pk == edit_pk), None)
        if edit is None:
            raise Refused(f"text_edit_action_pk: {edit_pk} not found")
        async with self.store.write() as work:
            version = await work.texts.version(user.user_id, version_pk)
            execution = await _execution(work, version)
            if version is None or execution is None or not edit.is_for(version.text_type):
                raise Refused(
                    "Error executing text edit action : "
                    f"produced_text_version_pk {version_pk} not found"
                )
            asked: JsonObject = {"instruction": edit.instruction, "version": version_pk}
            words = in_language(edit.words, user.language)
            name = words.name if words else ""
            if message_pk is None:
                message_pk = await work.messages.add(
                    execution.session_id,
                    "user",
                    {},
                    event_name="user_message",
                    message_date=self.clock(),
                    execution_pk=execution.pk,
                )
            else:
                await _request(work, message_pk, execution)
                await work.messages.set_error(message_pk, None)
            await work.messages.set_content(
                message_pk, {"text": name, "message_pk": message_pk, "text_edit": asked}
            )
            await work.answers.add(execution.session_id, execution.pk, message_pk)
        self.conversations.attend(execution.session_id)
        return StartedTextEdit(
            success=f"produced_text_version_pk : {version_pk}", message_pk=message_pk
        )


async def _execution(work: Work, version: TextVersion | None) -> Execution | None:
    """Return what the text was written for; a text of its own has no session to answer in."""
    if version is None or version.execution_pk is None:
        return None
    return await work.executions.get(version.execution_pk)


async def _request(work: Work, message_pk: int, execution: Execution) -> None:
    """Check that a message is an earlier request for a rewriting.

    Raises:
        Refused: it is none, or it is somewhere else.
    """
    message = await work.messages.get(message_pk)
    if (
        message is None
        or message.session_id != execution.session_id
        or "text_edit" not in message.content
    ):
        raise Refused(f"message_pk: {message_pk} not found")
