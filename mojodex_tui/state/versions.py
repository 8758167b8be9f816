"""The versions of a draft: who wrote each, when, and how long it is."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from mojodex_tui.state.session import Drafted, Entry
from mojodex_tui.state.times import told

if TYPE_CHECKING:
    from mojodex_tui.wire.produced_texts import Version


@dataclass(frozen=True)
class KnownVersion:
    """A version of a draft; the one that is not saved yet has no index."""

    body: str
    title: str = ""
    index: int | None = None
    """From 1, the oldest first."""
    version_pk: int | None = None
    by_user: bool | None = None
    """`None` if nothing tells who wrote it."""
    when: datetime | None = None
    """Aware, on this computer's clock; original servers do not tell it."""

    @property
    def name(self) -> str:
        """What to call it."""
        return "yours, not saved" if self.index is None else f"v{self.index}"

    @property
    def words(self) -> int:
        """How many words its body has."""
        return len(self.body.split())

    @property
    def author(self) -> str:
        """Who wrote it, if that is known."""
        return {True: "you", False: "mojo", None: ""}[self.by_user]

    def heading(self, now: datetime) -> str:
        """Return its name, and what is known of it: author, time, length."""
        author = "" if self.index is None else self.author
        when = "" if self.when is None else told(self.when, now)
        return f"{self.name} ({', '.join(filter(None, (author, when, f'{self.words} words')))})"


def known_version(version: Version, index: int, entries: Iterable[Entry]) -> KnownVersion:
    """Return what is known of a version.

    Args:
        version: What the server says of it; an original one tells neither author nor time.
        index: Its place, from 1.
        entries: The conversation: what was delivered there, the assistant wrote.
    """
    by_user = version.by_user
    delivered = {one.version_pk for one in entries if isinstance(one, Drafted)}
    if by_user is None and version.produced_text_version_pk in delivered:
        by_user = False
    when = version.creation_date
    if when is not None:
        # A server's naive times are UTC (wire protocol §0.4).
        when = (when if when.tzinfo else when.replace(tzinfo=UTC)).astimezone()
    return KnownVersion(
        body=version.produced_text_production or "",
        title=version.produced_text_title or "",
        index=index,
        version_pk=version.produced_text_version_pk,
        by_user=by_user,
        when=when,
    )


@dataclass(frozen=True)
class Working:
    """The draft as the user is changing it."""

    body: str
    base: int
    """How many versions there were when the user began; more now means that somebody else
    wrote one meanwhile."""

    @classmethod
    def of(cls, kept: object) -> Working | None:
        """Return what was kept on disk; `None` if that is nothing."""
        match kept:
            case {"body": str(body), "base": int(base)}:
                return cls(body, base)
            case str(body):  # as it was kept once, without what it began from
                return cls(body, 0)
            case _:
                return None
