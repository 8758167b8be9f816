"""Past texts and To-Dos in the database, each user's own, on SQLite and on PostgreSQL."""

from collections.abc import AsyncIterator
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncSession

from mojodex_tui.backend.catalog.files import SHIPPED_TASKS, read_catalog
from mojodex_tui.backend.chat.outcomes import Send
from mojodex_tui.backend.chat.ports import ChatTurn
from mojodex_tui.backend.domain.accounts import User
from mojodex_tui.backend.domain.conversations import Session
from mojodex_tui.backend.store.engines import Engines
from mojodex_tui.backend.store.migrate import migrate
from mojodex_tui.backend.store.past_texts import SqlPastTexts
from mojodex_tui.backend.store.sql_store import SqlStore
from mojodex_tui.backend.store.tables.todos import Todo, TodoScheduling
from mojodex_tui.backend.store.todo_book import SqlTodoBook
from mojodex_tui.backend.tools.failures import ToolFailed
from mojodex_tui.backend.tools.past_texts import past_text_tools
from mojodex_tui.backend.tools.ports import ExecutionUnknown
from mojodex_tui.backend.tools.todos import todo_tools
from tests.backend.databases import engines
from tests.tools.calling import named, outcome, said

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)
DUE = date(2026, 12, 1)


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Engines]:
    """A database with the executions 1 of Ada and 2 of Bob, each made in a session of its own."""
    async with engines(request.param, tmp_path) as opened:
        await migrate(opened.writer)
        async with SqlStore(opened).write() as work:
            tasks = read_catalog(SHIPPED_TASKS).tasks
            await work.tasks.sync(tasks)
            for number, name in enumerate(("ada", "bob"), 1):
                session = f"{number}" * 32
                await work.users.add(User(name, f"{name}@example.com", name))
                await work.tasks.enable_all(name)
                await work.sessions.add(Session(session, name, "webapp", "form", "en"))
                # Each of them has every task, one after the other.
                await work.executions.add(1 + (number - 1) * len(tasks), session, [], None)
        yield opened


async def keep(database: Engines, user: str, title: str, *versions: str) -> int:
    """Keep a text with its versions."""
    async with SqlStore(database).write() as work:
        text = await work.texts.add(user, None, None)
        for production in versions:
            await work.texts.add_version(text, title, production, None)
    return text


async def found(database: Engines, query: str, limit: int = 9) -> list[str | None]:
    texts = await SqlPastTexts(database).search("ada", query, limit)
    return [text.title for text in texts]


async def test_all_words_must_occur_whatever_their_case(database: Engines) -> None:
    await keep(database, "ada", "Offer", "Dear Ms Smith, the price is 12 €")
    await keep(database, "ada", "Été", "Vacances d'été")
    assert await found(database, "PRICE smith") == ["Offer"]
    assert await found(database, "offer price") == ["Offer"]
    assert await found(database, "price absent") == []
    assert await found(database, "ÉTÉ") == ["Été"]


async def test_signs_of_patterns_mean_themselves(database: Engines) -> None:
    await keep(database, "ada", "A", "100% sure")
    await keep(database, "ada", "B", "100 sure, snake_case")
    assert await found(database, "100%") == ["A"]
    assert await found(database, "e_c") == ["B"]
    assert await found(database, "k_c") == []


async def test_only_the_latest_version_of_ones_own_texts_is_searched(database: Engines) -> None:
    await keep(database, "ada", "Mine", "first words", "second words")
    await keep(database, "bob", "His", "second words")
    gone = await keep(database, "ada", "Gone", "second words")
    async with SqlStore(database).write() as work:
        await work.texts.delete(gone, NOW)
    assert await found(database, "first") == []
    assert await found(database, "second") == ["Mine"]


async def test_the_newest_come_first_and_no_more_than_asked_for(database: Engines) -> None:
    for title in ("One", "Two", "Three"):
        await keep(database, "ada", title, "words")
    assert await found(database, "words", limit=2) == ["Three", "Two"]


async def test_the_tool_shows_where_the_words_are(database: Engines) -> None:
    await keep(database, "ada", "Long", "x " * 1_000 + "needle" + " y" * 1_000)
    tool = named(past_text_tools(SqlPastTexts(database), "ada"), "search_past_texts")
    told = await said(tool, query="Needle")
    assert told.startswith("Long (")
    assert "x needle y" in told
    assert len(told) < 700
    assert await said(tool, query="nothing") == "No past text holds all words of 'nothing'."


async def test_todos_are_listed_by_day_for_their_owner(database: Engines) -> None:
    book = SqlTodoBook(database)
    await book.add("ada", 1, "Later", date(2026, 12, 24))
    await book.add("ada", 1, "Sooner", DUE)
    await book.add("bob", 2, "His", DUE)
    listed = await said(named(todo_tools(book, "ada", 1), "list_todos"))
    assert listed == "- 2026-12-01: Sooner\n- 2026-12-24: Later"


async def test_a_moved_todo_shows_its_new_day(database: Engines) -> None:
    book = SqlTodoBook(database)
    todo = await book.add("ada", 1, "Move me", DUE)
    async with AsyncSession(database.writer) as session, session.begin():
        session.add(TodoScheduling(todo_fk=todo, scheduled_date=date(2026, 11, 25)))
    assert [each.due for each in await book.open("ada")] == [date(2026, 11, 25)]


@pytest.mark.parametrize("column", ["completed", "deleted_by_user", "deleted_by_mojo"])
async def test_what_is_done_or_deleted_is_not_open(database: Engines, column: str) -> None:
    book = SqlTodoBook(database)
    todo = await book.add("ada", 1, "Over", DUE)
    async with AsyncSession(database.writer) as session, session.begin():
        await session.execute(update(Todo).where(Todo.todo_pk == todo).values({column: NOW}))
    assert await book.open("ada") == []


async def test_nobody_adds_to_the_execution_of_another(database: Engines) -> None:
    book = SqlTodoBook(database)
    with pytest.raises(ExecutionUnknown):
        await book.add("ada", 2, "Sneak", DUE)
    with pytest.raises(ExecutionUnknown):
        await book.add("ada", 99, "Nowhere", DUE)
    assert await book.open("bob") == []


async def test_adding_asks_first(database: Engines) -> None:
    book = SqlTodoBook(database)
    add = named(todo_tools(book, "ada", 1), "add_todo")
    asked = await outcome(add, description="Call Bob", due="2026-12-01")
    assert isinstance(asked, Send)
    assert asked.content == (
        'May I use "add_todo"?\n\n- description: "Call Bob"\n- due: "2026-12-01"\n\n'
        'Answer "yes" to allow it.'
    )
    assert await book.open("ada") == []
    yes = [ChatTurn("user", str(asked.content)), ChatTurn("user", "yes")]
    told = await outcome(add, yes, description="Call Bob", due="2026-12-01")
    assert told == "Added for 2026-12-01: Call Bob"
    assert [each.description for each in await book.open("ada")] == ["Call Bob"]
    gone = named(todo_tools(book, "ada", 2), "add_todo")
    with pytest.raises(ToolFailed, match="gone"):
        await outcome(gone, yes, description="Call Bob", due="2026-12-01")
