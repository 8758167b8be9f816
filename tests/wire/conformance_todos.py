"""Play the recording of the To-Dos: on a server of its own, whose clock shows the recorded time."""

import asyncio
import re
import sqlite3
import tempfile
from collections.abc import AsyncGenerator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from unittest.mock import patch

import aiohttp
import httpx
from pydantic import SecretStr

from mojodex_tui.backend.asgi import open_backend
from mojodex_tui.backend.domain.todos import ExtractionBrief, ReminderBrief, ReschedulingBrief
from mojodex_tui.backend.llm.errors import ModelSilent
from mojodex_tui.backend.llm.port import Ask, Usage
from mojodex_tui.backend.mail.settings import MailSettings
from mojodex_tui.backend.services.todo_ports import Letter
from mojodex_tui.backend.settings import BackendSettings
from mojodex_tui.wire.base import JsonObject
from tests.backend.client import on_loopback
from tests.wire.conformance_compare import Pairs
from tests.wire.conformance_llm import RecordedLlm, Reply
from tests.wire.conformance_player import Played, Player, Stage
from tests.wire.conformance_socket import Heard
from tests.wire.conformance_tasks import write_tasks

SCENARIO = "08_todos"
_BEGIN = datetime(2026, 11, 20, 20, 10, tzinfo=UTC)
_TO_THE_NIGHT = timedelta(hours=1)
"""What was put on its day after a night began is not moved in it, unlike on an original server."""
_BETWEEN_CALLS = timedelta(minutes=2)
"""What failed is tried again after a minute, unlike on an original server."""
_DEMO = "14f919cf95a70935c6c70f4a89ef5fec"
"""The recorded id of the account `<TOKEN:demo>` belongs to."""
_UNASKED = "0c034a1fe10620a5395e360a6f84989d"
"""The session of the second text: how it was asked for is not recorded."""
_SCHEDULER = "the secret of the scheduler"
"""An original server asks its scheduler for none; it is sent with every call of its background."""
_RESEND_SECONDS = 0.5
_KINDS: dict[type[object], str] = {
    ExtractionBrief: "todo_extraction",
    ReschedulingBrief: "todo_reschedule",
    ReminderBrief: "todo_daily_email",
}
_ROWS = {
    "user_id": "user_id",
    "user_task_execution_fk": "user_task_execution_pk",
    "todo_fk": "todo_pk",
}
"""What recorded statements name rows by, and what the rows are keys of."""
_AGO = re.compile(r"now\(\) - interval '(\d+) minutes'")
_DAYS_AGO = re.compile(r"current_date(?: - (\d+))?")
_ALIAS = re.compile(r"^update (\w+) (\w) set ")


class RecordedClock:
    """Shows the time the recording began at, and goes on from there."""

    def __init__(self) -> None:
        self._ahead = _BEGIN - datetime.now(UTC)

    def __call__(self) -> datetime:
        """Return the moment."""
        return datetime.now(UTC) + self._ahead

    def advance(self, time: timedelta) -> None:
        """Go ahead."""
        self._ahead += time


@dataclass
class Postbox:
    """Takes every letter."""

    letters: list[Letter] = field(default_factory=list)

    async def send(self, letter: Letter) -> None:
        """Keep a letter."""
        self.letters.append(letter)


class TodoLlm(RecordedLlm):
    """Says the recorded replies, also those about To-Dos."""

    async def stream(self, ask: Ask) -> AsyncGenerator[str | Usage]:
        """Yield the next reply."""
        kind = _KINDS.get(type(ask.brief))
        if kind is None:
            async for piece in super().stream(ask):
                yield piece
            return
        replies = self._replies.get(kind)
        if not replies:
            raise ModelSilent("The recording has no more answers.")
        yield replies.popleft().text
        yield Usage(self.label)


class TodoPlayer(Player):
    """Plays a scenario with a scheduler, a calendar and a database in it.

    Args:
        stage: what it is played on.
        clock: tells when.
    """

    def __init__(self, stage: Stage, clock: RecordedClock) -> None:
        super().__init__(stage, SCENARIO)
        self._clock = clock

    def _load_replies(self) -> None:
        super()._load_replies()
        for kind in _KINDS.values():
            said = (line for line in self._lines if line["type"] == "llm" and line["kind"] == kind)
            self._stage.llm.load(kind, [Reply.recorded(line, cut=None, gate=None) for line in said])

    async def _play(self, line: JsonObject) -> None:
        if line["type"] != "db":
            await super()._play(line)
            return
        await self._settle()
        # In a thread: who is writing could not go on while this waits for it.
        await asyncio.to_thread(self._change_database, str(line["sql"]))

    async def _event(self, conn: str, recorded: Heard, line: JsonObject) -> None:
        if recorded.session_id == _UNASKED:
            await self._imply_message(recorded.session_id, conn)
        await super()._event(conn, recorded, line)

    async def _call(self, asked: JsonObject) -> httpx.Response:
        if asked.get("service") != "background":
            return await super()._call(asked)
        self._clock.advance(_BETWEEN_CALLS)
        return await self._stage.http.request(
            str(asked["method"]),
            str(asked["path"]),
            json=asked["json"],
            headers={"Authorization": _SCHEDULER},
        )

    def _change_database(self, sql: str) -> None:
        if sql.lower().startswith("select"):
            return
        if "timezone_offset=1200" in sql:
            self._clock.advance(_TO_THE_NIGHT)
        for key, row in _ROWS.items():
            for found in re.finditer(rf"\b{key}='?(\w+)'?", sql):
                ours = self._stage.pairs.to_send(found[1], row)
                sql = sql.replace(found[0], f"{key}='{ours}'")
        with sqlite3.connect(self._stage.database, timeout=10) as connection:
            connection.execute(self._in_sqlite(sql))
        connection.close()

    def _in_sqlite(self, sql: str) -> str:
        """Return a statement recorded on PostgreSQL as SQLite takes it."""
        moment = self._clock()

        def ago(found: re.Match[str]) -> str:
            then = moment - timedelta(minutes=int(found[1]))
            return f"'{then.replace(tzinfo=None)}'"

        def days_ago(found: re.Match[str]) -> str:
            return f"'{moment.date() - timedelta(days=int(found[1] or 0))}'"

        told = _ALIAS.sub(r"update \1 as \2 set ", sql)
        return _DAYS_AGO.sub(days_ago, _AGO.sub(ago, told))


async def play_todos() -> Played:
    """Play it, and return what it came to."""
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = BackendSettings(
            data_dir=home,
            local=False,
            jwt_secret=SecretStr("a key of the conformance suite, long enough"),
            resend_seconds=_RESEND_SECONDS,
            scheduler_secret=SecretStr(_SCHEDULER),
            jobs=False,
        )
        write_tasks(home / "recorded")
        llm, clock = TodoLlm(), RecordedClock()

        async def source() -> TodoLlm:
            return llm

        mail = MailSettings(host="127.0.0.1", sender="mojodex@example.com")
        with (
            patch("mojodex_tui.backend.asgi.SHIPPED_TASKS", home / "recorded"),
            patch("mojodex_tui.backend.asgi._mail_settings", return_value=mail),
            patch("mojodex_tui.backend.asgi._mailer", return_value=Postbox()),
        ):
            async with (
                open_backend(settings, llm=source, clock=clock) as backend,
                on_loopback(backend) as url,
                httpx.AsyncClient(base_url=url) as http,
                aiohttp.ClientSession() as web,
            ):
                stage = Stage(
                    url,
                    settings.sqlite_file,
                    http,
                    web,
                    llm,
                    backend.background,
                    await _signed_up(http),
                    _RESEND_SECONDS,
                )
                return await TodoPlayer(stage, clock).play()


async def _signed_up(http: httpx.AsyncClient) -> Pairs:
    """Make the two accounts of the recording."""
    pairs = Pairs()
    for name in ("demo", "second"):
        account = {"email": f"{name}@example.com", "name": name, "password": name}
        made = await http.put("/user", json={"datetime": "now", **account})
        pairs.tokens[f"<TOKEN:{name}>"] = token = str(made.json()["token"])
        headers = {"Authorization": token}
        for method, path, body in (
            ("PUT", "/terms_and_conditions", {}),
            ("POST", "/timezone", {"timezone_offset": -60}),
        ):
            told = await http.request(
                method, path, json={"datetime": "now", **body}, headers=headers
            )
            told.raise_for_status()
        if name == "demo":
            shown = await http.put("/onboarding", json={"datetime": "now"}, headers=headers)
            pairs.learn("user_id", _DEMO, shown.json()["user_id"])
            query = {"datetime": "now", "platform": "mobile"}
            tasks = (await http.get("/user_task", params=query, headers=headers)).json()
            for recorded, task in enumerate(tasks["user_tasks"], start=1):
                pairs.learn("user_task_pk", recorded, task["user_task_pk"])
                pairs.learn("task_pk", recorded, task["task_pk"])
    return pairs
