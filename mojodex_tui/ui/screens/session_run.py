"""What can be done with a run as a whole: its draft rewritten, its names put right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.message import Message
from textual.widgets import TextArea

from mojodex_tui.client.errors import ApiError, NotSupportedByServer, Refused
from mojodex_tui.state import session as sessions
from mojodex_tui.state.runs import Run
from mojodex_tui.state.session import Said, SessionState
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.messages import SessionChanged
from mojodex_tui.ui.screens.line_prompt import LinePrompt
from mojodex_tui.ui.screens.picking import Picking
from mojodex_tui.ui.screens.session_sending import SessionSending
from mojodex_tui.ui.widgets.icons import slot

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.ui.screens.framed import Framed


@dataclass(frozen=True)
class _Rewriting:
    """A quick change of a version."""

    version_pk: int
    action_pk: int
    name: str
    message_pk: int | None = None
    """The request, once it was made."""


class SessionRun(Container):
    """Holds all of a session, and the keys that concern all of it.

    Args:
        mojodex: The backend the run is on.
        run: The run.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("a", "quick_change", "actions", id="run.quick_change", tooltip="Quick changes"),
        Binding("f2", "rename", "rename", id="run.rename", tooltip="Rename the run", show=False),
        Binding(
            "equals_sign",
            "correct_spelling",
            "spelling",
            id="run.spelling",
            tooltip="Put a name right everywhere in this run",
            show=False,
        ),
    ]

    @dataclass
    class SpellingCorrected(Message):
        """A spelling was put right; if the server did not do it, the draft is to be changed."""

        wrong: str
        right: str
        by_server: bool

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        super().__init__()
        self._mojodex = mojodex
        self._run = run
        self._state: SessionState | None = None
        self._last_rewriting: _Rewriting | None = None

    def follow(self, state: SessionState) -> None:
        """Take in what the session is now."""
        self._state = state

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    # --- the draft, rewritten by the assistant ---------------------------------------------

    @work(group="quick change")
    async def action_quick_change(self) -> None:
        """Have the version that is shown rewritten in one of the ways the server offers."""
        state = self._state
        if state is None or state.draft is None:
            return
        actions = state.execution.text_edit_actions
        lines = [
            Content.assemble(
                f"{slot(one.emoji or '')} {one.name}", (f"  {one.description}", "$quiet-text")
            )
            for one in actions
        ]
        place = await ask(self, Picking("Quick changes", lines))
        if place is None:
            return
        action = actions[place]
        await self._rewrite(
            _Rewriting(state.draft.version_pk, action.text_edit_action_pk, action.name)
        )

    async def _rewrite(self, wanted: _Rewriting) -> None:
        ask = partial(
            self._mojodex.api.rewrite,
            wanted.version_pk,
            wanted.action_pk,
            message_pk=wanted.message_pk,
        )
        try:
            message_pk = await self._frame.shell.ask(ask)
        except ApiError as error:
            self._frame.say_failed(error, f"“{wanted.name}” was not begun; the draft is as it was.")
        else:
            self._last_rewriting = replace(wanted, message_pk=message_pk)
            self.post_message(
                SessionChanged(partial(sessions.requested, message_pk=message_pk, text=wanted.name))
            )

    @on(SessionSending.Retried)
    @work(group="quick change")
    async def _retry_quick_change(self) -> None:
        """Ask again for the quick change that failed, if that is what failed."""
        wanted, state = self._last_rewriting, self._state
        said = [one for one in state.entries if isinstance(one, Said)] if state else []
        if wanted is not None and said and said[-1].message_pk == wanted.message_pk:
            await self._rewrite(wanted)

    # --- names -----------------------------------------------------------------------------

    @work(group="rename")
    async def action_rename(self) -> None:
        """Give the run another title."""
        state = self._state
        if state is None:
            return
        title = await ask(self, LinePrompt("Rename this run", "its title", state.title))
        if not title or title == state.title:
            return
        pk = self._run.execution_pk
        try:
            await self._frame.shell.ask(lambda: self._mojodex.api.rename(pk, title))
        except ApiError as error:
            self._frame.say_failed(error, "The run keeps its title.")
        else:
            self.post_message(SessionChanged(partial(sessions.renamed, title=title)))

    @work(group="spelling")
    async def action_correct_spelling(self) -> None:
        """Put a word right everywhere in this run."""
        from mojodex_tui.ui.screens.spelling import SpellingPrompt

        state = self._state
        if state is None:
            return
        texts = [one.text for one in state.entries if isinstance(one, Said)]
        if state.draft is not None:
            texts.extend((state.draft.title, state.draft.body))
        selected = (self.screen.get_selected_text() or "").strip()
        prompt = SpellingPrompt("" if "\n" in selected else selected, texts)
        spellings = await ask(self, prompt)
        if spellings is None:
            return
        wrong, right = spellings
        api, session_id = self._mojodex.api, self._run.session_id
        by_server = True
        try:
            await self._frame.shell.ask(lambda: api.correct_spelling(session_id, wrong, right))
        except (Refused, NotSupportedByServer):
            by_server = False
        except ApiError as error:
            self._frame.say_failed(error, "Nothing was changed.")
            return
        self.post_message(self.SpellingCorrected(wrong, right, by_server))

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        state = self._state
        if state is None or isinstance(self.screen.focused, TextArea):
            return action == "rename" and state is not None
        if action != "quick_change":
            return True
        rests = state.draft is not None and not state.phase.is_busy
        return rests and bool(state.execution.text_edit_actions)
