"""The line of a status bar, read from what the client saw last."""

import sqlite3
import subprocess
import sys
from datetime import date, timedelta
from pathlib import Path

import pytest
from starlette.responses import JSONResponse, Response

from mojodex_tui.client.session import MojodexClient
from mojodex_tui.client.todo_line import todo_line
from tests.client.conftest import NewClient
from tests.client.loopback import Call, Server, says
from tests.client.test_todos import todo

DAY = date(2026, 11, 20)


@pytest.fixture
async def seen(server: Server, client: NewClient) -> MojodexClient:
    """A client that saw three open To-Dos and a done one."""

    async def view(call: Call) -> Response:
        rows = {
            "overdue": [todo(1, "2026-11-18")],
            "today": [todo(2, "2026-11-20"), todo(3, "2026-11-20")],
            "done": [todo(4, "2026-11-20", completed="2026-11-20T10:00:00+00:00")],
        }
        first = int(call.fields["offset"])
        page = [] if first else rows.get(call.fields["view"], [])
        return JSONResponse({"todos": page, "counts": {}, "today": "2026-11-20"})

    server.on("GET", "/todo_view", view)
    server.on("POST", "/todos", says({"todo_pk": 1}))
    made = client()
    async with made as mojodex:
        await mojodex.todos.listing()
    return made


async def test_counts_what_is_late_and_due(
    seen: MojodexClient, server: Server, tmp_path: Path
) -> None:
    store = tmp_path / "client.sqlite3"
    assert todo_line(store, server.url, DAY) == "1 overdue, 2 today"
    assert todo_line(store, server.url, DAY + timedelta(days=1)) == "3 overdue"
    assert todo_line(store, "http://elsewhere", DAY) == "nothing due"


async def test_what_was_done_since_is_not_counted(
    seen: MojodexClient, server: Server, client: NewClient, tmp_path: Path
) -> None:
    async with client() as mojodex:
        await mojodex.todos.finish(1)
    assert todo_line(tmp_path / "client.sqlite3", server.url, DAY) == "2 today"


def test_nothing_was_seen_yet(tmp_path: Path) -> None:
    assert todo_line(tmp_path / "client.sqlite3", "local", DAY) == "nothing due"
    assert not (tmp_path / "client.sqlite3").exists()


def test_a_broken_file_is_no_empty_list(tmp_path: Path) -> None:
    (tmp_path / "client.sqlite3").write_bytes(b"not a database, but long enough to look like one")
    with pytest.raises(sqlite3.Error):
        todo_line(tmp_path / "client.sqlite3", "local", DAY)


def test_loads_next_to_nothing() -> None:
    told = subprocess.run(
        [sys.executable, "-c", "import mojodex_tui.client.todo_line, sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    assert not {"asyncio", "pydantic", "httpx", "textual"} & set(told.stdout.split())
