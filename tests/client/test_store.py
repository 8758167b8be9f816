import stat
from pathlib import Path
from tempfile import TemporaryDirectory

from hypothesis import given
from hypothesis import strategies as st
from pydantic import JsonValue

from mojodex_tui.client.cache import KeptPins, SeenCache
from mojodex_tui.client.port import CatalogTask
from mojodex_tui.client.store import ClientStore, Shelf
from mojodex_tui.wire.catalog import UserTask
from mojodex_tui.wire.executions import InputValue, ListedExecution

JSON: st.SearchStrategy[JsonValue] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=5,
)


async def test_a_draft_is_there_after_a_kill(tmp_path: Path) -> None:
    path = tmp_path / "client.sqlite3"
    # A store that is never left is what a killed program leaves behind.
    killed = await ClientStore(path).__aenter__()
    await Shelf(killed, "drafts", lambda: "me").put("form:1", {"topic": "été 🌸"})
    async with ClientStore(path) as store:
        drafts = Shelf(store, "drafts", lambda: "me")
        assert await drafts.get("form:1") == {"topic": "été 🌸"}
        await drafts.forget("form:1")
        assert await drafts.get("form:1") is None
    await killed.__aexit__(None, None, None)


async def test_nobody_else_can_read_it(tmp_path: Path) -> None:
    path = tmp_path / "data" / "client.sqlite3"
    async with ClientStore(path) as store:
        await Shelf(store, "drafts", lambda: "me").put("a", 1)
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in path.parent.iterdir()}
    assert set(modes.values()) == {0o600}
    assert "client.sqlite3-wal" in modes


async def test_accounts_do_not_see_each_other(tmp_path: Path) -> None:
    async with ClientStore(tmp_path / "c.sqlite3") as store:
        who = "ada"
        drafts = Shelf(store, "drafts", lambda: who)
        await drafts.put("a", 1)
        who = "bob"
        assert await drafts.get("a") is None


@given(st.text(), JSON)
async def test_anything_typed_comes_back(key: str, value: JsonValue) -> None:
    with TemporaryDirectory() as folder:
        async with ClientStore(Path(folder) / "c.sqlite3") as store:
            shelf = Shelf(store, "drafts", lambda: "me")
            await shelf.put(key, value)
            assert await shelf.get(key) == value


async def test_a_document_of_another_version_counts_as_none(tmp_path: Path) -> None:
    async with ClientStore(tmp_path / "c.sqlite3") as store:
        await Shelf(store, "seen", lambda: "me").put("catalog", [{"other": "shape"}])
        assert await SeenCache(store, lambda: "me").catalog() == ()


async def test_what_was_seen_comes_back(tmp_path: Path) -> None:
    task = CatalogTask(UserTask(user_task_pk=1, task_pk=2, task_name="Notes"), ("webapp",))
    run = ListedExecution(user_task_execution_pk=3, session_id="s", user_task_pk=1)
    async with ClientStore(tmp_path / "c.sqlite3") as store:
        seen = SeenCache(store, lambda: "me")
        await seen.keep_catalog((task,))
        await seen.keep_executions((run,))
    async with ClientStore(tmp_path / "c.sqlite3") as store:
        seen = SeenCache(store, lambda: "me")
        assert await seen.catalog() == (task,)
        assert await seen.executions() == (run,)
        await seen.forget_execution(3)
        assert await seen.executions() == ()


async def test_pins_and_recent_tasks(tmp_path: Path) -> None:
    async with ClientStore(tmp_path / "c.sqlite3") as store:
        pins = KeptPins(store, lambda: "me")
        assert await pins.pinned() == ()
        for task_pk in (5, 3, 5):
            await pins.pin(task_pk)
        assert await pins.pinned() == (3, 5)
        await pins.pin(3, pinned=False)
        assert await pins.pinned() == (5,)
        given_before = (InputValue(input_name="topic", input_value="spring"),)
        await pins.remember_use(1, given_before)
        await pins.remember_use(2, ())
        await pins.remember_use(1, given_before)
        assert await pins.recent() == (1, 2)
        assert await pins.last_inputs(1) == given_before
        assert await pins.last_inputs(9) == ()
