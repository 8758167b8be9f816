"""`task list` and `task run N`: a form answered here, then a talk until the text is right."""

from typing import Final

from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.commands import Arguments, Command
from mojodex_tui.console.conversation import Conversation
from mojodex_tui.console.offered import Offered
from mojodex_tui.console.talk import Talk, ask_yes
from mojodex_tui.state.runs import Run
from mojodex_tui.state.session import Drafted, Said, SessionState

_CHANGE: Final = "What should change? (empty line: nothing) "


class Tasks:
    """The commands about single tasks.

    Args:
        talk: Where to speak.
        mojodex: The backend.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex) -> None:
        self._talk = talk
        self._mojodex = mojodex
        self._offered = Offered(talk, mojodex, "task")

    def commands(self) -> tuple[Command, ...]:
        """Return them, as `help` lists them."""
        return (
            Command(("task", "list"), "", "tasks you can run", self._offered.list),
            Command(("task", "run"), "N", "run task number N, asking its questions", self._run),
        )

    async def _run(self, arguments: Arguments) -> None:
        await talk_about(self._talk, self._mojodex, await self._offered.run(arguments))


async def talk_about(talk: Talk, mojodex: Mojodex, run: Run) -> None:
    """Follow a run: print what the assistant gives, and send what the user wants changed.

    Raises:
        NotSent: the server will not have what was sent.
        ApiError: the run could not be read.
    """
    talk.is_about(run)
    async with Conversation(mojodex, run) as conversation:
        shown = _last_pk(conversation.state) if run.started is not None else 0
        if run.started is not None and conversation.state is not None:
            show_standing(talk, conversation.state)
        while True:
            state = await conversation.answered()
            if state.failure is not None:
                talk.say(f"! {state.failure.sentence}")
                if not await ask_yes(talk, "Try again"):
                    return
                await conversation.try_again()
                continue
            _show_after(talk, state, shown)
            shown = _last_pk(state)
            is_question = isinstance(state.entries[-1], Said) if state.entries else False
            answer = (await talk.ask("> " if is_question else _CHANGE)).strip()
            if not answer:
                talk.say(f"Kept in the history as “{state.title}”.")
                return
            await conversation.say(answer)


def show_standing(talk: Talk, state: SessionState) -> None:
    """Print where a run stands: its last words and its draft."""
    said = [entry for entry in state.entries if isinstance(entry, Said)][-2:]
    for entry in said:
        talk.say(f"{'You' if entry.by_user else 'Mojo'}: {entry.text}")
    _show_draft(talk, state)


def _show_after(talk: Talk, state: SessionState, shown: int) -> None:
    """Print what the assistant gave since the message `shown`."""
    for entry in state.entries:
        match entry:
            case Said(message_pk=pk, by_user=False, text=text) if pk > shown:
                talk.say(f"Mojo: {text}")
            case Drafted(message_pk=pk) if pk > shown:
                _show_draft(talk, state)


def _show_draft(talk: Talk, state: SessionState) -> None:
    if state.draft is not None:
        talk.say()
        talk.say(state.draft.title)
        talk.say()
        talk.say(state.draft.body)
        talk.say()
        talk.say(f"(version {state.draft.index})")


def _last_pk(state: SessionState | None) -> int:
    entries = state.entries if state is not None else ()
    return max((one.message_pk for one in entries if isinstance(one, Said | Drafted)), default=0)
