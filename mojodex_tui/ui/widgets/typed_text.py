"""A text the user types, as fast as hands or programs can."""

from __future__ import annotations

from dataclasses import dataclass

from textual import events
from textual.message import Message
from textual.widgets import TextArea

from mojodex_tui.ui.type_ahead import TypeAhead


class TypedText(TextArea):
    """A text whose keys act in the order they were typed; `@` asks for a file.

    Bindings are looked up by the application, which may be ahead of the letters that are still on
    their way here, or behind those that follow.
    """

    @dataclass
    class FileWanted(Message):
        """`@` was typed where a word may begin: a file is wanted there."""

        behind: TypeAhead
        """What is typed for the question which file."""

    _behind: TypeAhead | None = None

    @property
    def takes_files(self) -> bool:
        """Whether `@` asks for a file."""
        return True

    async def on_key(self, event: events.Key) -> None:
        """Do what the key does here, or keep it for the question that is being opened."""
        if self._behind is not None and not self._behind.is_over:
            self._behind.hold(event)
        elif event.character == "@" and self.takes_files and self._begins_word:
            self._behind = TypeAhead(self)
            self.post_message(self.FileWanted(self._behind))
        elif not await self.acts(event.key):
            return
        event.stop()
        event.prevent_default()

    def on_paste(self, event: events.Paste) -> None:
        """Keep what is pasted for the question that is being opened."""
        if self._behind is not None:
            self._behind.hold(event)

    async def acts(self, key: str) -> bool:
        """Do what a key of the text does; return whether it is one."""
        bindings = self._bindings.key_to_bindings.get(key, ())
        return any([await self.app.run_action(one.action, self) for one in bindings])

    @property
    def _begins_word(self) -> bool:
        """Whether nothing stands before the cursor that an `@` could belong to."""
        row, column = self.cursor_location
        return not self.document.get_line(row)[:column][-1:].strip()
