"""The console on a terminal: lines edited, remembered and completed; ^C understood."""

import asyncio
import os
import signal
import sys
from collections.abc import Callable, Iterable
from pathlib import Path
from time import monotonic
from typing import Final

from prompt_toolkit import PromptSession
from prompt_toolkit.completion import CompleteEvent, Completer, Completion
from prompt_toolkit.document import Document
from prompt_toolkit.history import FileHistory
from prompt_toolkit.shortcuts import CompleteStyle

from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.prompt import PROMPT, Prompt
from mojodex_tui.console.talk import Ended, Interrupted
from mojodex_tui.state.runs import Run

_CAREFUL: Final = 0.4
"""Seconds a question must have been there before an Enter alone answers it."""


class TerminalTalk:
    """Prints on standard output and asks on the terminal.

    Args:
        history: The file that remembers commands; answers and passwords are not kept.
        complete: Returns what a command can become.
    """

    def __init__(self, history: Path, complete: Callable[[str], tuple[str, ...]]) -> None:
        self._commands: PromptSession[str] = PromptSession(
            history=FileHistory(str(history)),
            completer=_Commands(complete),
            complete_while_typing=False,
            complete_style=CompleteStyle.READLINE_LIKE,
            reserve_space_for_menu=0,
        )
        self._answers: PromptSession[str] = PromptSession(reserve_space_for_menu=0)
        self._secrets: PromptSession[str] = PromptSession(
            reserve_space_for_menu=0, is_password=True
        )

    def say(self, line: str = "") -> None:
        """Print a line, or several."""
        sys.stdout.write(f"{line}\n")
        sys.stdout.flush()

    def is_about(self, run: Run) -> None:
        """Note nothing: there is no screen to show it on."""

    async def ask(self, prompt: str, *, secret: bool = False, careful: bool = False) -> str:
        """Ask a question."""
        session = self._secrets if secret else self._answers
        while True:
            asked = monotonic()
            answer = await self._read(session, prompt)
            if answer or not careful or monotonic() - asked >= _CAREFUL:
                return answer

    async def command(self) -> str:
        """Return the next line at the prompt."""
        return await self._read(self._commands, PROMPT)

    async def _read(self, session: PromptSession[str], prompt: str) -> str:
        try:
            return await session.prompt_async(prompt, handle_sigint=False)
        except KeyboardInterrupt as error:
            raise Interrupted from error
        except EOFError as error:
            raise Ended from error


class _Commands(Completer):
    """Completes the commands' words."""

    def __init__(self, complete: Callable[[str], tuple[str, ...]]) -> None:
        self._complete = complete

    def get_completions(self, document: Document, _event: CompleteEvent) -> Iterable[Completion]:
        """Yield what the line can become."""
        typed = document.text_before_cursor
        for name in self._complete(typed):
            yield Completion(name, start_position=-len(typed))


async def talk_on_terminal(mojodex: Mojodex, history: Path, *, is_local: bool) -> int:
    """Run the console until `quit` or the end of the input.

    Args:
        mojodex: The backend.
        history: The file that remembers commands.
        is_local: Whether the backend is this computer's own.

    Returns:
        The exit code.
    """
    # Asking where the cursor is serves menus we do not show; slow lines would warn of no answer.
    os.environ["PROMPT_TOOLKIT_NO_CPR"] = "1"
    talk = TerminalTalk(history, lambda typed: prompt.complete(typed))
    prompt = Prompt(talk, mojodex, is_local=is_local)
    loop = asyncio.get_running_loop()
    loop.add_signal_handler(signal.SIGINT, prompt.interrupt)
    try:
        await prompt.open()
        while not prompt.has_ended:
            try:
                line = await talk.command()
            except Interrupted:
                continue
            await prompt.do(line)
    except (Ended, Interrupted):
        talk.say()
    finally:
        loop.remove_signal_handler(signal.SIGINT)
    return 0
