"""The versions of a session's draft: walked through, listed, compared, restored."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial
from typing import TYPE_CHECKING, ClassVar, cast

from textual import work
from textual.binding import Binding, BindingType
from textual.containers import Container
from textual.widget import Widget

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state import session as sessions
from mojodex_tui.state.session import DraftShown, SessionState
from mojodex_tui.state.versions import KnownVersion, Working
from mojodex_tui.ui.asking import ask
from mojodex_tui.ui.messages import SessionChanged, VersionRestored
from mojodex_tui.ui.screens.draft_ways import DraftWays
from mojodex_tui.ui.versions import Versions
from mojodex_tui.ui.widgets.draft_pane import DraftPane

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.runs import Run
    from mojodex_tui.ui.screens.framed import Framed


class DraftVersions(Container):
    """Holds the draft, and the keys that take from one version to another.

    Args:
        mojodex: The backend the run is on.
        run: Whose versions.
        working: Returns what the user has made of the draft and not saved, if there is any.
    """

    BINDINGS: ClassVar[list[BindingType]] = [
        Binding(
            "left_square_bracket",
            "version(-1)",
            "versions",
            id="draft.older",
            tooltip="Show the version before",
        ),
        Binding(
            "right_square_bracket",
            "version(1)",
            "newer",
            id="draft.newer",
            tooltip="Show the version after",
            show=False,
        ),
        Binding("d", "compare", "diff", id="draft.compare", tooltip="Compare two versions"),
        Binding("l", "list_versions", "versions", id="draft.versions", show=False),
        Binding("R", "restore", "restore", id="draft.restore", tooltip="Make this the newest"),
    ]

    def __init__(self, mojodex: Mojodex, run: Run, working: Callable[[], Working | None]) -> None:
        super().__init__()
        self._versions = Versions(mojodex.api, run)
        self._working = working
        self._state: SessionState | None = None

    def compose(self) -> Iterator[Widget]:
        """Lay out the draft."""
        yield DraftWays()

    def follow(self, state: SessionState) -> None:
        """Take in what the session is now."""
        self._state = state

    def forget(self) -> None:
        """Fetch all versions again: the server has changed one."""
        self._versions.forget()

    @property
    def _draft(self) -> DraftShown | None:
        return None if self._state is None else self._state.draft

    def action_version(self, step: int) -> None:
        """Show an older or newer version."""
        if self._draft is not None and self._state is not None:
            index = self._draft.index + step
            if 1 <= index <= self._state.versions:
                self._show_version(index)

    @work(group="version", exclusive=True)
    async def _show_version(self, index: int) -> None:
        state = self._state
        if state is None or state.draft is None:
            return
        try:
            version = await self._versions.get(index, state)
        except ApiError as error:
            cast("Framed", self.screen).say_failed(error, "That version could not be fetched.")
            return
        shown = DraftShown(
            title=version.title,
            body=version.body,
            produced_text_pk=state.draft.produced_text_pk,
            version_pk=version.version_pk or 0,
            index=index,
        )
        self.post_message(SessionChanged(partial(sessions.showing, version=shown)))

    @work(group="versions", exclusive=True)
    async def action_list_versions(self) -> None:
        """Show all versions in a list, and the chosen one."""
        from mojodex_tui.ui.screens.version_list import VersionList

        state = self._state
        if state is None or state.draft is None:
            return
        chosen = await ask(self, VersionList(self._fetch_known, state.versions, state.draft.index))
        if chosen is not None:
            self._show_version(state.versions - chosen)

    async def _fetch_known(self, index: int) -> KnownVersion:
        if self._state is None:
            raise RuntimeError("versions are only looked at once the session is there")
        return await self._versions.get(index, self._state)

    @work(group="compare", exclusive=True)
    async def action_compare(self) -> None:
        """Compare the version that is shown with the one before, or with what is not saved."""
        state, working = self._state, self._working()
        if state is None or state.draft is None:
            return
        if working is not None:
            await self._open_compare(state.draft.index, state.versions + 1)
        else:
            right = max(2, state.draft.index)
            await self._open_compare(right - 1, right)

    async def _open_compare(self, left: int, right: int, *, is_conflict: bool = False) -> None:
        from mojodex_tui.ui.screens.compare import CompareScreen

        state, working = self._state, self._working()
        if state is None or state.draft is None:
            return
        unsaved = None
        if working is not None:
            unsaved = KnownVersion(working.body, state.draft.title, by_user=True)
        screen = CompareScreen(
            state.title,
            self._fetch_known,
            state.versions,
            left=left,
            right=right,
            working=unsaved,
            asker=self,
            is_conflict=is_conflict,
        )
        self.app.push_screen(screen)

    def action_restore(self) -> None:
        """Make the version that is shown the newest one."""
        if self._draft is not None:
            version = KnownVersion(self._draft.body, self._draft.title, self._draft.index)
            self.post_message(VersionRestored(version))

    @work(group="compare", exclusive=True)
    async def settle_conflict(self) -> None:
        """Let the user choose between the own text and a version that came meanwhile."""
        state = self._state
        if state is not None:
            await self._open_compare(state.versions, state.versions + 1, is_conflict=True)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Offer what makes sense now only."""
        state, draft = self._state, self._draft
        if not self.is_mounted or state is None or draft is None:
            return False
        pane = self.query_one(DraftPane)
        if pane.editing or pane.choosing:
            return False
        match action:
            case "compare":
                return state.versions > 1 or self._working() is not None
            case "restore":
                return draft.index < state.versions
            case _:
                return state.versions > 1
