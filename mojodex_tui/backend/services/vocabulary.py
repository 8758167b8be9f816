"""Words users spell their own way (wire protocol §9)."""

from dataclasses import dataclass, replace
from typing import Final

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.catalog import JsonObject
from mojodex_tui.backend.services.errors import NotFound, Refused
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.wire.spelling import corrected

LONGEST: Final = 100
"""Of a spelling, in characters: it may be a name of several words, but no sentence."""

_SAID: Final = ("text", "text_with_tags", "produced_text", "produced_text_title")
"""What of a message a reader sees."""


@dataclass(frozen=True)
class Vocabulary:
    """What can be done with spellings.

    Args:
        store: where they are kept.
        clock: tells when.
    """

    store: Store
    clock: Clock

    async def correct(self, user: User, session_id: str, wrong: str, right: str) -> None:
        """Put a spelling right in all a session shows, and remember it.

        Whole words change, in the messages, in the title and the summary of what the session is
        about, and in the last version of its text. What was said before stays in the log.

        Args:
            user: who asks.
            session_id: where.
            wrong: as it is spelled.
            right: as it is to be spelled.

        Raises:
            NotFound: there is no such session, or it is somebody else's.
            Refused: a spelling is empty, or too long.
        """
        wrong, right = wrong.strip(), right.strip()
        if not wrong or not right:
            raise Refused("Say both how it is spelled, and how it should be.")
        if max(len(wrong), len(right)) > LONGEST:
            raise Refused(f"A spelling has at most {LONGEST} characters.")
        async with self.store.write() as work:
            session = await work.sessions.get(session_id)
            if session is None or session.user_id != user.user_id:
                raise NotFound(f"Session {session_id} not found for this user")
            for message in await work.messages.conversation(session_id):
                content = _corrected(message.content, wrong, right)
                if content != message.content:
                    await work.messages.set_content(message.pk, content)
            await _correct_execution(work, session_id, wrong, right)
            await work.words.add(user.user_id, right, self.clock())


async def _correct_execution(work: Work, session_id: str, wrong: str, right: str) -> None:
    """Put the spelling right in what a session is about."""
    latest = await work.executions.latest_of_session(session_id)
    execution = await work.executions.get(latest.pk) if latest is not None else None
    if execution is None:
        return
    await work.executions.change(
        replace(
            execution,
            title=_maybe(execution.title, wrong, right),
            summary=_maybe(execution.summary, wrong, right),
        )
    )
    version = await work.texts.latest_of_execution(execution.pk)
    if version is not None:
        await work.texts.change_version(
            version.version_pk,
            _maybe(version.title, wrong, right),
            corrected(version.production, wrong, right),
        )


def _corrected(content: JsonObject, wrong: str, right: str) -> JsonObject:
    return {
        key: corrected(value, wrong, right) if key in _SAID and isinstance(value, str) else value
        for key, value in content.items()
    }


def _maybe(text: str | None, wrong: str, right: str) -> str | None:
    return None if text is None else corrected(text, wrong, right)
