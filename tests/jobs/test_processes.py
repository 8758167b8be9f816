"""Two real server processes on one PostgreSQL database, a clock, and a mail server."""

import asyncio
import re
import subprocess
from collections import Counter
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path

import httpx
import psycopg
import pytest

from mojodex_tui.backend.mail.settings import MailSettings, Security
from tests.backend.client import PATIENCE, Api
from tests.backend.databases import postgresql
from tests.e2e.program import SCRIPT, bare_environment
from tests.mail.conftest import PASSWORD, USER, Post, certificate, mail_settings, post

__all__ = ["certificate", "mail_settings", "post"]

MONDAY = datetime.fromisoformat("2029-12-17T12:00:00+00:00")
DAYS = 4


@contextmanager
def _server(data: Path, clock: Path, environ: Mapping[str, str]) -> Iterator[str]:
    """Run a server, and tell its address."""
    process = subprocess.Popen(
        [str(SCRIPT), "serve", "--port", "0", "--data-dir", str(data), "--clock", str(clock)],
        env=bare_environment(data.parent, **environ),
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    try:
        told = re.search(r"http://\S+", process.stdout.readline())
        assert told is not None
        yield told[0]
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE)


async def _until(holds: Callable[[], Awaitable[bool]]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not await holds():  # noqa: ASYNC110 - another process brings it about
            await asyncio.sleep(0.1)


@pytest.mark.parametrize("mail_settings", [Security.STARTTLS], indirect=True)
async def test_nights_and_mornings_come_once(
    tmp_path: Path, post: Post, mail_settings: MailSettings
) -> None:
    clock, data = tmp_path / "clock", tmp_path / "data"
    clock.write_text(MONDAY.isoformat())
    async with postgresql() as url:
        environ = {
            "MOJODEX_DATABASE_URL": url,
            "MOJODEX_JWT_SECRET": "x" * 48,
            "MOJODEX_LLM_BASE_URL": "offline",
            "MOJODEX_MAIL_HOST": "127.0.0.1",
            "MOJODEX_MAIL_PORT": str(mail_settings.port),
            "MOJODEX_MAIL_SECURITY": mail_settings.security,
            "MOJODEX_MAIL_SENDER": mail_settings.sender,
            "MOJODEX_MAIL_USER": USER,
            "MOJODEX_MAIL_PASSWORD": PASSWORD,
            "MOJODEX_MAIL_CA_FILE": str(mail_settings.ca_file),
        }
        with _server(data, clock, environ) as first, _server(data, clock, environ):
            async with httpx.AsyncClient(base_url=first, timeout=PATIENCE) as http:
                await _walk(Api(http), clock, post)
        with psycopg.connect(url.replace("+psycopg", "")) as connection:
            rows = connection.execute(
                "SELECT job, day, attempts, ended IS NOT NULL FROM md_job_run"
            ).fetchall()
    done = Counter(job for job, _, attempts, ended in rows if ended and attempts == 1)
    assert done == {"todo_rescheduling": DAYS, "todo_reminder": DAYS}
    assert len(rows) == 2 * DAYS
    subjects = [letter["Subject"] for letter in post.letters()]
    assert len(set(subjects)) == len(subjects) == DAYS


async def _walk(anybody: Api, clock: Path, post: Post) -> None:
    """Let some nights and mornings come for somebody who leaves a To-Do undone."""
    account = await anybody.put("/user", email="sam@example.com", name="Sam", password="p")
    api = anybody.of(account.json()["token"])
    await api.put("/terms_and_conditions")
    await api.post("/timezone", timezone_offset=0)
    made = await api.put("/todos", description="Water", scheduled_date=f"{MONDAY:%Y-%m-%d}")
    made.raise_for_status()

    async def moves() -> int:
        (todo,) = (await api.get("/todo_view")).json()["todos"]
        number: int = todo["n_moves"]
        return number

    for day in range(1, DAYS + 1):
        night = (MONDAY + timedelta(days=day)).replace(hour=1, minute=5)
        clock.write_text(night.isoformat())

        async def is_moved(times: int = day) -> bool:
            return await moves() >= times

        await _until(is_moved)
        clock.write_text(night.replace(hour=8).isoformat())

        async def is_told(times: int = day) -> bool:
            return len(post.came) >= times

        await _until(is_told)
    assert await moves() == DAYS
