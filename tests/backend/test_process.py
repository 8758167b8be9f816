"""The process: its lock, its note, its end, and what a crash leaves."""

import asyncio
import json
import os
import signal
import socket
import stat
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

from mojodex_tui.backend.main import _listen
from tests.backend.client import Api, listening
from tests.backend_process import OFFLINE, SECRET, running, spawn, start
from tests.llm_server import Reply, serving

PARENT = """
import sys, time
from pathlib import Path
from tests.backend_process import start
backend = start(Path(sys.argv[1]))
print(backend.process.pid, flush=True)
time.sleep(60)
"""


def test_writes_down_where_it_listens_and_takes_it_away(tmp_path: Path) -> None:
    with running(tmp_path) as backend:
        note = tmp_path / "backend.json"
        assert json.loads(note.read_text()) == {
            "port": backend.port,
            "secret": SECRET,
            "pid": backend.process.pid,
        }
        for private in (note, tmp_path / "jwt.secret"):
            assert stat.S_IMODE(private.stat().st_mode) == 0o600
        assert stat.S_IMODE(tmp_path.stat().st_mode) == 0o700
        assert backend.stop() == 0
    assert not note.exists()


@pytest.mark.parametrize("how", ["stdin", "signal"])
def test_ends_when_told(tmp_path: Path, how: str) -> None:
    with running(tmp_path) as backend:
        if how == "signal":
            backend.process.send_signal(signal.SIGTERM)
            backend.process.wait(timeout=60)
        else:
            backend.stop()
        assert not (tmp_path / "backend.json").exists()


def test_a_second_one_leaves_the_folder_to_the_first(tmp_path: Path) -> None:
    with running(tmp_path) as backend:
        second = spawn(tmp_path)
        said, _ = second.communicate(timeout=60)
        assert (second.returncode, said) == (75, b"")
        assert httpx.get(f"{backend.url}/").text == "Welcome to Mojodex Backend Service."


def test_a_killed_one_leaves_the_folder_free(tmp_path: Path) -> None:
    with running(tmp_path) as backend:
        backend.kill()
    with running(tmp_path) as again:
        assert json.loads((tmp_path / "backend.json").read_text())["port"] == again.port


def test_goes_when_its_parent_is_killed(tmp_path: Path) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-c", PARENT, str(tmp_path)],
        stdout=subprocess.PIPE,
        env={**os.environ, **OFFLINE},
        cwd=Path(__file__).parents[2],
    )
    assert parent.stdout is not None
    child = int(parent.stdout.readline())
    parent.kill()
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 60
    while _lives(child):
        assert time.monotonic() < deadline, "the child outlived its parent"
        time.sleep(0.02)
    assert not (tmp_path / "backend.json").exists()


def _lives(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_imports_nothing_heavy_before_it_is_ready(tmp_path: Path) -> None:
    code = (
        "import sys; import mojodex_tui.backend.main; "
        "print([m for m in ('pydantic_ai', 'openai', 'alembic', 'psycopg', "
        "'textual') if m in sys.modules])"
    )
    said = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert said.stdout.strip() == "[]"


def test_keeps_secrets_out_of_its_log_and_off_the_terminal(tmp_path: Path) -> None:
    with running(tmp_path) as backend, httpx.Client(base_url=backend.url) as http:
        account = http.post(
            "/local_session", headers={"Authorization": SECRET}, json={"datetime": "now"}
        ).json()
        http.get("/user_task", headers={"Authorization": account["token"]}, params={"datetime": 1})
        http.get("/user_task", headers={"Authorization": "wrong-token"})
        backend.stop()
        written = "".join(
            path.read_text() for path in (tmp_path / "logs").iterdir() if path.is_file()
        )
        for secret in (SECRET, account["token"], "wrong-token"):
            assert secret not in written


async def test_a_kill_during_streaming_loses_nothing_and_doubles_nothing(tmp_path: Path) -> None:
    slow = "<execution><title>T</title><draft>" + "word " * 400 + "</draft></execution>"
    done = "<execution><title>T</title><draft>The whole answer.</draft></execution>"
    with serving() as server:
        server.queue(Reply(slow, purpose="instruct", rate=50))
        server.queue(Reply(done, purpose="instruct"))
        environ = {"MOJODEX_LLM_BASE_URL": server.base_url, "MOJODEX_LLM_MODEL": "m"}
        backend = await asyncio.to_thread(start, tmp_path, environ)
        async with httpx.AsyncClient(base_url=backend.url) as http:
            token = (await Api(http, SECRET).post("/local_session")).json()["token"]
            started = await Api(http, token).created()
            async with listening(backend.url, token) as heard:
                await heard.join(started.session_id)
                await started.say("Write", "m1")
                await heard.until("draft_token", times=3)
                await asyncio.to_thread(backend.kill)
        backend = await asyncio.to_thread(start, tmp_path, environ)
        async with (
            httpx.AsyncClient(base_url=backend.url) as http,
            listening(backend.url, token) as heard,
        ):
            heard.acknowledge_all()
            await heard.join(started.session_id)
            draft = await heard.until("draft_message")
            assert draft["produced_text"] == "The whole answer."
            api = Api(http, token)
            rows = (await api.get("/message", session_id=started.session_id)).json()["messages"]
            assert [row["sender"] for row in rows] == ["mojo", "user"]
            await asyncio.to_thread(backend.stop)


def test_serves_a_team_until_told_to_stop(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; "
        "from mojodex_tui.backend.main import serve; "
        "from mojodex_tui.backend.settings import BackendSettings; "
        "sys.exit(serve(BackendSettings(data_dir=Path(sys.argv[1]), local=False)))"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", code, str(tmp_path)],
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        env={**os.environ, **OFFLINE},
    )
    assert process.stdout is not None
    with process.stdout as said:
        address = said.readline().decode().removeprefix("Serving on ").strip()
        made = httpx.put(
            f"{address}/user",
            json={"datetime": "now", "email": "a@example.com", "name": "A", "password": "p"},
        )
        assert made.status_code == 200
        secret = httpx.post(
            f"{address}/local_session", headers={"Authorization": ""}, json={"datetime": "now"}
        )
        assert secret.status_code == 403
        assert httpx.get(f"{address}/openapi.json").status_code == 200
        process.send_signal(signal.SIGINT)
        assert process.wait(timeout=60) == 0


def test_small_answers_are_sent_at_once() -> None:
    with _listen("127.0.0.1", 0) as listener:
        # What asyncio looks at before it turns Nagle's algorithm off.
        assert listener.proto == socket.IPPROTO_TCP
