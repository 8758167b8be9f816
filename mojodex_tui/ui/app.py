"""The application: it opens the way to a backend, and knows which screen is where."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Iterable, Mapping
from typing import TYPE_CHECKING, TypeVar

from textual import events, work
from textual.app import App, SystemCommand
from textual.driver import Driver
from textual.reactive import reactive
from textual.screen import Screen
from textual.theme import Theme

from mojodex_tui.client.errors import ApiError
from mojodex_tui.settings.file import SettingsFile
from mojodex_tui.state.connection import Standing
from mojodex_tui.ui.admission import Admission
from mojodex_tui.ui.app_keys import EVERYWHERE
from mojodex_tui.ui.backend_standing import BackendStanding
from mojodex_tui.ui.leaving import Leaving
from mojodex_tui.ui.messages import Opened, TodoSent
from mojodex_tui.ui.palette import Everything
from mojodex_tui.ui.preferences import Preferences
from mojodex_tui.ui.routes import Routes
from mojodex_tui.ui.screens.asks_for_key import AsksForKey
from mojodex_tui.ui.screens.catalog import CatalogScreen
from mojodex_tui.ui.screens.framed import Framed
from mojodex_tui.ui.terminal import TerminalDriver
from mojodex_tui.ui.terminal_title import set_terminal_title
from mojodex_tui.ui.theme import DARK, LIGHT, THEMES, role_defaults, style_files

if TYPE_CHECKING:
    from mojodex_tui.client.port import Mojodex
    from mojodex_tui.state.catalog import CatalogState, TaskEntry
    from mojodex_tui.state.runs import Run
    from mojodex_tui.state.settings import Section
    from mojodex_tui.state.todos import Pending
    from mojodex_tui.ui.heed import Heed
    from mojodex_tui.ui.screens.sign_in import SignInScreen
    from mojodex_tui.ui.shell import Connect, OpenMojodex, Restart
    from mojodex_tui.ui.todo_deeds import TodoDeeds
    from mojodex_tui.wire.executions import CreatedExecution
    from mojodex_tui.wire.workflow_extensions import WaitingRun

T = TypeVar("T")

_LOOK_EVERY = 15
"""Seconds between two looks for runs that wait for a decision."""


class MojodexApp(App[None]):
    """The full-screen program.

    Args:
        connect: Opens the way to a backend; first called once the screen is painted.
        server: The address of a server; `None` for the backend of this computer.
        seen: The catalog as it was last seen.
        settings: The settings file; what is set without one ends with the program.
    """

    TITLE = "Mojodex"
    COMMANDS = {Everything}
    BINDINGS = EVERYWHERE

    standing: reactive[Standing] = reactive(Standing())
    """What the header says about the connection."""
    due_todos: reactive[int] = reactive(0)
    """How many To-Dos are late or due today."""
    waiting_runs: reactive[tuple[WaitingRun, ...]] = reactive(())
    """The runs that wait for a decision, the longest waiting first."""

    def __init__(
        self,
        connect: Connect,
        server: str | None = None,
        seen: CatalogState | None = None,
        settings: SettingsFile | None = None,
    ) -> None:
        super().__init__(css_path=style_files())
        self.preferences = Preferences(self, settings or SettingsFile())
        self._seen = seen
        self._is_open = asyncio.Event()
        self._wanted: str | None = None
        self._connect = connect
        self._server = server
        self._way: OpenMojodex | None = None
        self._todo_deeds: TodoDeeds | None = None
        self._heed: Heed | None = None
        self._standing: BackendStanding | None = None
        self._admission = Admission(self)
        self._routes = Routes(self)
        self._leaving = Leaving(self, lambda: self._todo_deeds)
        self._is_touched = False
        for theme in THEMES:
            self.register_theme(theme)
        self.theme = DARK.name

    # --- start and end ---------------------------------------------------------------------

    def get_default_screen(self) -> Screen[None]:
        """Return the catalog: it is at the bottom of everything."""
        self.catalog_screen = CatalogScreen(self._seen)
        return self.catalog_screen

    def get_driver_class(self) -> type[Driver]:
        """Return the driver for a real terminal."""
        return TerminalDriver

    def get_theme_variable_defaults(self) -> dict[str, str]:
        """Return our roles in the colours of themes that are not ours."""
        return role_defaults(self.current_theme)

    def on_mount(self) -> None:
        """Connect once the first screen is painted: what that needs is slow to import."""
        self._leaving.follow_signals()
        self.preferences.follow()
        self.call_after_refresh(self.open_way, self._server)
        self.set_interval(_LOOK_EVERY, self.look_for_waiting)

    async def action_quit(self) -> None:
        """Leave; what was typed is kept."""
        self._leaving.leave(0)

    async def on_unmount(self) -> None:
        """Close the way to the backend."""
        self._stop_following()
        if self._way is not None:
            await self._way.close()

    # --- the way to a backend --------------------------------------------------------------

    @property
    def mojodex(self) -> Mojodex:
        """The backend in use."""
        if self._way is None:
            raise RuntimeError("nothing may be asked before `Opened` was posted")
        return self._way.mojodex

    async def opened(self) -> Mojodex:
        """Return the backend in use, as soon as there is one."""
        await self._is_open.wait()
        return self.mojodex

    @property
    def is_local(self) -> bool:
        """Whether the backend is this computer's own."""
        return self._way is not None and self._way.server is None

    @property
    def address(self) -> str | None:
        """The address of the server in use; `None` for the backend of this computer."""
        return self._server if self._way is None else self._way.server

    @work(group="connect")
    async def open_way(self, server: str | None) -> None:
        """Open the way to a backend, and tell the screens."""
        try:
            way = await self._connect(server)
        except ApiError as error:
            self.say_failed(error, "Mojodex is not connected.")
            return
        await self.adopt(way)
        if server is not None and way.mojodex.account.value is None:
            self.action_sign_in()

    async def adopt(self, way: OpenMojodex) -> None:
        """Use this way from now on, and close the one before."""
        before, self._way = self._way, way
        self._routes.forget_console()
        self._stop_following()
        mojodex = way.mojodex
        self._standing = BackendStanding(self, mojodex, is_local=self.is_local)
        self._standing.follow()
        self._is_open.set()
        if before is not None:
            if before is not way:
                await before.close()
            await self.action_catalog()
        self.catalog_screen.post_message(Opened(way))
        self._take_up_deeds(mojodex)
        self._heed_runs(mojodex)
        self.learn_assistant()
        self._tell_day(mojodex)
        self.look_for_waiting()
        wanted, self._wanted = self._wanted, None
        if wanted is not None:
            self.call_later(self.run_action, f"app.{wanted}")

    @property
    def todo_deeds(self) -> TodoDeeds:
        """What was done to To-Dos and can still be taken back."""
        if self._todo_deeds is None:
            raise RuntimeError("nothing may be done before `Opened` was posted")
        return self._todo_deeds

    def _take_up_deeds(self, mojodex: Mojodex) -> None:
        from mojodex_tui.ui.todo_deeds import TodoDeeds

        self._todo_deeds = deeds = TodoDeeds(mojodex, self._tell_deed)
        self.run_worker(deeds.send_left(), group="deeds")

    def _heed_runs(self, mojodex: Mojodex) -> None:
        from mojodex_tui.ui.heed import Heed

        self._heed = Heed(self, mojodex.live, self.look_for_waiting, self._ring)

    def _tell_deed(self, deed: Pending, error: ApiError | None) -> None:
        for screen in self.screen_stack:
            screen.post_message(TodoSent(deed, error))

    def _stop_following(self) -> None:
        if self._standing is not None:
            self._standing.stop()
        if self._heed is not None:
            self._heed.stop()

    @work(group="assistant", exclusive=True)
    async def learn_assistant(self) -> None:
        """Ask who writes, now or again: another model may be set."""
        if self._standing is not None:
            await self._standing.learn_assistant()

    @work(group="day", exclusive=True)
    async def _tell_day(self, mojodex: Mojodex) -> None:
        """Say once a day what is due, if nobody has begun to do something else."""
        from mojodex_tui.ui.morning import digest_of, due_when_last_seen, is_news
        from mojodex_tui.ui.screens.reading import Reading

        self.due_todos = await due_when_last_seen(mojodex)
        digest = await digest_of(mojodex)
        if digest is None:
            return
        self.due_todos = digest.n_due
        is_idle = self.screen is self.catalog_screen and not self._is_touched
        if is_idle and await is_news(mojodex, digest):
            self.push_screen(Reading(digest.subject, digest.text.strip()))

    async def on_event(self, event: events.Event) -> None:
        """Note that the user has begun."""
        if isinstance(event, events.Key | events.MouseDown | events.Paste):
            self._is_touched = True
        await super().on_event(event)

    # --- asking ----------------------------------------------------------------------------

    async def ask(self, question: Callable[[], Awaitable[T]]) -> T:
        """Ask; sign in or accept the terms first if the backend wants that, then ask again."""
        return await self._admission.ask(question)

    def sign_in_again(self) -> SignInScreen:
        """Return the screen that signs in anew to the server in use."""
        from mojodex_tui.ui.screens.sign_in import SignInScreen

        return SignInScreen(self._connect, again=self._way)

    def say_failed(self, error: ApiError, doing: str) -> None:
        """Tell on the screen in front why something did not work."""
        for screen in reversed(self.screen_stack):
            if isinstance(screen, Framed):
                screen.say_failed(error, doing)
                return

    # --- places ----------------------------------------------------------------------------

    async def action_catalog(self) -> None:
        """Go to the catalog."""
        await self._routes.to_catalog()

    def _is_too_early(self, place: str) -> bool:
        """Whether a place cannot be shown yet; then it is as soon as there is a way."""
        if self._way is None:
            self._wanted = place
        return self._way is None

    async def action_history(self) -> None:
        """Go to the history."""
        if not self._is_too_early("history"):
            await self._routes.to_history()

    async def action_todos(self) -> None:
        """Go to the To-Dos."""
        if not self._is_too_early("todos"):
            await self._routes.to_todos()

    def action_console(self) -> None:
        """Open the `mojodex>` prompt over the screen in front, as it was left."""
        if not self._is_too_early("console"):
            self._routes.to_console()

    async def action_inbox(self) -> None:
        """Go to the runs that wait for a decision; Esc comes back."""
        if self._way is not None:
            await self._routes.to_inbox()

    async def action_settings(self) -> None:
        """Go to the settings; Esc comes back."""
        await self.open_settings()

    async def open_settings(self, section: Section | None = None) -> None:
        """Show a section of the settings, or all of them, over the screen in front."""
        await self._routes.to_settings(section)

    def fetch_catalog(self) -> None:
        """Fetch the tasks again: they may be called otherwise."""
        self.catalog_screen.action_refresh_tasks()

    def open_todos(self, run: Run) -> None:
        """Show the To-Dos of a run, over it."""
        from mojodex_tui.ui.screens.todos import TodosScreen

        self.push_screen(TodosScreen(run))

    @work(group="waiting", exclusive=True)
    async def look_for_waiting(self) -> None:
        """Look for runs that wait for a decision, whatever is in front."""
        if self._way is None or self.mojodex.account.value is None:
            return
        try:
            waiting = await self.mojodex.workflows.inbox()
        except ApiError:
            return  # the header says by itself that the backend cannot be reached
        self.note_waiting(waiting)

    def note_waiting(self, waiting: tuple[WaitingRun, ...]) -> None:
        """Show in the header and in the terminal's title how many runs wait for a decision."""
        self.heed(*(run.session_id for run in waiting))
        self.waiting_runs = waiting

    def heed(self, *session_ids: str) -> None:
        """Listen to these runs wherever the user is, until they end."""
        if self._heed is not None:
            self._heed.to(session_ids)

    def watch_waiting_runs(
        self, before: tuple[WaitingRun, ...], waiting: tuple[WaitingRun, ...]
    ) -> None:
        """Tell the terminal."""
        number = len(waiting)
        set_terminal_title(self, f"({number}) {self.TITLE}" if number else self.TITLE or "")
        known = {(run.session_id, run.since) for run in before}
        if any((run.session_id, run.since) not in known for run in waiting):
            self._ring()

    def _ring(self) -> None:
        """Ring if the user looks elsewhere."""
        if not self.app_focus:
            self.bell()

    def note_due(self, number: int) -> None:
        """Show in the header how many To-Dos are late or due today."""
        self.due_todos = number

    def open_form(
        self,
        task: TaskEntry,
        *,
        with_last_inputs: bool = False,
        answers: Mapping[str, str] | None = None,
        created: CreatedExecution | None = None,
        restarts: Restart | None = None,
    ) -> None:
        """Open the form of a task."""
        from mojodex_tui.ui.screens.form import FormScreen

        self.push_screen(
            FormScreen(
                task,
                with_last_inputs=with_last_inputs,
                answers=answers,
                created=created,
                restarts=restarts,
            )
        )

    @work(group="chat")
    async def open_chat(self, task: TaskEntry) -> None:
        """Start a task by chat, without its form."""
        await self._routes.to_chat(task)

    @work(group="chat")
    async def action_talk(self) -> None:
        """Open the home chat, in which tasks are begun by talking."""
        await self._routes.to_home_chat()

    def open_session(self, run: Run, *, as_text: bool = False) -> None:
        """Show a run, in place of the form it came from or of another run."""
        self._routes.to_session(run, as_text=as_text)

    # --- keys ------------------------------------------------------------------------------

    @work(group="sign in", exclusive=True)
    async def action_sign_in(self) -> None:
        """Sign in to a server, or come back to this computer."""
        from mojodex_tui.ui.screens.sign_in import SignInScreen

        address = "" if self._way is None else self._way.server or ""
        way = await self.push_screen_wait(SignInScreen(self._connect, address=address))
        if way is not None:
            await self.adopt(way)

    def check_action(self, action: str, parameters: tuple[object, ...]) -> bool | None:
        """Do nothing by a key while one is asked for: it may be any."""
        return not isinstance(self.screen, AsksForKey)

    def action_keys_help(self) -> None:
        """Show every key that acts here."""
        from mojodex_tui.ui.screens.help import HelpScreen

        if not isinstance(self.screen, HelpScreen):
            self.push_screen(HelpScreen(self.screen))

    def action_edit_outside(self) -> None:
        """Edit the text that has the focus in the user's own editor."""
        from textual.widgets import TextArea

        from mojodex_tui.ui.editor import NoEditor, edit_area

        text = self.focused
        if not isinstance(text, TextArea) or text.read_only:
            return
        try:
            edit_area(self, text)
        except NoEditor as error:
            self.notify(str(error), severity="warning", timeout=6)

    def action_redraw(self) -> None:
        """Draw everything again, whatever another program left on the terminal."""
        self.refresh(layout=True)

    def action_say_how_to_leave(self) -> None:
        """Answer `^C` when nothing is selected and nothing is being written."""
        self.notify("Press ^Q to leave. What you typed is kept.", timeout=3)

    def action_switch_light(self) -> None:
        """Change between our dark and our light colours."""
        self.theme = DARK.name if self.current_theme is LIGHT else LIGHT.name

    def get_system_commands(self, screen: Screen[object]) -> Iterable[SystemCommand]:
        """Return what the palette offers beside the keys that act on `screen`."""
        theme: Theme = self.current_theme
        yield SystemCommand(
            "Sign in to a Mojodex server", "Or come back to this computer", self.action_sign_in
        )
        other = "Light" if theme.dark else "Dark"
        yield SystemCommand(f"{other} colours", "Change the colours", self.action_switch_light)
        yield SystemCommand("Theme", "Choose among all colour themes", self.action_change_theme)
