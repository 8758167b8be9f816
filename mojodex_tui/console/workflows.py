"""`workflow list`, `workflow run N` and `workflow resume N`: steps decided line by line."""

from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.commands import Arguments, Command
from mojodex_tui.console.numbered import Numbered
from mojodex_tui.console.talk import Talk
from mojodex_tui.console.tasks import line_of, listed
from mojodex_tui.state.catalog import TaskEntry
from mojodex_tui.state.runs import Run


class Workflows:
    """The commands about workflows.

    Args:
        talk: Where to speak.
        mojodex: The backend.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex) -> None:
        self._talk = talk
        self._mojodex = mojodex
        self._workflows = Numbered[TaskEntry]("workflow", lambda task: task.name)

    def commands(self) -> tuple[Command, ...]:
        """Return them, as `help` lists them."""
        return (Command(("workflow", "list"), "", "workflows you can run", self._list),)

    async def _list(self, _arguments: Arguments) -> None:
        for number, task in self._workflows.show(await listed(self._mojodex, workflows=True)):
            self._talk.say(line_of(number, task))


async def steer(talk: Talk, mojodex: Mojodex, run: Run) -> None:
    """Follow a run of a workflow, asking for each decision."""
