"""The result of a step and what its user decides on it: read, edited, compared, judged."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError, NotSupportedByServer
from mojodex_tui.state import review as reviews
from mojodex_tui.state import workflow as flows
from mojodex_tui.state.comparison import compare
from mojodex_tui.state.review import Outcome, Review
from mojodex_tui.state.step_result import NotReadable, as_plain, items_of, texts_of
from mojodex_tui.state.workflow import StepRow, WorkflowState
from mojodex_tui.state.workflow_words import (
    EDITING,
    Choice,
    choices,
    given,
    result_text,
    standing,
    title,
)
from mojodex_tui.ui.arming import Arming
from mojodex_tui.ui.decision_drafts import DecisionDrafts
from mojodex_tui.ui.steering import Steering
from mojodex_tui.ui.widgets.decision_box import DecisionBox
from mojodex_tui.ui.widgets.diff_view import DiffView
from mojodex_tui.ui.widgets.result_editor import ResultEditor
from mojodex_tui.ui.widgets.result_view import ResultText
from mojodex_tui.wire.workflow_extensions import RunState

if TYPE_CHECKING:
    from mojodex_tui.client.port import LiveEvent, Mojodex
    from mojodex_tui.state.runs import Run
    from mojodex_tui.ui.screens.framed import Framed

_HALTED = frozenset({RunState.WAITING, RunState.FAILED, RunState.STOPPED})
_KEYS = {"validate": "v", "edit": "e", "instruct": "i", "reject": "x", "again": "r"}


class ResultSide(Vertical):
    """Shows one row of a run; its keys act only while the result itself has the focus.

    Args:
        mojodex: The backend the run is on.
        run: The run.
        clock: Seconds that never go back.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding("v", "validate", "validate", id="result.validate", tooltip="Take this result"),
        Binding("e", "edit", "edit", id="result.edit", tooltip="Edit this result"),
        Binding("i", "instruct", "instruct", id="result.instruct", tooltip="Say what to change"),
        Binding("x", "reject", "reject", id="result.reject", tooltip="Reject it and stop here"),
        Binding("r", "again", "again", id="result.again", tooltip="Run this step once more"),
        Binding("d", "compare", "changes", id="result.compare", tooltip="What changed by a try"),
        Binding("u", "hold_back", "hold", id="result.hold_back", tooltip="Do not validate yet"),
        Binding("ctrl+s", "save", "save result", id="result.save", tooltip="Save your result"),
    ]

    class Decided(Message):
        """A decision is on its way: automatic ones end."""

    def __init__(self, mojodex: Mojodex, run: Run, clock: Callable[[], float]) -> None:
        super().__init__(id="result-side")
        self._mojodex = mojodex
        self._run = run
        self._arming = Arming(clock)
        self.steering = Steering(mojodex, run.session_id, clock)
        self._state: WorkflowState | None = None
        self._row: StepRow | None = None
        self._other: tuple[str, str] | None = None
        self._review: Review | None = None
        self._reviewed: int | None = None
        """The step execution that the talk is about."""
        self._is_current = True
        self._edits: int | None = None
        self._typed = ""
        self._kept = DecisionDrafts(mojodex.drafts, run.execution_pk)

    def compose(self) -> ComposeResult:
        """Lay out the result and the decision under it."""
        with Vertical(id="result-pane"):
            yield Static(id="given", markup=False)
            yield ResultText()
            yield DiffView(id="tries")
            yield ResultEditor(id="editor")
            yield Static(id="below", markup=False)
        yield DecisionBox()

    def on_mount(self) -> None:
        """Begin with the line put away."""
        box = self.query_one(DecisionBox)
        box.open_line(is_open=False)
        box.show_word("")

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    @property
    def target(self) -> Widget:
        """What of it takes the focus."""
        if self._edits is not None:
            boxes = self.query_one(ResultEditor).children
            return boxes[0] if boxes else self.query_one(ResultText)
        return self.query_one(DiffView if self.has_class("-comparing") else ResultText)

    # --- what is shown ---------------------------------------------------------------------

    def follow(self, state: WorkflowState, row: StepRow | None, *, is_current: bool) -> None:
        """Show a row of a run as it is now.

        Args:
            state: The run.
            row: The row.
            is_current: Whether the run was read since the user came back to it.
        """
        if self._row is not None and row is not None and row.key != self._row.key:
            self.remove_class("-comparing")
        self._state, self._row, self._is_current = state, row, is_current
        self.steering.settle(state)
        current = state.current
        last = current.last if current is not None else None
        if last is not None and last.user_workflow_step_execution_pk != self._reviewed:
            self._review = None
        self._show()

    def show_other(self, title: str, text: str) -> None:
        """Show a text in place of the result: the inputs, or what the workflow produced."""
        self._other = title, text
        self._show()

    def show_result(self) -> None:
        """Show the result again."""
        self._other = None
        self._show()

    def hear(self, event: LiveEvent) -> None:
        """Take in what the session says about an instruction."""
        self._review = reviews.apply(self._review, event)
        self._show()

    def take_review(self, review: Review | None) -> None:
        """Show how the talk about the result stood when the session was last read.

        Args:
            review: What the session's last messages say; it may be about an earlier step.
        """
        due = self._due
        is_mine = due is not None and due[2] == self._reviewed and self._may_decide
        if review is not None and is_mine and review.outcome is not Outcome.SENT:
            self._review = review
            self._show()

    def tick(self) -> bool:
        """Count; return whether what was held back is to be sent now."""
        if self.steering.held is not None or not self._was_armed:
            self._show_decision()
        return self.steering.is_due

    def _show(self) -> None:
        if not self.query("#result-pane"):
            return
        pane, text = self.query_one("#result-pane"), self.query_one(ResultText)
        above, below = self.query_one("#given", Static), self.query_one("#below", Static)
        if self._other is not None:
            pane.border_title, words = self._other
            text.show(words)
            above.display = below.display = False
        elif self._row is not None and self._state is not None:
            pane.border_title = title(self._row)
            self._line(above, given(self._row))
            self._line(below, "\n".join(self._below(self._row)))
            text.show(result_text(self._row))
        self._show_decision()

    def _line(self, line: Static, words: str) -> None:
        line.update(words)
        line.display = bool(words)

    def _below(self, row: StepRow) -> Iterator[str]:
        for number, one in enumerate(row.tries, 1):
            if one.learned_instruction:
                yield f"Your instruction (try {number}): “{one.learned_instruction}”"
        if self._edits is not None and self._state is not None:
            yield self._state.effect_of(row, len(self.query_one(ResultEditor).items))

    # --- the decision ----------------------------------------------------------------------

    _was_armed = False

    @property
    def _may_decide(self) -> bool:
        """Whether the row in sight is what the run waits for."""
        state, row = self._state, self._row
        if state is None or row is None or row.last is None or self._other is not None:
            return False
        return (
            self._is_current
            and state.run.state in _HALTED
            and row == state.current
            and self._edits is None
            and not self.steering.is_decided(row.last.user_workflow_step_execution_pk)
        )

    def _show_decision(self) -> None:
        has_focus = self.screen.focused is self.query_one(ResultText)
        are_armed = self._was_armed = has_focus and self._arming.is_armed
        box = self.query_one(DecisionBox)
        box.show_choices(self._choices(), are_armed=are_armed or self._edits is not None)
        box.show_word(self._word())
        self.screen.refresh_bindings()

    def _choices(self) -> list[Choice]:
        if self._edits is not None:
            return list(EDITING)
        if not self._may_decide or self._row is None or self._state is None:
            return []
        return choices(self._state, self._row)

    def _word(self) -> str:
        state, row = self._state, self._row
        if state is None:
            return ""
        if self.steering.held is not None:
            return (
                f"Validated, next step in {self.steering.seconds_left} s.   "
                "u holds it back   v sends it now"
            )
        last = row.last if row is not None else None
        pk = last.user_workflow_step_execution_pk if last is not None else 0
        if state.run.state in _HALTED and self.steering.is_decided(pk):
            return "Your decision is kept, and sent as soon as the server can be reached."
        if self._review is not None and self._review.outcome is not Outcome.AGAIN:
            return self._review.sentence
        if self._other is not None and state.run.state in _HALTED:
            return "p goes back to the results."
        if self._may_decide and self.screen.focused is not self.query_one(ResultText):
            return "Keys decide only in the result: Tab goes there."
        return standing(state)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        if action == "save":
            return self._edits is not None
        if action == "hold_back":
            return self.steering.held is not None
        focused = self.screen.focused
        is_reading = focused is self.query_one(ResultText)
        if action == "compare":
            row = self._row if self._other is None else None
            may = is_reading or focused is self.query_one(DiffView)
            return may and row is not None and flows.tries_differ(row)
        if action == "validate" and self.steering.held is not None:
            return is_reading
        if not is_reading or not self._may_decide or self._state is None:
            return False
        match self._state.run.state:
            case RunState.WAITING:
                return True
            case RunState.STOPPED:
                return action in {"instruct", "again"}
            case _:
                return action == "again"

    def _accepts(self, action: str) -> bool:
        return self._arming.accepts(_KEYS[action])

    @on(ResultText.Drawn)
    def _disarm(self, message: ResultText.Drawn) -> None:
        message.stop()
        self._arming.drawn()
        self._show_decision()

    @property
    def _due(self) -> tuple[WorkflowState, StepRow, int] | None:
        state, row = self._state, self._row
        if state is None or row is None or row.last is None:
            return None
        return state, row, row.last.user_workflow_step_execution_pk

    async def action_validate(self) -> None:
        """Take the result, in a moment; once more, at once."""
        due = self._due
        if due is None or not self._accepts("validate"):
            return
        if self.steering.held is not None:
            await self.send_held()
            return
        self.steering.hold(due[2])
        self.post_message(self.Decided())
        self._show_decision()

    async def send_held(self) -> None:
        """Send what was held back, if anything was."""
        if self._state is not None and self.steering.held is not None:
            await self.steering.send_held(self._state)
            self._review = None
            self._show()

    def action_hold_back(self) -> None:
        """Do not validate."""
        self.steering.release()
        self._show_decision()

    @work(group="decide")
    async def action_reject(self) -> None:
        """Stop the run here; an instruction takes it up again."""
        due = self._due
        if due is None or not self._accepts("reject"):
            return
        self.steering.release()
        self.post_message(self.Decided())
        pk = due[0].run.user_task_execution_pk
        try:
            await self._frame.shell.ask(lambda: self._mojodex.workflows.stop(pk))
        except NotSupportedByServer:
            self._frame.say("This server stops no runs: it waits here until you decide otherwise.")
        except ApiError as error:
            self._frame.say_failed(error, "The run was not stopped; it still waits for you.")

    async def action_again(self) -> None:
        """Run the step once more, with the last instruction if there was one."""
        due = self._due
        if due is None or not self._accepts("again"):
            return
        self.steering.release()
        self.post_message(self.Decided())
        instruction = await self.steering.again(due[0], due[1])
        if instruction:
            await self._begin_review(due[2], instruction)
        self._show()

    # --- an instruction --------------------------------------------------------------------

    def action_instruct(self) -> None:
        """Open the line for an instruction."""
        if self._accepts("instruct"):
            self.steering.release()
            self.post_message(self.Decided())
            box = self.query_one(DecisionBox)
            box.open_line(is_open=True)
            self.screen.set_focus(box.line)

    @on(DecisionBox.Typed)
    def _note_typed(self, message: DecisionBox.Typed) -> None:
        message.stop()
        self._typed = message.text
        self._keep_soon()

    @on(DecisionBox.Instructed)
    async def _instruct(self, message: DecisionBox.Instructed) -> None:
        message.stop()
        due, box = self._due, self.query_one(DecisionBox)
        if due is None or not self._may_decide:
            self._frame.say("The run waits for no instruction now; yours is kept.")
            return
        await self.steering.instruct(due[0], due[1], message.text)
        await self._begin_review(due[2], message.text)
        box.line.value = ""
        self._typed = ""
        await self.keep_typed()
        box.open_line(is_open=False)
        self.screen.set_focus(self.query_one(ResultText))
        self._show()

    async def _begin_review(self, pk: int, instruction: str) -> None:
        self._review, self._reviewed = Review(instruction), pk
        await self._kept.keep_reviewed(pk)

    # --- editing ---------------------------------------------------------------------------

    @work(group="edit")
    async def action_edit(self) -> None:
        """Open the result in boxes of text."""
        due = self._due
        if due is None or not self._accepts("edit"):
            return
        self.steering.release()
        self.post_message(self.Decided())
        await self._open_editor(due[1], due[2])

    async def _open_editor(self, row: StepRow, pk: int) -> None:
        if row.last is None:
            return
        texts = texts_of(row.last.result_items)
        brought_back = await self._kept.result(pk, texts)
        self._edits = pk
        self.add_class("-editing")
        await self.query_one(ResultEditor).load(brought_back or texts)
        if brought_back is not None:
            self._frame.say("These are your changes as you left them; ^S saves them.")
        self._show()

    @on(ResultEditor.Changed)
    def _note_edit(self, message: ResultEditor.Changed) -> None:
        message.stop()
        if self._row is not None:
            self._line(self.query_one("#below", Static), "\n".join(self._below(self._row)))
        self._keep_soon()

    async def action_save(self) -> None:
        """Put the user's result in place of the assistant's."""
        due, pk = self._due, self._edits
        if due is None or pk is None:
            return
        if due[2] != pk:
            self._frame.say("Another try has taken this result's place; your text is kept.")
            return
        try:
            items = items_of(self.query_one(ResultEditor).items)
        except NotReadable as error:
            self._frame.say(f"Not saved. {error}")
            return
        await self.steering.save(due[0], pk, items)
        await self._kept.forget_result(pk)
        self._state = flows.with_result(due[0], pk, items)
        self._row = self._state.row(due[1].key)
        await self._close_editor()
        self._frame.say(self._state.effect_of(due[1], len(items)) or "Your result is saved.")

    async def _close_editor(self) -> None:
        self._edits = None
        self.remove_class("-editing")
        self.screen.set_focus(self.query_one(ResultText))
        await self.query_one(ResultEditor).remove_children()
        self._show()

    # --- keeping ---------------------------------------------------------------------------

    async def bring_back(self) -> None:
        """Bring back the instruction that was typed and not sent, and what was asked before."""
        self._reviewed = await self._kept.reviewed()
        self._typed = self.query_one(DecisionBox).line.value = await self._kept.instruction()

    @work(group="keep", exclusive=True)
    async def _keep_soon(self) -> None:
        await self.keep_typed()

    async def keep_typed(self) -> None:
        """Have the instruction and the edit on disk."""
        await self._kept.keep_instruction(self._typed)
        if self._edits is not None:
            await self._kept.keep_result(self._edits, self.query_one(ResultEditor).items)

    # --- tries -----------------------------------------------------------------------------

    def action_compare(self) -> None:
        """Show what the last try changed, or the result again."""
        row = self._row
        if row is None:
            return
        if self.has_class("-comparing"):
            self.remove_class("-comparing")
        else:
            before, after = [one for one in row.tries if one.result is not None][-2:]
            view = self.query_one(DiffView)
            view.comparison = compare(as_plain(before.result_items), as_plain(after.result_items))
            self.add_class("-comparing")
        self.screen.set_focus(self.target)

    async def step_out(self) -> bool:
        """Leave what is open in here; return whether anything was."""
        if self._edits is not None:
            focused = self.screen.focused
            box = focused.parent if focused is not None else None
            if isinstance(box, Widget) and box.parent is self.query_one(ResultEditor):
                self.screen.set_focus(box)
                return True
            await self.keep_typed()
            await self._close_editor()
            return True
        if self.screen.focused is self.query_one(DecisionBox).line:
            await self.keep_typed()
            self.query_one(DecisionBox).open_line(is_open=False)
            self.screen.set_focus(self.query_one(ResultText))
            return True
        if self.has_class("-comparing"):
            self.action_compare()
            return True
        return False

    @property
    def text_to_copy(self) -> str:
        """What is in sight, as text."""
        last = self._row.last if self._row is not None else None
        if self._other is not None or last is None:
            return self.query_one(ResultText).text
        return as_plain(last.result_items)
