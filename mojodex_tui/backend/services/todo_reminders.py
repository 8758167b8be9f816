"""Write what a user should know in the morning, and send it (wire protocol §8.4)."""

from collections.abc import AsyncIterator, Sequence
from dataclasses import dataclass

from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.clocks import Slot, UserClock, is_due, morning_before, morning_slot
from mojodex_tui.backend.domain.jobs import JobKey, JobName, JobRun
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.domain.todos import Reminder, ReminderBrief, View
from mojodex_tui.backend.services.accounts import LOCAL_EMAIL
from mojodex_tui.backend.services.job_runs import JobRunner
from mojodex_tui.backend.services.ports import Clock, Store, Work
from mojodex_tui.backend.services.todo_extraction import call_of
from mojodex_tui.backend.services.todo_ports import (
    Letter,
    MailDelayed,
    Mailer,
    MailRefused,
    TodoWriterSource,
)

_EVENT = "todo_daily_email"
_PAGE = 200
_MOST_ITEMS = 100
_UNKNOWN_FATE = (
    "The program stopped while the mail was being sent. "
    "It may have gone out, so it is not sent again."
)


@dataclass(frozen=True)
class DueMorning:
    """A user whose morning has begun."""

    user: User
    slot: Slot


@dataclass(frozen=True)
class TodoReminders:
    """Writes and sends the mail of each working day's morning.

    Args:
        store: where To-Dos are kept.
        clock: tells when.
        writer: writes the mail.
        runner: sees to it that each morning has one mail.
        mailer: sends it; `None` if no mail server is set: then nothing comes due, and the same
            words are on the screen.
    """

    store: Store
    clock: Clock
    writer: TodoWriterSource
    runner: JobRunner
    mailer: Mailer | None = None
    local_address: str | None = None
    """Where mails of the local account go, which has no address of its own."""

    async def due(self) -> list[DueMorning]:
        """Return who is to be written to."""
        if self.mailer is None:
            return []
        return [morning async for page in self._pages() for morning in page]

    async def _pages(self) -> AsyncIterator[list[DueMorning]]:
        moment = self.clock()
        after = ""
        while True:
            async with self.store.read() as work:
                users = await work.jobs.reminded(after, _PAGE)
                if not users:
                    return
                after = users[-1].user_id
                slots = [
                    DueMorning(user, slot)
                    for user in users
                    if user.clock is not None
                    and self._address(user) is not None
                    and (slot := morning_slot(user.clock, moment)) is not None
                    and slot.begins >= (user.created or slot.begins)
                ]
                last = await work.jobs.last_days(
                    JobName.MORNING, {each.user.user_id for each in slots}
                )
            yield [each for each in slots if is_due(each.slot, last.get(each.user.user_id))]

    async def work_through(self, mornings: Sequence[DueMorning]) -> None:
        """Write to some users."""
        for morning in mornings:
            key = JobKey(JobName.MORNING, morning.user.user_id, morning.slot.day)
            await self.runner.run(key, morning.user.user_id, self._remind)

    def _address(self, user: User) -> str | None:
        return self.local_address if user.email == LOCAL_EMAIL else user.email

    async def brief(self, user: User) -> ReminderBrief:
        """Return what a user should know now."""
        async with self.store.read() as work:
            return await self._brief(work, user)

    async def _remind(self, run: JobRun) -> None:
        if self.mailer is None:
            raise MailRefused("No mail server is set.")
        if run.sending is not None:
            raise MailRefused(_UNKNOWN_FATE)
        async with self.store.read() as work:
            user = await work.users.get(run.user_id)
            if user is None:
                raise LookupError(f"The user {run.user_id} is gone")
            brief = await self._brief(work, user)
        if not (brief.today or brief.overdue or brief.moved):
            # Unlike an original server's, an empty mail is not sent.
            async with self.store.write() as work:
                await self.runner.finish(work, run.key)
            return
        reminder, usage = await (await self.writer()).remind(brief)
        if usage is not None:
            async with self.store.write() as work:
                await work.calls.add(user.user_id, None, call_of("todo_reminder", usage))
        await self._send(run.key, user, reminder, self.mailer)

    async def _send(self, key: JobKey, user: User, reminder: Reminder, mailer: Mailer) -> None:
        """Send a mail at most once: what a crash leaves half sent is not sent again."""
        async with self.store.write() as work:
            await self.runner.keep_claim(work, key)
            await work.jobs.set_sending(key, self.runner.owner, self.clock())
        letter = Letter(
            to=self._address(user) or user.email,
            subject=reminder.subject,
            text=reminder.text,
            html=reminder.html,
            key=f"{key.job}.{key.day.isoformat()}.{user.user_id}",
        )
        try:
            await mailer.send(letter)
        except (MailDelayed, MailRefused):
            async with self.store.write() as work:
                await work.jobs.set_sending(key, self.runner.owner, None)
            raise
        async with self.store.write() as work:
            await self.runner.finish(work, key)
            await work.jobs.add_event(
                user.user_id,
                _EVENT,
                {"subject": reminder.subject, "body": reminder.html, "email": letter.to},
            )

    async def _brief(self, work: Work, user: User) -> ReminderBrief:
        moment = self.clock()
        today = user.local_time(moment).date()
        page = Page(_MOST_ITEMS)
        due = await work.todos.viewed(user.user_id, View.TODAY, today, page)
        overdue = await work.todos.viewed(user.user_id, View.OVERDUE, today, page)
        # From the mail before to this one, so that no move is told twice or never.
        clock = user.clock or UserClock(0)
        slot = morning_slot(clock, moment)
        since = morning_before(clock, slot or Slot(today, moment))
        return ReminderBrief(
            language=user.language,
            user_name=user.name or "",
            day=today,
            today=tuple((todo.description, todo.title) for todo in due),
            overdue=tuple((todo.description, todo.day) for todo in overdue),
            moved=tuple(await work.todos.moved(user.user_id, since, moment)),
            goal=user.goal,
            company=user.company_description,
        )
