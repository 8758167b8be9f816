"""Open To-Dos as files: a calendar for other programs, Markdown for people."""

import hashlib
import secrets
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.todos import Todo, View
from mojodex_tui.backend.services.errors import NotAllowed
from mojodex_tui.backend.services.ports import Clock, Store, Work

_MOST = 2000
_VIEWS = {
    "en": ("To-Dos", "Overdue", "Today", "Upcoming", "Nothing to do."),
    "fr": ("À faire", "En retard", "Aujourd’hui", "À venir", "Rien à faire."),
    "es": ("Pendientes", "Atrasado", "Hoy", "Próximamente", "Nada pendiente."),
}


@dataclass(frozen=True)
class TodoExports:
    """Writes open To-Dos for other programs.

    Args:
        store: where they are kept.
        clock: tells when.
    """

    store: Store
    clock: Clock

    async def calendar(self, user: User) -> bytes:
        """Return a user's open To-Dos as iCalendar."""
        async with self.store.read() as work:
            found = await _open(work, user, self._today(user))
        return calendar(found, self.clock())

    async def markdown(self, user: User) -> str:
        """Return a user's open To-Dos as Markdown."""
        today = self._today(user)
        async with self.store.read() as work:
            found = await _open(work, user, today)
        return markdown(found, today, user.language)

    async def make_feed(self, user: User) -> str:
        """Return a new key of the user's feed; the one before opens nothing any more."""
        key = secrets.token_urlsafe(24)
        async with self.store.write() as work:
            await work.feeds.set_digest(user.user_id, _digest(key))
        return key

    async def feed(self, key: str) -> bytes:
        """Return the calendar a key opens.

        Raises:
            NotAllowed: it opens none.
        """
        async with self.store.read() as work:
            user = await work.feeds.user_of_digest(_digest(key))
        if user is None:
            raise NotAllowed("This calendar address is not valid any more.")
        return await self.calendar(user)

    def _today(self, user: User) -> date:
        return user.local_time(self.clock()).date()


async def _open(work: Work, user: User, today: date) -> list[Todo]:
    found = await work.todos.viewed(user.user_id, View.ALL, today, Page(_MOST))
    return [todo for todo in found if todo.is_open]


def _digest(key: str) -> str:
    return hashlib.sha256(key.encode()).hexdigest()


def calendar(todos: list[Todo], moment: datetime) -> bytes:
    """Return To-Dos as iCalendar: each as a task, and as an all-day event for programs without."""
    # Imported on first use: few starts need it.
    from icalendar import Calendar, Event
    from icalendar import Todo as Task

    file = Calendar()
    file.add("prodid", "-//mojodex-tui//To-Dos//EN")
    file.add("version", "2.0")
    file.add("x-wr-calname", "Mojodex To-Dos")
    for todo in todos:
        task = Task()
        task.add("uid", f"todo-{todo.pk}@mojodex-tui")
        task.add("due", todo.day)
        task.add("status", "NEEDS-ACTION")
        event = Event()
        event.add("uid", f"todo-day-{todo.pk}@mojodex-tui")
        event.add("dtstart", todo.day)
        event.add("dtend", todo.day + timedelta(days=1))
        event.add("transp", "TRANSPARENT")
        for entry in (task, event):
            entry.add("dtstamp", moment)
            entry.add("created", todo.created)
            entry.add("summary", todo.description)
            entry.add("sequence", todo.moves)
            if todo.source:
                entry.add("description", todo.source)
            file.add_component(entry)
    return bytes(file.to_ical())


def markdown(todos: list[Todo], today: date, language: str) -> str:
    """Return To-Dos as a Markdown list with boxes to tick."""
    title, overdue, now, later, nothing = _VIEWS.get(language[:2], _VIEWS["en"])
    parts = [f"# {title}"]
    for heading, chosen in (
        (overdue, [todo for todo in todos if todo.day < today]),
        (now, [todo for todo in todos if todo.day == today]),
        (later, [todo for todo in todos if todo.day > today]),
    ):
        if chosen:
            rows = "\n".join(f"- [ ] {_escaped(todo.description)} ({todo.day})" for todo in chosen)
            parts.append(f"## {heading}\n\n{rows}")
    return "\n\n".join(parts if todos else [*parts, nothing]) + "\n"


def _escaped(text: str) -> str:
    return "".join(f"\\{each}" if each in "\\`*_[]<>#" else each for each in text)
