"""What the store promises, on SQLite and on PostgreSQL."""

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, read_catalog
from mojodex_tui.backend.domain.accounts import EmailTaken, User
from mojodex_tui.backend.domain.conversations import Call, Session
from mojodex_tui.backend.domain.paging import Page
from mojodex_tui.backend.store.engine_log import engine_metadata
from mojodex_tui.backend.store.engines import Engines, sqlite_engines
from mojodex_tui.backend.store.migrate import (
    HEAD,
    MIGRATIONS,
    DatabaseTooNew,
    current_revision,
    migrate,
)
from mojodex_tui.backend.store.sql_store import SqlStore, SqlWork
from mojodex_tui.backend.store.tables import Table
from tests.backend.databases import engines
from tests.backend.schema import parts, statements, upgraded

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
SESSION = "5" * 32


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engines]:
    """An empty database with its tables."""
    async with engines(request.param, tmp_path) as opened:
        await migrate(opened.writer)
        yield opened


@pytest.fixture
async def store(database: Engines) -> SqlStore:
    """A store with a user, a session, and an execution that has key 1."""
    kept = SqlStore(database)
    async with kept.write() as work:
        await work.tasks.sync(read_catalog(SHIPPED_TASKS).tasks)
        await work.users.add(User("u1", "ada@example.com", "Ada"))
        await work.tasks.enable_all("u1")
        await work.sessions.add(Session(SESSION, "u1", "webapp", "form", "en"))
        await work.executions.add(1, SESSION, [{"input_name": "a", "value": None}], None)
    return kept


async def test_migrating_again_changes_nothing(database: Engines) -> None:
    await migrate(database.writer)
    async with database.writer.connect() as connection:
        assert await connection.run_sync(current_revision) == HEAD


async def test_the_migrations_make_the_tables_of_the_code(database: Engines) -> None:
    def differences(connection: sa.Connection) -> list[object]:
        context = MigrationContext.configure(connection)
        return [*compare_metadata(context, [Table.metadata, engine_metadata])]  # type: ignore[arg-type] # Alembic takes several; its types say one

    async with database.writer.connect() as connection:
        assert await connection.run_sync(differences) == []


async def test_a_new_file_is_what_the_revisions_come_to(tmp_path: Path) -> None:
    made: list[list[list[str]]] = []
    for file, make in ((tmp_path / "new", migrate), (tmp_path / "old", upgraded)):
        opened = sqlite_engines(file)
        await make(opened.writer)
        await opened.close()
        made.append([parts(one) for one in statements(file)])
    assert made[0] == made[1], "Write it again: uv run python -m tests.backend.schema"


def test_the_revision_the_code_needs_is_the_newest() -> None:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    assert ScriptDirectory.from_config(config).get_current_head() == HEAD


async def test_refuses_a_database_of_a_newer_program(database: Engines) -> None:
    async with database.writer.begin() as connection:
        await connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    with pytest.raises(DatabaseTooNew, match="Update the program"):
        await migrate(database.writer)


async def test_an_email_is_unique(store: SqlStore) -> None:
    with pytest.raises(EmailTaken):
        async with store.write() as work:
            await work.users.add(User("u2", "ada@example.com"))
    async with store.read() as work:
        assert await work.users.get("u2") is None


async def test_moments_come_back_aware_and_in_utc(store: SqlStore) -> None:
    east = datetime(2026, 11, 20, 13, tzinfo=timezone(timedelta(hours=5)))
    async with store.write() as work:
        user = await work.users.get("u1")
        assert user is not None
        await work.users.change(replace(user, terms_accepted=east))
    async with store.read() as work:
        user = await work.users.get("u1")
    assert user is not None
    assert user.terms_accepted is not None
    assert user.terms_accepted == east
    assert user.terms_accepted.utcoffset() == timedelta(0)


async def test_no_update_is_lost(store: SqlStore) -> None:
    async def count_up() -> None:
        async with store.write() as work:
            user = await work.users.get("u1")
            assert user is not None
            count = (user.timezone_offset or 0) + 1
            await work.users.change(replace(user, timezone_offset=count))

    await asyncio.gather(*(count_up() for _ in range(40)))
    async with store.read() as work:
        user = await work.users.get("u1")
    assert user is not None
    assert user.timezone_offset == 40


async def test_a_title_that_comes_meanwhile_is_not_written_over(store: SqlStore) -> None:
    async def name() -> None:
        async with store.write() as work:
            await work.executions.set_title_once(1, "Named", "S.")

    async with store.write() as work:
        execution = await work.executions.get(1)
        assert execution is not None
        naming = asyncio.create_task(name())
        await asyncio.sleep(0.05)  # long enough to come between, if it could
        await work.executions.change(replace(execution, start_date=NOW))
    await naming
    async with store.read() as work:
        kept = await work.executions.get(1)
    assert kept is not None
    assert (kept.title, kept.start_date) == ("Named", NOW)


async def _message(work: SqlWork, message_id: str | None = None) -> int:
    return await work.messages.add(
        SESSION,
        "user",
        {"text": "hello"},
        event_name="user_message",
        message_date=NOW,
        message_id=message_id,
        execution_pk=1,
    )


async def test_a_message_id_is_unique_in_its_session(store: SqlStore) -> None:
    async with store.write() as work:
        await _message(work, "m1")
    with pytest.raises(sa.exc.IntegrityError):
        async with store.write() as work:
            await _message(work, "m1")


async def test_only_one_takes_an_answer(store: SqlStore) -> None:
    async with store.write() as work:
        await work.answers.add(SESSION, 1, None)
        await work.answers.add(SESSION, 1, None)

    async def take(owner: str) -> bool:
        async with store.write() as work:
            until = NOW + timedelta(seconds=30)
            return await work.answers.claim(SESSION, owner, NOW, until) is not None

    taken = await asyncio.gather(*(take(f"p{n}") for n in range(5)))
    assert sum(taken) == 1
    later = NOW + timedelta(minutes=1)
    async with store.write() as work:
        assert await work.answers.waiting_sessions(NOW) == []
        assert await work.answers.waiting_sessions(later) == [SESSION]
        due = await work.answers.claim(SESSION, "other", later, later + timedelta(seconds=30))
        assert due is not None
        assert due.attempts == 2
        assert await work.answers.settle(due.pk)
        assert not await work.answers.settle(due.pk)
        assert not await work.answers.is_due(1)


async def test_a_claim_that_is_renewed_stays(store: SqlStore) -> None:
    later = NOW + timedelta(minutes=1)
    async with store.write() as work:
        await work.answers.add(SESSION, 1, None)
        await work.answers.claim(SESSION, "me", NOW, NOW + timedelta(seconds=30))
        kept = await work.answers.renew("me", later + timedelta(seconds=30))
        assert kept == {SESSION}
        assert await work.answers.renew("another", NOW) == set()
        assert await work.answers.waiting_sessions(later) == []
        await work.answers.release_all()
        assert await work.answers.waiting_sessions(later) == [SESSION]


async def test_withdraws_all_answers_of_a_session(store: SqlStore) -> None:
    async with store.write() as work:
        pk = await _message(work)
        await work.answers.add(SESSION, 1, None)
        await work.answers.add(SESSION, 1, pk)
        withdrawn = await work.answers.withdraw(SESSION)
        assert [due.message_pk for due in withdrawn] == [None, pk]
        assert await work.answers.withdraw(SESSION) == []


async def test_versions_are_numbered_over_the_texts_of_an_execution(store: SqlStore) -> None:
    async with store.write() as work:
        first = await work.texts.add("u1", 1, SESSION)
        for body in ("one", "two"):
            await work.texts.add_version(first, "T", body, "document")
        second = await work.texts.add("u1", 1, SESSION)
        await work.texts.add_version(second, None, "three", None)
        latest = await work.texts.latest_of_execution(1)
        assert latest is not None
        assert (latest.production, latest.index, latest.text_type) == ("three", 3, None)
        found = [await work.texts.version_of_execution(1, index) for index in (1, 2, 3, 4)]
        assert [version.production if version else None for version in found] == [
            "one",
            "two",
            "three",
            None,
        ]
        await work.texts.delete(second, NOW)
        latest = await work.texts.latest_of_execution(1)
        assert latest is not None
        assert (latest.production, latest.index) == ("two", 2)
        assert len(await work.texts.list_latest("u1", Page(50))) == 1


async def test_the_catalog_is_synced_once_and_retires_what_is_gone(store: SqlStore) -> None:
    files = read_catalog(SHIPPED_TASKS).tasks
    async with store.write() as work:
        before = await work.tasks.owned("u1", "webapp", Page(50))
        await work.tasks.sync(files)
        assert await work.tasks.owned("u1", "webapp", Page(50)) == before
        await work.tasks.sync(files[1:])
        names = {owned.task.name for owned in await work.tasks.owned("u1", "webapp", Page(50))}
        assert files[0].name_for_system not in names
        assert len(names) == len(before) - 1
        await work.tasks.sync(files)
        again = await work.tasks.owned("u1", "webapp", Page(50))
        assert [owned.user_task_pk for owned in again] == [o.user_task_pk for o in before]


async def test_a_search_takes_signs_as_signs(store: SqlStore) -> None:
    async with store.write() as work:
        execution = await work.executions.get(1)
        assert execution is not None
        await work.executions.change(replace(execution, title="100% Done_deal", start_date=NOW))
        for part, hits in (("100%", 1), ("done_", 1), ("%Z", 0), ("d_ne", 0), ("DONE", 1)):
            assert len(await work.executions.started("u1", Page(50), part, ())) == hits


async def test_what_a_call_cost_is_kept(store: SqlStore, database: Engines) -> None:
    async with store.write() as work:
        await work.calls.add("u1", 1, Call("answer", "m", 10, 20))
    async with database.reader.connect() as connection:
        row = (
            await connection.execute(
                sa.text("SELECT model, input_tokens, output_tokens FROM md_llm_call")
            )
        ).one()
    assert tuple(row) == ("m", 10, 20)
