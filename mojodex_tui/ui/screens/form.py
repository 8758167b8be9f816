"""The form of a task: answered, kept while it is typed, and run."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from textual import events, on, work
from textual.binding import Binding, BindingType
from textual.containers import Container, VerticalScroll
from textual.content import Content
from textual.reactive import reactive
from textual.timer import Timer
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.files import (
    FileUnreadable,
    inputs_and_files,
    named_files,
    problem_of,
    read_text,
)
from mojodex_tui.state.catalog import TaskEntry
from mojodex_tui.state.form import FieldKind, field_of, first_message, missing
from mojodex_tui.state.runs import run_of_task
from mojodex_tui.state.times import here_and_now, told
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.attaching import Attaching
from mojodex_tui.ui.keys import FIELD_KEYS
from mojodex_tui.ui.screens.file_prompt import FilePrompt
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.picking import Picking
from mojodex_tui.ui.type_ahead import TypeAhead
from mojodex_tui.ui.widgets.form_field import AnswerText, FieldBox

if TYPE_CHECKING:
    from datetime import datetime
    from pathlib import Path

    from mojodex_tui.ui.shell import Restart
    from mojodex_tui.wire.executions import CreatedExecution, ListedExecution

AUTOSAVE_AFTER = 1.0
"""Seconds after the last key until what was typed is on disk."""

_NEXT = (
    "1  Mojo reads your answers",
    "2  it may ask you one question",
    "3  the draft appears, live",
    "4  you edit it or ask for changes",
)
_SAFE = "Leaving keeps this form.\nNothing is sent before ^S."


@dataclass(frozen=True)
class Earlier:
    """Answers that were given before."""

    title: str
    when: datetime | None
    answers: Mapping[str, str]


class FormScreen(Framed):
    """Asks what a task needs; nothing is sent before the user says so.

    Args:
        task: What is to be run.
        with_last_inputs: Start from what was given last time.
        answers: What to start from instead.
        restarts: The run of a workflow that is begun again, instead of a new one.
    """

    PLACE = "Tasks"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("ctrl+s", "run", "run", id="form.run", tooltip="Run the task with these answers"),
        Binding("escape", "leave", "back (kept)", id="form.leave"),
        Binding(
            "f2",
            "chat",
            "chat instead",
            id="form.chat",
            tooltip="Start by chat: the answers given so far become the first message",
        ),
        # A text area selects a line with F6: here it is ours.
        Binding(
            "f6",
            "earlier",
            "earlier answers",
            id="form.earlier",
            tooltip="Fill the form from one of your last runs",
            priority=True,
        ),
        Binding("f5", "open", "again", id="form.open", show=False),
        *FIELD_KEYS,
    ]

    created: reactive[CreatedExecution | None] = reactive(None, bindings=True)
    """The execution the answers are for."""
    earlier: reactive[tuple[Earlier, ...]] = reactive((), bindings=True)
    is_handed_over: reactive[bool] = reactive(False, bindings=True)
    """The answers are on their way; no second time unless that failed."""

    def __init__(
        self,
        task: TaskEntry,
        *,
        with_last_inputs: bool = False,
        answers: Mapping[str, str] | None = None,
        created: CreatedExecution | None = None,
        restarts: Restart | None = None,
    ) -> None:
        super().__init__()
        self._there = created if restarts is None else restarts.created
        self._task_entry = task
        self._first_answers = answers
        self._restarts = restarts
        self._with_last_inputs = with_last_inputs
        self._autosave: Timer | None = None
        self._kept: dict[str, str] = {}
        self._type_ahead = TypeAhead(self)

    def compose_body(self) -> Iterator[Widget]:
        """Lay out title, questions and what happens next."""
        yield Static(classes="title", markup=False)
        with Container(classes="panes"):
            yield VerticalScroll(Static(classes="waiting", markup=False), can_focus=False)
            yield Static(classes="next")
        yield Static(classes="needed", markup=False)

    def on_mount(self) -> None:
        """Ask what the task wants to know."""
        self._show_title("")
        self.query_one(".waiting", Static).update("Fetching the questions…")
        self._show_next()
        self.action_open()

    # --- opening ---------------------------------------------------------------------------

    def action_open(self) -> None:
        """Fetch the questions, if they are not there yet."""
        if self.created is None:
            self._open()

    @work(group="open", exclusive=True)
    async def _open(self) -> None:
        mojodex = await self.shell.opened()
        user_task_pk = self._task_entry.user_task_pk
        if user_task_pk is None:
            return
        try:
            created = (
                await self.shell.ask(lambda: mojodex.api.create_execution(user_task_pk))
                if self._there is None
                else self._there
            )
        except ApiError as error:
            self.query_one(".waiting", Static).update(
                "The questions could not be fetched. F5 tries again, Esc goes back."
            )
            self.say_failed(error, "The form could not be opened.")
            return
        self.say_nothing()
        await self._show_fields(created)
        await self._fill_first(created)
        self.created = created
        boxes = self._boxes()
        if boxes:
            self._type_ahead.release_to(boxes[0].editor)
        self._find_earlier()

    @on(events.Key)
    @on(events.Paste)
    def _hold_early(self, event: events.Key | events.Paste) -> None:
        self._type_ahead.hold(event)

    async def _show_fields(self, created: CreatedExecution) -> None:
        scroll = self.query_one(VerticalScroll)
        await scroll.remove_children()
        fields = tuple(map(field_of, created.json_input))
        boxes = [FieldBox(field, place, len(fields)) for place, field in enumerate(fields, 1)]
        await scroll.mount_all(boxes or [Static("This task asks for nothing: ^S runs it.")])

    async def _fill_first(self, created: CreatedExecution) -> None:
        """Fill in what was typed and never sent, or else what was asked for."""
        mojodex = self.shell.mojodex
        kept = await mojodex.drafts.get(self._draft_key(created))
        if isinstance(kept, dict) and any(kept.values()):
            typed = {name: str(answer) for name, answer in kept.items()}
            self._fill(typed, with_files=True)
            self._show_title("as you left it; kept on this computer")
        elif self._first_answers is not None:
            self._fill(self._first_answers)
            self._show_title("filled as the run before")
        elif self._with_last_inputs:
            last = await mojodex.pins.last_inputs(self._task_entry.task_pk)
            self._fill({each.input_name: each.input_value for each in last})
            self._show_title("filled as last time")
        self._kept = self._answers()
        self._show_needed()

    def _draft_key(self, created: CreatedExecution) -> str:
        from mojodex_tui.client.port import form_draft

        return form_draft(created.user_task_execution_pk)

    def _fill(self, answers: Mapping[str, str], *, with_files: bool = False) -> None:
        """Put answers in; of files given before only the names are known, and nobody's paths."""
        for box in self._boxes():
            fits = with_files or box.field.kind is not FieldKind.FILES
            if fits and box.field.name in answers:
                box.fill(answers[box.field.name])

    # --- what is shown ---------------------------------------------------------------------

    def _boxes(self) -> list[FieldBox]:
        return list(self.query(FieldBox))

    def _answers(self) -> dict[str, str]:
        return {box.field.name: box.answer for box in self._boxes()}

    def _show_title(self, aside: str) -> None:
        title = Content.assemble(
            (self._task_entry.name, "bold"),
            (" > new", "$quiet-text"),
            ("   " + aside, "$quiet-text"),
        )
        self.query_one(".title", Static).update(title)

    def _show_needed(self) -> None:
        """Say how far the form is."""
        fields = [box.field for box in self._boxes()]
        needed = sum(field.required for field in fields)
        lacking = missing(fields, self._answers())
        if not needed:
            words = "Nothing is needed: ^S runs the task."
        elif lacking:
            words = f"* needed: {needed - len(lacking)} of {needed} set."
        else:
            words = "All that is needed is set: ^S runs the task."
        self.query_one(".needed", Static).update(words)

    def _show_next(self) -> None:
        """Say what happens after the form, beside it."""
        lines = (
            [*_NEXT]
            if not self._task_entry.is_workflow
            else [
                "1  the steps run one after the other",
                "2  after each, you validate, edit",
                "   or reject its result",
                "3  the last one gives the text",
            ]
        )
        parts = [Content("\n".join(lines))]
        if self.earlier:
            now = here_and_now()
            heading = Content.assemble(("EARLIER ANSWERS", "bold $heading"))
            told_runs = [
                Content.assemble(
                    each.title, (f"  {told(each.when, now)}" if each.when else "", "$quiet-text")
                )
                for each in self.earlier[:3]
            ]
            parts.append(Content("\n").join([heading, *told_runs, "F6 fills from one of these"]))
        parts.append(Content.assemble(("SAFE", "bold $heading"), f"\n{_SAFE}"))
        box = self.query_one(".next", Static)
        box.border_title = "What happens next"
        box.update(Content("\n\n").join(parts))

    # --- keeping ---------------------------------------------------------------------------

    @on(FieldBox.Changed)
    def _note_change(self, event: FieldBox.Changed) -> None:
        box = event.box
        box.problem = (
            problem_of(box.field, box.answer) or "" if box.field.kind is FieldKind.FILES else ""
        )
        self._show_needed()
        self.say_nothing()
        if self._autosave is not None:
            self._autosave.stop()
        self._autosave = self.set_timer(AUTOSAVE_AFTER, self._save_in_time)

    @work(group="autosave")
    async def _save_in_time(self) -> None:
        await self.keep_typed()

    async def keep_typed(self) -> None:
        """Have what was typed on disk."""
        answers = self._answers()
        if self.created is None or self.is_handed_over or answers == self._kept:
            return
        await self.shell.mojodex.drafts.put(self._draft_key(self.created), dict(answers))
        self._kept = answers
        self._show_title("kept on this computer")

    async def action_leave(self) -> None:
        """Go back; the form is as it is when it is opened again."""
        await self.keep_typed()
        self.dismiss()

    # --- running ---------------------------------------------------------------------------

    def action_run(self) -> None:
        """Run the task, unless something is missing."""
        if self._is_complete():
            self._run_task()

    def _is_complete(self) -> bool:
        """Return whether all is there; else name what is not, and go there."""
        boxes = {box.field.name: box for box in self._boxes()}
        lacking = missing([box.field for box in boxes.values()], self._answers())
        for field in lacking:
            boxes[field.name].problem = "This is needed."
        wrong = [box for box in boxes.values() if box.problem]
        if lacking:
            self.warn(f"Still needed: {', '.join(field.question for field in lacking)}")
        elif wrong:
            self.warn(f"Not sent: {wrong[0].problem}")
        if wrong:
            wrong[0].take_focus()
        return not wrong

    @work(group="run")
    async def _run_task(self) -> None:
        created = self.created
        if created is None or self.is_handed_over:
            return
        self.is_handed_over = True
        fields = [box.field for box in self._boxes()]
        try:
            inputs, files = await asyncio.to_thread(inputs_and_files, fields, self._answers())
        except FileUnreadable as error:
            self.warn(f"Nothing was sent. {error}")
            self.is_handed_over = False
            return
        mojodex = self.shell.mojodex
        if self._restarts is not None:
            await mojodex.workflows.restart(self._restarts.steered, inputs, files)
            await mojodex.drafts.forget(self._draft_key(created))
            self.dismiss()
            return
        await mojodex.outbox.run_form(
            created.session_id, created.user_task_execution_pk, inputs, files
        )
        await mojodex.pins.remember_use(self._task_entry.task_pk, inputs)
        await mojodex.drafts.forget(self._draft_key(created))
        self.shell.open_session(run_of_task(self._task_entry, created))

    @work(group="run")
    async def action_chat(self) -> None:
        """Start by chat, with the answers so far as the first message."""
        created = self.created
        if created is None or self.is_handed_over:
            return
        self.is_handed_over = True
        mojodex = self.shell.mojodex
        fields = [box.field for box in self._boxes()]
        text = first_message(self._task_entry.name, fields, self._answers())
        if text:
            await mojodex.outbox.send_message(
                created.session_id, created.user_task_execution_pk, text
            )
        await mojodex.drafts.forget(self._draft_key(created))
        self.shell.open_session(run_of_task(self._task_entry, created))

    # --- answers from elsewhere --------------------------------------------------------------

    @work(group="earlier", exclusive=True)
    async def _find_earlier(self) -> None:
        runs = await self.shell.mojodex.cache.executions()
        wanted = self._task_entry.user_task_pk
        self.earlier = tuple(
            _earlier(run) for run in runs if run.user_task_pk == wanted and run.json_inputs_values
        )
        self._show_next()

    @work(group="earlier answers", exclusive=True)
    async def action_earlier(self) -> None:
        """Fill the form from one of the last runs."""
        now = here_and_now()
        lines = [
            Content.assemble(
                each.title, (f"  {told(each.when, now)}" if each.when else "", "$quiet-text")
            )
            for each in self.earlier
        ]
        place = await ask(self, Picking("Fill from", lines))
        if place is not None:
            self._fill(self.earlier[place].answers)

    @on(AnswerText.FileWanted)
    @work(group="insert")
    async def _insert_file(self, message: AnswerText.FileWanted) -> None:
        text = self.focused
        typed = await ask(self, FilePrompt(message.behind))
        if typed is None or not isinstance(text, AnswerText):
            return
        if typed == "@":
            text.insert(typed)
            return
        told = [await self._text_of(path) for path in named_files(typed)]
        if any(told):
            text.insert("\n".join(filter(None, told)))

    async def _text_of(self, path: Path) -> str | None:
        """Return a text file's text; another file goes with the form, which then names it."""
        try:
            return (await asyncio.to_thread(read_text, path)).rstrip("\n")
        except FileUnreadable as error:
            # It is no plain text, but the backend may be able to read it.
            created = self.created
            if created is None or self._task_entry.is_workflow:
                self.warn(str(error))
                return None
        attaching = Attaching(self.shell.mojodex.api, created.session_id)
        try:
            instead = await self.shell.ask(lambda: attaching.attach(path))
        except ApiError as error:
            self.say_failed(error, f"{path.name} was not added.")
            return None
        except FileUnreadable as error:
            self.warn(str(error))
            return None
        return f"(attached file: {path.name})" if instead is None else instead

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what can be done with the form as it is."""
        if action in {"run", "chat"}:
            return self.created is not None and not self.is_handed_over
        if action == "earlier":
            return bool(self.earlier)
        return super().check_action(action, parameters)


def _earlier(run: ListedExecution) -> Earlier:
    """Return what was given to a run, without its files: they are not here any more."""
    from mojodex_tui.state.runs import run_of

    shown = run_of(run)
    answers = {
        each.input_name: each.value
        for each in run.json_inputs_values or ()
        if isinstance(each.value, str) and field_of(each).kind is not FieldKind.FILES
    }
    return Earlier(shown.title, shown.started, answers)
