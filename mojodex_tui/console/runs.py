"""`history` and `open N`: the runs of the past, and going on with one."""

from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.commands import Arguments, Command, Misused
from mojodex_tui.console.numbered import Numbered
from mojodex_tui.console.talk import Talk
from mojodex_tui.console.tasks import talk_about
from mojodex_tui.console.workflows import steer
from mojodex_tui.state.runs import Run, run_of
from mojodex_tui.state.times import here_and_now, told


class Runs:
    """The commands about what was run.

    Args:
        talk: Where to speak.
        mojodex: The backend.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex) -> None:
        self._talk = talk
        self._mojodex = mojodex
        self._runs = Numbered[Run]("history", lambda run: run.title)

    def commands(self) -> tuple[Command, ...]:
        """Return them, as `help` lists them."""
        return (
            Command(("history",), "[WORDS]", "what was run, the newest first", self._list),
            Command(("open",), "N", "show run number N, and go on with it", self._open),
        )

    async def _list(self, arguments: Arguments) -> None:
        rows = await self._mojodex.api.executions(search=" ".join(arguments))
        now = here_and_now()
        for number, run in self._runs.show(tuple(map(run_of, rows))):
            when = told(run.started, now) if run.started is not None else ""
            self._talk.say(f"{number}. {run.title} - {run.task_name}, {when}".rstrip(", "))
        if not rows:
            self._talk.say("Nothing was run yet." if not arguments else "Nothing is called so.")

    async def _open(self, arguments: Arguments) -> None:
        if not arguments:
            raise Misused("Which one? 'history' shows their numbers.")
        if not self._runs.shown:
            self._runs.show(tuple(map(run_of, await self._mojodex.api.executions())))
        run = self._runs.find(arguments[0])
        if run.is_workflow:
            await steer(self._talk, self._mojodex, run)
        else:
            await talk_about(self._talk, self._mojodex, run)
