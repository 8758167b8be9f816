"""What users do with their To-Dos (wire protocol §7, and our own additions)."""

from dataclasses import dataclass, replace
from datetime import date
from typing import NoReturn

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.clocks import MORNING_HOUR, NIGHT_HOUR, next_time
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.todos import MOST_DESCRIPTION, Scheduling, Todo, View
from mojodex_tui.backend.services.errors import NotFound, Refused
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.wire import todo_extensions as own
from mojodex_tui.wire import todos as wire

_MOST_REASON = 1000


@dataclass(frozen=True)
class TodoLists:
    """The To-Dos of users.

    Args:
        store: where they are kept.
        clock: tells when.
        sends_mail: whether a mail server is set.
    """

    store: Store
    clock: Clock
    sends_mail: bool = False

    async def list_open(self, user: User, page: Page, execution_pk: int | None) -> wire.Todos:
        """Return a page of an execution's To-Dos, or of the user's open ones from today on.

        "Today" is the user's; an original server gets its sign wrong (C11).

        Raises:
            NotFound: the user has no such execution.
        """
        today = self.today(user)
        async with self.store.read() as work:
            if execution_pk is None:
                found = await work.todos.open_from(user.user_id, today, page)
            else:
                await _own_execution(work, user, execution_pk)
                found = await work.todos.of_execution(execution_pk, page)
            return wire.Todos(
                todos=tuple(wire.Todo.model_validate(_fields(todo)) for todo in found),
                user_has_never_done_todo=await work.todos.total(user.user_id) == 0,
                n_todos_not_read=await work.todos.count_unread(user.user_id, today),
            )

    async def view(self, user: User, view: View, page: Page) -> own.ViewedTodos:
        """Return a page of one part of a user's To-Dos, and what there is beside it."""
        moment = self.clock()
        today = self.today(user)
        async with self.store.read() as work:
            found = await work.todos.viewed(user.user_id, view, today, page)
            counts = await work.todos.counts(user.user_id, today)
        clock = user.clock
        return own.ViewedTodos(
            todos=tuple(map(todo_row, found)),
            counts=own.TodoCounts(
                overdue=counts.overdue,
                today=counts.today,
                upcoming=counts.upcoming,
                done=counts.done,
                unread=counts.unread,
            ),
            today=today,
            next_night=next_time(clock, moment, NIGHT_HOUR) if clock else None,
            next_morning=(
                next_time(clock, moment, MORNING_HOUR)
                if clock and self.sends_mail and user.todo_email_reception
                else None
            ),
            sends_mail=self.sends_mail,
            todo_email_reception=user.todo_email_reception,
        )

    async def history(self, user: User, pk: int) -> own.TodoHistory:
        """Return why a To-Do is on its day.

        Raises:
            NotFound: the user has no such To-Do.
        """
        async with self.store.read() as work:
            todo = await _own_todo(work, user, pk)
            schedulings = await work.todos.schedulings(pk)
        return own.TodoHistory(
            todo=todo_row(todo), schedulings=tuple(map(_scheduling, schedulings))
        )

    async def mark_done(self, user: User, pk: int) -> None:
        """Note that a To-Do is done.

        Raises:
            NotFound: the user has no such To-Do.
            Refused: it is done already.
        """
        async with self.store.write() as work:
            todo = await _own_todo(work, user, pk)
            if todo.completed is not None:
                raise Refused("Todo already done, can't do it again.")
            await work.todos.change(replace(todo, completed=self.clock()))

    async def mark_read(self, user: User, pk: int) -> None:
        """Note that a To-Do was seen.

        Raises:
            NotFound: the user has no such To-Do.
        """
        async with self.store.write() as work:
            todo = await _own_todo(work, user, pk)
            await work.todos.change(replace(todo, read=todo.read or self.clock()))

    async def mark_all_read(self, user: User, execution_pk: int | None) -> list[int]:
        """Note that all To-Dos were seen, of one execution or of the user; return the new ones.

        Raises:
            NotFound: the user has no such execution.
        """
        async with self.store.write() as work:
            if execution_pk is not None:
                await _own_execution(work, user, execution_pk)
            return await work.todos.mark_read(user.user_id, execution_pk, self.clock())

    async def delete(self, user: User, pk: int, cause: str | None = None) -> None:
        """Take a To-Do out of the lists; it stays in the database, so this can be taken back.

        Raises:
            NotFound: the user has no such To-Do.
        """
        async with self.store.write() as work:
            todo = await _own_todo(work, user, pk)
            if todo.deleted is None:
                await work.todos.change(replace(todo, deleted=self.clock()), _short(cause))

    async def create(
        self, user: User, description: str, day: date, execution_pk: int | None
    ) -> own.TodoRow:
        """Make a To-Do by hand.

        Raises:
            NotFound: the user has no such execution.
            Refused: there is nothing to do, or the day is past.
        """
        text = _checked(description)
        self._refuse_past(user, day)
        async with self.store.write() as work:
            if execution_pk is None:
                execution_pk = await work.todos.notebook(user.user_id, self.clock())
                if execution_pk is None:
                    raise Refused("Without any task there is no place for a To-Do.")
            else:
                await _own_execution(work, user, execution_pk)
            pk = await work.todos.add(execution_pk, text, day, self.clock(), by_user=True)
            return todo_row(await _own_todo(work, user, pk))

    async def edit(self, user: User, pk: int, description: str) -> own.TodoRow:
        """Reword a To-Do.

        Raises:
            NotFound: the user has no such To-Do.
            Refused: there are no words.
        """
        text = _checked(description)
        async with self.store.write() as work:
            todo = await _own_todo(work, user, pk)
            await work.todos.change(replace(todo, description=text))
            return todo_row(await _own_todo(work, user, pk))

    async def move(self, user: User, pk: int, day: date, reason: str | None) -> own.TodoRow:
        """Put an open To-Do on another day; put on the day it is on, it stays as it is.

        Raises:
            NotFound: the user has no such To-Do.
            Refused: it is not open, or the day is past.
        """
        self._refuse_past(user, day)
        async with self.store.write() as work:
            todo = await _own_todo(work, user, pk)
            if not todo.is_open:
                raise Refused("Only an open To-Do can be moved. Reopen it first.")
            if todo.day != day:
                await work.todos.put_on(pk, day, self.clock(), _short(reason), by_user=True)
            return todo_row(await _own_todo(work, user, pk))

    async def undo(self, user: User, pk: int, what: own.Undoable) -> own.TodoRow:
        """Take back what the user did to a To-Do.

        Raises:
            NotFound: the user has no such To-Do.
            Refused: that was not done to it.
        """
        async with self.store.write() as work:
            todo = await _own_todo(work, user, pk)
            match what:
                case own.Undoable.DONE if todo.completed is not None:
                    await work.todos.change(replace(todo, completed=None))
                case own.Undoable.DELETION if todo.deleted is not None:
                    await work.todos.change(replace(todo, deleted=None))
                case own.Undoable.MOVE:
                    *before, last = await work.todos.schedulings(pk)
                    if not before or not last.by_user:
                        raise Refused("You did not move this To-Do last.")
                    await work.todos.take_back(last.pk)
                case _:
                    _refuse_undoing(what)
            return todo_row(await _own_todo(work, user, pk))

    def today(self, user: User) -> date:
        """Return the user's day."""
        return user.local_time(self.clock()).date()

    def _refuse_past(self, user: User, day: date) -> None:
        if day < self.today(user):
            raise Refused("That day is past. Choose today or a later one.")


def _refuse_undoing(what: own.Undoable) -> NoReturn:
    raise Refused(
        "This To-Do is not done." if what is own.Undoable.DONE else "This To-Do is not deleted."
    )


async def _own_todo(work: Work, user: User, pk: int) -> Todo:
    todo = await work.todos.get(user.user_id, pk)
    if todo is None:
        raise NotFound("Todo not found")
    return todo


async def _own_execution(work: Work, user: User, pk: int) -> None:
    execution = await work.executions.get(pk)
    if execution is None or execution.user_id != user.user_id:
        raise NotFound("user_task_execution_pk not found")


def _checked(description: str) -> str:
    text = " ".join(description.split())
    if not text:
        raise Refused("Say what is to be done.")
    if len(text) > MOST_DESCRIPTION:
        raise Refused(f"A To-Do has at most {MOST_DESCRIPTION} characters.")
    return text


def _short(words: str | None) -> str | None:
    return " ".join((words or "").split())[:_MOST_REASON] or None


def _fields(todo: Todo) -> dict[str, object]:
    return {
        "todo_pk": todo.pk,
        "user_task_execution_fk": todo.execution_pk,
        "description": todo.description,
        "scheduled_date": todo.day,
        "completed": todo.completed,
        "creation_date": todo.created,
        "read_by_user": todo.read,
    }


def todo_row(todo: Todo) -> own.TodoRow:
    """Return a To-Do as our own clients get it."""
    return own.TodoRow.model_validate(
        {
            **_fields(todo),
            "source": todo.source,
            "by_user": todo.by_user,
            "n_moves": todo.moves,
            "execution_title": todo.title,
        }
    )


def _scheduling(scheduling: Scheduling) -> own.TodoScheduling:
    return own.TodoScheduling(
        scheduled_date=scheduling.day,
        creation_date=scheduling.made,
        reason=scheduling.reason,
        by_user=scheduling.by_user,
    )
