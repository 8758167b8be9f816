"""The message box of a session: its commands, and what was written before."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static, TextArea

from mojodex_tui.state.commands import Command, beginning_with, command_of, is_like_a_command
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.screens.recall import Recall
from mojodex_tui.ui.widgets.message_box import MessageBox

if TYPE_CHECKING:
    from mojodex_tui.ui.screens.framed import Framed

_TOLD = 5
"""How many commands are told with what they do; of more there are only names."""


class SessionWriting(Container):
    """Holds the message box; a slash at its start lists commands over it."""

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "ctrl+r",
            "recall",
            "earlier messages",
            id="message.recall",
            tooltip="Find what you wrote before in this session",
            show=False,
        ),
    ]

    @dataclass
    class CommandGiven(Message):
        """The user wants something done by its name."""

        command: Command

    def compose(self) -> Iterator[Widget]:
        """Lay out the commands and the box."""
        yield Static(id="commands", markup=False)
        yield MessageBox(id="message")

    def on_mount(self) -> None:
        """Say what the box is for."""
        self.box.border_title = "Message"
        self.box.border_subtitle = "Enter send  ^J new line  / commands  @file"

    @property
    def box(self) -> MessageBox:
        """Where it is written."""
        return self.query_one(MessageBox)

    def put(self, text: str) -> None:
        """Put `text` before what is being written, and go there."""
        box = self.box
        box.load_text(text + box.text)
        box.move_cursor(box.document.end)
        self.screen.set_focus(box)

    @on(TextArea.Changed)
    def _tell_commands(self) -> None:
        commands = beginning_with(self.box.text)
        line = self.query_one("#commands", Static)
        line.set_class(bool(commands), "-told")
        if len(commands) > _TOLD:
            names = " ".join(f"/{one.name}" for one in commands)
            line.update(Content.assemble(names, ("   Tab completes", "$quiet-text")))
        elif commands:
            line.update(
                Content("\n").join(
                    Content.assemble(f"/{one.name:<10}", (one.words, "$quiet-text"))
                    for one in commands
                )
            )

    def on_key(self, event: events.Key) -> None:
        """Complete a command."""
        commands = beginning_with(self.box.text)
        if event.key == "tab" and commands:
            event.stop()
            event.prevent_default()
            self.box.load_text(f"/{commands[0].name}")
            self.box.move_cursor(self.box.document.end)

    @on(MessageBox.Submitted)
    def _take_command(self, event: MessageBox.Submitted) -> None:
        """Take commands out of what is sent."""
        if not is_like_a_command(event.text):
            return
        event.stop()
        command = command_of(event.text)
        if command is not None:
            self.post_message(self.CommandGiven(command))
            return
        self.put(event.text)
        # Only screens of ours compose this.
        cast("Framed", self.screen).warn(f"There is no command {event.text}: / lists them.")

    @work(group="recall", exclusive=True)
    async def action_recall(self) -> None:
        """Bring back something that was written before."""
        sent = self.box.sent
        if not sent:
            return
        text = await ask(self, Recall("Earlier messages", sent[::-1]))
        if text is not None:
            self.put(text)
