"""The chain inspector: every node behind a session, as it comes."""

from __future__ import annotations

from collections.abc import Iterator
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
    def _tell(self, event: ChainList.Pointed) -> None:
        event.stop()
        if self.query("#node"):
            told = Content("") if event.line is None else _told(event.line)
            self.query_one("#node", Static).update(told)
        self.refresh_bindings()

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
        if line is None or line.question is None:
            return
        asked = self.chain.line(line.question) if self.chain is not None else None
        quoted = "" if asked is None else f" “{_short(asked.node.text)}”"
        await self._start_at(
            line.question,
            Question(
                "Answer this again?", f"The question{quoted} goes to the assistant once more."
            ),
            "It is being answered again. Esc goes back to the session.",
        )

    @work(group="branch")
    async def action_branch(self) -> None:
        """Go on from the node in a new run."""
        line = self.query_one(ChainList).pointed
        if line is None:
            return
        await self._start_at(
            line.node.id,
            Question("Go on from here?", "What was said after this node is kept as a branch."),
            "The session goes on from here. Esc goes back to it.",
        )

    async def _start_at(self, node_id: str, question: Question, done: str) -> None:
        if not await self.app.push_screen_wait(question):
            return
        api = self._mojodex.api
        try:
            await self.shell.ask(partial(api.branch, self._run.session_id, node_id))
        except ApiError as error:
            self.say_failed(error, "Nothing was started, and nothing is changed.")
            return
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
            return rests and line is not None and (action == "branch" or line.question is not None)
        return super().check_action(action, parameters)


def _summary(tree: ChainTree) -> str:
    """Return what stands under the tree."""
    counts = f"{len(tree.lines)} nodes   {tree.runs} run{'s' * (tree.runs != 1)}"
    live = "live" if tree.is_live else ""
    return "   ".join(filter(None, (counts, told_usage(tree.tokens, tree.cost), live)))


def _told(line: ChainLine) -> Content:
    """Return all that is known of a node but its content."""
    node = line.node
    took = "" if line.took is None else f"took {line.took:.1f} s"
    when = f"{line.at:%Y-%m-%d %H:%M:%S}"
    facts = (line.words, when, took, told_usage(node.usage.tokens, node.usage.cost))
    return Content.assemble(
        (f"{_ROLES.get(node.role, node.role)} {node.kind.replace('_', ' ')}", "bold"),
        f"   {who(line)}   in {node.task}   run {node.run[:8]}\n",
        ("   ".join(filter(None, facts)) + "\n", "$quiet-text"),
        (f"! {node.error.kind}: {node.error.text}\n" if node.error is not None else "", "$error"),
        node.text,
    )


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:59]}…"
