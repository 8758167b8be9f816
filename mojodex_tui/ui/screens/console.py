"""The `mojodex>` prompt in a panel over the screen in front, which goes on behind it."""

from __future__ import annotations

import asyncio
from collections import deque
from time import monotonic
from typing import TYPE_CHECKING, ClassVar, Final, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Horizontal, Vertical, VerticalScroll
from textual.screen import ModalScreen
from textual.widgets import Input, Static

from mojodex_tui.console.talk import Interrupted
from mojodex_tui.ui.widgets.hints import HintsLine

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.console.prompt import Prompt
    from mojodex_tui.state.runs import Run
    from mojodex_tui.ui.shell import Shell

_LINES: Final = 1000
"""Lines of the dialogue that are kept."""

_CAREFUL: Final = 0.4
"""Seconds a question must have been there before an Enter alone answers it."""


class CommandLine(Input):
    """Where commands and answers are typed.

    Its keys are its own: a key of the screen would overtake the letters before it.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("escape", "screen.close", "close", id="console.close"),
        Binding("ctrl+c", "screen.interrupt", "interrupt", id="console.interrupt"),
        Binding(
            "ctrl+o",
            "screen.open_run",
            "on screen",
            id="console.open",
            tooltip="Show the run that is talked about on the screen",
        ),
        Binding("tab", "screen.complete", "complete", id="console.complete"),
        Binding("up", "screen.recall(-1)", "history", id="console.earlier", show=False),
        Binding("down", "screen.recall(1)", "later", id="console.later", show=False),
        Binding("pageup", "screen.scroll(-1)", "scroll", id="console.up", show=False),
        Binding("pagedown", "screen.scroll(1)", "scroll on", id="console.down", show=False),
    ]


class ConsoleScreen(ModalScreen[None]):
    """A dialogue that is still there when the panel is opened again.

    Args:
        mojodex: The backend in use.
        is_local: Whether it is this computer's own.
    """

    def __init__(self, mojodex: Mojodex, *, is_local: bool) -> None:
        super().__init__()
        self._mojodex = mojodex
        self._is_local = is_local
        self._said: deque[str] = deque(maxlen=_LINES)
        self._typed: list[str] = []
        self._place = 0
        self._answer: asyncio.Future[str] | None = None
        self._asked = 0.0
        self._is_careful = False
        self._is_command = False
        self._prompt: Prompt | None = None
        self._run: Run | None = None

    def compose(self) -> ComposeResult:
        """Lay out the dialogue, and the line that is typed."""
        line = Horizontal(Static(classes="prompt", markup=False), CommandLine(compact=True))
        dialogue = VerticalScroll(Static(classes="said", markup=False), line, can_focus=False)
        box = Vertical(dialogue, HintsLine(), classes="console")
        box.border_title = "Console"
        yield box

    def on_mount(self) -> None:
        """Begin, or go on where the dialogue was left."""
        self._talk()

    def on_screen_resume(self) -> None:
        """Be ready to type."""
        self.query_one(CommandLine).focus()

    # --- the dialogue ----------------------------------------------------------------------

    @work(group="console")
    async def _talk(self) -> None:
        from mojodex_tui.console.prompt import PROMPT, Prompt

        self._prompt = prompt = Prompt(self, self._mojodex, is_local=self._is_local)
        while True:
            self._is_command = True
            try:
                line = await self.ask(PROMPT)
            except Interrupted:
                continue
            self._is_command = False
            if line.strip():
                self._typed.append(line)
            self._place = len(self._typed)
            await prompt.do(line)
            if prompt.has_ended and self.is_current:
                prompt.has_ended = False
                self.dismiss()

    def say(self, line: str = "") -> None:
        """Print a line, or several."""
        self._said.extend(line.split("\n"))
        self.query_one(".said", Static).update("\n".join(self._said))
        self._show_end()

    def is_about(self, run: Run) -> None:
        """Note which run can be shown on the screen."""
        self._run = run

    async def ask(self, prompt: str, *, secret: bool = False, careful: bool = False) -> str:
        """Ask on the line at the end.

        Raises:
            Interrupted: ^C.
        """
        line = self.query_one(CommandLine)
        line.password = secret
        self.query_one(".prompt", Static).update(prompt)
        self._asked, self._is_careful = monotonic(), careful
        self._answer = asyncio.get_running_loop().create_future()
        self._show_end()
        try:
            answer = await self._answer
        finally:
            self._answer = None
            line.password = False
            for label in self.query(".prompt").results(Static):  # none once the program ends
                label.update("")
        self.say(prompt + ("" if secret else answer))
        return answer

    def _show_end(self) -> None:
        self.query_one(VerticalScroll).scroll_end(animate=False)

    @on(Input.Submitted)
    def _take_answer(self, event: Input.Submitted) -> None:
        event.stop()
        hasty = self._is_careful and not event.value and monotonic() - self._asked < _CAREFUL
        if self._answer is None or self._answer.done() or hasty:
            return
        self._answer.set_result(event.value)
        event.input.clear()

    # --- keys ------------------------------------------------------------------------------

    def action_close(self) -> None:
        """Close the panel; what is being done goes on, and the dialogue stays."""
        self.dismiss()

    def action_interrupt(self) -> None:
        """Leave the question, or what is being done."""
        self.query_one(CommandLine).clear()
        if self._answer is not None and not self._answer.done():
            self._answer.set_exception(Interrupted())
        elif self._prompt is not None:
            self._prompt.interrupt()

    def action_open_run(self) -> None:
        """Close the panel, and show the run that is talked about."""
        if self._run is not None:
            run = self._run
            self.dismiss()
            # Only our application opens this panel.
            self.app.call_later(cast("Shell", self.app).open_session, run)

    def action_complete(self) -> None:
        """Complete the command as far as it is certain, or show what it can become."""
        line = self.query_one(CommandLine)
        if self._prompt is None or not self._is_command:
            return
        found = self._prompt.complete(line.value)
        if len(found) == 1:
            line.value = f"{found[0]} "
            line.cursor_position = len(line.value)
        elif found:
            self.say("  ".join(found))

    def action_recall(self, step: int) -> None:
        """Bring back what was typed before."""
        line = self.query_one(CommandLine)
        if not self._is_command:
            return
        self._place = min(max(self._place + step, 0), len(self._typed))
        typed = self._typed[self._place] if self._place < len(self._typed) else ""
        line.value = typed
        line.cursor_position = len(typed)

    def action_scroll(self, pages: int) -> None:
        """Scroll the dialogue."""
        scroll = self.query_one(VerticalScroll)
        scroll.scroll_relative(y=pages * max(scroll.size.height - 1, 1), animate=False)
