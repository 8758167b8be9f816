"""The words of the morning's mail on the screen, at any time and without a mail server."""

from dataclasses import dataclass

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.todos import ReminderBrief
from mojodex_tui.backend.services.jobs import Jobs
from mojodex_tui.backend.services.todo_ports import TodoWriter
from mojodex_tui.wire.todo_extensions import Digest

_LINES = {
    "en": ("{today} today", "{overdue} overdue", "nothing due"),
    "fr": ("{today} aujourd’hui", "{overdue} en retard", "rien de prévu"),
    "es": ("{today} hoy", "{overdue} atrasadas", "nada previsto"),
}


@dataclass(frozen=True)
class TodoDigests:
    """Writes digests by rules: a screen must not wait for a model.

    Args:
        jobs: knows what there is to tell, and how the last mail went.
        rules: words it.
    """

    jobs: Jobs
    rules: TodoWriter

    async def read(self, user: User) -> Digest:
        """Return what the morning's mail would say now."""
        brief = await self.jobs.reminders.brief(user)
        reminder, _ = await self.rules.remind(brief)
        return Digest(
            subject=reminder.subject,
            text=reminder.text,
            html=reminder.html,
            line=line_of(brief),
            n_due=len(brief.today) + len(brief.overdue),
            n_moved=len(brief.moved),
            day=brief.day,
            failure=await self.jobs.mail_failure(user),
        )


def line_of(brief: ReminderBrief) -> str:
    """Return a digest in one line."""
    today, overdue, nothing = _LINES.get(brief.language[:2], _LINES["en"])
    parts = []
    if brief.overdue:
        parts.append(overdue.format(overdue=len(brief.overdue)))
    if brief.today:
        parts.append(today.format(today=len(brief.today)))
    return ", ".join(parts) or nothing
