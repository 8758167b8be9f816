"""The result of a step and what its user decides on it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, cast

from textual import on, work
from textual.app import ComposeResult
from textual.binding import Binding, BindingType
from textual.containers import Vertical
from textual.message import Message
from textual.widget import Widget

from mojodex_tui.client.errors import ApiError, NotSupportedByServer
from mojodex_tui.state import workflow as flows
from mojodex_tui.state.workflow_decisions import KEYS, OFFERED, Decision
from mojodex_tui.state.workflow_words import EDITING, HOLDING, Choice, choices, standing
from mojodex_tui.ui.arming import Arming
from mojodex_tui.ui.decision_drafts import DecisionDrafts
from mojodex_tui.ui.screens.workflow_editing import OwnResult
from mojodex_tui.ui.screens.workflow_pane import ResultPane
from mojodex_tui.ui.screens.workflow_talk import Talk
from mojodex_tui.ui.steering import Steering
from mojodex_tui.ui.widgets.decision_box import DecisionBox
from mojodex_tui.ui.widgets.result_view import ResultText

if TYPE_CHECKING:
    from mojodex_tui.client.port import LiveEvent, Mojodex
    from mojodex_tui.state.review import Review
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.workflow import StepRow, WorkflowState
    from mojodex_tui.ui.screens.framed import Framed


@dataclass(frozen=True)
class _Due:
    """A result that can be decided on."""

    state: WorkflowState
    row: StepRow
    pk: int
    """Its step execution."""


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
    ]

    class Deciding(Message):
        """The user has begun to decide: what decides by itself ends."""

    class Decided(Message):
        """A decision is taken: the run does not wait for its user any more."""

    def __init__(self, mojodex: Mojodex, run: Run, clock: Callable[[], float]) -> None:
        super().__init__(id="result-side")
        self._mojodex = mojodex
        self._arming = Arming(clock)
        self._kept = DecisionDrafts(mojodex.drafts, run.execution_pk)
        self._talk = Talk(self._kept)
        self._state: WorkflowState | None = None
        self._row: StepRow | None = None
        self._is_current = True
        self._shown_at = (False, False, False)
        self.steering = Steering(mojodex, run.session_id, clock)
        # Held, and not asked for: they are told of what happens also while they are removed.
        self.pane = ResultPane(self._kept, self._arming)
        """What shows the row."""
        self._box = DecisionBox()

    def compose(self) -> ComposeResult:
        """Lay out the result and the decision under it."""
        yield self.pane
        yield self._box

    async def on_mount(self) -> None:
        """Bring back what was typed here and not sent."""
        # Its watchers are called as the focus changes; events of it come after keys typed ahead.
        self.watch(self.screen, "focused", self._note_focus, init=False)
        self._box.open_line(is_open=False)
        self._box.show_word("")
        self.pane.text.show("*Reading the run…*")
        await self._talk.bring_back()
        self._box.line.value = self._talk.typed

    @property
    def _frame(self) -> Framed:
        # Only screens of ours compose this.
        return cast("Framed", self.screen)

    @property
    def is_busy(self) -> bool:
        """Whether the user writes something here, or can still hold back a decision."""
        return (
            self.pane.editor.is_open
            or self.screen.focused is self._box.line
            or self.steering.held is not None
        )

    # --- what is shown ---------------------------------------------------------------------

    def follow(self, state: WorkflowState, row: StepRow | None, *, is_current: bool) -> None:
        """Show a row of a run as it is now.

        Args:
            state: The run.
            row: The row.
            is_current: Whether the run was read since the user came back to it.
        """
        before = self._due
        self._state, self._row, self._is_current = state, row, is_current
        if self._due is None or before is None or self._due.pk != before.pk:
            self._arming.drawn()  # it may read as the one before, word for word
        self.steering.settle(state)
        last = state.current.last if state.current is not None else None
        self._talk.follow(last.user_workflow_step_execution_pk if last is not None else None)
        self._show()

    def show_other(self, title: str, text: str) -> None:
        """Show a text in place of the result: the inputs, or what the workflow produced."""
        self.pane.show_other(title, text)
        self._show_decision()

    def show_result(self) -> None:
        """Show the result again."""
        self.pane.show_result()
        self._show_decision()

    def hear(self, event: LiveEvent) -> None:
        """Take in what the session says about an instruction."""
        self._talk.hear(event)
        self._show_decision()

    def take_review(self, review: Review | None) -> None:
        """Show how the talk about the result stood when the session was last read."""
        if self._due is not None and self._may_decide:
            self._talk.take(review, self._due.pk)
            self._show_decision()

    def tick(self) -> bool:
        """Count; return whether what was held back is to be sent now."""
        if self.steering.held is not None or self._attention != self._shown_at:
            self._show_decision()
        return self.steering.is_due

    def _show(self) -> None:
        if self._state is not None:
            self.pane.show_row(self._state, self._row)
        self._show_decision()

    # --- the decision ----------------------------------------------------------------------

    @property
    def _due(self) -> _Due | None:
        state, row = self._state, self._row
        if state is None or row is None or row.last is None:
            return None
        return _Due(state, row, row.last.user_workflow_step_execution_pk)

    @property
    def _may_decide(self) -> bool:
        """Whether the row in sight is what the run waits for."""
        due = self._due
        return (
            due is not None
            and self.pane.shows_row
            and self._is_current
            and due.state.run.state in OFFERED
            and due.row == due.state.current
            and not self.pane.editor.is_open
            and not self.steering.is_decided(due.pk)
        )

    @property
    def _is_read(self) -> bool:
        """Whether the focus is where keys decide."""
        return self.screen.focused is self.pane.text

    @property
    def _attention(self) -> tuple[bool, bool, bool]:
        """What no message tells of: where the focus is, for how long, and on what."""
        return self._is_read, self._arming.is_armed, self.pane.is_comparing

    def _show_decision(self) -> None:
        self._shown_at = self._attention
        act = (self._is_read and self._arming.is_armed) or self.pane.editor.is_open
        self._box.show_choices(self._choices(), are_armed=act)
        self._box.show_word(self._word())
        self._box.display = self._box.has_anything
        self.screen.refresh_bindings()

    def _choices(self) -> list[Choice]:
        if self.pane.editor.is_open:
            return list(EDITING)
        if self.steering.held is not None:
            return list(HOLDING)
        due = self._due
        return choices(due.state, due.row) if due is not None and self._may_decide else []

    def _word(self) -> str:
        return next((word for word in self._words() if word), "")

    def _words(self) -> Iterator[str]:
        """Yield what there is to be said beside the keys, the most pressing first."""
        state, due = self._state, self._due
        if state is None:
            return
        if self.steering.held is not None:
            yield f"Validated, next step in {self.steering.seconds_left} s."
        has_halted = state.run.state in OFFERED
        if has_halted and self.steering.is_decided(due.pk if due is not None else 0):
            yield "Your decision is kept, and sent as soon as the server can be reached."
        yield self._talk.sentence
        if has_halted and not self.pane.shows_row:
            yield "p goes back to the results."
        if self.pane.is_comparing:
            yield "d goes back to the result, where keys decide."
        if self._may_decide and not self._is_read:
            yield "Keys decide only in the result: Tab goes there."
        yield standing(state)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        if action == "hold_back":
            return self.steering.held is not None
        if action == "compare":
            return self.pane.may_compare
        if action not in KEYS:
            return True
        if action == Decision.VALIDATE and self.steering.held is not None:
            return self._is_read
        if not self._is_read or not self._may_decide or self._state is None:
            return False
        return action in OFFERED[self._state.run.state]

    def _note_focus(self, focused: Widget | None) -> None:
        """Disarm the keys as the focus comes: those typed ahead of it are not meant."""
        if isinstance(focused, ResultText) and self in focused.ancestors:
            self._arming.drawn()

    def _begin(self, decision: Decision) -> _Due | None:
        """Return what a key that was just pressed decides on; `None` if it was not meant."""
        due = self._due
        if due is None or not self._arming.accepts(KEYS[decision]):
            return None
        self.post_message(self.Deciding())
        return due

    async def action_validate(self) -> None:
        """Take the result, in a moment; once more, at once."""
        due = self._begin(Decision.VALIDATE)
        if due is None:
            return
        if self.steering.held is not None:
            await self.send_held()
            return
        self.steering.hold(due.pk)
        self._show_decision()

    async def send_held(self) -> None:
        """Send what was held back, if anything was."""
        if self._state is not None and self.steering.held is not None:
            await self.steering.send_held(self._state)
            self._talk.end()
            self._show()
            self.post_message(self.Decided())

    def action_hold_back(self) -> None:
        """Do not validate."""
        self.steering.release()
        self._show_decision()

    @work(group="decide")
    async def action_reject(self) -> None:
        """Stop the run here; an instruction takes it up again."""
        due = self._begin(Decision.REJECT)
        if due is None:
            return
        self.steering.release()
        pk = due.state.run.user_task_execution_pk
        try:
            await self._frame.shell.ask(lambda: self._mojodex.workflows.stop(pk))
        except NotSupportedByServer:
            self._frame.say("This server stops no runs: it waits here until you decide otherwise.")
        except ApiError as error:
            self._frame.say_failed(error, "The run was not stopped; it still waits for you.")
        else:
            self.post_message(self.Decided())

    async def action_again(self) -> None:
        """Run the step once more, with the last instruction if there was one."""
        due = self._begin(Decision.AGAIN)
        if due is None:
            return
        self.steering.release()
        instruction = await self.steering.again(due.state, due.row)
        if instruction:
            await self._talk.begin(due.pk, instruction)
        self._show()
        self.post_message(self.Decided())

    # --- an instruction --------------------------------------------------------------------

    def action_instruct(self) -> None:
        """Open the line for an instruction."""
        if self._begin(Decision.INSTRUCT) is None:
            return
        self.steering.release()
        self._box.open_line(is_open=True)
        self.screen.set_focus(self._box.line)

    @on(DecisionBox.Typed)
    def _note_typed(self, message: DecisionBox.Typed) -> None:
        message.stop()
        self._talk.typed = message.text
        self._keep_soon()

    @on(DecisionBox.Instructed)
    async def _instruct(self, message: DecisionBox.Instructed) -> None:
        message.stop()
        due = self._due
        if due is None or not self._may_decide:
            self._frame.say("The run waits for no instruction now; yours is kept.")
            return
        await self.steering.instruct(due.state, due.row, message.text)
        await self._talk.begin(due.pk, message.text)
        self._box.line.value = self._talk.typed = ""
        await self._talk.keep_typed()
        self._close_line()
        self._show()
        self.post_message(self.Decided())

    def _close_line(self) -> None:
        self._box.open_line(is_open=False)
        self.screen.set_focus(self.pane.text)

    # --- editing ---------------------------------------------------------------------------

    @work(group="edit")
    async def action_edit(self) -> None:
        """Open the result in boxes of text."""
        due = self._begin(Decision.EDIT)
        if due is None:
            return
        self.steering.release()
        await self.pane.open_editor(due.row, due.pk)
        self._show_decision()

    @on(OwnResult.Saved)
    async def _save(self, message: OwnResult.Saved) -> None:
        """Put the user's result in place of the assistant's."""
        message.stop()
        due, items = self._due, message.items
        if due is None or due.pk != message.step_execution_pk:
            self._frame.say("Another try has taken this result's place; your text is kept.")
            return
        await self.steering.save(due.state, due.pk, items)
        await self.pane.editor.forget()
        self._state = flows.with_result(due.state, due.pk, items)
        self._row = self._state.row(due.row.key)
        await self.pane.close_editor()
        self._show()
        self._frame.say(self._state.effect_of(due.row, len(items)) or "Your result is saved.")

    def action_compare(self) -> None:
        """Show what the last try changed, or the result again."""
        self.pane.compare()

    # --- keeping ---------------------------------------------------------------------------

    @work(group="keep", exclusive=True)
    async def _keep_soon(self) -> None:
        await self._talk.keep_typed()

    async def keep_typed(self) -> None:
        """Have the instruction and the edit on disk."""
        await self._talk.keep_typed()
        await self.pane.editor.keep_typed()

    async def step_out(self) -> bool:
        """Leave what is open in here; return whether anything was."""
        if self.screen.focused is self._box.line:
            await self._talk.keep_typed()
            self._close_line()
            return True
        if await self.pane.step_out():
            self._show_decision()
            return True
        return False

    @property
    def target(self) -> Widget:
        """What of it takes the focus."""
        return self.pane.target
