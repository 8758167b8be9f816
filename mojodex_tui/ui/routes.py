"""The ways from one screen to another."""

from __future__ import annotations

from typing import TYPE_CHECKING

from mojodex_tui.client.errors import ApiError
from mojodex_tui.state.runs import run_of_home, run_of_task
from mojodex_tui.ui.leaving import keep_typed

if TYPE_CHECKING:
    from textual.screen import Screen

    from mojodex_tui.state.catalog import TaskEntry
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.settings import Section
    from mojodex_tui.ui.app import MojodexApp

_CONSOLE = "console"
"""The name of the console's screen, which outlives its being closed."""


class Routes:
    """Opens screens, which are imported when they are wanted, and closes those in between.

    Args:
        app: The program.
    """

    def __init__(self, app: MojodexApp) -> None:
        self._app = app

    # --- places ----------------------------------------------------------------------------

    async def to_catalog(self) -> None:
        """Close all that is over the catalog; what was typed there is kept."""
        while len(self._app.screen_stack) > 1:
            await keep_typed(self._app.screen)
            await self._app.pop_screen()

    async def to_history(self) -> None:
        """Go to the history."""
        from mojodex_tui.ui.screens.history import HistoryScreen

        if not isinstance(self._app.screen, HistoryScreen):
            await self.to_catalog()
            await self._app.push_screen(HistoryScreen())

    async def to_todos(self) -> None:
        """Go to the To-Dos."""
        from mojodex_tui.ui.screens.todos import TodosScreen

        screen = self._app.screen
        if not (isinstance(screen, TodosScreen) and screen.run is None):
            await self.to_catalog()
            await self._app.push_screen(TodosScreen())

    async def to_inbox(self) -> None:
        """Show the runs that wait for a decision, over the screen in front."""
        from mojodex_tui.ui.screens.inbox import InboxScreen

        if not isinstance(self._app.screen, InboxScreen):
            await self._app.push_screen(InboxScreen())

    async def to_settings(self, section: Section | None) -> None:
        """Show a section of the settings, or all of them, over the screen in front."""
        from mojodex_tui.ui.screens.settings.screen import SettingsScreen

        if not isinstance(self._app.screen, SettingsScreen):
            await self._app.push_screen(SettingsScreen(section))
        elif section is not None:
            await self._app.screen.show(section)

    def to_console(self) -> None:
        """Open the `mojodex>` prompt over the screen in front, as it was left."""
        from mojodex_tui.ui.screens.console import ConsoleScreen

        app = self._app
        if isinstance(app.screen, ConsoleScreen):
            return
        if not app.is_screen_installed(_CONSOLE):
            app.install_screen(ConsoleScreen(app.mojodex, is_local=app.is_local), _CONSOLE)
        app.push_screen(_CONSOLE)

    def forget_console(self) -> None:
        """Open the prompt anew the next time: the backend is another one."""
        if self._app.is_screen_installed(_CONSOLE):
            self._app.uninstall_screen(_CONSOLE)

    # --- runs ------------------------------------------------------------------------------

    def to_session(self, run: Run, *, as_text: bool) -> None:
        """Show a run, in place of the form it came from or of another run."""
        from mojodex_tui.ui.screens.form import FormScreen
        from mojodex_tui.ui.screens.session import SessionScreen

        app = self._app
        screen: Screen[None]
        if run.is_workflow and not as_text:
            from mojodex_tui.ui.screens.workflow import WorkflowScreen

            screen = WorkflowScreen(app.mojodex, run)
        else:
            screen = SessionScreen(app.mojodex, run)
        if isinstance(app.screen, FormScreen | SessionScreen):
            app.switch_screen(screen)
        else:
            app.push_screen(screen)

    async def to_chat(self, task: TaskEntry) -> None:
        """Start a task by chat, without its form."""
        app, user_task_pk = self._app, task.user_task_pk
        if user_task_pk is None:
            return
        try:
            mojodex = await app.opened()
            created = await app.ask(lambda: mojodex.api.create_execution(user_task_pk))
        except ApiError as error:
            app.say_failed(error, f"{task.name} was not started.")
        else:
            app.open_session(run_of_task(task, created))

    async def to_home_chat(self) -> None:
        """Open the home chat, in which tasks are begun by talking."""
        app = self._app
        try:
            mojodex = await app.opened()
            home = await app.ask(mojodex.api.home_chat)
            executions = await app.ask(mojodex.api.executions)
        except ApiError as error:
            app.say_failed(error, "The home chat was not opened.")
        else:
            app.open_session(run_of_home(home.session_id, executions))
