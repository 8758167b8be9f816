"""The conversation of a session: what was said, what waits to be sent, what is being said."""

from collections.abc import Sequence
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
        self._happenings: tuple[Happening, ...] = ()
        self._shown: list[Entry] = []
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
        happenings: tuple[Happening, ...],
        waiting: Sequence[Waiting],
        *,
        is_writing: bool = False,
    ) -> None:
        """Show what happened, then what waits.

        Args:
            happenings: All of it; what was shown before and is the same is left alone.
            waiting: The user's words that are on their way, in the order of writing.
            is_writing: The answer that grows has not ended.
        """
        self._take_older(happenings)
        same = _common(self._happenings, happenings)
        growing = [one for one in self._shown if is_writing and one.key == _WRITING]
        wanted = [
            *self._shown[:same],
            *map(_entry, happenings[same:]),
            *growing,
            *map(_waiting, waiting),
        ]
        self._happenings = happenings
        self._exchange(wanted, same)

    def _take_older(self, happenings: tuple[Happening, ...]) -> None:
        """Put older happenings above the rest, if that is what is new; the view stays."""
        known = self._happenings
        head = 1 if known and isinstance(known[0], Answers) else 0
        added = len(happenings) - len(known)
        if added <= 0 or len(known) == head or happenings[:head] != known[:head]:
            return
        if happenings[head + added :] != known[head:]:
            return
        above = [*map(_entry, happenings[: head + added])]
        if head:
            self.remove_entry(self._shown[0].key)
        self.prepend_entries(above)
        self._shown[:head] = above
        self._happenings = happenings

    def say(self, text: str, *, from_start: bool) -> None:
        """Let the assistant's answer grow.

        Args:
            text: What came.
            from_start: It is the whole answer so far, not its continuation.
        """
        entry = Entry(_WRITING, EntryKind.ASSISTANT, text, author="mojo")
        if all(one.key != _WRITING for one in reversed(self._shown)):
            self._exchange([*self._shown, entry], len(self._shown))
        elif from_start:
            self.update_entry(_WRITING, entry)
        else:
            self.stream(_WRITING, text)

    def _exchange(self, wanted: list[Entry], same: int) -> None:
        """Turn what is shown into what is wanted, from the first difference on."""
        if not self._shown or (same == 0 and wanted):
            self._shown = wanted
            self.set_entries(wanted)
            return
        while same < min(len(self._shown), len(wanted)) and self._shown[same] == wanted[same]:
            same += 1
        old, new = self._shown[same:], wanted[same:]
        self._shown = wanted
        if old and new and old[0].key == _WRITING and new[0].kind is EntryKind.ASSISTANT:
            self.update_entry(_WRITING, new[0])
            old, new = old[1:], new[1:]
        for entry in reversed(old):
            self.remove_entry(entry.key)
        for entry in new:
            self.append_entry(entry)


def _common(old: tuple[Happening, ...], new: tuple[Happening, ...]) -> int:
    """Return how many happenings both begin with."""
    count = 0
    for one, other in zip(old, new, strict=False):
        if one is not other and one != other:
            break
        count += 1
    return count


def _entry(happening: Happening) -> Entry:
    """Return how a happening is shown."""
    match happening:
        case Said(by_user=True):
            return Entry(
                f"m{happening.message_pk}",
                EntryKind.USER,
                happening.text,
                author="you",
                state="not answered: r asks again" if happening.failed else "",
            )
        case Said():
            key = f"m{happening.message_pk}"
            return Entry(key, EntryKind.ASSISTANT, happening.text, author="mojo")
        case Drafted():
            text = f"Wrote the draft: {happening.title}" if happening.title else "Wrote the draft."
            return Entry(f"m{happening.message_pk}", EntryKind.DRAFT, text, author="mojo")
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
