"""The conversation of a session: what was said, what waits to be sent, what is being said."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from textual import events
from textual.widget import Widget

from mojodex_tui.state.session import Answers, Drafted, Failed, Said
from mojodex_tui.state.session import Entry as Happening
from mojodex_tui.ui.type_ahead import TypeAhead
from mojodex_tui.ui.widgets.entry import Entry, EntryKind
from mojodex_tui.ui.widgets.transcript_view import TranscriptView

_WRITING = "writing"
"""The key of the answer that is still growing."""

_MESSAGE = re.compile("m[0-9]+")
"""The key of a message that the server has."""

_ANSWER_LINES = 4
"""Lines of a form's answer that the conversation repeats; the form has all of it."""


@dataclass(frozen=True)
class Waiting:
    """A message of the user that the server does not have yet."""

    key: str
    text: str
    state: str
    """Why it waits, and what can be done about it."""
    refused: bool = False


class Conversation(TranscriptView):
    """Shows a session's happenings, and draws only those that are new."""

    def __init__(self, *, id: str | None = None) -> None:
        super().__init__(id=id)
        self._shown: list[Entry] = []
        self._unseen: list[str] = []
        self._was_whole = True
        self._behind: TypeAhead | None = None

    def on_key(self, event: events.Key) -> None:
        """Keep what is typed behind the key that leads to a field.

        Bindings are looked up by the application, which is behind the letters that follow.
        """
        if self._behind is not None and not self._behind.is_over:
            self._behind.hold(event)
        elif event.character == "/":
            self._behind = TypeAhead(self)

    def hand_keys_to(self, field: Widget) -> None:
        """Give `field` the focus, and what was typed for it meanwhile."""
        behind = self._behind
        if behind is None or behind.is_over:
            field.focus()
        else:
            behind.release_to(field)

    def show(
        self,
        happenings: Iterable[Happening],
        waiting: Iterable[Waiting],
        *,
        is_writing: bool = False,
    ) -> None:
        """Show what happened, then what waits; what is shown already is left alone.

        Where there is `more_below`, the happenings are not the newest ones, and what waits and
        what is being said are below, too.

        Args:
            happenings: Some of them, one after the other.
            waiting: The user's words that are on their way, in the order of writing.
            is_writing: The answer that grows has not ended.
        """
        wanted = list(map(_entry, happenings))
        if not is_writing:
            self._unseen = []
        elif self.more_below and self._is_growing:
            self._unseen = [self.entry(_WRITING).text]
        if not self.more_below:
            growing = self._growing() if is_writing else ()
            wanted += [*growing, *map(_waiting, waiting)]
            self._unseen = []
        arrived = self._was_whole
        self._was_whole = not self.more_below
        if self._slide_to(wanted):
            self._exchange(wanted, arrived=arrived)
        else:
            self._shown = wanted
            self.set_entries(wanted)

    def say(self, text: str, *, from_start: bool) -> None:
        """Let the assistant's answer grow.

        Args:
            text: What came.
            from_start: It is the whole answer so far, not its continuation.
        """
        if self.more_below:
            if from_start:
                self._unseen.clear()
            self._unseen.append(text)
            self.unread = True
        elif not self._is_growing:
            self._exchange([*self._shown, _written(text)])
        elif from_start:
            self.update_entry(_WRITING, _written(text))
        else:
            self.stream(_WRITING, text)

    def is_sought(self, happening: Happening) -> bool:
        """Whether what is searched stands in something that is not shown."""
        return self._search is not None and self._search.is_in(_entry(happening).text)

    @property
    def pks_around(self) -> frozenset[int]:
        """The keys of the messages in the window, and of those a window above and below it."""
        page, row = self.window.height, self.scroll_offset.y
        around = self.entries_between(row - page, row + 2 * page)
        return frozenset(int(one.key[1:]) for one in around if _MESSAGE.fullmatch(one.key))

    @property
    def _is_growing(self) -> bool:
        """Whether an answer that grows is shown."""
        return any(one.key == _WRITING for one in reversed(self._shown))

    def _growing(self) -> list[Entry]:
        """Return the answer that grows: as it was shown first, or as it grew out of sight."""
        if self._unseen:
            return [_written("".join(self._unseen))]
        return [one for one in self._shown if one.key == _WRITING]

    def _slide_to(self, wanted: list[Entry]) -> bool:
        """Let what is shown begin as what is wanted; say whether they have an entry in common."""
        places = {entry.key: place for place, entry in enumerate(self._shown)}
        above = next((at for at, entry in enumerate(wanted) if entry.key in places), None)
        if above is None:
            return False
        gone = places[wanted[above].key]
        if gone:
            self.drop_first(gone)
        if above:
            self.prepend_entries(wanted[:above])
        self._shown[:gone] = wanted[:above]
        return True

    def _exchange(self, wanted: list[Entry], *, arrived: bool = True) -> None:
        """Turn what is shown into what is wanted, from the first difference on."""
        same = 0
        for old, new in zip(self._shown, wanted, strict=False):
            if old != new:
                is_written = old.key == _WRITING and new.kind is EntryKind.ASSISTANT
                if old.key != new.key and not is_written:
                    break
                self.update_entry(old.key, new)
            same += 1
        if same < len(self._shown):
            if _WRITING in {one.key for one in self._shown[same:]}:
                grown = self.entry(_WRITING)
                wanted = [grown if one.key == _WRITING else one for one in wanted]
            self.drop_last(len(self._shown) - same)
        if same < len(wanted):
            self.append_entries(wanted[same:], arrived=arrived)
        self._shown = wanted


def _written(text: str) -> Entry:
    """Return how an answer is shown that is being written."""
    return Entry(_WRITING, EntryKind.ASSISTANT, text, author="mojo")


def _entry(happening: Happening) -> Entry:
    """Return how a happening is shown."""
    match happening:
        case Said(by_user=True):
            return Entry(
                f"m{happening.message_pk}",
                EntryKind.USER,
                happening.text,
                author="you",
                state=_standing(happening),
            )
        case Said():
            key, state = f"m{happening.message_pk}", _left(happening)
            return Entry(key, EntryKind.ASSISTANT, happening.text, author="mojo", state=state)
        case Drafted():
            key, state = f"m{happening.message_pk}", _left(happening)
            text = f"Wrote the draft: {happening.title}" if happening.title else "Wrote the draft."
            return Entry(key, EntryKind.DRAFT, text, author="mojo", state=state)
        case Answers():
            text = "\n\n".join(
                f"{question}\n{_shortened(answer)}" for question, answer in happening.inputs
            )
            return Entry(
                "answers", EntryKind.USER, text, "you", state=f"form, {_words(happening.words)}"
            )
        case Failed():
            return Entry(
                "failed",
                EntryKind.ERROR,
                happening.sentence,
                author="not answered",
                state="r tries again",
            )


def _standing(said: Said) -> str:
    """Return what is told of a message of the user."""
    if said.failed:
        return "not answered: r asks again"
    return _left(said) or (f"with {', '.join(said.files)}" if said.files else "")


def _left(happening: Said | Drafted) -> str:
    """Return what is told of a message the session goes on without."""
    return "left aside, F3 shows the branches" if happening.left else ""


def _words(count: int) -> str:
    """Return a count of words in words."""
    return "1 word" if count == 1 else f"{count} words"


def _waiting(waiting: Waiting) -> Entry:
    """Return how a message that waits is shown."""
    kind = EntryKind.UNSENT if waiting.refused else EntryKind.QUEUED
    return Entry(waiting.key, kind, waiting.text, author="you", state=waiting.state)


def _shortened(answer: str) -> str:
    """Return the first lines of an answer."""
    lines = answer.strip().splitlines()
    if len(lines) <= _ANSWER_LINES:
        return "\n".join(lines)
    return "\n".join([*lines[:_ANSWER_LINES], "…"])
