"""`todo list`, `todo done`, `todo delete` and `todo move`."""

from datetime import datetime

from mojodex_tui.client.port import Mojodex
from mojodex_tui.console.commands import Arguments, Command, Misused
from mojodex_tui.console.numbered import Numbered
from mojodex_tui.console.talk import Talk
from mojodex_tui.state.days import day_of, told_day
from mojodex_tui.state.todos import Part, TodosState, state_of, told_due
from mojodex_tui.wire.todo_extensions import TodoRow


class Todos:
    """The commands about To-Dos.

    Args:
        talk: Where to speak.
        mojodex: The backend.
    """

    def __init__(self, talk: Talk, mojodex: Mojodex) -> None:
        self._talk = talk
        self._mojodex = mojodex
        self._todos = Numbered[TodoRow]("todo", lambda row: row.description)

    def commands(self) -> tuple[Command, ...]:
        """Return them, as `help` lists them."""
        return (
            Command(("todo", "list"), "", "what is to be done, and when", self._list),
            Command(("todo", "done"), "N", "To-Do number N is done", self._done),
            Command(("todo", "delete"), "N [WHY]", "it was none, or is void", self._delete),
            Command(("todo", "move"), "N WHEN", "put it on another day: 'friday'", self._move),
        )

    async def _list(self, _arguments: Arguments) -> None:
        state = await self._fetch()
        numbers = {row.todo_pk: number for number, row in self._todos.show(_open(state))}
        for part, rows in state.parts():
            if part is not Part.DONE:
                self._talk.say(f"{part}:")
                for row in rows:
                    due = told_due(row, state.today)
                    self._talk.say(f"{numbers[row.todo_pk]}. {row.description} ({due})")
        if not numbers:
            self._talk.say("Nothing is to be done.")

    async def _done(self, arguments: Arguments) -> None:
        row = await self._find(arguments)
        await self._mojodex.todos.finish(row.todo_pk)
        self._talk.say(f"Done: {row.description}")

    async def _delete(self, arguments: Arguments) -> None:
        row = await self._find(arguments)
        await self._mojodex.todos.delete(row.todo_pk, " ".join(arguments[1:]))
        self._talk.say(f"Deleted: {row.description}")

    async def _move(self, arguments: Arguments) -> None:
        state = await self._fetch()
        row = await self._find(arguments)
        words = " ".join(arguments[1:])
        day = day_of(words, state.today) if words else None
        if day is None:
            raise Misused(f"'{words}' is no day from today on. Type 'friday', '3 june' or '+2d'.")
        moved = await self._mojodex.todos.move(row.todo_pk, day)
        self._talk.say(f"{row.description}: {told_day(moved.scheduled_date, state.today)}")

    async def _find(self, arguments: Arguments) -> TodoRow:
        if not arguments:
            raise Misused("Which one? 'todo list' shows their numbers.")
        if not self._todos.shown:
            self._todos.show(_open(await self._fetch()))
        return self._todos.find(arguments[0])

    async def _fetch(self) -> TodosState:
        listing = await self._mojodex.todos.listing()
        return state_of(listing, datetime.now().astimezone().date(), ())


def _open(state: TodosState) -> list[TodoRow]:
    return [row for part, rows in state.parts() if part is not Part.DONE for row in rows]
