"""What can be done with a run as a whole: named, rewritten, followed by another, run again."""

from __future__ import annotations

from collections.abc import Sequence
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
from mojodex_tui.state.catalog import TaskEntry
from mojodex_tui.state.runs import Run
from mojodex_tui.state.session import Said, SessionState, given_inputs, has_files
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.messages import SessionChanged
from mojodex_tui.ui.screens.line_prompt import LinePrompt
from mojodex_tui.ui.screens.picking import Picking
from mojodex_tui.ui.screens.question import Question
from mojodex_tui.ui.screens.session_sending import SessionSending
from mojodex_tui.ui.widgets.icons import slot

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.ui.screens.framed import Framed
    from mojodex_tui.wire.executions import CreatedExecution, PredefinedAction


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
        Binding("n", "next_task", "next task", id="run.next_task", tooltip="Go on with it"),
        Binding("D", "duplicate", "again", id="run.duplicate", tooltip="Run it again", show=False),
        Binding(
            "I",
            "inputs",
            "inputs",
            id="run.inputs",
            tooltip="Read what the run was given, and change it for another run",
            show=False,
        ),
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

    # --- another run -----------------------------------------------------------------------

    @work(group="next task")
    async def action_next_task(self) -> None:
        """Give the draft to another task, after a look at what that will be given."""
        from mojodex_tui.ui.screens.next_task import NextTaskPreview

        state = self._state
        action = await self._chosen_action()
        if action is None or state is None or state.draft is None:
            return
        name = action.button_text or action.name or "The next task"
        text = f"{action.message_prefix or ''}{state.draft.body}"
        while True:
            agreed = await ask(self, NextTaskPreview(name, text))
            if agreed is None:
                return
            text = agreed
            try:
                run = await self._begin_next(action, state.title)
            except ApiError as error:
                # The text may have been changed: it is shown again, not thrown away.
                self._frame.say_failed(error, f"{name} was not started; its text is kept.")
                continue
            if run is None:
                self._frame.warn(f"{name} is not among your tasks.")
                return
            await self._mojodex.outbox.send_message(run.session_id, run.execution_pk, text)
            self._frame.shell.open_session(run)
            return

    async def _chosen_action(self) -> PredefinedAction | None:
        """Return the action to go on with; the user is only asked if there are several."""
        actions: Sequence[PredefinedAction] = ()
        if self._state is not None:
            actions = self._state.execution.actions
        place: int | None = 0
        if len(actions) > 1:
            lines = [Content(one.button_text or one.name or "") for one in actions]
            place = await ask(self, Picking("Next task", lines))
        return None if place is None or not actions else actions[place]

    async def _begin_next(self, action: PredefinedAction, came_from: str) -> Run | None:
        """Create the run of a predefined action; `None` if the user does not have its task."""
        api, follows = self._mojodex.api, self._run.execution_pk
        offered = await self._frame.shell.ask(api.catalog)
        tasks = {one.task.task_pk: one.task for one in offered if one.task.enabled}
        task = tasks.get(action.task_pk)
        if task is None or task.user_task_pk is None:
            return None
        create = partial(api.create_execution, task.user_task_pk, follows=follows)
        created = await self._frame.shell.ask(create)
        name = task.task_name or ""
        return _run_of(created, name, task.user_task_pk, came_from)

    @work(group="duplicate")
    async def action_duplicate(self) -> None:
        """Run the task once more with the same inputs, in a run of its own."""
        state = self._state
        user_task_pk = None if state is None else state.execution.user_task_pk
        if state is None or user_task_pk is None:
            return
        if has_files(state.execution):
            self._frame.warn("This run was given files: open the form with ^N and name them again.")
            return
        inputs = given_inputs(state.execution)
        said = next((one for one in state.entries if isinstance(one, Said) and one.by_user), None)
        if not inputs and said is None:
            self._frame.warn("This run was given nothing yet that could be given again.")
            return
        words = " · ".join(one.input_value for one in inputs) or (said.text if said else "")
        sentence = f"A new run of {state.execution.task_name or 'this task'} gets: {_short(words)}"
        if not await ask(self, Question("Run it again?", sentence)):
            return
        api, outbox = self._mojodex.api, self._mojodex.outbox
        create = partial(api.create_execution, user_task_pk, follows=self._run.execution_pk)
        try:
            created = await self._frame.shell.ask(create)
        except ApiError as error:
            self._frame.say_failed(error, "No new run was begun.")
            return
        run = _run_of(created, state.execution.task_name or "", user_task_pk, state.title)
        if inputs:
            await outbox.run_form(run.session_id, run.execution_pk, inputs)
        elif said is not None:
            await outbox.send_message(run.session_id, run.execution_pk, said.text)
        self._frame.shell.open_session(run)

    def action_inputs(self) -> None:
        """Show what the run was given."""
        from mojodex_tui.ui.screens.run_inputs import RunInputs

        given = None if self._state is None else self._state.answers
        if given is not None:
            self.app.push_screen(RunInputs(given, self._open_form))

    def _open_form(self) -> None:
        """Open the form of another run of the task, filled with what this one was given."""
        if self._state is None:
            return
        execution = self._state.execution
        task = TaskEntry(
            task_pk=0,
            name=execution.task_name or self._run.task_name,
            icon=execution.icon or "",
            user_task_pk=execution.user_task_pk,
        )
        answers = {one.input_name: one.input_value for one in given_inputs(execution)}
        self._frame.shell.open_form(task, answers=answers)

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
        rests = state.draft is not None and not state.phase.is_busy
        match action:
            case "quick_change":
                return rests and bool(state.execution.text_edit_actions)
            case "inputs":
                return state.answers is not None
            case "next_task":
                return rests and bool(state.execution.actions)
            case _:
                return True


def _run_of(created: CreatedExecution, name: str, user_task_pk: int, came_from: str) -> Run:
    return Run(
        execution_pk=created.user_task_execution_pk,
        session_id=created.session_id,
        title=name or "New task",
        task_name=name,
        user_task_pk=user_task_pk,
        came_from=came_from,
    )


def _short(words: str) -> str:
    line = " ".join(words.split())
    return line if len(line) <= 300 else f"{line[:299]}…"
