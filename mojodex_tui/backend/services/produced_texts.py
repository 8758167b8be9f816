"""Produced texts and their versions (wire protocol §3.7, §5)."""

from dataclasses import dataclass

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.services.errors import Refused
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.shapes import produced_text
from mojodex_tui.wire.produced_texts import (
    ProducedText,
    ProducedTexts,
    SavedProducedText,
    Version,
)


@dataclass(frozen=True)
class NewText:
    """What is to be saved."""

    production: str
    title: str | None
    text_pk: int | None = None
    """The text to give a version; without it, a new text is made."""
    execution_pk: int | None = None
    session_id: str | None = None


@dataclass(frozen=True)
class Texts:
    """What can be done with produced texts.

    Args:
        store: where they are kept.
        clock: tells when.
    """

    store: Store
    clock: Clock

    async def read(self, user: User, text_pk: int) -> ProducedText:
        """Return the latest version of a text.

        Raises:
            Refused: it does not exist, or is deleted.
        """
        async with self.store.read() as work:
            latest = await work.texts.latest(user.user_id, text_pk)
        if latest is None:
            raise Refused(f"Invalid produced_text produced_text_pk: {text_pk} for this user")
        return produced_text(latest)

    async def list_all(self, user: User, page: Page) -> ProducedTexts:
        """Return a page of the texts of a user, the newest first."""
        async with self.store.read() as work:
            versions = await work.texts.list_latest(user.user_id, page)
        return ProducedTexts(produced_texts=tuple(map(produced_text, versions)))

    async def save(self, user: User, new: NewText) -> SavedProducedText:
        """Save a version of a text, or a new text.

        Raises:
            Refused: what it is to belong to does not exist.
        """
        async with self.store.write() as work:
            if new.text_pk is not None:
                text_pk = new.text_pk
                before = await work.texts.latest(user.user_id, text_pk)
                if before is None:
                    raise Refused(
                        f"Invalid produced_text produced_text_pk for this user: {text_pk}"
                    )
                text_type = before.text_type
            else:
                text_type = await _type_of_new(work, user, new)
                text_pk = await work.texts.add(user.user_id, new.execution_pk, new.session_id)
            version_pk = await work.texts.add_version(text_pk, new.title, new.production, text_type)
            await work.texts.mark_read(version_pk, self.clock())
        return SavedProducedText(produced_text_pk=text_pk, produced_text_version_pk=version_pk)

    async def delete(self, user: User, text_pk: int) -> None:
        """Take a text out of the lists.

        Raises:
            Refused: it does not exist, or is out already.
        """
        async with self.store.write() as work:
            if await work.texts.latest(user.user_id, text_pk) is None:
                raise Refused(f"Invalid produced_text produced_text_pk: {text_pk}")
            await work.texts.delete(text_pk, self.clock())

    async def read_version(
        self, user: User, execution_pk: int, index: int, *, details: bool = False
    ) -> Version:
        """Return one version of an execution's text; foreign ones do not exist (S6).

        Args:
            user: who asks.
            execution_pk: the execution.
            index: the version's place, from 1, the oldest first.
            details: also tell who wrote it and when, which original servers do not.

        Raises:
            Refused: indexes begin at 1.
        """
        if index < 1:
            raise Refused("produced_text_version_index must be > 0")
        async with self.store.read() as work:
            execution = await work.executions.get(execution_pk)
            if execution is None or execution.user_id != user.user_id:
                return Version(produced_text_version_pk=None)
            version = await work.texts.version_of_execution(execution_pk, index)
        if version is None:
            return Version(produced_text_version_pk=None)
        return Version(
            produced_text_version_pk=version.version_pk,
            produced_text_pk=version.text_pk,
            produced_text_title=version.title,
            produced_text_production=version.production,
            produced_text_version_index=index,
            creation_date=version.creation_date if details else None,
            by_user=version.by_user if details else None,
        )


async def _type_of_new(work: Work, user: User, new: NewText) -> str | None:
    """Check what a new text is to belong to (S9), and return its type."""
    if new.session_id is not None:
        session = await work.sessions.get(new.session_id)
        if session is None or session.user_id != user.user_id:
            raise Refused(f"Invalid session_id: {new.session_id}")
    if new.execution_pk is None:
        return None
    execution = await work.executions.get(new.execution_pk)
    if execution is None or execution.user_id != user.user_id:
        raise Refused(f"Invalid user_task_execution_pk: {new.execution_pk}")
    return (await work.tasks.get(execution.task_pk)).output_type
