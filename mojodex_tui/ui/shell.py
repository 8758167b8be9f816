"""What screens may ask of the application around them."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, TypeVar

if TYPE_CHECKING:
    from mojodex_tui.client.errors import ApiError
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.client.port.workflows import SteeredRun
    from mojodex_tui.state.catalog import TaskEntry
    from mojodex_tui.state.runs import Run
    from mojodex_tui.ui.preferences import Preferences
    from mojodex_tui.ui.todo_deeds import TodoDeeds
    from mojodex_tui.wire.executions import CreatedExecution
    from mojodex_tui.wire.workflow_extensions import WaitingRun

T = TypeVar("T")


@dataclass(frozen=True)
class Restart:
    """A run that is begun again from its first step."""

    steered: SteeredRun
    created: CreatedExecution
    """The run's form."""


class OpenMojodex(Protocol):
    """A way to a backend that is open, and must be closed."""

    @property
    def mojodex(self) -> Mojodex:
        """What screens are given."""
        ...

    @property
    def server(self) -> str | None:
        """The server's address; `None` for the backend of this computer."""
        ...

    async def close(self) -> None:
        """End it, once nobody asks or listens any more."""
        ...


class Connect(Protocol):
    """Opens the way to a backend; what it needs is imported when it is called."""

    async def __call__(self, server: str | None) -> OpenMojodex:
        """Return as soon as what was cached can be read, without waiting for the network.

        Args:
            server: The address of a server; `None` for the backend of this computer.

        Raises:
            ApiError: it cannot be opened; the sentence says what to do.
        """
        ...


class Shell(Protocol):
    """The application, as its screens know it."""

    @property
    def mojodex(self) -> Mojodex:
        """The backend in use; there is one as soon as a screen is told so."""
        ...

    async def opened(self) -> Mojodex:
        """Return the backend in use, as soon as there is one: screens are shown before."""
        ...

    @property
    def is_local(self) -> bool:
        """Whether the backend is this computer's own."""
        ...

    @property
    def address(self) -> str | None:
        """The address of the server in use; `None` for the backend of this computer."""
        ...

    @property
    def preferences(self) -> Preferences:
        """What the settings file says."""
        ...

    @property
    def todo_deeds(self) -> TodoDeeds:
        """What was done to To-Dos and can still be taken back."""
        ...

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Ask the backend; sign in or accept the terms first if it wants that, then ask again.

        To be awaited in a worker.

        Raises:
            ApiError: the answer is no, or there was none.
        """
        ...

    def say_failed(self, error: ApiError, doing: str) -> None:
        """Tell on the screen in front why something did not work.

        Args:
            error: Why.
            doing: What was tried, and what is safe all the same: one sentence.
        """
        ...

    def open_form(
        self,
        task: TaskEntry,
        *,
        with_last_inputs: bool = False,
        answers: Mapping[str, str] | None = None,
        created: CreatedExecution | None = None,
        restarts: Restart | None = None,
    ) -> None:
        """Open the form of a task.

        Args:
            task: The task.
            with_last_inputs: Start from what was given last time.
            answers: What to start from instead.
            created: The run the form is of, where there is one already.
            restarts: The run whose first step runs again, instead of a new one.
        """
        ...

    def open_chat(self, task: TaskEntry) -> None:
        """Start a task by chat, without its form."""
        ...

    def fetch_catalog(self) -> None:
        """Fetch the tasks again: they may be called otherwise."""
        ...

    def learn_assistant(self) -> object:
        """Ask again who writes: another model may be set."""
        ...

    def open_todos(self, run: Run) -> None:
        """Show the To-Dos of a run, over it."""
        ...

    def note_due(self, number: int) -> None:
        """Show in the header how many To-Dos are late or due today."""
        ...

    def note_waiting(self, waiting: tuple[WaitingRun, ...]) -> None:
        """Show how many runs wait for a decision."""
        ...

    def look_for_waiting(self) -> object:
        """Look for them anew, in the background."""
        ...

    def heed(self, *session_ids: str) -> None:
        """Listen to these runs wherever the user is, so that what they wait for is soon known."""
        ...

    def open_session(self, run: Run, *, as_text: bool = False) -> None:
        """Show a run: in place of the form it came from, or of another run.

        Args:
            run: The run.
            as_text: Show the text of a workflow and not its steps.
        """
        ...
