"""The chain inspector: every node behind a session, as it comes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from functools import partial
from typing import TYPE_CHECKING, ClassVar

from textual import on, work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.content import Content
from textual.reactive import reactive
from textual.widget import Widget
from textual.widgets import Static

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.chain import ChainLine, ChainTree, told_usage, tree_of
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.screens.question import Question
from mojodex_tui.ui.screens.reading import Reading
from mojodex_tui.ui.widgets.chain_list import ChainList, who

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.runs import Run

_EACH = 1.0
"""Seconds between two looks at a chain that is growing."""
_REST = 3
"""So many times longer it takes between two looks at one that rests: it may begin to grow."""

_ROLES = {"U": "user", "A": "assistant", "S": "system", "F": "function"}


class ChainScreen(Framed):
    """Shows the nodes of a run's session as a tree, and starts again at one of them.

    Args:
        mojodex: The backend the run is on.
        run: Whose chain to show.
    """

    PLACE = "History"
    AUTO_FOCUS = "ChainList"
    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "r",
            "retry",
            "retry",
            id="chain.retry",
            tooltip="Have the question at or above this node answered again; both are kept",
        ),
        Binding(
            "b",
            "branch",
            "branch",
            id="chain.branch",
            tooltip="Go on from this node in a new run; both are kept",
        ),
        Binding("f5", "refresh_chain", "refresh", id="chain.refresh", show=False),
        Binding("escape", "back", "back", id="chain.back"),
    ]

    chain: reactive[ChainTree | None] = reactive(None, bindings=True)
    """`None` until it was fetched once."""
    has_chain: reactive[bool] = reactive(True)
    """Whether this server keeps chains at all."""

    def __init__(self, mojodex: Mojodex, run: Run) -> None:
        super().__init__()
        self._mojodex = mojodex
        self._run = run
        self._rested = 0

    def compose_body(self) -> Iterator[Widget]:
        """Lay out the tree and what is told of the node under the cursor."""
        with Container(classes="panes"):
            nodes = ChainList()
            nodes.border_title = f"Chain of {self._run.title}"
            yield nodes
            yield Static(classes="state", markup=False)
        node = Static(id="node")
        node.border_title = "Node"
        yield node

    def on_mount(self) -> None:
        """Fetch the chain, and again as long as it grows."""
        self._show_state()
        self.fetch()
        self.set_interval(_EACH, self._look_again)

    def _look_again(self) -> None:
        is_live = self.chain is not None and self.chain.is_live
        if is_live:
            self._tell()  # how long it takes
        self._rested = 0 if is_live else (self._rested + 1) % _REST
        if self._rested == 0 and self.has_chain:
            self.fetch()

    @work(group="chain", exclusive=True)
    async def fetch(self) -> None:
        """Ask for the chain as it is now."""
        api = self._mojodex.api
        try:
            found = await self.shell.ask(partial(api.chain, self._run.session_id))
        except ApiError as error:
            self.say_failed(error, "The chain could not be fetched.")
        else:
            if self.failure is not None:
                self.say_nothing()
            self.has_chain = found is not None
            self.chain = ChainTree() if found is None else tree_of(found)
        self._show_state()

    def watch_chain(self, tree: ChainTree | None) -> None:
        """Show the chain as it is now."""
        if tree is None or not self.query(ChainList):
            return
        nodes = self.query_one(ChainList)
        nodes.chain = tree
        nodes.border_subtitle = _summary(tree)

    def _show_state(self) -> None:
        """Say why nothing is shown."""
        if not self.query(ChainList):
            return
        words = self._state_words()
        self.query_one(".state", Static).update(words)
        self.set_class(bool(words), "-empty")
        if not words and self.focused is None and not self.is_too_small:
            self.query_one(ChainList).focus()

    def _state_words(self) -> str:
        if not self.has_chain:
            return "This server has no chain: only Mojodex's own backend keeps one. Esc goes back."
        if self.chain is not None and self.chain.lines:
            return ""
        if self.failure is not None:
            return f"There is nothing to show. {self.failure.sentence} F5 tries again."
        if self.chain is None:
            return "Fetching the chain…"
        return "Nothing has run in this session yet. Esc goes back."

    # --- one node --------------------------------------------------------------------------

    @on(ChainList.Pointed)
    def _pointed(self, event: ChainList.Pointed) -> None:
        event.stop()
        self._tell()
        self.refresh_bindings()

    def _tell(self) -> None:
        """Tell of the node under the cursor."""
        if self.query("#node"):
            line = self.query_one(ChainList).pointed
            told = Content("") if line is None else _told(line, datetime.now(UTC))
            self.query_one("#node", Static).update(told)

    @on(ChainList.Chosen)
    @work(group="node", exclusive=True)
    async def _open(self, event: ChainList.Chosen) -> None:
        node, api = event.line.node, self._mojodex.api
        try:
            content = await self.shell.ask(partial(api.chain_node, self._run.session_id, node.id))
        except ApiError as error:
            self.say_failed(error, "The node could not be fetched.")
            return
        title = f"{_ROLES.get(node.role, node.role)} {node.kind.replace('_', ' ')}"
        text = Content.assemble(
            content.text or "(no text)", "\n\n", (f"As it is kept:\n{content.body}", "$quiet-text")
        )
        self.app.push_screen(Reading(f"{title}, {who(event.line)}", text))

    # --- starting again --------------------------------------------------------------------

    @work(group="branch")
    async def action_retry(self) -> None:
        """Have the question at or above the node answered again."""
        line = self.query_one(ChainList).pointed
        question = self.chain.line(line.question) if line is not None and self.chain else None
        if question is not None:
            await self._start_at(question)

    @work(group="branch")
    async def action_branch(self) -> None:
        """Go on from the node in a new run."""
        line = self.query_one(ChainList).pointed
        if line is not None:
            await self._start_at(line)

    async def _start_at(self, line: ChainLine) -> None:
        """Start a run at a node, if the user agrees: a question is answered anew."""
        text, kept = _short(line.node.text), "What was said after it is kept as a branch."
        is_question = line.question == line.node.id
        if is_question:
            title, told = "Answer this again?", f"“{text}” goes to the assistant once more. {kept}"
            done = "It is being answered again. Esc goes back to the session."
        else:
            title, told = "Go on from here?", f"Your next message follows “{text}”. {kept}"
            done = "Your next message follows this one. Esc goes back to the session."
        if not await ask(self, Question(title, told)):
            return
        api = self._mojodex.api
        try:
            await self.shell.ask(partial(api.branch, self._run.session_id, line.node.id))
        except ApiError as error:
            self.say_failed(error, "Nothing was started, and nothing is changed.")
            return
        if is_question:
            self.query_one(ChainList).follow()
        self.notify(done, timeout=6)
        self.fetch()

    # --- keys ------------------------------------------------------------------------------

    def action_refresh_chain(self) -> None:
        """Fetch the chain again."""
        self.fetch()

    def action_back(self) -> None:
        """Go back to the session."""
        self.dismiss(None)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer a new run only while none is being answered."""
        if action in {"retry", "branch"}:
            found = self.query(ChainList)
            line = found.first().pointed if found else None
            rests = self.chain is not None and not self.chain.is_live
            if line is None or not rests:
                return False
            return line.can_branch if action == "branch" else line.question is not None
        return super().check_action(action, parameters)


def _summary(tree: ChainTree) -> str:
    """Return what stands under the tree."""
    counts = f"{len(tree.lines)} nodes   {tree.runs} run{'s' * (tree.runs != 1)}"
    live = "live" if tree.is_live else ""
    return "   ".join(filter(None, (counts, told_usage(tree.tokens, tree.cost), live)))


def _told(line: ChainLine, now: datetime) -> Content:
    """Return all that is known of a node but its content."""
    node = line.node
    took = "" if line.took is None else f"took {line.took:.1f} s"
    if line.asked_at is not None:
        took = f"for {max(0, round((now - line.asked_at).total_seconds()))} s"
    when = f"{line.at:%Y-%m-%d %H:%M:%S}"
    facts = (line.words, took, when, told_usage(node.usage.tokens, node.usage.cost))
    return Content.assemble(
        (f"{_ROLES.get(node.role, node.role)} {node.kind.replace('_', ' ')}", "bold"),
        f"   {who(line)}   in {node.task}   run {node.run[:8]}\n",
        ("   ".join(filter(None, facts)) + "\n", "$quiet-text"),
        (f"! {node.error.kind}: {node.error.text}\n" if node.error is not None else "", "$error"),
        node.text,
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
