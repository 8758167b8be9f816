"""One line at the prompt: understood, done, and its failures told as sentences."""

import asyncio
import shlex

from mojodex_tui.client.errors import ApiError, SignInNeeded, TermsNeeded
from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.account import Account
from mojodex_tui.console.commands import Arguments, Command, CommandTable, Misused
from mojodex_tui.console.conversation import NotSent
from mojodex_tui.console.runs import Runs
from mojodex_tui.console.talk import Interrupted, Talk
from mojodex_tui.console.tasks import Tasks
from mojodex_tui.console.todos import Todos
from mojodex_tui.console.workflows import Workflows

PROMPT = "mojodex> "


class Prompt:
    """Does what is typed.

    Args:
        talk: Where to speak.
        mojodex: The backend.
        is_local: Whether it is this computer's own, which signs in by itself.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex, *, is_local: bool) -> None:
        self._talk = talk
        self._account = Account(talk, mojodex, is_local=is_local)
        self.has_ended = False
        """`quit` was typed."""
        self._running: asyncio.Task[None] | None = None
        self._table = CommandTable(
            (
                *self._account.commands(),
                Command(("help",), "", "this list", self._help),
                *Workflows(talk, mojodex).commands(),
                *Tasks(talk, mojodex).commands(),
                *Todos(talk, mojodex).commands(),
                *Runs(talk, mojodex).commands(),
                Command(("quit",), "", "leave; everything is kept", self._quit),
            )
        )

    def complete(self, typed: str) -> tuple[str, ...]:
        """Return the commands that what was typed can become."""
        return self._table.complete(typed)

    async def open(self) -> None:
        """Sign in, if that is needed."""
        await self._account.sign_in_if_needed()

    async def do(self, line: str) -> None:
        """Do what a line says; whatever goes wrong becomes a line."""
        try:
            words = shlex.split(line)
        except ValueError:
            self._talk.say("A quote is not closed.")
            return
        if not words:
            return
        try:
            command, arguments = self._table.find(words)
            await self._run(command, arguments)
        except Misused as error:
            self._talk.say(str(error))
        except NotSent as error:
            self._talk.say(f"Not sent: {error.sentence}")
        except Interrupted:
            self._talk.say("Stopped asking. What was run goes on: 'history' finds it.")
        except ApiError as error:
            self._talk.say(f"! {error.sentence}")

    def interrupt(self) -> bool:
        """Leave what is being done; return whether there was anything."""
        return self._running is not None and self._running.cancel()

    async def _run(self, command: Command, arguments: Arguments) -> None:
        self._running = asyncio.ensure_future(self._with_account(command, arguments))
        try:
            await self._running
        except asyncio.CancelledError as error:
            me = asyncio.current_task()
            if me is not None and me.cancelling():
                raise  # not the command is to end, but we
            raise Interrupted from error
        finally:
            self._running = None

    async def _with_account(self, command: Command, arguments: Arguments) -> None:
        try:
            await command.do(arguments)
        except (SignInNeeded, TermsNeeded) as error:
            await self._account.satisfy(error)
            await command.do(arguments)

    async def _help(self, _arguments: Arguments) -> None:
        self._talk.say(self._table.help())

    async def _quit(self, _arguments: Arguments) -> None:
        self.has_ended = True
