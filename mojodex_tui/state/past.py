"""What is held of a conversation before its newest messages: only what is near the reader.

The newest messages are the session's own (`SessionState.entries`). What was said before them is
fetched in pages around the reader, and let go again far from there. A page is asked for by its
distance from an end of the conversation, which may have grown since that was counted. So a page
joins what is held only by a message that both have.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from mojodex_tui.state.session import Answers, Drafted, Said, entry_of
from mojodex_tui.wire.base import PAGE_LIMIT

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from mojodex_tui.state.session import Entry
    from mojodex_tui.wire.messages import MessageRow

    Entries: TypeAlias = tuple[Entry, ...]
    Rows: TypeAlias = tuple[MessageRow, ...]

MOST_HELD = 6 * PAGE_LIMIT
"""Messages that are held besides the newest ones: several screens, however high they are."""

_STEP = PAGE_LIMIT - 1
"""Messages from one page to the next, which have one in common."""


@dataclass(frozen=True)
class Page:
    """A page of a conversation, as it is asked for."""

    offset: int
    """How many messages are before it, counted from the newest or the oldest one."""
    from_oldest: bool = False

    @property
    def next(self) -> Page:
        """The page after it, as it counts, with one message of it."""
        return replace(self, offset=self.offset + _STEP)

    @property
    def previous(self) -> Page:
        """The page before it, as it counts, with one message of it."""
        return replace(self, offset=max(0, self.offset - _STEP))


@dataclass(frozen=True)
class Held:
    """A message, where it is, and how it is shown; some are not."""

    message_pk: int
    page: Page
    """The page that begins with it, as it counts; messages may have come before that since."""
    entry: Entry | None


@dataclass(frozen=True)
class Past:
    """Consecutive messages from before the newest ones."""

    held: tuple[Held, ...] = ()
    """The oldest first."""
    is_whole: bool = True
    """Whether nothing was said before them."""
    joins: bool = True
    """Whether the newest messages follow them without a gap."""

    def shown(self, newest: Entries) -> Entries:
        """Return what is shown, in order; a form's answers stand where the conversation begins.

        Args:
            newest: The newest entries, as the session has them.
        """
        form = tuple(one for one in newest if isinstance(one, Answers))
        held = tuple(one.entry for one in self.held if one.entry is not None)
        begin = form if self.is_whole else ()
        return (*begin, *held, *(newest[len(form) :] if self.joins else ()))

    def has_more(self, direction: int) -> bool:
        """Whether there are messages before (-1) what is shown, or after it (1)."""
        return not (self.is_whole if direction < 0 else self.joins)

    def edge(self, direction: int) -> tuple[int, ...]:
        """Return the key of the oldest (-1) or the newest (1) message held, if there is one."""
        return tuple(one.message_pk for one in (self.held[:1] if direction < 0 else self.held[-1:]))

    def added(self, before: Past, newest: Entries, direction: int) -> Entries:
        """Return what is shown at one end and was not shown before.

        Args:
            before: What was held before messages were added at that end.
            newest: The newest entries.
            direction: The end they were added at: -1 for the older one.
        """
        shown, count = self.shown(newest), len(before.shown(newest))
        return shown[: len(shown) - count] if direction < 0 else shown[count:]

    def opened(self, *, has_older: bool) -> Past:
        """Return it after the newest page was fetched.

        Args:
            has_older: Whether there is a page before that.
        """
        return self if self.held else replace(self, is_whole=not has_older)

    def older_page(self, newest: Entries) -> Page | None:
        """Return the page that brings what is older; `None` if nothing is."""
        if self.is_whole:
            return None
        if not self.held:
            return Page(max(0, len(_pks(newest)) - 1))
        page = self.held[0].page
        return page.previous if page.from_oldest else page

    def newer_page(self) -> Page | None:
        """Return the page that brings what is newer; `None` if the newest messages follow."""
        if self.joins or not self.held:
            return None
        page = self.held[-1].page
        return page if page.from_oldest else page.previous

    def with_older(self, page: Page, rows: Rows, newest: Entries) -> Past | None:
        """Return it with what a page has of the time before.

        Args:
            page: What was asked for.
            rows: What came, the oldest first.
            newest: The newest entries.

        Returns:
            `None` if the page does not go on where this begins; the next one may.
        """
        known = [*(one.message_pk for one in self.held), *_pks(newest)]
        begins = page.offset == 0 if page.from_oldest else len(rows) < PAGE_LIMIT
        at = _place(known[0], rows) if known else len(rows)
        if at is None or not (at or begins):
            return None
        older = _without(_held(page, rows)[:at], known)
        return replace(self, held=(*older, *self.held), is_whole=begins)

    def with_newer(self, page: Page, rows: Rows, newest: Entries) -> Past | None:
        """Return it with what a page has of the time after; see `with_older`."""
        at = _place(self.held[-1].message_pk, rows) if self.held else None
        if at is None:
            return None
        newer, joins = _before(newest, _held(page, rows)[at + 1 :])
        ends = len(rows) < PAGE_LIMIT if page.from_oldest else page.offset == 0
        newer = _without(newer, [one.message_pk for one in self.held])
        return replace(self, held=(*self.held, *newer), joins=joins or ends)

    def after(self, before: Entries, newest: Entries) -> Past:
        """Return it after the newest entries changed.

        Args:
            before: What they were. Those that are not among them any more are held here now.
            newest: What they are.
        """
        known = set(_pks(newest))
        held = _without(self.held, known)
        if not self.joins:
            return replace(self, held=held)
        first = min(known, default=0)
        left = [one for one in _messages(before) if one.message_pk < first]
        count = len(left) + len(known)
        joined = [
            Held(one.message_pk, Page(count - 1 - place), one) for place, one in enumerate(left)
        ]
        joins = len(left) < len(_pks(before)) or not left
        return replace(self, held=(*held, *joined), joins=joins)

    def near(self, pks: Collection[int]) -> Past:
        """Return it without what is too much, and farthest from what is read.

        Args:
            pks: The messages that are read, and those about them, which stay.
        """
        excess = len(self.held) - MOST_HELD
        if excess <= 0:
            return self
        stay = [at for at, one in enumerate(self.held) if one.message_pk in pks]
        above = stay[0] if stay else len(self.held)
        below = len(self.held) - 1 - stay[-1] if stay else 0
        if above >= below:
            first = min(excess, above)
            last = min(excess - first, below)
        else:
            last = min(excess, below)
            first = min(excess - last, above)
        return Past(
            self.held[first : len(self.held) - last],
            is_whole=self.is_whole and not first,
            joins=self.joins and not last,
        )


def beginning(rows: Rows, newest: Entries) -> Past:
    """Return the first messages of a conversation.

    Args:
        rows: Its first page, the oldest message first.
        newest: Its newest entries.
    """
    held, joins = _before(newest, _held(Page(0, from_oldest=True), rows))
    return Past(held, joins=joins or len(rows) < PAGE_LIMIT)


def _held(page: Page, rows: Rows) -> tuple[Held, ...]:
    """Return the messages of a page, each with its place."""
    last = len(rows) - 1
    return tuple(
        Held(
            row.message_pk,
            replace(page, offset=page.offset + (at if page.from_oldest else last - at)),
            entry_of(row),
        )
        for at, row in enumerate(rows)
    )


def _before(newest: Entries, held: tuple[Held, ...]) -> tuple[tuple[Held, ...], bool]:
    """Return what is older than the newest entries, and whether they follow it."""
    known = set(_pks(newest))
    for at, one in enumerate(held):
        if one.message_pk in known:
            return held[:at], True
    return held, False


def _without(held: Iterable[Held], pks: Collection[int]) -> tuple[Held, ...]:
    return tuple(one for one in held if one.message_pk not in pks)


def _place(message_pk: int, rows: Rows) -> int | None:
    return next((at for at, row in enumerate(rows) if row.message_pk == message_pk), None)


def _messages(entries: Entries) -> list[Said | Drafted]:
    return [one for one in entries if isinstance(one, Said | Drafted)]


def _pks(entries: Entries) -> list[int]:
    return [one.message_pk for one in _messages(entries)]
