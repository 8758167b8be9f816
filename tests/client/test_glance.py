from pathlib import Path

from mojodex_tui.client.cache import SeenCache
from mojodex_tui.client.glance import read_glance
from mojodex_tui.client.identity import LOCAL
from mojodex_tui.client.store import ClientStore


async def test_this_computers_glance_is_read_without_the_client(tmp_path: Path) -> None:
    assert read_glance(tmp_path) is None
    async with ClientStore(tmp_path / "client.sqlite3") as store:
        assert read_glance(tmp_path) is None
        await SeenCache(store, lambda: "https://elsewhere ada").keep_glance({"tasks": ["theirs"]})
        assert read_glance(tmp_path) is None
        await SeenCache(store, lambda: LOCAL).keep_glance({"tasks": ["mine"]})
        assert read_glance(tmp_path) == {"tasks": ["mine"]}


def test_a_file_that_cannot_be_read_is_no_glance(tmp_path: Path) -> None:
    (tmp_path / "client.sqlite3").write_text("this is no database, and long enough to tell" * 50)
    assert read_glance(tmp_path) is None
