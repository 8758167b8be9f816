import subprocess
import sys

import pytest


@pytest.mark.parametrize(
    ("module", "unwanted"),
    [
        ("mojodex_tui.client.port", {"httpx", "socketio", "aiohttp", "keyring", "sqlite3"}),
        ("mojodex_tui.client.errors", {"pydantic", "httpx"}),
        (
            "mojodex_tui.client.session",
            {"httpx", "socketio", "aiohttp", "keyring", "textual", "sqlalchemy", "fastapi"},
        ),
    ],
)
def test_nothing_heavier_than_needed_is_imported(module: str, unwanted: set[str]) -> None:
    code = f"import sys, {module}; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not unwanted & set(done.stdout.split())


def test_a_served_child_loads_neither_clients_nor_a_console() -> None:
    code = "import sys, mojodex_tui.backend.__main__; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert not {"aiohttp", "requests", "rich"} & set(done.stdout.split())
