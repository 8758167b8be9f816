"""The morning's mail all the way: the job, and a real mail server with TLS and a password."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from mojodex_tui.backend.asgi import Backend
from mojodex_tui.backend.llm.offline.todo_rules import TodoRules
from mojodex_tui.backend.mail.settings import MailSettings
from mojodex_tui.backend.mail.smtp import SmtpMailer
from mojodex_tui.backend.services.jobs import Jobs
from tests.backend.client import Api
from tests.mail.conftest import Post
from tests.todos.conftest import FakeClock, anybody, api, backend, clock, llm, settings

__all__ = ["anybody", "api", "backend", "clock", "llm", "settings"]

MORNING = datetime(2029, 12, 21, 8, 5, tzinfo=UTC)
"""A Friday."""


@pytest.fixture
async def jobs(api: Api, backend: Backend, clock: FakeClock, mail_settings: MailSettings) -> Jobs:
    """The jobs of a morning on which Sam has something to do."""
    await api.post("/timezone", timezone_offset=0)
    made = await api.put("/todos", description="Call the bank", scheduled_date="2029-12-21")
    made.raise_for_status()
    clock.moment = MORNING
    rules = TodoRules()

    async def source() -> TodoRules:
        return rules

    jobs = backend.uses.jobs
    mailer = SmtpMailer(mail_settings, clock)
    return replace(jobs, reminders=replace(jobs.reminders, writer=source, mailer=mailer))


async def _failures(api: Api) -> list[dict[str, object]]:
    told = (await api.get("/jobs")).json()["jobs"]
    failures: list[dict[str, object]] = next(
        job["failures"] for job in told if job["name"] == "todo_reminder"
    )
    return failures


async def test_goes_out_once(jobs: Jobs, post: Post, clock: FakeClock) -> None:
    for _ in range(3):
        await jobs.do_all_due()
        clock.advance(hours=1)
    (letter,) = post.letters()
    assert letter["To"] == "sam@example.com"
    html = letter.get_body(("html",))
    assert html is not None
    assert "Call the bank" in html.get_content()


async def test_later_means_later(jobs: Jobs, post: Post, api: Api, clock: FakeClock) -> None:
    post.answers += ["451 try again later", "421 too busy"]
    await jobs.do_all_due()
    (failure,) = await _failures(api)
    assert "451 try again later" in str(failure["reason"])
    assert failure["next_try"] is not None
    await jobs.do_all_due()
    assert post.attempts == 1  # its time has not come
    while not post.came:
        clock.advance(minutes=1)
        assert clock.moment < MORNING + timedelta(hours=1)
        await jobs.do_all_due()
    assert post.attempts == 3
    assert await _failures(api) == []


async def test_never_is_told(jobs: Jobs, post: Post, api: Api, clock: FakeClock) -> None:
    post.answers.append("550 no such mailbox")
    await jobs.do_all_due()
    clock.advance(hours=6)
    await jobs.do_all_due()
    assert (post.attempts, post.came) == (1, [])
    (failure,) = await _failures(api)
    assert failure["next_try"] is None
    assert "550 no such mailbox" in str((await api.get("/todo_digest")).json()["failure"])
