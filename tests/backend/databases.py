"""Databases to test on: a SQLite file, a PostgreSQL database that is thrown away, and Redis."""

import os
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import NoReturn

import psycopg
import pytest
from redis.asyncio import Redis
from redis.exceptions import RedisError

from mojodex_tui.backend.store.engines import Engines, sqlite_engines, team_engines

_SERVER = "127.0.0.1:5432"
_USERS = ("postgres", "root")
_REDIS = "redis://127.0.0.1:6379/9"


def _admin_url() -> str:
    """Return the address of a user that may make databases.

    Without server the test is skipped with its reason, but never in CI.
    """
    reason = ""
    for user in _USERS:
        url = f"postgresql://{user}@{_SERVER}/test"
        try:
            psycopg.connect(url, connect_timeout=2).close()
        except psycopg.OperationalError as error:
            reason = f"no PostgreSQL at {_SERVER}: {error}"
        else:
            return url
    return _do_without(reason)


def _do_without(reason: str) -> NoReturn:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


async def redis_url() -> str:
    """Return the address of a Redis; without one the test is skipped, but never in CI."""
    client = Redis.from_url(_REDIS)
    try:
        await client.ping()
    except RedisError as error:
        _do_without(f"no Redis at {_REDIS}: {error}")
    finally:
        await client.aclose()
    return _REDIS


@asynccontextmanager
async def postgresql() -> AsyncIterator[str]:
    """Make a database for the length of a block, and tell its address."""
    admin, name = _admin_url(), f"mojodex_{uuid.uuid4().hex}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    try:
        yield admin.replace("postgresql://", "postgresql+psycopg://").replace("/test", f"/{name}")
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@asynccontextmanager
async def engines(kind: str, folder: Path) -> AsyncIterator[Engines]:
    """Open an empty database for the length of a block."""
    if kind == "sqlite":
        opened = sqlite_engines(folder / "test.sqlite3")
        try:
            yield opened
        finally:
            await opened.close()
        return
    async with postgresql() as url:
        opened = team_engines(url)
        try:
            yield opened
        finally:
            await opened.close()
