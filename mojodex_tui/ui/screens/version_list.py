"""All versions of a draft: who wrote each, when, and how long it is."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual import work
from textual.content import Content
from textual.widgets import OptionList

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.times import here_and_now, told
from mojodex_tui.ui.screens.picking import Picking

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from mojodex_tui.state.versions import KnownVersion


class VersionList(Picking):
    """Answers how many versions are newer than the chosen one.

    Args:
        fetch: Returns a version by its place, from 1.
        count: How many there are.
        shown: The one that is on the screen.
    """

    def __init__(
        self, fetch: Callable[[int], Awaitable[KnownVersion]], count: int, shown: int
    ) -> None:
        super().__init__("Versions", [Content(f"v{count - place}") for place in range(count)])
        self._fetch = fetch
        self._count = count
        self._shown = shown

    def on_mount(self) -> None:
        """Begin at the version that is shown."""
        self.query_one(OptionList).highlighted = self._count - self._shown
        self._fill()

    @work(group="fill")
    async def _fill(self) -> None:
        """Tell what is known of each, the newest first."""
        versions = self.query_one(OptionList)
        now = here_and_now()
        for place in range(self._count):
            index = self._count - place
            try:
                version = await self._fetch(index)
            except ApiError as error:
                versions.border_subtitle = error.sentence
                return
            when = "" if version.when is None else told(version.when, now)
            line = Content.assemble(
                (version.name.ljust(5), "bold"),
                version.author.ljust(6),
                (when.ljust(18), "$quiet-text"),
                f"{version.words:>6} words",
                ("   shown" if index == self._shown else "", "$quiet-text"),
            )
            versions.replace_option_prompt_at_index(place, line)
